//! Proving a backup, and bringing it back.

use crate::backup::contents::{self, Contents};
use crate::backup::manifest::hex;
use crate::backup::pack::{self, PackInfo};
use crate::backup::sink::{Nobody, RestoreSink};
use crate::backup::watch::Watch;
use crate::backup::{archives, name};
use crate::error::{ArchiveError, shown};
use crate::item::Proof;
use crate::limits::Limits;
use crate::seal::{BackupPassphrase, OpenWith, open_identity_file};
use hearthkeep_crypto::{AccountSecret, BackupIdentitySeed};
use hearthkeep_model::AttachmentId;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek};
use std::path::{Path, PathBuf};

/// With what the person opens a backup.
#[derive(Debug, Clone, Copy)]
pub enum BackupSecret<'a> {
    /// The backup passphrase.
    Passphrase(&'a BackupPassphrase),
    /// The 24 words, see [`BackupPassphrase::from_words`]. They open the folder form only.
    Words(&'a BackupPassphrase),
    /// The identity itself, while the vault is open. It opens the folder form only.
    Identity(&'a BackupIdentitySeed),
}

/// A backup that was read to its end and compared, ready to be brought back.
#[derive(Debug)]
pub struct Opened<'a> {
    /// What was read and compared.
    pub proof: Proof,
    /// The backup identity, which the new profile keeps.
    pub identity: BackupIdentitySeed,
    /// The account secret, which the new profile keeps.
    pub account: AccountSecret,
    /// The packs of the folder that are whole, for the next backup into it.
    pub packs: Vec<PackInfo>,
    place: Place<'a>,
    input: File,
    manifest: [u8; 32],
    limits: Limits,
}

/// Reads a backup to its end and compares every hash.
///
/// # Errors
/// Why it does not open or does not hold. A pack that is missing or damaged is no error: it is
/// named in the proof.
pub fn prove(
    path: &Path,
    secret: BackupSecret<'_>,
    limits: &Limits,
    watch: Watch<'_>,
) -> Result<Proof, ArchiveError> {
    Ok(open(path, secret, limits, watch)?.proof)
}

/// Reads a backup to its end, compares every hash, and keeps it open to bring it back.
///
/// # Errors
/// As [`prove`].
pub fn open<'a>(
    path: &Path,
    secret: BackupSecret<'a>,
    limits: &Limits,
    mut watch: Watch<'_>,
) -> Result<Opened<'a>, ArchiveError> {
    let place = Place::find(path, secret, limits)?;
    let mut input = place.file()?;
    let contents = place.read(&mut input, limits, &mut Nobody, &mut watch)?;
    place.finish(contents, input, limits, &mut watch)
}

impl Opened<'_> {
    /// Reads the backup once more and tells the sink.
    ///
    /// # Errors
    /// [`ArchiveError::Damaged`] when this reading differs from the first.
    pub fn bring_back(
        &mut self,
        sink: &mut dyn RestoreSink,
        mut watch: Watch<'_>,
    ) -> Result<(), ArchiveError> {
        let again = self.place.read(&mut self.input, &self.limits, sink, &mut watch)?;
        if again.manifest != self.manifest {
            return Err(ArchiveError::Damaged { file: shown(&self.place.archive), at: 0 });
        }
        for pack in &self.packs {
            let rest = (&self.limits, &mut watch);
            pack::read(&self.place.folder, pack.hash, &again.places, &self.identity, sink, rest)?;
        }
        Ok(())
    }
}

/// Where a backup lies and what opens it.
#[derive(Debug)]
struct Place<'a> {
    folder: PathBuf,
    archive: PathBuf,
    with: Key<'a>,
}

#[derive(Debug)]
enum Key<'a> {
    Passphrase(&'a BackupPassphrase),
    Identity(&'a BackupIdentitySeed),
    Opened(BackupIdentitySeed),
}

impl Key<'_> {
    const fn with(&self) -> OpenWith<'_> {
        match self {
            Self::Passphrase(passphrase) => OpenWith::Passphrase(passphrase),
            Self::Identity(seed) => OpenWith::Identity(seed),
            Self::Opened(seed) => OpenWith::Identity(seed),
        }
    }
}

impl<'a> Place<'a> {
    /// A folder means its newest archive; an archive of a folder has its key files beside it.
    fn find(path: &Path, secret: BackupSecret<'a>, limits: &Limits) -> Result<Self, ArchiveError> {
        let kind = std::fs::metadata(path).map_err(|error| ArchiveError::io(path, error))?;
        let archive = if kind.is_dir() {
            let newest = archives(path)?.into_iter().next();
            newest.ok_or_else(|| ArchiveError::NotABackup { file: shown(path) })?
        } else if !kind.is_file() {
            // A pipe might never say anything.
            return Err(ArchiveError::NotABackup { file: shown(path) });
        } else {
            path.to_owned()
        };
        let folder = archive.parent().unwrap_or(Path::new(".")).to_owned();
        let one_file = sealed_with_passphrase(&archive)?;
        let with = match (secret, one_file) {
            (BackupSecret::Passphrase(passphrase), true) => Key::Passphrase(passphrase),
            (BackupSecret::Identity(seed), false) => Key::Identity(seed),
            (BackupSecret::Passphrase(passphrase), false) => {
                Key::Opened(key_file(&folder, name::KEY, passphrase, limits)?)
            }
            (BackupSecret::Words(words), false) => {
                Key::Opened(key_file(&folder, name::KIT, words, limits)?)
            }
            (BackupSecret::Words(_) | BackupSecret::Identity(_), true) => {
                return Err(ArchiveError::WrongKindOfSecret { file: shown(&archive) });
            }
        };
        Ok(Self { folder, archive, with })
    }

    fn file(&self) -> Result<File, ArchiveError> {
        File::open(&self.archive).map_err(|error| ArchiveError::io(&self.archive, error))
    }

    fn read(
        &self,
        input: &mut File,
        limits: &Limits,
        sink: &mut dyn RestoreSink,
        watch: &mut Watch<'_>,
    ) -> Result<Contents, ArchiveError> {
        let refuse = |error| ArchiveError::io(&self.archive, error);
        input.rewind().map_err(refuse)?;
        let input = input.try_clone().map_err(refuse)?;
        contents::read(&self.archive, input, self.with.with(), limits, sink, watch)
    }

    /// Compares the packs, and sums up.
    fn finish(
        self,
        contents: Contents,
        input: File,
        limits: &Limits,
        watch: &mut Watch<'_>,
    ) -> Result<Opened<'a>, ArchiveError> {
        let (identity, account) = contents.secrets;
        let mut bytes = contents.walked.bytes;
        let mut damaged = Vec::new();
        let mut packs = Vec::new();
        let mut by_pack: BTreeMap<[u8; 32], Vec<AttachmentId>> = BTreeMap::new();
        for place in contents.places.values() {
            if let Some(pack) = place.pack {
                by_pack.entry(pack).or_default().push(place.id);
            }
        }
        for (hash, pictures) in by_pack {
            let rest = (limits, &mut *watch);
            match pack::read(&self.folder, hash, &contents.places, &identity, &mut Nobody, rest) {
                Ok(read) => {
                    bytes = bytes.saturating_add(read);
                    packs.push(PackInfo { hash, pictures });
                }
                Err(ArchiveError::Stopped) => return Err(ArchiveError::Stopped),
                Err(error) => damaged.push((format!("packs/{}.tar.age", hex(&hash)), error.code())),
            }
        }
        let proof = Proof {
            name: shown(&self.archive),
            made: contents.head.made,
            counts: contents.head.counts,
            bytes,
            damaged,
        };
        let (manifest, limits) = (contents.manifest, *limits);
        Ok(Opened { proof, identity, account, packs, place: self, input, manifest, limits })
    }
}

/// Whether an age file is sealed with a passphrase, by the first line of its header.
fn sealed_with_passphrase(archive: &Path) -> Result<bool, ArchiveError> {
    let refuse = |error| ArchiveError::io(archive, error);
    let mut start = Vec::with_capacity(64);
    File::open(archive).map_err(refuse)?.take(64).read_to_end(&mut start).map_err(refuse)?;
    match start.strip_prefix(b"age-encryption.org/v1\n") {
        Some(stanza) => Ok(stanza.starts_with(b"-> scrypt ")),
        None => Err(ArchiveError::NotABackup { file: shown(archive) }),
    }
}

fn key_file(
    folder: &Path,
    name: &str,
    passphrase: &BackupPassphrase,
    limits: &Limits,
) -> Result<BackupIdentitySeed, ArchiveError> {
    let path = folder.join(name);
    let input = File::open(&path).map_err(|error| ArchiveError::io(&path, error))?;
    open_identity_file(&path, OpenWith::Passphrase(passphrase), limits, input).map(|(seed, _)| seed)
}
