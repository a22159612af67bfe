//! One person's Hearthkeep: a profile folder, a clock, and a session while it is unlocked.

use crate::archive::Tasks;
use crate::session::Session;
use crate::{ClientError, Clock, Event, Events};
use hearthkeep_crypto::passphrase::KdfParams;
use hearthkeep_store::{ChangeSet, ProfileFolder, Store};
use std::fmt;
use std::path::Path;
use std::sync::atomic::AtomicI64;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;

/// What a guess at the passphrase of a new vault is to cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cost {
    /// About 0.7 s on this computer, measured when the vault is made.
    Measured,
    /// The least that is accepted: for tests that make many vaults.
    Least,
}

/// The app's core. Cheap to copy; all copies are one.
#[derive(Clone)]
pub struct Hearthkeep {
    pub(crate) inner: Arc<Inner>,
}

/// What all copies share.
pub(crate) struct Inner {
    pub(crate) folder: Arc<ProfileFolder>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) events: Events,
    pub(crate) session: RwLock<Option<Arc<Session>>>,
    /// One of unlock, lock, set-up at a time.
    pub(crate) gate: tokio::sync::Mutex<()>,
    /// When the person last did something, milliseconds of the clock that only rises.
    pub(crate) active: AtomicI64,
    /// An invitation that was opened before there is a vault, or while it is locked.
    pub(crate) invitation: Mutex<Option<Vec<u8>>>,
    /// The one long task: an import, an export, a backup, a restore.
    pub(crate) tasks: Tasks,
    cost: Cost,
}

impl fmt::Debug for Hearthkeep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hearthkeep(…)")
    }
}

impl Hearthkeep {
    /// Opens a profile folder and takes its lock; makes the folder when it is not there.
    ///
    /// # Errors
    /// [`hearthkeep_store::StoreError::InUse`] when another Hearthkeep has it open.
    pub fn open(
        profile: &Path,
        clock: Arc<dyn Clock>,
        events: Events,
    ) -> Result<Self, ClientError> {
        Self::open_at_cost(profile, clock, events, Cost::Measured)
    }

    /// As [`Self::open`], with the cost that a new vault's passphrase is to have.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_at_cost(
        profile: &Path,
        clock: Arc<dyn Clock>,
        events: Events,
        cost: Cost,
    ) -> Result<Self, ClientError> {
        Ok(Self::of_folder(ProfileFolder::open(profile)?, clock, events, cost))
    }

    /// As [`Self::open_at_cost`], of a folder that is held already.
    #[must_use]
    pub fn of_folder(
        folder: ProfileFolder,
        clock: Arc<dyn Clock>,
        events: Events,
        cost: Cost,
    ) -> Self {
        // What a cut-off restore left and cannot be removed now is removed at the next start.
        folder.clear_aside().ok();
        let inner = Inner {
            folder: Arc::new(folder),
            clock,
            events,
            session: RwLock::new(None),
            gate: tokio::sync::Mutex::new(()),
            active: AtomicI64::new(0),
            invitation: Mutex::new(None),
            tasks: Tasks::default(),
            cost,
        };
        Self { inner: Arc::new(inner) }
    }

    /// The clock.
    pub(crate) fn clock(&self) -> &dyn Clock {
        &*self.inner.clock
    }

    /// What is there only while unlocked.
    pub(crate) fn session(&self) -> Result<Arc<Session>, ClientError> {
        let session = self.inner.session.read().unwrap_or_else(PoisonError::into_inner);
        session.clone().ok_or(ClientError::Locked)
    }

    /// The open vault.
    pub(crate) fn store(&self) -> Result<Store, ClientError> {
        Ok(self.session()?.store.clone())
    }

    /// Tells the screen.
    pub(crate) fn tell(&self, event: Event) {
        if event == Event::Entries
            && let Ok(session) = self.session()
        {
            session.finder.wake();
        }
        self.inner.events.tell(event);
    }

    /// Tells the screen what a commit changed of the journal, and of a full disk.
    pub(crate) fn tell_changes(&self, changes: &ChangeSet) {
        if !changes.entries.is_empty() || !changes.erased.is_empty() {
            self.tell(Event::Entries);
        }
        if changes.disk_was_full {
            self.tell(Event::DiskWasFull);
        }
    }

    /// What a guess at a backup's passphrase is to cost.
    pub(crate) fn seal_cost(&self) -> hearthkeep_archive::SealCost {
        match self.inner.cost {
            Cost::Least => hearthkeep_archive::SealCost::for_tests(),
            Cost::Measured => hearthkeep_archive::SealCost::STANDARD,
        }
    }

    /// What a guess is to cost here. Runs Argon2 three times: call it where blocking is allowed.
    pub(crate) fn kdf_params(&self) -> KdfParams {
        match self.inner.cost {
            Cost::Least => KdfParams::FLOOR,
            Cost::Measured => {
                KdfParams::calibrate(Duration::from_millis(700), &|| self.clock().elapsed())
            }
        }
    }
}

/// Runs what takes long and does not wait for anything, beside the runtime.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ClientError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| ClientError::Stopped)
}
