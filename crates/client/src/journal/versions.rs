//! Earlier states: kept when a session of writing ends, compared, brought back.

use super::text;
use crate::ClientError;
use crate::hearthkeep::Hearthkeep;
use crate::session::Session;
use crate::view::{ComparedLine, LineChange, VersionRow};
use hearthkeep_crypto::random_bytes;
use hearthkeep_document::{
    Document, Line, lines_from_json, lines_to_json, markdown_of, plain_text, word_count,
};
use hearthkeep_model::{EntryId, Moment, VersionId};
use hearthkeep_store::{StoreError, Tx, VersionHead};
use similar::{ChangeTag, TextDiff};

impl Hearthkeep {
    /// The person leaves a text: what has no version yet gets one, and the text is closed.
    ///
    /// # Errors
    /// What the store says; then the text stays open.
    pub async fn end_session(&self, id: &str) -> Result<(), ClientError> {
        let (id, session) = (id.parse()?, self.session()?);
        self.end_text(&session, id).await
    }

    /// Ends every open text: before locking.
    pub(crate) async fn end_texts(&self, session: &Session) {
        let ids: Vec<EntryId> = session.texts.lock().await.keys().copied().collect();
        for id in ids {
            // The text itself is safe; only its version is missing when this fails.
            self.end_text(session, id).await.ok();
        }
    }

    async fn end_text(&self, session: &Session, id: EntryId) -> Result<(), ClientError> {
        let mut texts = session.texts.lock().await;
        let Some(open) = texts.get(&id) else { return Ok(()) };
        if open.unkept_since.is_some() && session.store.head(id).is_some() {
            let mut tx = session.store.begin().await?;
            self.put_version_of(&mut tx, id, &open.document)?;
            tx.commit().await?;
        }
        texts.remove(&id);
        Ok(())
    }

    pub(crate) fn put_version_of(
        &self,
        tx: &mut Tx,
        entry: EntryId,
        document: &Document,
    ) -> Result<(), ClientError> {
        let lines = document.lines();
        let id = VersionId::from_bytes(random_bytes());
        let (at, words) = (self.clock().now(), word_count(&lines));
        let head = VersionHead { id, entry, at, words };
        let text = serde_json::to_vec(&lines_to_json(&lines)).expect("lines are plain data");
        Ok(tx.put_version(&head, &text)?)
    }

    /// Earlier states, newest first.
    ///
    /// # Errors
    /// [`ClientError::Locked`].
    pub async fn versions(&self, id: &str) -> Result<Vec<VersionRow>, ClientError> {
        let heads = self.store()?.versions(&[id.parse()?]).await?;
        let row = |head: VersionHead| VersionRow {
            id: head.id.to_string(),
            at: Moment::new(head.at, self.clock().offset_min(head.at)).rfc3339(),
            words: head.words,
        };
        Ok(heads.into_iter().map(row).collect())
    }

    /// An earlier state as Markdown.
    ///
    /// # Errors
    /// [`StoreError::NoVersion`], [`StoreError::Damaged`].
    pub async fn version_text(&self, id: &str, version: &str) -> Result<String, ClientError> {
        Ok(markdown_of(&self.version_lines(id, version).await?))
    }

    /// Compares an earlier state with the present one, line by line.
    ///
    /// # Errors
    /// As [`Self::version_text`].
    pub async fn compare(&self, id: &str, version: &str) -> Result<Vec<ComparedLine>, ClientError> {
        let then = plain_text(&self.version_lines(id, version).await?);
        let (entry, session) = (id.parse()?, self.session()?);
        let mut texts = text::open(&session, entry).await?;
        let open = texts.get_mut(&entry).ok_or(StoreError::NoEntry(entry))?;
        let now = open.document.plain_text();
        drop(texts);
        let line = |change: similar::Change<&str>| ComparedLine {
            change: match change.tag() {
                ChangeTag::Equal => LineChange::Same,
                ChangeTag::Delete => LineChange::Then,
                ChangeTag::Insert => LineChange::Now,
            },
            text: change.value().trim_end_matches('\n').to_owned(),
        };
        Ok(TextDiff::from_lines(&then, &now).iter_all_changes().map(line).collect())
    }

    /// Brings an earlier state back. The present one is kept as a version first.
    ///
    /// # Errors
    /// As [`Self::version_text`].
    pub async fn restore_version(&self, id: &str, version: &str) -> Result<(), ClientError> {
        let lines = self.version_lines(id, version).await?;
        let (entry, document) = (id.parse()?, Document::from_lines(&lines)?);
        let keep = |tx: &mut Tx, now: &Document| self.put_version_of(tx, entry, now);
        self.replace_text(entry, document, |_| (), keep).await
    }

    async fn version_lines(&self, id: &str, version: &str) -> Result<Vec<Line>, ClientError> {
        let (entry, version): (EntryId, VersionId) = (id.parse()?, version.parse()?);
        let store = self.store()?;
        if !store.versions(&[entry]).await?.iter().any(|head| head.id == version) {
            return Err(StoreError::NoVersion(version).into());
        }
        let text = store.version_text(version).await?;
        let json = serde_json::from_slice(&text).map_err(|_| StoreError::NoVersion(version))?;
        Ok(lines_from_json(&json)?)
    }
}
