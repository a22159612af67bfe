//! Opens every row and every attachment once: `check`.

use crate::entry::{Entry, open_body};
use crate::store::{self, Store};
use crate::table::{Table, body, version};
use crate::{Damaged, StoreError, version as versions};
use hearthkeep_model::EntryHead;

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// Entries that open.
    pub entries: u64,
    /// Earlier states that open.
    pub versions: u64,
    /// Attachments that open and have the hash they came with.
    pub attachments: u64,
    /// Rows of groups and settings that open.
    pub things: u64,
    /// What does not open.
    pub damaged: Vec<Damaged>,
    /// The database file itself is sound.
    pub database_sound: bool,
}

impl Store {
    /// Opens everything once, a few rows at a time.
    ///
    /// # Errors
    /// When the database cannot be read at all.
    pub async fn check(&self) -> Result<Checked, StoreError> {
        let mut checked = Checked { database_sound: self.sound().await?, ..Checked::default() };
        self.check_entries(&mut checked).await?;
        for meta in self.attachments().await? {
            let right = |bytes: &[u8]| hearthkeep_crypto::hash::sha256(bytes) == meta.sha256;
            let damaged = || StoreError::Damaged {
                table: Table::Attachment,
                row: meta.id.as_bytes().to_vec(),
            };
            let bytes = self.read_attachment(meta.id).map_err(|_| damaged());
            let bytes = bytes.and_then(|bytes| right(&bytes).then_some(()).ok_or_else(damaged));
            if self.inner.note_damage(bytes).is_ok() {
                checked.attachments = checked.attachments.saturating_add(1);
            }
        }
        for table in Table::ALL {
            let rows = self.scan_all(*table).await?.len();
            checked.things = checked.things.saturating_add(u64::try_from(rows).unwrap_or(0));
        }
        checked.damaged = self.damaged();
        Ok(checked)
    }

    async fn sound(&self) -> Result<bool, StoreError> {
        let mut reader = self.inner.reader().await?;
        let answer: String = sqlx::query_scalar("PRAGMA integrity_check(1)")
            .fetch_one(store::connection(&mut reader)?)
            .await?;
        Ok(answer == "ok")
    }

    async fn check_entries(&self, checked: &mut Checked) -> Result<(), StoreError> {
        let keys = self.inner.keys()?;
        let mut reader = self.inner.reader().await?;
        let rows: Vec<Vec<u8>> =
            sqlx::query_scalar(body::IDS).fetch_all(store::connection(&mut reader)?).await?;
        drop(reader);
        for row in rows {
            let mut reader = self.inner.reader().await?;
            let connection = store::connection(&mut reader)?;
            let sealed: Option<Vec<u8>> = sqlx::query_scalar(body::GET)
                .bind(row.as_slice())
                .fetch_optional(&mut *connection)
                .await?;
            let heads: Vec<(Vec<u8>, Vec<u8>)> = sqlx::query_as(version::HEADS)
                .bind(row.as_slice())
                .fetch_all(&mut *connection)
                .await?;
            drop(reader);
            // An entry that was erased meanwhile is not damaged.
            let Some(sealed) = sealed else { continue };
            let entry = self.inner.note_damage(open_body(&keys, &row, &sealed));
            if entry.is_ok_and(|entry| self.same_head(&entry)) {
                checked.entries = checked.entries.saturating_add(1);
            }
            for (row, head) in heads {
                let head = self.inner.note_damage(versions::open_head(&keys, &row, &head));
                if let Ok(head) = head
                    && self.version_text(head.id).await.is_ok()
                {
                    checked.versions = checked.versions.saturating_add(1);
                }
            }
        }
        Ok(())
    }

    /// Header pages are a second copy of the fields: both must say the same.
    fn same_head(&self, entry: &Entry) -> bool {
        let listed: Option<std::sync::Arc<EntryHead>> = self.head(entry.head.id);
        listed.is_some_and(|listed| *listed == entry.head)
    }
}
