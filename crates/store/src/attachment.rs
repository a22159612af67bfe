//! Attachments: sealed files, named by keyed ids, and a sealed row for what is known of each.

use crate::entry::{decode, encode};
use crate::folder::{rename, sync_folder, write_synced};
use crate::keys::Keys;
use crate::store::{self, Store};
use crate::table::{Op, Table, attachment};
use crate::{ProfileFolder, StoreError, WritePoint};
use hearthkeep_crypto::{Zeroizing, hash, sealed_file};
use hearthkeep_model::{AttachmentId, EntryId};
use minicbor::{Decode, Encode};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// The largest attachment that is kept.
pub(crate) const LIMIT: usize = 64 * 1024 * 1024;

/// What is known of an attachment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachmentMeta {
    /// Which attachment.
    pub id: AttachmentId,
    /// Of which entry.
    pub entry: EntryId,
    /// Its file name, as it came.
    pub name: String,
    /// Its media type.
    pub media_type: String,
    /// Its bytes.
    pub size: u64,
    /// SHA-256 of its bytes.
    pub sha256: [u8; 32],
}

#[derive(Debug, Encode, Decode)]
#[cbor(map)]
struct AttachmentRow {
    #[cbor(n(0), with = "minicbor::bytes")]
    id: [u8; 16],
    #[cbor(n(1), with = "minicbor::bytes")]
    entry: [u8; 16],
    #[n(2)]
    name: String,
    #[n(3)]
    media_type: String,
    #[n(4)]
    size: u64,
    #[cbor(n(5), with = "minicbor::bytes")]
    sha256: [u8; 32],
}

impl AttachmentMeta {
    /// What is known of these bytes.
    #[must_use]
    pub fn of(
        id: AttachmentId,
        entry: EntryId,
        name: &str,
        media_type: &str,
        bytes: &[u8],
    ) -> Self {
        Self {
            id,
            entry,
            name: name.to_owned(),
            media_type: media_type.to_owned(),
            size: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            sha256: hash::sha256(bytes),
        }
    }
}

pub(crate) fn put_op(keys: &Keys, meta: &AttachmentMeta) -> Op {
    let row = keys.attachment_id(meta.id);
    let fields = AttachmentRow {
        id: *meta.id.as_bytes(),
        entry: *meta.entry.as_bytes(),
        name: meta.name.clone(),
        media_type: meta.media_type.clone(),
        size: meta.size,
        sha256: meta.sha256,
    };
    let sealed = keys.seal(Table::Attachment, &row, &encode(&fields));
    attachment::put(row, keys.entry(meta.entry), sealed)
}

pub(crate) fn open_meta(
    keys: &Keys,
    row: &[u8],
    sealed: &[u8],
) -> Result<AttachmentMeta, StoreError> {
    let damaged = || StoreError::Damaged { table: Table::Attachment, row: row.to_vec() };
    let plain = keys.open(Table::Attachment, row, sealed).map_err(|_| damaged())?;
    let fields: AttachmentRow = decode(&plain).ok_or_else(damaged)?;
    Ok(AttachmentMeta {
        id: AttachmentId::from_bytes(fields.id),
        entry: EntryId::from_bytes(fields.entry),
        name: fields.name,
        media_type: fields.media_type,
        size: fields.size,
        sha256: fields.sha256,
    })
}

/// Where the file of an attachment lies.
pub(crate) fn path(folder: &ProfileFolder, row: &[u8]) -> PathBuf {
    let name: String = row.iter().map(|byte| format!("{byte:02x}")).collect();
    folder.attachments().join(name)
}

impl Store {
    /// Seals an attachment into its file and waits until it is on the disk. It belongs to nothing
    /// until [`crate::Tx::put_attachment`] is committed; what never belongs is swept away.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`], or what the file system says.
    pub fn write_attachment(&self, id: AttachmentId, bytes: &[u8]) -> Result<(), StoreError> {
        if bytes.len() > LIMIT {
            return Err(StoreError::TooLarge { got: bytes.len(), limit: LIMIT });
        }
        let (keys, folder) = (self.inner.keys()?, self.inner.folder());
        let row = keys.attachment_id(id);
        let sealed = sealed_file::seal(&keys.attachment, &row, bytes);
        let path = path(folder, &row);
        let new = path.with_extension("new");
        write_synced(&new, &sealed)?;
        folder.at(WritePoint::AttachmentNew);
        rename(&new, &path)?;
        sync_folder(&folder.attachments())?;
        folder.at(WritePoint::AttachmentRenamed);
        Ok(())
    }

    /// The bytes of an attachment.
    ///
    /// # Errors
    /// [`StoreError::NoAttachment`], or [`StoreError::Damaged`] when its file does not open.
    pub fn read_attachment(&self, id: AttachmentId) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let (keys, folder) = (self.inner.keys()?, self.inner.folder());
        let row = keys.attachment_id(id);
        let path = path(folder, &row);
        let sealed = match std::fs::read(&path) {
            Ok(sealed) => sealed,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(StoreError::NoAttachment(id));
            }
            Err(error) => return Err(StoreError::file(&path, error)),
        };
        let damaged = StoreError::Damaged { table: Table::Attachment, row: row.to_vec() };
        let opened = sealed_file::open(&keys.attachment, &row, &sealed).map_err(|_| damaged);
        self.inner.note_damage(opened)
    }

    /// What is known of an attachment.
    ///
    /// # Errors
    /// [`StoreError::NoAttachment`], or [`StoreError::Damaged`].
    pub async fn attachment(&self, id: AttachmentId) -> Result<AttachmentMeta, StoreError> {
        let keys = self.inner.keys()?;
        let row = keys.attachment_id(id);
        let mut reader = self.inner.reader().await?;
        let sealed: Option<Vec<u8>> = sqlx::query_scalar(attachment::GET)
            .bind(row.as_slice())
            .fetch_optional(store::connection(&mut reader)?)
            .await?;
        drop(reader);
        let sealed = sealed.ok_or(StoreError::NoAttachment(id))?;
        self.inner.note_damage(open_meta(&keys, &row, &sealed))
    }

    /// Attachments of these entries.
    ///
    /// # Errors
    /// When the database cannot be read. Damaged rows are left out and listed.
    pub async fn attachments_of(
        &self,
        entries: &[EntryId],
    ) -> Result<Vec<AttachmentMeta>, StoreError> {
        let keys = self.inner.keys()?;
        let query = (attachment::OF_SOME, attachment::IN_ORDER);
        let rows = self.rows_of(&keys, entries, query).await?;
        Ok(self.open_metas(&keys, rows))
    }

    /// All attachments.
    ///
    /// # Errors
    /// As [`Self::attachments_of`].
    pub async fn attachments(&self) -> Result<Vec<AttachmentMeta>, StoreError> {
        let keys = self.inner.keys()?;
        let mut reader = self.inner.reader().await?;
        let rows: Vec<(Vec<u8>, Vec<u8>)> =
            sqlx::query_as(attachment::ALL).fetch_all(store::connection(&mut reader)?).await?;
        drop(reader);
        Ok(self.open_metas(&keys, rows))
    }

    fn open_metas(&self, keys: &Keys, rows: Vec<(Vec<u8>, Vec<u8>)>) -> Vec<AttachmentMeta> {
        let open = |(row, sealed): (Vec<u8>, Vec<u8>)| {
            self.inner.note_damage(open_meta(keys, &row, &sealed)).ok()
        };
        rows.into_iter().filter_map(open).collect()
    }

    /// Removes files that belong to no row: what a crash left between file and commit.
    pub(crate) async fn sweep_attachments(&self) -> Result<(), StoreError> {
        let mut reader = self.inner.reader().await?;
        let rows: Vec<Vec<u8>> =
            sqlx::query_scalar(attachment::IDS).fetch_all(store::connection(&mut reader)?).await?;
        drop(reader);
        let folder = self.inner.folder();
        let known: BTreeSet<PathBuf> = rows.iter().map(|row| path(folder, row)).collect();
        let files = std::fs::read_dir(folder.attachments());
        let files = files.map_err(|error| StoreError::file(&folder.attachments(), error))?;
        for file in files.flatten().filter(|file| !known.contains(&file.path())) {
            // What cannot be removed now is removed at the next unlock.
            std::fs::remove_file(file.path()).ok();
        }
        Ok(())
    }
}
