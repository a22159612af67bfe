//! List headers: their bytes, their pages, and the list that an open vault holds in memory.

use crate::StoreError;
use crate::keys::Keys;
use crate::table::Table;
use hearthkeep_model::{Day, EntryFields, EntryHead, EntryId, Moment, Timestamp};
use minicbor::{Decode, Encode};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::num::NonZero;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

/// Headers in a page.
pub(crate) const PER_PAGE: usize = 256;

/// A header as it stands in a row. Numbers of fields are never given twice.
#[derive(Debug, Encode, Decode)]
#[cbor(map)]
pub(crate) struct HeadRow {
    #[cbor(n(0), with = "minicbor::bytes")]
    id: [u8; 16],
    #[n(1)]
    at: i64,
    #[n(2)]
    day: i32,
    #[n(3)]
    offset_min: i16,
    #[n(4)]
    title: String,
    #[n(5)]
    tags: Vec<String>,
    #[n(6)]
    feelings: Vec<String>,
    #[n(7)]
    first_line: String,
    #[n(8)]
    words: u32,
    #[n(9)]
    pictures: u16,
    #[n(10)]
    shared: bool,
    #[n(11)]
    trashed: Option<i64>,
    #[n(12)]
    changed: i64,
}

impl From<&EntryHead> for HeadRow {
    fn from(head: &EntryHead) -> Self {
        Self {
            id: *head.id.as_bytes(),
            at: head.fields.moment.at.0,
            day: head.fields.moment.day.0,
            offset_min: head.fields.moment.offset_min,
            title: head.fields.title.clone(),
            tags: head.fields.tags.clone(),
            feelings: head.fields.feelings.clone(),
            first_line: head.first_line.clone(),
            words: head.words,
            pictures: head.pictures,
            shared: head.shared,
            trashed: head.trashed.map(|at| at.0),
            changed: head.changed.0,
        }
    }
}

impl From<HeadRow> for EntryHead {
    fn from(row: HeadRow) -> Self {
        let moment =
            Moment { at: Timestamp(row.at), day: Day(row.day), offset_min: row.offset_min };
        Self {
            id: EntryId::from_bytes(row.id),
            fields: EntryFields {
                moment,
                title: row.title,
                tags: row.tags,
                feelings: row.feelings,
            },
            first_line: row.first_line,
            words: row.words,
            pictures: row.pictures,
            shared: row.shared,
            trashed: row.trashed.map(Timestamp),
            changed: Timestamp(row.changed),
        }
    }
}

/// Seals a page. Its number is its row id, so that pages cannot change places.
pub(crate) fn seal_page(keys: &Keys, no: u32, heads: &[Arc<EntryHead>]) -> Vec<u8> {
    let rows: Vec<HeadRow> = heads.iter().map(|head| HeadRow::from(&**head)).collect();
    keys.seal(Table::Page, &no.to_be_bytes(), &crate::entry::encode(&rows))
}

/// Opens a page.
pub(crate) fn open_page(
    keys: &Keys,
    no: u32,
    sealed: &[u8],
) -> Result<Vec<Arc<EntryHead>>, StoreError> {
    let row = no.to_be_bytes();
    let damaged = || StoreError::Damaged { table: Table::Page, row: row.to_vec() };
    let plain = keys.open(Table::Page, &row, sealed).map_err(|_| damaged())?;
    let rows: Vec<HeadRow> = crate::entry::decode(&plain).ok_or_else(damaged)?;
    Ok(rows.into_iter().map(|row| Arc::new(EntryHead::from(row))).collect())
}

/// A page's number and its headers, when it opens.
pub(crate) type OpenedPage = (u32, Result<Vec<Arc<EntryHead>>, StoreError>);

/// Opens pages side by side as they are read: with all of them an unlock waits for nothing else.
/// Few are held at a time: together they are as much as the list itself.
pub(crate) fn open_pages(
    keys: &Arc<Keys>,
    sealed: mpsc::Receiver<(u32, Vec<u8>)>,
) -> Vec<JoinHandle<Vec<OpenedPage>>> {
    let sealed = Arc::new(Mutex::new(sealed));
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    let open = |_| {
        let (keys, sealed) = (Arc::clone(keys), Arc::clone(&sealed));
        tokio::task::spawn_blocking(move || {
            let next = || sealed.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv();
            std::iter::from_fn(next).map(|(no, page)| (no, open_page(&keys, no, &page))).collect()
        })
    };
    (0..threads).map(open).collect()
}

/// Every header, in memory while the vault is open.
#[derive(Debug, Default)]
pub(crate) struct Heads {
    /// Its page, and its moment, by which the list below finds it.
    places: HashMap<EntryId, (u32, Timestamp)>,
    by_time: BTreeMap<(Timestamp, EntryId), Arc<EntryHead>>,
    pages: BTreeMap<u32, BTreeSet<EntryId>>,
}

impl Heads {
    /// All at once: sorted, not put one after the other. Of a header that stands twice, the one of
    /// the page that comes first is taken.
    pub(crate) fn of_pages(pages: Vec<(u32, Vec<Arc<EntryHead>>)>) -> Self {
        let count = pages.iter().map(|(_, list)| list.len()).sum();
        let mut heads = Self { places: HashMap::with_capacity(count), ..Self::default() };
        let mut by_time = Vec::with_capacity(count);
        for (page, mut list) in pages {
            list.retain(|head| {
                let place = (page, head.fields.moment.at);
                let free = !heads.places.contains_key(&head.id);
                if free {
                    heads.places.insert(head.id, place);
                }
                free
            });
            heads.pages.insert(page, list.iter().map(|head| head.id).collect());
            let timed = |head: Arc<EntryHead>| ((head.fields.moment.at, head.id), head);
            by_time.extend(list.into_iter().map(timed));
        }
        heads.by_time = by_time.into_iter().collect();
        heads
    }

    pub(crate) fn get(&self, id: EntryId) -> Option<&Arc<EntryHead>> {
        let (_, at) = self.places.get(&id)?;
        self.by_time.get(&(*at, id))
    }

    pub(crate) fn page_of(&self, id: EntryId) -> Option<u32> {
        self.places.get(&id).map(|(page, _)| *page)
    }

    pub(crate) fn page(&self, no: u32) -> impl Iterator<Item = EntryId> + '_ {
        self.pages.get(&no).into_iter().flatten().copied()
    }

    /// The newest page and how many it has.
    pub(crate) fn newest_page(&self) -> (u32, usize) {
        self.pages.last_key_value().map_or((0, 0), |(no, ids)| (*no, ids.len()))
    }

    pub(crate) fn ids(&self) -> impl Iterator<Item = EntryId> + '_ {
        self.by_time.keys().map(|(_, id)| *id)
    }

    pub(crate) fn newest_first(&self) -> impl Iterator<Item = &Arc<EntryHead>> {
        self.by_time.values().rev()
    }

    pub(crate) fn put(&mut self, page: u32, head: Arc<EntryHead>) {
        self.remove(head.id);
        let at = head.fields.moment.at;
        self.places.insert(head.id, (page, at));
        self.pages.entry(page).or_default().insert(head.id);
        self.by_time.insert((at, head.id), head);
    }

    pub(crate) fn remove(&mut self, id: EntryId) {
        if let Some((page, at)) = self.places.remove(&id) {
            self.by_time.remove(&(at, id));
            if let Some(ids) = self.pages.get_mut(&page) {
                ids.remove(&id);
            }
        }
    }
}
