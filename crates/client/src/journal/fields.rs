//! New entries, and what an entry has beside its text.

use super::{Open, entry_row, head_of};
use crate::ClientError;
use crate::hearthkeep::Hearthkeep;
use crate::view::{EntryRow, FieldsPatch};
use hearthkeep_crypto::random_bytes;
use hearthkeep_document::Document;
use hearthkeep_model::{EntryFields, EntryHead, EntryId, Moment};
use hearthkeep_store::StoreError;

pub(crate) const TITLE: usize = 300;
pub(crate) const WORD: usize = 80;
pub(crate) const WORDS: usize = 64;

impl Hearthkeep {
    /// A new entry of this moment, without words yet.
    ///
    /// # Errors
    /// [`ClientError::Locked`], or what the store says.
    pub async fn new_entry(&self) -> Result<EntryRow, ClientError> {
        let (session, moment) = (self.session()?, self.clock().moment());
        let (id, document) = (EntryId::from_bytes(random_bytes()), Document::new());
        let fields =
            EntryFields { moment, title: String::new(), tags: Vec::new(), feelings: Vec::new() };
        let head = head_of(id, fields, &document, moment.at);
        let mut tx = session.store.begin().await?;
        tx.put_entry(&head, &document.snapshot())?;
        let changes = tx.commit().await?;
        session.texts.lock().await.insert(id, Open::new(document));
        self.tell_changes(&changes);
        Ok(entry_row(&head))
    }

    /// Changes what an entry has beside its text.
    ///
    /// # Errors
    /// [`ClientError::TooLong`], [`ClientError::Time`], [`StoreError::NoEntry`].
    pub async fn set_fields(&self, id: &str, patch: FieldsPatch) -> Result<EntryRow, ClientError> {
        let patch = Checked::of(patch)?;
        let head = self.change_head(id.parse()?, |head| patch.apply(&mut head.fields)).await?;
        Ok(entry_row(&head))
    }

    /// Changes an entry's header in one transaction.
    pub(crate) async fn change_head(
        &self,
        id: EntryId,
        change: impl FnOnce(&mut EntryHead) + Send,
    ) -> Result<EntryHead, ClientError> {
        let store = self.store()?;
        let mut tx = store.begin().await?;
        let mut head = store.head(id).ok_or(StoreError::NoEntry(id))?.as_ref().clone();
        change(&mut head);
        head.changed = self.clock().now();
        tx.put_head(&head).await?;
        let changes = tx.commit().await?;
        self.tell_changes(&changes);
        Ok(head)
    }
}

/// What is to change, found fit to be kept.
pub(crate) struct Checked {
    at: Option<Moment>,
    title: Option<String>,
    tags: Option<Vec<String>>,
    feelings: Option<Vec<String>>,
}

impl Checked {
    pub(crate) fn of(patch: FieldsPatch) -> Result<Self, ClientError> {
        let title = patch.title.map(|title| title.trim().to_owned());
        if title.as_ref().is_some_and(|title| title.chars().count() > TITLE) {
            return Err(ClientError::TooLong { field: "title", limit: TITLE });
        }
        Ok(Self {
            at: patch.at.as_deref().map(Moment::parse_rfc3339).transpose()?,
            title,
            tags: patch.tags.map(|tags| tidy("tags", tags)).transpose()?,
            feelings: patch.feelings.map(|one| tidy("feelings", one)).transpose()?,
        })
    }

    pub(crate) fn apply(self, fields: &mut EntryFields) {
        fields.moment = self.at.unwrap_or(fields.moment);
        fields.title = self.title.unwrap_or_else(|| std::mem::take(&mut fields.title));
        fields.tags = self.tags.unwrap_or_else(|| std::mem::take(&mut fields.tags));
        fields.feelings = self.feelings.unwrap_or_else(|| std::mem::take(&mut fields.feelings));
    }
}

/// Words without space around them, each once, in the order in which they were given.
fn tidy(field: &'static str, words: Vec<String>) -> Result<Vec<String>, ClientError> {
    let mut tidy: Vec<String> = Vec::new();
    for word in words {
        let word = word.trim();
        if word.chars().count() > WORD {
            return Err(ClientError::TooLong { field, limit: WORD });
        }
        if !word.is_empty() && !tidy.iter().any(|one| one == word) {
            tidy.push(word.to_owned());
        }
    }
    if tidy.len() > WORDS {
        return Err(ClientError::TooLong { field, limit: WORDS });
    }
    Ok(tidy)
}
