//! What waits its ten seconds, while the vault is open.

use crate::view::ShareRequest;
use hearthkeep_model::{GroupId, NoteId};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::task::AbortHandle;

/// All that waits.
#[derive(Default)]
pub(crate) struct Waiting(Mutex<BTreeMap<NoteId, OnHold>>);

/// One of them.
pub(super) struct OnHold {
    pub(super) group: GroupId,
    pub(super) request: ShareRequest,
    pub(super) since: Duration,
    pub(super) timer: AbortHandle,
}

impl Waiting {
    pub(super) fn lock(&self) -> MutexGuard<'_, BTreeMap<NoteId, OnHold>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn stop_all(&self) {
        for (_, held) in std::mem::take(&mut *self.lock()) {
            held.timer.abort();
        }
    }
}
