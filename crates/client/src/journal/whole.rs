//! Entries taken and given whole, as Markdown: for the command line and for whoever has no editor.

use super::head_of;
use crate::ClientError;
use crate::archive::whole_entry;
use crate::hearthkeep::{Hearthkeep, blocking};
use crate::journal::fields::Checked;
use crate::view::{CheckReport, EntryRow, FieldsPatch, WholeEntry};
use hearthkeep_crypto::{Zeroizing, random_bytes};
use hearthkeep_document::Document;
use hearthkeep_model::{EntryFields, EntryHead, EntryId};
use hearthkeep_store::Tx;
use std::collections::HashMap;
use std::sync::Arc;

/// Texts that are looked through at a time.
const BATCH: usize = 128;

impl Hearthkeep {
    /// Writes an entry with its text in one transaction.
    ///
    /// # Errors
    /// [`ClientError::TooLong`], [`ClientError::Time`], [`ClientError::Document`].
    pub async fn add_entry(
        &self,
        markdown: &str,
        given: FieldsPatch,
    ) -> Result<EntryRow, ClientError> {
        let store = self.store()?;
        let now = self.clock().moment();
        let mut fields =
            EntryFields { moment: now, title: String::new(), tags: vec![], feelings: vec![] };
        Checked::of(given)?.apply(&mut fields);
        let document = Document::from_markdown(markdown)?;
        let head = head_of(EntryId::from_bytes(random_bytes()), fields, &document, now.at);
        let mut tx = store.begin().await?;
        tx.put_entry(&head, &document.snapshot())?;
        let changes = tx.commit().await?;
        self.tell_changes(&changes);
        Ok(super::entry_row(&head))
    }

    /// Replaces an entry's text, and what else is given, in one transaction. The text it had
    /// becomes a version.
    ///
    /// # Errors
    /// As [`Hearthkeep::add_entry`], and [`hearthkeep_store::StoreError::NoEntry`].
    pub async fn replace_markdown(
        &self,
        id: &str,
        markdown: &str,
        given: FieldsPatch,
    ) -> Result<(), ClientError> {
        let (id, given) = (id.parse()?, Checked::of(given)?);
        let document = Document::from_markdown(markdown)?;
        let keep = |tx: &mut Tx, now: &Document| self.put_version_of(tx, id, now);
        self.replace_text(id, document, |fields| given.apply(fields), keep).await
    }

    /// An entry with its text as Markdown and what is known of its pictures.
    ///
    /// # Errors
    /// [`hearthkeep_store::StoreError::NoEntry`], [`hearthkeep_store::StoreError::Damaged`].
    pub async fn whole_entry(&self, id: &str) -> Result<WholeEntry, ClientError> {
        whole_entry(&self.store()?, id.parse()?).await
    }

    /// Opens everything once, and says what does not open.
    ///
    /// # Errors
    /// When the database cannot be read at all.
    pub async fn check(&self) -> Result<CheckReport, ClientError> {
        let checked = self.store()?.check().await?;
        let count = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
        Ok(CheckReport {
            entries: count(checked.entries),
            versions: count(checked.versions),
            attachments: count(checked.attachments),
            rows: count(checked.things),
            damaged: self.damaged()?,
            database_sound: checked.database_sound,
        })
    }

    /// Ids of all entries that hold every one of these words, newest first; "in quotes" is a
    /// phrase. Looks at every text: slow, and right whatever the index knows.
    ///
    /// # Errors
    /// [`ClientError::Locked`], or what the store says.
    pub async fn find_everywhere(&self, words: &str) -> Result<Vec<String>, ClientError> {
        let (store, wanted) = (self.store()?, Arc::new(pieces(words)));
        let heads = store.heads().into_iter().filter(|head| head.trashed.is_none());
        let heads: Vec<_> = heads.filter(|_| !wanted.is_empty()).collect();
        let mut found = Vec::new();
        for heads in heads.chunks(BATCH) {
            let ids: Vec<EntryId> = heads.iter().map(|head| head.id).collect();
            let entries = store.entries(&ids).await?.into_iter();
            let texts = entries.map(|entry| (entry.head.id, entry.snapshot)).collect();
            let (heads, wanted) = (heads.to_vec(), Arc::clone(&wanted));
            found.extend(blocking(move || holding(&heads, &texts, &wanted)).await?);
        }
        Ok(found)
    }
}

/// Which of these entries hold all that is wanted. Of one whose text does not open, the fields are
/// looked at; it is listed elsewhere.
fn holding(
    heads: &[Arc<EntryHead>],
    texts: &HashMap<EntryId, Zeroizing<Vec<u8>>>,
    wanted: &[String],
) -> Vec<String> {
    let holds = |head: &&Arc<EntryHead>| {
        let text = texts.get(&head.id).and_then(|text| Document::open(text).ok());
        let body = text.map(|text| text.plain_text()).unwrap_or_default();
        let all = format!("{}\n{}\n{body}", head.fields.title, head.fields.tags.join("\n"));
        let all = all.to_lowercase();
        wanted.iter().all(|piece| all.contains(piece))
    };
    heads.iter().filter(holds).map(|head| head.id.to_string()).collect()
}

/// Words and quoted phrases in lower case.
fn pieces(words: &str) -> Vec<String> {
    let mut pieces = Vec::new();
    for (number, part) in words.split('"').enumerate() {
        if number % 2 == 1 {
            pieces.push(part.trim().to_lowercase());
        } else {
            pieces.extend(part.split_whitespace().map(str::to_lowercase));
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}
