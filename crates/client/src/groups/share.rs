//! Sharing: ten seconds in which it can still be stopped, then it is on its way.
//!
//! What waits is a sealed draft and a timer. When the vault is locked or the app dies meanwhile,
//! only the draft is left: nothing leaves without its person.

use super::on_hold::OnHold;
use super::state::{Also, Hands};
use super::views;
use crate::hearthkeep::Hearthkeep;
use crate::view::{ShareRequest, Unsent};
use crate::{ClientError, Event};
use hearthkeep_crypto::random_bytes;
use hearthkeep_group::{Effect, GroupError, NoteContent};
use hearthkeep_model::{AccountId, Audience, EntryId, GroupId, NoteId};
use hearthkeep_store::Table;
use std::time::Duration;

/// How long one can still stop it.
pub(super) const HOLD: Duration = Duration::from_secs(10);
const SCOPE: &[u8] = b"waiting";
// Words in a box of the screen, such as an answer that is being written.
const BOXES: &[u8] = b"boxes";
const PLACE_MAX: usize = 200;
const WORDS_MAX: usize = 256 * 1024;
/// Where the link from an entry to what was shared from it is kept.
pub(super) const ORIGIN: &[u8] = b"origin";

impl Hearthkeep {
    /// Shares a reflection in ten seconds. The answer is its id, by which it can be stopped.
    ///
    /// A draft that it was written in is spent by it.
    ///
    /// # Errors
    /// [`GroupError`] for what would be refused when it leaves: it is told now.
    pub async fn share(
        &self,
        request: ShareRequest,
        draft: Option<&str>,
    ) -> Result<String, ClientError> {
        let group: GroupId = request.group.parse()?;
        let entry = request.entry.as_deref().map(str::parse::<EntryId>).transpose()?;
        let content = content_of(&request)?;
        self.look_at(group, |group| group.may_share(&content)).await??;
        let id = NoteId::from_bytes(random_bytes());
        let session = self.session()?;
        let spent = draft.map(str::parse::<NoteId>).transpose()?;
        let kept = serde_json::to_vec(&request).map_err(|_| ClientError::Stopped)?;
        let mut tx = session.store.begin().await?;
        if let Some(spent) = spent {
            tx.delete(Table::Draft, SCOPE, spent.as_bytes());
        }
        tx.put(Table::Draft, SCOPE, id.as_bytes(), &kept);
        tx.commit().await?;
        let here = self.clone();
        let over = self.clock().wait(HOLD);
        let timer = tokio::spawn(async move {
            over.await;
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

    /// Stops what has not left yet. The answer is its text; it is a draft again, under the same id.
    ///
    /// # Errors
    /// [`ClientError::TooLate`] when it has left.
    pub fn stop_sharing(&self, id: &str) -> Result<String, ClientError> {
        let id: NoteId = id.parse()?;
        let session = self.session()?;
        let held = session.groups.shares.lock().remove(&id);
        let held = held.ok_or(ClientError::TooLate)?;
        held.timer.abort();
        self.tell(Event::Group { id: held.group.to_string() });
        Ok(held.request.text)
    }

    /// What was written for a group and has not left: begun, stopped, or overtaken by a lock or a
    /// crash during its ten seconds. Each stays until it is shared or forgotten.
    ///
    /// # Errors
    /// [`ClientError::Locked`].
    pub async fn unsent(&self, group: &str) -> Result<Vec<Unsent>, ClientError> {
        let group: GroupId = group.parse()?;
        let group = group.to_string();
        let session = self.session()?;
        let mut unsent = Vec::new();
        for thing in session.store.scan(Table::Draft, SCOPE).await? {
            let Ok(key) = <[u8; 16]>::try_from(thing.key.as_slice()) else { continue };
            let id = NoteId::from_bytes(key);
            let Ok(request) = serde_json::from_slice::<ShareRequest>(&thing.value) else {
                continue;
            };
            // A draft for which no group was chosen yet could be meant for any.
            let here = request.group == group || request.group.is_empty();
            if here && !session.groups.shares.lock().contains_key(&id) {
                unsent.push(Unsent { id: id.to_string(), request });
            }
        }
        Ok(unsent)
    }

    /// Keeps what is being written for a group, so that neither a lock nor a crash loses a word
    /// of it. The answer is the draft's id, by which the next words go to the same draft.
    ///
    /// # Errors
    /// [`ClientError::Locked`], or an id that is none.
    pub async fn keep_unsent(
        &self,
        draft: Option<&str>,
        request: &ShareRequest,
    ) -> Result<String, ClientError> {
        let id = match draft {
            Some(id) => id.parse()?,
            None => NoteId::from_bytes(random_bytes()),
        };
        let kept = serde_json::to_vec(request).map_err(|_| ClientError::Stopped)?;
        let session = self.session()?;
        let mut tx = session.store.begin().await?;
        tx.put(Table::Draft, SCOPE, id.as_bytes(), &kept);
        tx.commit().await?;
        Ok(id.to_string())
    }

    /// Forgets a draft.
    ///
    /// # Errors
    /// [`ClientError::Locked`], or an id that is none.
    pub async fn forget_unsent(&self, draft: &str) -> Result<(), ClientError> {
        let id: NoteId = draft.parse()?;
        let session = self.session()?;
        let mut tx = session.store.begin().await?;
        tx.delete(Table::Draft, SCOPE, id.as_bytes());
        tx.commit().await?;
        Ok(())
    }

    /// Keeps the words in a box of the screen that have not been sent; none forget them.
    ///
    /// # Errors
    /// [`ClientError::Locked`], or [`GroupError::Length`].
    pub async fn keep_words(&self, place: &str, words: &str) -> Result<(), ClientError> {
        if place.len() > PLACE_MAX || words.len() > WORDS_MAX {
            return Err(GroupError::Length { most: hearthkeep_group::NOTE_CHARS_MAX }.into());
        }
        let session = self.session()?;
        let mut tx = session.store.begin().await?;
        if words.is_empty() {
            tx.delete(Table::Draft, BOXES, place.as_bytes());
        } else {
            tx.put(Table::Draft, BOXES, place.as_bytes(), words.as_bytes());
        }
        tx.commit().await?;
        Ok(())
    }

    /// The words that were kept for a box of the screen.
    ///
    /// # Errors
    /// [`ClientError::Locked`].
    pub async fn kept_words(&self, place: &str) -> Result<Option<String>, ClientError> {
        let session = self.session()?;
        let kept = session.store.get(Table::Draft, BOXES, place.as_bytes()).await?;
        Ok(kept.and_then(|words| String::from_utf8(words.to_vec()).ok()))
    }
}

/// What would be shared again with the same words, once somebody is chosen for them.
pub(super) fn request_of(group: GroupId, content: NoteContent) -> ShareRequest {
    ShareRequest {
        group: group.to_string(),
        text: content.text,
        audience: Vec::new(),
        wish: views::wish(content.wish),
        content_notes: content.content_notes.iter().map(views::content_note).collect(),
        entry: None,
        shareable: false,
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
