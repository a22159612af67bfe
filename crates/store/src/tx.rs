//! A transaction: what is put into it waits in memory, sealed, until the commit writes it all.
//!
//! So a commit can be tried again on a full disk after the ballast has gone, and dropping a
//! transaction leaves nothing behind.

mod commit;

use crate::attachment::{self, AttachmentMeta};
use crate::entry::{Entry, TEXT_LIMIT, gone_row, open_body};
use crate::head::PER_PAGE;
use crate::keys::Keys;
use crate::store::{self, Slot, Store};
use crate::table::{self, Op, Table, body, gone, single, thing as things};
use crate::thing::{self, Place, Thing};
use crate::version::{self, VersionHead};
use crate::{ChangeSet, StoreError};
use hearthkeep_crypto::Zeroizing;
use hearthkeep_crypto::secrets::Secrets;
use hearthkeep_model::{AttachmentId, EntryHead, EntryId};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::OwnedMutexGuard;

/// A transaction. Nothing of it is in the vault before [`Tx::commit`] answers.
pub struct Tx {
    store: Store,
    writer: OwnedMutexGuard<Slot>,
    keys: Arc<Keys>,
    number: u64,
    ops: Vec<Op>,
    bodies: BTreeMap<EntryId, Option<Entry>>,
    heads: BTreeMap<EntryId, Option<(u32, Arc<EntryHead>)>>,
    dirty: BTreeSet<u32>,
    newest: (u32, usize),
    things: BTreeMap<Place, Option<Thing>>,
    wiped: BTreeSet<(Table, [u8; 16])>,
    unlink: Vec<PathBuf>,
    changes: ChangeSet,
}

impl std::fmt::Debug for Tx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tx").field("number", &self.number).finish_non_exhaustive()
    }
}

impl Tx {
    pub(crate) fn new(store: Store, writer: OwnedMutexGuard<Slot>, keys: Arc<Keys>) -> Self {
        let number = store.number().saturating_add(1);
        let newest = store.inner.heads().newest_page();
        Self {
            store,
            writer,
            keys,
            number,
            ops: Vec::new(),
            bodies: BTreeMap::new(),
            heads: BTreeMap::new(),
            dirty: BTreeSet::new(),
            newest,
            things: BTreeMap::new(),
            wiped: BTreeSet::new(),
            unlink: Vec::new(),
            changes: ChangeSet { number, ..ChangeSet::default() },
        }
    }

    /// Writes an entry with its text.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`].
    pub fn put_entry(&mut self, head: &EntryHead, snapshot: &[u8]) -> Result<(), StoreError> {
        if snapshot.len() > TEXT_LIMIT {
            return Err(StoreError::TooLarge { got: snapshot.len(), limit: TEXT_LIMIT });
        }
        let entry = Entry { head: head.clone(), snapshot: Zeroizing::new(snapshot.to_vec()) };
        self.list(Arc::new(head.clone()));
        self.bodies.insert(head.id, Some(entry));
        self.changes.entries.insert(head.id);
        Ok(())
    }

    /// Writes an entry's fields; its text stays.
    ///
    /// # Errors
    /// [`StoreError::NoEntry`], or [`StoreError::Damaged`] when the text does not open.
    pub async fn put_head(&mut self, head: &EntryHead) -> Result<(), StoreError> {
        let entry = self.entry(head.id).await?;
        self.put_entry(head, &entry.snapshot)
    }

    /// An entry as this transaction leaves it.
    ///
    /// # Errors
    /// [`StoreError::NoEntry`], or [`StoreError::Damaged`].
    pub async fn entry(&mut self, id: EntryId) -> Result<Entry, StoreError> {
        if let Some(body) = self.bodies.get(&id) {
            return body.clone().ok_or(StoreError::NoEntry(id));
        }
        let row = self.keys.entry(id);
        let sealed: Option<Vec<u8>> = sqlx::query_scalar(body::GET)
            .bind(row.as_slice())
            .fetch_optional(store::connection(&mut self.writer)?)
            .await?;
        let sealed = sealed.ok_or(StoreError::NoEntry(id))?;
        self.store.inner.note_damage(open_body(&self.keys, &row, &sealed))
    }

    /// Erases an entry with its versions and attachments. It is gone for good once the commit is
    /// through and [`Store::wipe`] has answered.
    ///
    /// # Errors
    /// When its attachments cannot be listed.
    pub async fn erase_entry(&mut self, id: EntryId) -> Result<(), StoreError> {
        let row = self.keys.entry(id);
        let attachments: Vec<(Vec<u8>, Vec<u8>)> = sqlx::query_as(table::attachment::OF)
            .bind(row.as_slice())
            .fetch_all(store::connection(&mut self.writer)?)
            .await?;
        for (file, _) in attachments {
            self.unlink.push(attachment::path(self.store.folder(), &file));
            if let Ok(file) = <[u8; 16]>::try_from(file.as_slice()) {
                self.ops.push(table::attachment::delete(file));
            }
        }
        self.ops.push(table::version::delete_of(row));
        let note = self.keys.seal(Table::Entry, &gone_row(&row), id.as_bytes());
        self.ops.push(gone::put(row, self.number, note));
        if let Some(page) = self.place(id) {
            self.dirty.insert(page);
        }
        self.heads.insert(id, None);
        self.bodies.insert(id, None);
        self.changes.entries.remove(&id);
        self.changes.erased.insert(id);
        Ok(())
    }

    /// Keeps an earlier state of an entry.
    ///
    /// # Errors
    /// [`StoreError::TooLarge`].
    pub fn put_version(&mut self, head: &VersionHead, text: &[u8]) -> Result<(), StoreError> {
        if text.len() > TEXT_LIMIT {
            return Err(StoreError::TooLarge { got: text.len(), limit: TEXT_LIMIT });
        }
        self.ops.push(version::put_op(&self.keys, head, text));
        Ok(())
    }

    /// Writes what is known of an attachment whose file is written.
    pub fn put_attachment(&mut self, meta: &AttachmentMeta) {
        self.ops.push(attachment::put_op(&self.keys, meta));
    }

    /// Removes an attachment, its file after the commit.
    pub fn delete_attachment(&mut self, id: AttachmentId) {
        let row = self.keys.attachment_id(id);
        self.ops.push(table::attachment::delete(row));
        self.unlink.push(attachment::path(self.store.folder(), &row));
    }

    /// Writes account secret, backup identity and recovery phrase.
    pub fn put_secrets(&mut self, secrets: &Secrets) {
        let sealed = secrets.seal(&self.keys.profile);
        self.ops.push(single::put(Table::Secrets.number(), sealed));
    }

    /// Writes a row of a scope.
    pub fn put(&mut self, table: Table, scope: &[u8], key: &[u8], value: &[u8]) {
        let place = Place::new(&self.keys, table, scope, key);
        let sealed = thing::seal(&self.keys, place, scope, key, value);
        self.ops.push(things::put(table, place.scope, place.key, sealed));
        let value = Zeroizing::new(value.to_vec());
        let thing = Thing { seq: i64::MAX, scope: scope.to_vec(), key: key.to_vec(), value };
        self.things.insert(place, Some(thing));
        self.changes.scopes.insert((table, scope.to_vec()));
    }

    /// The value of a key as this transaction leaves it.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when its row does not open.
    pub async fn get(
        &mut self,
        table: Table,
        scope: &[u8],
        key: &[u8],
    ) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        let place = Place::new(&self.keys, table, scope, key);
        if let Some(thing) = self.things.get(&place) {
            return Ok(thing.as_ref().map(|thing| thing.value.clone()));
        }
        if self.wiped.contains(&(table, place.scope)) {
            return Ok(None);
        }
        let connection = store::connection(&mut self.writer)?;
        let value = thing::fetch(connection, &self.keys, place).await;
        self.store.inner.note_damage(value)
    }

    /// Rows of a scope as this transaction leaves them; new ones come last.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn scan(&mut self, table: Table, scope: &[u8]) -> Result<Vec<Thing>, StoreError> {
        let place = Place::new(&self.keys, table, scope, &[]);
        let mut rows = Vec::new();
        if !self.wiped.contains(&(table, place.scope)) {
            rows = self.store.scan(table, scope).await?;
        }
        let waiting =
            self.things.iter().filter(|(one, _)| one.table == table && one.scope == place.scope);
        for (one, thing) in waiting {
            let same = |row: &Thing| Place::new(&self.keys, table, &row.scope, &row.key) == *one;
            let at = rows.iter().position(same);
            match (at.and_then(|at| rows.get_mut(at)), thing) {
                (Some(row), Some(thing)) => row.value = thing.value.clone(),
                (None, Some(thing)) => rows.push(thing.clone()),
                (_, None) => {}
            }
            if let (Some(at), None) = (at, thing) {
                rows.remove(at);
            }
        }
        Ok(rows)
    }

    /// Removes a row of a scope.
    pub fn delete(&mut self, table: Table, scope: &[u8], key: &[u8]) {
        let place = Place::new(&self.keys, table, scope, key);
        self.ops.push(things::delete(table, place.scope, place.key));
        self.things.insert(place, None);
        self.changes.scopes.insert((table, scope.to_vec()));
    }

    /// Removes all rows of a scope.
    pub fn delete_scope(&mut self, table: Table, scope: &[u8]) {
        let place = Place::new(&self.keys, table, scope, &[]);
        self.ops.push(things::delete_scope(table, place.scope));
        self.things.retain(|one, _| one.table != table || one.scope != place.scope);
        self.wiped.insert((table, place.scope));
        self.changes.scopes.insert((table, scope.to_vec()));
    }

    /// Puts a header into its page, or into the newest one.
    pub(crate) fn list(&mut self, head: Arc<EntryHead>) {
        let page = self.place(head.id).unwrap_or_else(|| self.next_place());
        self.dirty.insert(page);
        self.heads.insert(head.id, Some((page, head)));
    }

    /// Removes a page that does not open.
    pub(crate) fn drop_page(&mut self, no: u32) {
        self.ops.push(table::page::delete(no));
    }

    fn place(&self, id: EntryId) -> Option<u32> {
        match self.heads.get(&id) {
            Some(waiting) => waiting.as_ref().map(|(page, _)| *page),
            None => self.store.inner.heads().page_of(id),
        }
    }

    fn next_place(&mut self) -> u32 {
        let (no, count) = self.newest;
        let no = if count < PER_PAGE { no } else { no.saturating_add(1) };
        self.newest = (no, if count < PER_PAGE { count.saturating_add(1) } else { 1 });
        no
    }
}
