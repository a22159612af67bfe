//! Sharing: ten seconds in which it can still be stopped, then it is on its way.
//!
//! What waits is a sealed draft and a timer. When the vault is locked or the app dies meanwhile,
//! only the draft is left: nothing leaves without its person.

use super::state::{Also, Hands};
use super::views;
use crate::hearthkeep::Hearthkeep;
use crate::view::ShareRequest;
use crate::{ClientError, Event};
use hearthkeep_crypto::random_bytes;
use hearthkeep_group::{Effect, GroupError, NoteContent};
use hearthkeep_model::{AccountId, Audience, EntryId, GroupId, NoteId};
use hearthkeep_store::Table;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::task::AbortHandle;

/// How long one can still stop it.
pub(super) const HOLD: Duration = Duration::from_secs(10);
const SCOPE: &[u8] = b"waiting";
/// Where the link from an entry to what was shared from it is kept.
pub(super) const ORIGIN: &[u8] = b"origin";

/// What waits its ten seconds.
#[derive(Default)]
pub(crate) struct Waiting(Mutex<BTreeMap<NoteId, OnHold>>);

/// One of them.
pub(super) struct OnHold {
    pub(super) group: GroupId,
    pub(super) request: ShareRequest,
    pub(super) since: Duration,
    timer: AbortHandle,
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

impl Hearthkeep {
    /// Shares a reflection in ten seconds. The answer is its id, by which it can be stopped.
    ///
    /// # Errors
    /// [`GroupError`] for what would be refused when it leaves: it is told now.
    pub async fn share(&self, request: ShareRequest) -> Result<String, ClientError> {
        let group: GroupId = request.group.parse()?;
        let entry = request.entry.as_deref().map(str::parse::<EntryId>).transpose()?;
        let content = content_of(&request)?;
        self.look_at(group, |group| group.may_share(&content)).await??;
        let id = NoteId::from_bytes(random_bytes());
        let session = self.session()?;
        let draft = serde_json::to_vec(&request).map_err(|_| ClientError::Stopped)?;
        let mut tx = session.store.begin().await?;
        tx.put(Table::Draft, SCOPE, id.as_bytes(), &draft);
        tx.commit().await?;
        let here = self.clone();
        let timer = tokio::spawn(async move {
            tokio::time::sleep(HOLD).await;
            here.leaves(id, entry).await;
        });
        let held =
            OnHold { group, request, since: self.clock().elapsed(), timer: timer.abort_handle() };
        session.groups.shares.lock().insert(id, held);
        self.tell(Event::Group { id: group.to_string() });
        Ok(id.to_string())
    }

    // The ten seconds are over. What cannot leave stays a draft.
    async fn leaves(&self, id: NoteId, entry: Option<EntryId>) {
        let Ok(session) = self.session() else { return };
        let Some(held) = session.groups.shares.lock().remove(&id) else { return };
        let Ok(content) = content_of(&held.request) else { return };
        let day = self.clock().moment().day;
        let shareable = held.request.shareable;
        let mut also = Also::default();
        also.delete(Table::Draft, SCOPE, id.as_bytes());
        if let Some(entry) = entry {
            let link = [entry.as_bytes().as_slice(), id.as_bytes()].concat();
            also.put(Table::GroupMeta, ORIGIN, &link, held.group.as_bytes());
            also.shared_from = Some(entry);
        }
        let act = |hands: &mut Hands<'_>| {
            hands.group.share(id, &content, day, shareable, hands.entropy)?;
            Ok(((), vec![Effect::Feed]))
        };
        if self.change_with(held.group, act, also).await.is_ok() {
            self.outbox(held.group);
        }
        self.tell(Event::Group { id: held.group.to_string() });
    }

    /// Stops what has not left yet. The answer is its text; it is a draft again, nothing more.
    ///
    /// # Errors
    /// [`ClientError::TooLate`] when it has left.
    pub async fn stop_sharing(&self, id: &str) -> Result<String, ClientError> {
        let id: NoteId = id.parse()?;
        let session = self.session()?;
        let held = session.groups.shares.lock().remove(&id);
        let held = held.ok_or(ClientError::TooLate)?;
        held.timer.abort();
        let mut tx = session.store.begin().await?;
        tx.delete(Table::Draft, SCOPE, id.as_bytes());
        tx.commit().await?;
        self.tell(Event::Group { id: held.group.to_string() });
        Ok(held.request.text)
    }

    /// What was stopped by a lock or a crash during its ten seconds: it did not leave. It is
    /// handed back once, and forgotten here.
    ///
    /// # Errors
    /// [`ClientError::Locked`].
    pub async fn take_unsent(&self, group: &str) -> Result<Vec<ShareRequest>, ClientError> {
        let id: GroupId = group.parse()?;
        let session = self.session()?;
        let mut tx = session.store.begin().await?;
        let mut unsent = Vec::new();
        for thing in tx.scan(Table::Draft, SCOPE).await? {
            let waits = <[u8; 16]>::try_from(thing.key.as_slice()).is_ok_and(|key| {
                session.groups.shares.lock().contains_key(&NoteId::from_bytes(key))
            });
            let request = serde_json::from_slice::<ShareRequest>(&thing.value).ok();
            let here = request.filter(|request| request.group == id.to_string() && !waits);
            if let Some(request) = here {
                tx.delete(Table::Draft, SCOPE, &thing.key);
                unsent.push(request);
            }
        }
        tx.commit().await?;
        Ok(unsent)
    }
}

pub(super) fn content_of(request: &ShareRequest) -> Result<NoteContent, ClientError> {
    let mut readers = Vec::new();
    for reader in &request.audience {
        readers.push(reader.parse::<AccountId>()?);
    }
    let audience = if readers.is_empty() { Audience::Group } else { Audience::Some(readers) };
    let content_notes = request.content_notes.iter().map(views::content_note_of).collect();
    let content = NoteContent {
        text: request.text.clone(),
        wish: views::wish_of(request.wish),
        content_notes,
        audience,
    };
    if content.is_whole() {
        Ok(content)
    } else {
        Err(GroupError::Length { most: hearthkeep_group::NOTE_CHARS_MAX }.into())
    }
}
