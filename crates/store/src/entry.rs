//! Entries: one sealed row each, with fields and the whole text.

use crate::head::HeadRow;
use crate::keys::Keys;
use crate::store::Store;
use crate::table::{Table, body, gone};
use crate::{StoreError, store};
use hearthkeep_crypto::Zeroizing;
use hearthkeep_model::{EntryHead, EntryId};
use minicbor::{Decode, Encode};
use sqlx::QueryBuilder;
use std::sync::Arc;

/// The largest text that is kept, as a document's snapshot.
pub(crate) const TEXT_LIMIT: usize = 16 * 1024 * 1024;

/// An entry with its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its fields.
    pub head: EntryHead,
    /// Its document's snapshot.
    pub snapshot: Zeroizing<Vec<u8>>,
}

/// Entries that later commits wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangedEntries {
    /// They as they are now, oldest commit first. Damaged ones are left out and listed.
    pub entries: Vec<Entry>,
    /// Number of the last commit among them, where to go on; `None` when there is no later one.
    pub last: Option<u64>,
}

#[derive(Debug, Encode, Decode)]
#[cbor(map)]
struct BodyRow {
    #[n(0)]
    head: HeadRow,
    #[cbor(n(1), with = "minicbor::bytes")]
    snapshot: Vec<u8>,
}

/// Bytes of a row's content.
pub(crate) fn encode<T: Encode<()>>(value: &T) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(minicbor::to_vec(value).expect("a row is encoded into memory"))
}

/// Reads a row's content; trailing bytes are not content.
pub(crate) fn decode<'b, T: Decode<'b, ()>>(bytes: &'b [u8]) -> Option<T> {
    let mut decoder = minicbor::Decoder::new(bytes);
    let value = decoder.decode().ok()?;
    (decoder.position() == bytes.len()).then_some(value)
}

pub(crate) fn seal_body(keys: &Keys, entry: &Entry) -> Vec<u8> {
    let row = BodyRow { head: HeadRow::from(&entry.head), snapshot: entry.snapshot.to_vec() };
    keys.seal(Table::Entry, &keys.entry(entry.head.id), &encode(&row))
}

pub(crate) fn open_body(keys: &Keys, row: &[u8], sealed: &[u8]) -> Result<Entry, StoreError> {
    let damaged = || StoreError::Damaged { table: Table::Entry, row: row.to_vec() };
    let plain = keys.open(Table::Entry, row, sealed).map_err(|_| damaged())?;
    let body: BodyRow = decode(&plain).ok_or_else(damaged)?;
    Ok(Entry { head: body.head.into(), snapshot: Zeroizing::new(body.snapshot) })
}

impl Store {
    /// All entries' headers, newest first, those in the drawer among them.
    #[must_use]
    pub fn heads(&self) -> Vec<Arc<EntryHead>> {
        self.inner.heads().newest_first().cloned().collect()
    }

    /// Looks at all entries' headers, newest first, without copying the list. Nothing is written
    /// meanwhile.
    pub fn each_head(&self, mut look: impl FnMut(&EntryHead)) {
        self.inner.heads().newest_first().for_each(|head| look(head));
    }

    /// One entry's header.
    #[must_use]
    pub fn head(&self, id: EntryId) -> Option<Arc<EntryHead>> {
        self.inner.heads().get(id).cloned()
    }

    /// An entry with its text.
    ///
    /// # Errors
    /// [`StoreError::NoEntry`], or [`StoreError::Damaged`] when its row does not open.
    pub async fn entry(&self, id: EntryId) -> Result<Entry, StoreError> {
        let keys = self.inner.keys()?;
        let row = keys.entry(id);
        let mut reader = self.inner.reader().await?;
        let sealed: Option<Vec<u8>> = sqlx::query_scalar(body::GET)
            .bind(row.as_slice())
            .fetch_optional(store::connection(&mut reader)?)
            .await?;
        drop(reader);
        let sealed = sealed.ok_or(StoreError::NoEntry(id))?;
        self.inner.note_damage(open_body(&keys, &row, &sealed))
    }

    /// Several entries with their texts, in any order. Those that are gone are left out, damaged
    /// ones too, and listed.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn entries(&self, ids: &[EntryId]) -> Result<Vec<Entry>, StoreError> {
        let keys = self.inner.keys()?;
        let rows = self.rows_of(&keys, ids, (body::SOME, ")")).await?;
        let open = |(row, sealed): (Vec<u8>, Vec<u8>)| {
            self.inner.note_damage(open_body(&keys, &row, &sealed)).ok()
        };
        Ok(rows.into_iter().filter_map(open).collect())
    }

    /// Rows of several entries in one go: the entries' names stand between the two halves of the
    /// query.
    pub(crate) async fn rows_of(
        &self,
        keys: &Keys,
        ids: &[EntryId],
        (start, end): (&'static str, &'static str),
    ) -> Result<Vec<(Vec<u8>, Vec<u8>)>, StoreError> {
        let mut query = QueryBuilder::new(start);
        let mut list = query.separated(", ");
        for id in ids {
            list.push_bind(keys.entry(*id).to_vec());
        }
        query.push(end);
        let mut reader = self.inner.reader().await?;
        Ok(query.build_query_as().fetch_all(store::connection(&mut reader)?).await?)
    }

    /// The text of an entry, as its document's snapshot.
    ///
    /// # Errors
    /// As [`Self::entry`].
    pub async fn entry_text(&self, id: EntryId) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        Ok(self.entry(id).await?.snapshot)
    }

    /// Entries that commits after `number` wrote: about `limit` of them, but always whole commits.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn changed_since(
        &self,
        number: u64,
        limit: u32,
    ) -> Result<ChangedEntries, StoreError> {
        let keys = self.inner.keys()?;
        let mut reader = self.inner.reader().await?;
        let rows: Vec<(Vec<u8>, i64, Vec<u8>)> = sqlx::query_as(body::CHANGED)
            .bind(i64::try_from(number).unwrap_or(i64::MAX))
            .bind(i64::from(limit))
            .fetch_all(store::connection(&mut reader)?)
            .await?;
        drop(reader);
        let last = rows.last().map(|(_, number, _)| u64::try_from(*number).unwrap_or(0));
        let open = |(id, _, sealed): (Vec<u8>, i64, Vec<u8>)| {
            self.inner.note_damage(open_body(&keys, &id, &sealed)).ok()
        };
        Ok(ChangedEntries { entries: rows.into_iter().filter_map(open).collect(), last })
    }

    /// Entries that commits after the one and up to the other erased.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn erased_between(&self, after: u64, until: u64) -> Result<Vec<EntryId>, StoreError> {
        let keys = self.inner.keys()?;
        let mut reader = self.inner.reader().await?;
        let rows: Vec<(Vec<u8>, Vec<u8>)> = sqlx::query_as(gone::BETWEEN)
            .bind(i64::try_from(after).unwrap_or(i64::MAX))
            .bind(i64::try_from(until).unwrap_or(i64::MAX))
            .fetch_all(store::connection(&mut reader)?)
            .await?;
        drop(reader);
        let open = |(row, sealed): (Vec<u8>, Vec<u8>)| {
            let plain = keys.open(Table::Entry, &gone_row(&row), &sealed).ok()?;
            plain.as_slice().try_into().ok().map(EntryId::from_bytes)
        };
        Ok(rows.into_iter().filter_map(open).collect())
    }

    /// Number of the last commit. It rises with every change of anything.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.inner.number()
    }
}

/// Row id of the note that an entry is gone: not the entry's own, so that one cannot stand in for
/// the other.
pub(crate) fn gone_row(entry: &[u8]) -> Vec<u8> {
    [b"gone", entry].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{attachment, head, thing, version};
    use hearthkeep_crypto::ProfileKey;
    use hearthkeep_model::{Day, EntryFields, Moment, Timestamp};
    use proptest::{collection::vec, prelude::*};

    fn read_as_all(keys: &Keys, plain: &[u8]) {
        let row = [7; 16];
        let sealed = |table| keys.seal(table, &row, plain);
        let body = open_body(keys, &row, &sealed(Table::Entry));
        if let Ok(entry) = body {
            // What is read is what would be written.
            let again =
                keys.open(Table::Entry, &keys.entry(entry.head.id), &seal_body(keys, &entry));
            assert_eq!(decode::<BodyRow>(&again.unwrap()).unwrap().snapshot, *entry.snapshot);
        }
        let page = keys.seal(Table::Page, &3u32.to_be_bytes(), plain);
        drop(head::open_page(keys, 3, &page));
        drop(version::open_head(keys, &row, &sealed(Table::VersionHead)));
        if let Ok(text) = version::open_text(keys, &row, &sealed(Table::Version)) {
            assert!(text.len() <= TEXT_LIMIT);
        }
        drop(attachment::open_meta(keys, &row, &sealed(Table::Attachment)));
        let draft = keys.seal(Table::Draft, &[row, row].concat(), plain);
        drop(thing::open(keys, Table::Draft, (1, row.to_vec(), row.to_vec(), draft)));
    }

    fn entry() -> Entry {
        let moment = Moment { at: Timestamp(5), day: Day(20_000), offset_min: 60 };
        let fields = EntryFields {
            moment,
            title: "The lake".into(),
            tags: vec!["walk".into()],
            feelings: vec!["tender".into()],
        };
        let head = EntryHead {
            id: EntryId::from_bytes([1; 16]),
            fields,
            first_line: "Cold, and clear.".into(),
            words: 3,
            pictures: 0,
            shared: false,
            trashed: None,
            changed: Timestamp(6),
        };
        Entry { head, snapshot: Zeroizing::new(vec![1, 2, 3]) }
    }

    proptest! {
        #[test]
        fn whatever_lies_under_the_seal_of_a_row_is_read_or_named_as_damaged(
            bytes in vec(any::<u8>(), 0..300),
            at in any::<prop::sample::Index>(),
            with in 1..=255_u8,
        ) {
            let keys = Keys::new(ProfileKey::from_bytes([1; 32]));
            read_as_all(&keys, &bytes);
            let row = BodyRow { head: HeadRow::from(&entry().head), snapshot: vec![1, 2, 3] };
            let mut changed = encode(&row).to_vec();
            read_as_all(&keys, &changed);
            let place = at.index(changed.len());
            changed[place] ^= with;
            read_as_all(&keys, &changed);
            changed.truncate(place);
            read_as_all(&keys, &changed);
        }
    }
}
