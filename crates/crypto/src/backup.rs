//! What a backup needs of its keys: the identity as age writes it, and the manifest's HMAC.

use crate::derive::derive;
use crate::{AccountSecret, BackupIdentitySeed, label};
use bech32::primitives::decode::CheckedHrpstring;
use bech32::{Bech32, Hrp};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;
use zeroize::{Zeroize, Zeroizing};

const PREFIX: &str = "AGE-SECRET-KEY-";
const SECRET_LINE: &str = "# account-secret ";

/// An identity file is not one (FORMATS, "Keys").
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    /// No line holds an age identity, or more than one does.
    #[error("not one age identity")]
    Identity,
    /// The account secret does not have 64 hexadecimal digits.
    #[error("not an account secret")]
    AccountSecret,
}

/// The identity as age writes it: `AGE-SECRET-KEY-1…`.
#[must_use]
pub fn age_identity(seed: &BackupIdentitySeed) -> Zeroizing<String> {
    let prefix = Hrp::parse_unchecked(PREFIX);
    let text = bech32::encode_upper::<Bech32>(prefix, seed.expose());
    Zeroizing::new(text.expect("32 bytes are within the length of bech32"))
}

/// An age identity file. With the account secret it is the plaintext of `identity.age`, without it
/// that of `key.age` and `kit.age`.
#[must_use]
pub fn identity_file(
    seed: &BackupIdentitySeed,
    account: Option<&AccountSecret>,
) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(256));
    text.push_str("# Hearthkeep backup identity\n");
    if let Some(account) = account {
        text.push_str(SECRET_LINE);
        for byte in account.expose() {
            for digit in [byte >> 4, byte & 15] {
                text.push(char::from_digit(u32::from(digit), 16).unwrap_or('0'));
            }
        }
        text.push('\n');
    }
    text.push_str(&age_identity(seed));
    text.push('\n');
    text
}

/// Reads an age identity file, with an account secret where there is one.
///
/// # Errors
/// [`IdentityError`] when it holds something else.
pub fn read_identity_file(
    text: &str,
) -> Result<(BackupIdentitySeed, Option<AccountSecret>), IdentityError> {
    let mut seed = None;
    let mut account = None;
    for line in text.lines().map(str::trim_end) {
        if let Some(digits) = line.strip_prefix(SECRET_LINE) {
            account = Some(AccountSecret::from_bytes(*secret_of(digits)?));
        } else if !line.is_empty()
            && !line.starts_with('#')
            && seed.replace(seed_of(line)?).is_some()
        {
            return Err(IdentityError::Identity);
        }
    }
    seed.map(|seed| (seed, account)).ok_or(IdentityError::Identity)
}

fn seed_of(line: &str) -> Result<BackupIdentitySeed, IdentityError> {
    let parsed = CheckedHrpstring::new::<Bech32>(line).map_err(|_| IdentityError::Identity)?;
    if parsed.hrp() != Hrp::parse_unchecked(PREFIX) {
        return Err(IdentityError::Identity);
    }
    let mut bytes = Zeroizing::new([0u8; 32]);
    let mut given = parsed.byte_iter();
    for byte in bytes.iter_mut() {
        *byte = given.next().ok_or(IdentityError::Identity)?;
    }
    match given.next() {
        None => Ok(BackupIdentitySeed::from_bytes(*bytes)),
        Some(_) => Err(IdentityError::Identity),
    }
}

fn secret_of(digits: &str) -> Result<Zeroizing<[u8; 32]>, IdentityError> {
    let mut bytes = Zeroizing::new([0u8; 32]);
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    if !rest.is_empty() || pairs.len() != bytes.len() {
        return Err(IdentityError::AccountSecret);
    }
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        let digit = |c: u8| char::from(c).to_digit(16).and_then(|d| u8::try_from(d).ok());
        let (high, low) = digit(*high).zip(digit(*low)).ok_or(IdentityError::AccountSecret)?;
        *byte = (high << 4) | low;
    }
    Ok(bytes)
}

/// The HMAC of a backup's manifest, taken bit by bit. It says that the maker held the backup
/// identity, which age by itself cannot say of a file that is sealed to it.
pub struct ManifestMac(Hmac<Sha256>);

impl ManifestMac {
    /// Begins under a key that only the holder of the identity can derive.
    #[must_use]
    pub fn new(seed: &BackupIdentitySeed) -> Self {
        let mut key = derive(seed.expose(), label::BACKUP_MANIFEST, &[]);
        let mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key.as_slice());
        key.zeroize();
        Self(mac.expect("HMAC takes a key of any length"))
    }

    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The HMAC of all that came.
    #[must_use]
    pub fn finish(self) -> [u8; 32] {
        self.0.finalize().into_bytes().into()
    }

    /// Whether this is the HMAC of all that came, in constant time.
    #[must_use]
    pub fn is(self, tag: &[u8; 32]) -> bool {
        self.0.verify_slice(tag).is_ok()
    }
}

impl fmt::Debug for ManifestMac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ManifestMac(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identity_file_is_read_back_with_and_without_the_account_secret() {
        let seed = BackupIdentitySeed::from_bytes([7; 32]);
        let account = AccountSecret::from_bytes([0xa5; 32]);
        let (key, none) = read_identity_file(&identity_file(&seed, None)).unwrap();
        assert_eq!((key.expose(), none.is_none()), (&[7; 32], true));
        let (key, some) = read_identity_file(&identity_file(&seed, Some(&account))).unwrap();
        assert_eq!((key.expose(), some.unwrap().expose()), (&[7; 32], &[0xa5; 32]));
    }

    #[test]
    fn other_texts_are_refused() {
        let seed = BackupIdentitySeed::from_bytes([7; 32]);
        let good = age_identity(&seed);
        let flipped = good.replacen("1", "0", 1);
        let twice = format!("{}\n{}\n", *good, *good);
        for text in [
            "",
            "# only a comment\n",
            "AGE-SECRET-KEY-1",
            &flipped,
            &twice,
            good.strip_suffix(|_| true).unwrap(),
        ] {
            assert_eq!(read_identity_file(text).err(), Some(IdentityError::Identity), "{text}");
        }
        let short = format!("{SECRET_LINE}abc\n{}\n", *good);
        assert_eq!(read_identity_file(&short).err(), Some(IdentityError::AccountSecret));
    }

    #[test]
    fn a_manifest_of_another_identity_is_refused() {
        let mac = |seed: u8, text: &[u8]| {
            let mut mac = ManifestMac::new(&BackupIdentitySeed::from_bytes([seed; 32]));
            mac.update(text);
            mac
        };
        let tag = mac(1, b"lines").finish();
        assert!(mac(1, b"lines").is(&tag));
        assert!(!mac(2, b"lines").is(&tag));
        assert!(!mac(1, b"line").is(&tag));
    }
}
