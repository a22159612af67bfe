//! The age format, and nothing of it seen outside: passphrases, identities, sealing, opening.

use crate::error::{ArchiveError, shown};
use crate::limits::{AGE_HEADER, IDENTITY_TEXT, KEY_FILE, Limits};
use age::secrecy::SecretString;
use age::stream::{StreamReader, StreamWriter};
use age::{DecryptError, Decryptor, Encryptor, scrypt, x25519};
use hearthkeep_crypto::{AccountSecret, BackupIdentitySeed, Zeroizing, backup};
use std::cell::Cell;
use std::fmt;
use std::io::{self, Read, Write};
use std::iter;
use std::path::Path;
use std::rc::Rc;

/// How much work guessing a passphrase costs, as a power of two of scrypt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealCost(u8);

impl SealCost {
    /// The cost of the format: 2^18, 256 MiB, about a second. Fixed, so that an old laptop can
    /// open what a fast desktop wrote.
    pub const STANDARD: Self = Self(18);

    /// A cost for tests, where nothing is at stake.
    #[must_use]
    pub const fn for_tests() -> Self {
        Self(4)
    }
}

/// A passphrase of a backup: the person's own, or the 24 words.
pub struct BackupPassphrase(SecretString);

impl BackupPassphrase {
    /// A passphrase as typed.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(SecretString::from(text.to_owned()))
    }

    /// The 24 words: lower case, one space between.
    #[must_use]
    pub fn from_words(words: &str) -> Self {
        let words = Zeroizing::new(words.to_lowercase());
        let mut text = String::with_capacity(words.len());
        for word in words.split_whitespace() {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(word);
        }
        Self(SecretString::from(text))
    }

    fn recipient(&self, cost: SealCost) -> scrypt::Recipient {
        let mut recipient = scrypt::Recipient::new(self.0.clone());
        recipient.set_work_factor(cost.0);
        recipient
    }

    fn identity(&self, limits: &Limits) -> scrypt::Identity {
        let mut identity = scrypt::Identity::new(self.0.clone());
        identity.set_max_work_factor(limits.work_factor);
        identity
    }
}

impl fmt::Debug for BackupPassphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BackupPassphrase(…)")
    }
}

/// To whom an archive is sealed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum SealTo<'a> {
    /// The one-file form.
    Passphrase(&'a BackupPassphrase, SealCost),
    /// The folder form.
    Identity(&'a BackupIdentitySeed),
}

/// With what an archive is opened.
#[derive(Debug, Clone, Copy)]
pub(crate) enum OpenWith<'a> {
    /// The one-file form, `key.age`, `kit.age`.
    Passphrase(&'a BackupPassphrase),
    /// The folder form.
    Identity(&'a BackupIdentitySeed),
}

/// Begins an age file.
pub(crate) fn seal<W: Write>(to: SealTo<'_>, out: W) -> io::Result<StreamWriter<W>> {
    let encryptor = match to {
        SealTo::Passphrase(passphrase, cost) => {
            let recipient = passphrase.recipient(cost);
            Encryptor::with_recipients(iter::once(&recipient as &dyn age::Recipient))
        }
        SealTo::Identity(seed) => {
            let recipient = x25519_identity(seed)?.to_public();
            Encryptor::with_recipients(iter::once(&recipient as &dyn age::Recipient))
        }
    };
    encryptor.map_err(io::Error::other)?.wrap_output(out)
}

/// Opens an age file up to where its content begins.
pub(crate) fn open<R: Read>(
    file: &Path,
    with: OpenWith<'_>,
    limits: &Limits,
    input: R,
) -> Result<StreamReader<Gate<R>>, ArchiveError> {
    let (gate, shut) = Gate::new(input);
    let decryptor = Decryptor::new(gate).map_err(|error| refused(file, error))?;
    shut.set(None);
    let wanted = matches!(with, OpenWith::Passphrase(_));
    if decryptor.is_scrypt() != wanted {
        return Err(ArchiveError::WrongKindOfSecret { file: shown(file) });
    }
    let opened = match with {
        OpenWith::Passphrase(passphrase) => {
            decryptor.decrypt(iter::once(&passphrase.identity(limits) as &dyn age::Identity))
        }
        OpenWith::Identity(seed) => {
            let identity = x25519_identity(seed).map_err(|error| ArchiveError::io(file, error))?;
            decryptor.decrypt(iter::once(&identity as &dyn age::Identity))
        }
    };
    opened.map_err(|error| refused(file, error))
}

/// `key.age` or `kit.age`: the identity under a passphrase.
///
/// # Errors
/// [`ArchiveError::Io`] when age refuses to write into memory.
pub fn seal_identity(
    identity: &BackupIdentitySeed,
    passphrase: &BackupPassphrase,
    cost: SealCost,
) -> Result<Vec<u8>, ArchiveError> {
    seal_identity_file(identity, None, SealTo::Passphrase(passphrase, cost))
}

/// `identity.age`, and through [`seal_identity`] `key.age` and `kit.age`.
pub(crate) fn seal_identity_file(
    identity: &BackupIdentitySeed,
    account: Option<&AccountSecret>,
    to: SealTo<'_>,
) -> Result<Vec<u8>, ArchiveError> {
    let text = backup::identity_file(identity, account);
    let write = || {
        let mut stream = seal(to, Vec::new())?;
        stream.write_all(text.as_bytes())?;
        stream.finish()
    };
    write().map_err(|error| ArchiveError::io(Path::new("identity.age"), error))
}

/// Opens `key.age`, `kit.age` or `identity.age`.
pub(crate) fn open_identity_file(
    file: &Path,
    with: OpenWith<'_>,
    limits: &Limits,
    input: impl Read,
) -> Result<(BackupIdentitySeed, Option<AccountSecret>), ArchiveError> {
    let stream = open(file, with, limits, input.take(KEY_FILE))?;
    let mut text = Zeroizing::new(String::with_capacity(1024));
    stream
        .take(IDENTITY_TEXT)
        .read_to_string(&mut text)
        .map_err(|_| ArchiveError::Damaged { file: shown(file), at: 0 })?;
    backup::read_identity_file(&text).map_err(|_| ArchiveError::NotABackup { file: shown(file) })
}

fn x25519_identity(seed: &BackupIdentitySeed) -> io::Result<x25519::Identity> {
    backup::age_identity(seed).parse().map_err(io::Error::other)
}

fn refused(file: &Path, error: DecryptError) -> ArchiveError {
    let name = shown(file);
    match error {
        DecryptError::ExcessiveWork { required, .. } => {
            ArchiveError::TooMuchWork { file: name, cost: required }
        }
        DecryptError::DecryptionFailed
        | DecryptError::NoMatchingKeys
        | DecryptError::KeyDecryptionFailed => ArchiveError::WrongSecret { file: name },
        DecryptError::InvalidMac => ArchiveError::Damaged { file: name, at: 0 },
        DecryptError::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            ArchiveError::NotABackup { file: name }
        }
        DecryptError::Io(error) => ArchiveError::io(file, error),
        DecryptError::InvalidHeader | DecryptError::UnknownFormat => {
            ArchiveError::NotABackup { file: name }
        }
        #[allow(unreachable_patterns, reason = "age adds kinds with its features")]
        _ => ArchiveError::NotABackup { file: name },
    }
}

/// Lets through only as much as a header may have, until it is opened: a header without an end
/// would otherwise be read into memory whole.
#[derive(Debug)]
pub(crate) struct Gate<R> {
    inner: R,
    left: Rc<Cell<Option<u64>>>,
}

impl<R: Read> Gate<R> {
    fn new(inner: R) -> (Self, Rc<Cell<Option<u64>>>) {
        let left = Rc::new(Cell::new(Some(AGE_HEADER)));
        (Self { inner, left: Rc::clone(&left) }, left)
    }
}

impl<R: Read> Read for Gate<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let Some(left) = self.left.get() else { return self.inner.read(buf) };
        let most = usize::try_from(left).unwrap_or(usize::MAX).min(buf.len());
        let part = buf.get_mut(..most).unwrap_or_default();
        let read = self.inner.read(part)?;
        self.left.set(Some(left.saturating_sub(u64::try_from(read).unwrap_or(left))));
        Ok(read)
    }
}
