//! Locked and unlocked: making a vault, opening it, closing it.

mod idle;
mod secrets;
mod strength;

pub(crate) use secrets::new_words;
pub(crate) use strength::enough;

use crate::find::Finder;
use crate::groups::OpenGroups;
use crate::hearthkeep::{Hearthkeep, blocking};
use crate::journal::{OpenTexts, entry_row};
use crate::settings;
use crate::sync::Sync;
use crate::view::{DamagedRow, NewWords, Profile, ProfileState};
use crate::{ClientError, Event};
use hearthkeep_crypto::passphrase::SlotsError;
use hearthkeep_crypto::secrets::Secrets;
use hearthkeep_crypto::words::RecoveryPhrase;
use hearthkeep_crypto::{ProfileKey, Zeroizing};
use hearthkeep_store::{Store, StoreError};
use std::fmt;
use std::sync::{Arc, OnceLock, PoisonError};

/// What is there only while the vault is unlocked. Dropped by locking, with everything in it: a
/// room that keeps something decrypted in memory keeps it here.
pub(crate) struct Session {
    pub(crate) store: Store,
    pub(crate) texts: OpenTexts,
    pub(crate) groups: OpenGroups,
    pub(crate) finder: Finder,
    /// Set when the session has begun.
    pub(crate) sync: OnceLock<Arc<Sync>>,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Session(…)")
    }
}

impl Session {
    fn new(store: Store) -> Self {
        Self {
            store,
            texts: OpenTexts::default(),
            groups: OpenGroups::default(),
            finder: Finder::default(),
            sync: OnceLock::new(),
        }
    }
}

impl Hearthkeep {
    /// All that may be known without a passphrase.
    #[must_use]
    pub fn profile(&self) -> Profile {
        let state = if self.session().is_ok() {
            ProfileState::Unlocked
        } else if self.inner.folder.has_vault() {
            ProfileState::Locked
        } else {
            ProfileState::New
        };
        Profile {
            state,
            look: settings::look(&self.inner.folder.read_open_file()),
            invitation_waits: self.invitation_waits(),
            slots_damaged: self.inner.folder.slots_damaged(),
        }
    }

    /// Makes a vault and leaves it unlocked. The words are shown this once.
    ///
    /// # Errors
    /// [`ClientError::TooWeak`]; [`StoreError::Exists`]; what the file system says.
    pub async fn create_vault(&self, passphrase: &str) -> Result<NewWords, ClientError> {
        self.create_vault_of(passphrase, Secrets::generate()).await
    }

    /// Makes a vault for a person who was here before, or for a new one.
    pub(crate) async fn create_vault_of(
        &self,
        passphrase: &str,
        secrets: Secrets,
    ) -> Result<NewWords, ClientError> {
        if !enough(passphrase) {
            return Err(ClientError::TooWeak);
        }
        let _gate = self.inner.gate.lock().await;
        if self.inner.folder.has_vault() {
            return Err(StoreError::Exists.into());
        }
        let here = self.clone();
        let params = blocking(move || here.kdf_params()).await?;
        let words = new_words(&secrets.phrase);
        let store = Store::create(&self.inner.folder, passphrase, &secrets, params).await?;
        self.begin_session(store);
        Ok(words)
    }

    /// Opens the vault with its passphrase.
    ///
    /// # Errors
    /// [`ClientError::WrongPassphrase`]; [`StoreError::Slots`] when the slot file is damaged.
    pub async fn unlock(&self, passphrase: &str) -> Result<(), ClientError> {
        let _gate = self.inner.gate.lock().await;
        if self.session().is_ok() {
            return Ok(());
        }
        let key = self.key_of_passphrase(passphrase).await?;
        self.begin_session(Store::unlock(&self.inner.folder, key).await?);
        Ok(())
    }

    /// Opens the vault with its 24 words.
    ///
    /// # Errors
    /// [`ClientError::Words`] names what is wrong with them; [`ClientError::WrongWords`].
    pub async fn unlock_with_words(&self, words: &str) -> Result<(), ClientError> {
        let _gate = self.inner.gate.lock().await;
        let phrase = RecoveryPhrase::parse(words)?;
        if self.session().is_ok() {
            return Ok(());
        }
        let slots = self.inner.folder.read_slots()?;
        let opened = slots.open_with_words(&phrase);
        let key = opened.map_err(|error| told_apart(error, ClientError::WrongWords))?;
        self.begin_session(Store::unlock(&self.inner.folder, key).await?);
        Ok(())
    }

    /// Closes the vault: nothing decrypted stays.
    ///
    /// # Errors
    /// None today; locking twice is no error.
    pub async fn lock(&self) -> Result<(), ClientError> {
        let _gate = self.inner.gate.lock().await;
        let Ok(session) = self.session() else { return Ok(()) };
        self.put_away_all(&session).await;
        let mut place = self.inner.session.write().unwrap_or_else(PoisonError::into_inner);
        drop(place.take());
        drop(place);
        self.tell(Event::Locked);
        Ok(())
    }

    /// What every room has to put away before the keys go.
    async fn put_away_all(&self, session: &Session) {
        self.end_sync(session).await;
        self.inner.tasks.stop_and_wait().await;
        self.end_groups(session).await;
        self.end_texts(session).await;
        self.close_index(session).await;
        session.store.close().await;
    }

    /// Rows that did not open.
    ///
    /// # Errors
    /// [`ClientError::Locked`].
    pub fn damaged(&self) -> Result<Vec<DamagedRow>, ClientError> {
        let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let store = self.store()?;
        let row = |damaged: &hearthkeep_store::Damaged| DamagedRow {
            table: damaged.table.to_string(),
            row: hex(&damaged.row),
            entry: store.entry_of(damaged).map(|head| entry_row(&head)),
        };
        Ok(store.damaged().iter().map(row).collect())
    }

    /// Puts the kept copy of the slot file in the place of the damaged one.
    ///
    /// # Errors
    /// When the kept copy is damaged too.
    pub fn use_kept_slots(&self) -> Result<(), ClientError> {
        Ok(self.inner.folder.use_kept_slots()?)
    }

    pub(crate) async fn key_of_passphrase(
        &self,
        passphrase: &str,
    ) -> Result<ProfileKey, ClientError> {
        let slots = self.inner.folder.read_slots()?;
        let passphrase = Zeroizing::new(passphrase.to_owned());
        let opened = blocking(move || slots.open_with_passphrase(&passphrase)).await?;
        opened.map_err(|error| told_apart(error, ClientError::WrongPassphrase))
    }

    pub(crate) fn begin_session(&self, store: Store) {
        let session = Arc::new(Session::new(store));
        let begun = Arc::clone(&session);
        *self.inner.session.write().unwrap_or_else(PoisonError::into_inner) = Some(session);
        self.begin_sync(&begun);
        self.activity();
        self.watch_idle();
        self.watch_backup();
        self.watch_index();
    }
}

/// A wrong passphrase is not a damaged file.
fn told_apart(error: SlotsError, wrong: ClientError) -> ClientError {
    if error == SlotsError::NoSlotOpens { wrong } else { StoreError::Slots(error).into() }
}
