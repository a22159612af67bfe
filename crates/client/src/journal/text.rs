//! The text of an entry: opened whole, changed by updates, durable before the answer.

use super::{Open, OpenTexts, head_of};
use crate::ClientError;
use crate::clock::millis;
use crate::hearthkeep::Hearthkeep;
use crate::session::Session;
use crate::view::Stored;
use hearthkeep_crypto::random_bytes;
use hearthkeep_document::{Author, Document};
use hearthkeep_model::{EntryFields, EntryHead, EntryId};
use hearthkeep_store::{StoreError, Tx};
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use tokio::sync::MutexGuard;

/// Writing goes on for so long before a version is kept: ten minutes.
const VERSION_AFTER_MS: i64 = 10 * 60 * 1_000;

/// So many texts are open at once. Beyond it those close that have nothing to keep: reading a
/// whole journal costs no more memory than reading a page of it.
const MOST_OPEN: usize = 16;

type Texts<'a> = MutexGuard<'a, BTreeMap<EntryId, Open>>;

impl Hearthkeep {
    /// The text of an entry: a document's snapshot, for the editor.
    ///
    /// # Errors
    /// [`StoreError::NoEntry`], [`StoreError::Damaged`].
    pub async fn entry_text(&self, id: &str) -> Result<Vec<u8>, ClientError> {
        let (id, session) = (id.parse()?, self.session()?);
        let mut texts = open(&session, id).await?;
        let open = texts.get_mut(&id).ok_or(StoreError::NoEntry(id))?;
        Ok(open.document.snapshot())
    }

    /// The text of an entry as Markdown.
    ///
    /// # Errors
    /// As [`Self::entry_text`].
    pub async fn entry_markdown(&self, id: &str) -> Result<String, ClientError> {
        let (id, session) = (id.parse()?, self.session()?);
        let mut texts = open(&session, id).await?;
        let open = texts.get_mut(&id).ok_or(StoreError::NoEntry(id))?;
        Ok(open.document.markdown())
    }

    /// Takes a batch of keystrokes. When this answers, they are on the disk.
    ///
    /// When the disk refuses, the words stay in the open text, and the next batch that gets
    /// through brings them along.
    ///
    /// # Errors
    /// [`ClientError::Document`] when the update cannot be taken; [`StoreError::DiskFull`] and
    /// others of the store.
    pub async fn save_text(
        &self,
        id: &str,
        batch: u32,
        update: &[u8],
    ) -> Result<Stored, ClientError> {
        let (id, session) = (id.parse()?, self.session()?);
        self.activity();
        let mut texts = open(&session, id).await?;
        let open = texts.get_mut(&id).ok_or(StoreError::NoEntry(id))?;
        let change = open.document.apply(update, Author::Editor)?;
        let now = millis(self.clock().elapsed());
        if change.lines && open.unkept_since.is_none() {
            open.unkept_since = Some(now);
        }
        let mut tx = session.store.begin().await?;
        let head = self.head_with(&session, id, &open.document)?;
        tx.put_entry(&head, &open.document.snapshot())?;
        let long = |since: i64| now.saturating_sub(since) >= VERSION_AFTER_MS;
        let keep = open.unkept_since.is_some_and(long);
        if keep {
            self.put_version_of(&mut tx, id, &open.document)?;
        }
        let changes = tx.commit().await?;
        if keep {
            open.unkept_since = None;
        }
        drop(texts);
        self.tell_changes(&changes);
        Ok(Stored { batch })
    }

    /// Replaces a text by another document, in one transaction with whatever `also` puts into it.
    pub(crate) async fn replace_text(
        &self,
        id: EntryId,
        document: Document,
        fields: impl FnOnce(&mut EntryFields) + Send,
        also: impl FnOnce(&mut Tx, &Document) -> Result<(), ClientError> + Send,
    ) -> Result<(), ClientError> {
        let session = self.session()?;
        let mut texts = open(&session, id).await?;
        let open = texts.get_mut(&id).ok_or(StoreError::NoEntry(id))?;
        let mut tx = session.store.begin().await?;
        also(&mut tx, &open.document)?;
        // A change like any other, under a fresh writer (ids below 1024 are those of built texts):
        // an editor that has the text open can follow.
        let writer = u32::from_be_bytes(random_bytes()).max(1024);
        let document = open.document.rewritten(&document.lines(), writer)?;
        let mut head = self.head_with(&session, id, &document)?;
        fields(&mut head.fields);
        tx.put_entry(&head, &document.snapshot())?;
        let changes = tx.commit().await?;
        *open = Open::new(document);
        drop(texts);
        self.tell_changes(&changes);
        Ok(())
    }

    fn head_with(
        &self,
        session: &Session,
        id: EntryId,
        document: &Document,
    ) -> Result<EntryHead, ClientError> {
        let old = session.store.head(id).ok_or(StoreError::NoEntry(id))?;
        let head = head_of(id, old.fields.clone(), document, self.clock().now());
        Ok(EntryHead { shared: old.shared, trashed: old.trashed, ..head })
    }
}

/// Opens a text unless it is open.
pub(crate) async fn open(session: &Session, id: EntryId) -> Result<Texts<'_>, ClientError> {
    let texts: &OpenTexts = &session.texts;
    let mut texts = texts.lock().await;
    if texts.len() >= MOST_OPEN && !texts.contains_key(&id) {
        texts.retain(|_, open| open.unkept_since.is_some());
    }
    if let Entry::Vacant(place) = texts.entry(id) {
        let snapshot = session.store.entry_text(id).await?;
        place.insert(Open::new(Document::open(&snapshot)?));
    }
    Ok(texts)
}
