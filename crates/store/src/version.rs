//! Earlier states of entries: deflated Markdown, each a row of its own.

use crate::entry::{decode, encode};
use crate::keys::Keys;
use crate::store::{self, Store};
use crate::table::{Op, Table, version};
use crate::{StoreError, entry};
use flate2::Compression;
use flate2::read::{DeflateDecoder, DeflateEncoder};
use hearthkeep_crypto::Zeroizing;
use hearthkeep_model::{EntryId, Timestamp, VersionId};
use minicbor::{Decode, Encode};
use std::io::Read;

/// What a list shows of an earlier state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionHead {
    /// Which version.
    pub id: VersionId,
    /// Of which entry.
    pub entry: EntryId,
    /// When it was kept.
    pub at: Timestamp,
    /// Words in it.
    pub words: u32,
}

#[derive(Debug, Encode, Decode)]
#[cbor(map)]
struct VersionRow {
    #[cbor(n(0), with = "minicbor::bytes")]
    id: [u8; 16],
    #[cbor(n(1), with = "minicbor::bytes")]
    entry: [u8; 16],
    #[n(2)]
    at: i64,
    #[n(3)]
    words: u32,
}

pub(crate) fn put_op(keys: &Keys, head: &VersionHead, text: &[u8]) -> Op {
    let row = keys.version(head.id);
    let fields = VersionRow {
        id: *head.id.as_bytes(),
        entry: *head.entry.as_bytes(),
        at: head.at.0,
        words: head.words,
    };
    let mut deflated = Zeroizing::new(Vec::new());
    DeflateEncoder::new(text, Compression::default())
        .read_to_end(&mut deflated)
        .expect("deflating from memory into memory");
    version::put(
        row,
        keys.entry(head.entry),
        keys.seal(Table::VersionHead, &row, &encode(&fields)),
        keys.seal(Table::Version, &row, &deflated),
    )
}

pub(crate) fn open_head(keys: &Keys, row: &[u8], sealed: &[u8]) -> Result<VersionHead, StoreError> {
    let damaged = || StoreError::Damaged { table: Table::VersionHead, row: row.to_vec() };
    let plain = keys.open(Table::VersionHead, row, sealed).map_err(|_| damaged())?;
    let fields: VersionRow = decode(&plain).ok_or_else(damaged)?;
    Ok(VersionHead {
        id: VersionId::from_bytes(fields.id),
        entry: EntryId::from_bytes(fields.entry),
        at: Timestamp(fields.at),
        words: fields.words,
    })
}

pub(crate) fn open_text(
    keys: &Keys,
    row: &[u8],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, StoreError> {
    let damaged = || StoreError::Damaged { table: Table::Version, row: row.to_vec() };
    let deflated = keys.open(Table::Version, row, sealed).map_err(|_| damaged())?;
    let limit = u64::try_from(entry::TEXT_LIMIT).unwrap_or(u64::MAX);
    let mut text = Zeroizing::new(Vec::new());
    DeflateDecoder::new(deflated.as_slice())
        .take(limit)
        .read_to_end(&mut text)
        .map_err(|_| damaged())?;
    Ok(text)
}

impl Store {
    /// Earlier states of these entries, newest first.
    ///
    /// # Errors
    /// When the database cannot be read. Damaged rows are left out and listed.
    pub async fn versions(&self, entries: &[EntryId]) -> Result<Vec<VersionHead>, StoreError> {
        let keys = self.inner.keys()?;
        let query = (version::HEADS_OF_SOME, version::NEWEST_FIRST);
        let rows = self.rows_of(&keys, entries, query).await?;
        let open = |(row, sealed): (Vec<u8>, Vec<u8>)| {
            self.inner.note_damage(open_head(&keys, &row, &sealed)).ok()
        };
        Ok(rows.into_iter().filter_map(open).collect())
    }

    /// An earlier state, as it was given.
    ///
    /// # Errors
    /// [`StoreError::NoVersion`], or [`StoreError::Damaged`].
    pub async fn version_text(&self, id: VersionId) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let keys = self.inner.keys()?;
        let row = keys.version(id);
        let mut reader = self.inner.reader().await?;
        let sealed: Option<Vec<u8>> = sqlx::query_scalar(version::GET)
            .bind(row.as_slice())
            .fetch_optional(store::connection(&mut reader)?)
            .await?;
        drop(reader);
        let sealed = sealed.ok_or(StoreError::NoVersion(id))?;
        self.inner.note_damage(open_text(&keys, &row, &sealed))
    }
}
