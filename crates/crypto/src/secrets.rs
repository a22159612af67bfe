//! What a person keeps through restoring: account secret, backup identity, recovery phrase.
//!
//! Kept sealed in the vault. The phrase is among them because a backup folder that is chosen
//! later needs it for `kit.age`; who can read it here could read everything else anyway.

use crate::words::RecoveryPhrase;
use crate::{AccountSecret, BackupIdentitySeed, OpenError, ProfileKey, label, row};

const VERSION: u8 = 1;

/// The three, independent of each other and of the profile key.
#[derive(Debug)]
pub struct Secrets {
    /// The person's identity.
    pub account: AccountSecret,
    /// The identity to which backups are sealed.
    pub backup: BackupIdentitySeed,
    /// The 24 words that wrap the profile key.
    pub phrase: RecoveryPhrase,
}

impl Secrets {
    /// New random ones.
    #[must_use]
    pub fn generate() -> Self {
        Self {
            account: AccountSecret::generate(),
            backup: BackupIdentitySeed::generate(),
            phrase: RecoveryPhrase::generate(),
        }
    }

    /// Seals them under the profile key.
    #[must_use]
    pub fn seal(&self, key: &ProfileKey) -> Vec<u8> {
        let mut plain = zeroize::Zeroizing::new(Vec::with_capacity(96));
        plain.extend_from_slice(self.account.expose());
        plain.extend_from_slice(self.backup.expose());
        plain.extend_from_slice(self.phrase.expose_entropy());
        let key = key.table_key(label::SECRETS_KEY);
        row::seal(&key, label::ROW_SECRETS, &[], VERSION, &plain)
    }

    /// Opens what [`Self::seal`] sealed.
    ///
    /// # Errors
    /// [`OpenError`] when it is something else.
    pub fn open(key: &ProfileKey, sealed: &[u8]) -> Result<Self, OpenError> {
        let key = key.table_key(label::SECRETS_KEY);
        let plain = row::open(&key, label::ROW_SECRETS, &[], VERSION, sealed)?;
        let (parts, rest) = plain.as_chunks::<32>();
        match (parts, rest) {
            ([account, backup, phrase], []) => Ok(Self {
                account: AccountSecret::from_bytes(*account),
                backup: BackupIdentitySeed::from_bytes(*backup),
                phrase: RecoveryPhrase::from_entropy(*phrase),
            }),
            _ => Err(OpenError::Padding),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_come_back_under_their_key_alone() {
        let (key, secrets) = (ProfileKey::generate(), Secrets::generate());
        let sealed = secrets.seal(&key);
        let back = Secrets::open(&key, &sealed).unwrap();
        assert_eq!(back.account.expose(), secrets.account.expose());
        assert_eq!(back.backup.expose(), secrets.backup.expose());
        assert_eq!(back.phrase.expose_entropy(), secrets.phrase.expose_entropy());
        assert_eq!(Secrets::open(&ProfileKey::generate(), &sealed).unwrap_err(), OpenError::Forged);
    }
}
