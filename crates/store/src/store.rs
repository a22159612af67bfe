//! An open vault: its connections, keys and headers.

use crate::database::{open_reader, open_writer, run};
use crate::entry::open_body;
use crate::head::{Heads, open_pages};
use crate::keys::Keys;
use crate::table::{Table, body, page, single};
use crate::{Damaged, ProfileFolder, StoreError, Tx, ballast};
use futures_util::StreamExt;
use hearthkeep_crypto::ProfileKey;
use hearthkeep_crypto::passphrase::{KdfParams, Slots};
use hearthkeep_crypto::secrets::Secrets;
use sqlx::{Connection, SqliteConnection};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use tokio::sync::{OwnedMutexGuard, mpsc};

/// What the key-check row says.
const CHECK: &[u8] = b"hearthkeep vault";

/// List pages that are read before they are opened.
const PAGES_AHEAD: usize = 8;

/// A connection that closing takes away.
pub(crate) type Slot = Option<SqliteConnection>;

/// An open vault. Cheap to copy; all copies are closed together.
#[derive(Clone)]
pub struct Store {
    pub(crate) inner: Arc<Inner>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Store(…)")
    }
}

pub(crate) struct Inner {
    folder: Arc<ProfileFolder>,
    writer: Arc<tokio::sync::Mutex<Slot>>,
    reader: Arc<tokio::sync::Mutex<Slot>>,
    keys: RwLock<Option<Arc<Keys>>>,
    heads: RwLock<Heads>,
    damaged: Mutex<BTreeSet<Damaged>>,
    number: AtomicU64,
}

impl Store {
    /// Makes a vault. The slot file is written last: a crash before leaves no vault, not half of
    /// one.
    ///
    /// # Errors
    /// [`StoreError::Exists`] when there is one; else what the file system says.
    pub async fn create(
        folder: &Arc<ProfileFolder>,
        passphrase: &str,
        secrets: &Secrets,
        params: KdfParams,
    ) -> Result<Self, StoreError> {
        if folder.has_vault() {
            return Err(StoreError::Exists);
        }
        folder.set_database_aside()?;
        let profile = ProfileKey::generate();
        let slots = Slots::create(&profile, passphrase, &secrets.phrase, params);
        let mut writer = open_writer(&folder.database(), true).await?;
        let keys = Keys::new(profile);
        let check = keys.seal(Table::Check, &[], CHECK);
        let sealed_secrets = secrets.seal(&keys.profile);
        let mut transaction = writer.begin().await?;
        run(&mut transaction, &single::put(Table::Check.number(), check)).await?;
        run(&mut transaction, &single::put(Table::Secrets.number(), sealed_secrets)).await?;
        run(&mut transaction, &single::put_number(1)).await?;
        transaction.commit().await?;
        folder.write_slots(&slots)?;
        Self::finish(folder, writer, keys).await
    }

    /// Opens a vault whose key a slot gave.
    ///
    /// # Errors
    /// [`StoreError::NoVault`], [`StoreError::OtherVault`], [`StoreError::Newer`], or what the
    /// database says.
    pub async fn unlock(
        folder: &Arc<ProfileFolder>,
        profile: ProfileKey,
    ) -> Result<Self, StoreError> {
        if !folder.database().exists() {
            return Err(StoreError::NoVault);
        }
        let mut writer = open_writer(&folder.database(), false).await?;
        let keys = Keys::new(profile);
        let check = get_single(&mut writer, Table::Check).await?;
        match keys.open(Table::Check, &[], &check.unwrap_or_default()) {
            Ok(plain) if plain.as_slice() == CHECK => {}
            _ => return Err(StoreError::OtherVault),
        }
        Self::finish(folder, writer, keys).await
    }

    async fn finish(
        folder: &Arc<ProfileFolder>,
        mut writer: SqliteConnection,
        keys: Keys,
    ) -> Result<Self, StoreError> {
        let number: Option<i64> =
            sqlx::query_scalar(single::GET_NUMBER).fetch_optional(&mut writer).await?;
        let number = u64::try_from(number.unwrap_or(0)).unwrap_or(0);
        let reader = open_reader(&folder.database()).await?;
        let inner = Inner {
            folder: Arc::clone(folder),
            writer: Arc::new(tokio::sync::Mutex::new(Some(writer))),
            reader: Arc::new(tokio::sync::Mutex::new(Some(reader))),
            keys: RwLock::new(Some(Arc::new(keys))),
            heads: RwLock::default(),
            damaged: Mutex::default(),
            number: AtomicU64::new(number),
        };
        let store = Self { inner: Arc::new(inner) };
        store.load_heads().await?;
        store.sweep_attachments().await?;
        ballast::make(folder);
        Ok(store)
    }

    /// Closes the vault: keys and headers are wiped, every copy of this handle answers
    /// [`StoreError::Closed`] from then on, and what was erased is wiped from the disk.
    pub async fn close(&self) {
        let mut writer = self.inner.writer.lock().await;
        let mut reader = self.inner.reader.lock().await;
        // Keys first: wiping reads the whole file, and needs none.
        *write(&self.inner.keys) = None;
        *write(&self.inner.heads) = Heads::default();
        self.inner.damaged().clear();
        self.wipe_and_close(&mut writer, &mut reader).await;
    }

    /// Begins to write. One writer at a time: what is read through it cannot change meanwhile.
    ///
    /// # Errors
    /// [`StoreError::Closed`].
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        let writer = self.inner.writer().await?;
        Ok(Tx::new(self.clone(), writer, self.inner.keys()?))
    }

    /// What the person keeps through restoring.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when the row does not open.
    pub async fn secrets(&self) -> Result<Secrets, StoreError> {
        let keys = self.inner.keys()?;
        let mut reader = self.inner.reader().await?;
        let sealed = get_single(connection(&mut reader)?, Table::Secrets).await?;
        let damaged = |_| StoreError::Damaged { table: Table::Secrets, row: Vec::new() };
        Secrets::open(&keys.profile, &sealed.unwrap_or_default()).map_err(damaged)
    }

    /// Gives the vault another passphrase.
    ///
    /// # Errors
    /// When the slot file does not belong to this vault, or cannot be written.
    pub fn change_passphrase(&self, new: &str, params: KdfParams) -> Result<(), StoreError> {
        let keys = self.inner.keys()?;
        let slots = self.inner.folder.read_slots()?;
        let slots = slots.with_passphrase(&keys.profile, new, params)?;
        self.inner.folder.write_slots(&slots)
    }

    /// Gives the vault other words. Account secret and backup identity stay.
    ///
    /// # Errors
    /// As [`Self::change_passphrase`].
    pub async fn replace_words(
        &self,
        phrase: hearthkeep_crypto::words::RecoveryPhrase,
    ) -> Result<(), StoreError> {
        let secrets = Secrets { phrase, ..self.secrets().await? };
        let keys = self.inner.keys()?;
        let slots = self.inner.folder.read_slots()?;
        let slots = slots.with_words(&keys.profile, &secrets.phrase)?;
        // The row first: words that open a slot must never be lost to the backup kit.
        let mut tx = self.begin().await?;
        tx.put_secrets(&secrets);
        tx.commit().await?;
        self.inner.folder.write_slots(&slots)
    }

    /// The folder of this vault.
    #[must_use]
    pub fn folder(&self) -> &ProfileFolder {
        &self.inner.folder
    }

    /// The key of the search index.
    ///
    /// # Errors
    /// [`StoreError::Closed`].
    pub fn index_key(&self) -> Result<hearthkeep_crypto::IndexKey, StoreError> {
        Ok(self.inner.keys()?.profile.index_key())
    }

    async fn load_heads(&self) -> Result<(), StoreError> {
        let keys = self.inner.keys()?;
        let mut reader = self.inner.reader().await?;
        let (send, sealed) = mpsc::channel(PAGES_AHEAD);
        let opening = open_pages(&keys, sealed);
        let mut rows = sqlx::query_as(page::ALL).fetch(connection(&mut reader)?);
        while let Some(row) = rows.next().await {
            let (no, page): (i64, Vec<u8>) = row?;
            if send.send((u32::try_from(no).unwrap_or(u32::MAX), page)).await.is_err() {
                break;
            }
        }
        drop((rows, send));
        drop(reader);
        let (mut lost, mut pages) = (Vec::new(), Vec::new());
        for part in opening {
            for (no, opened) in part.await.map_err(|_| StoreError::Closed)? {
                match self.inner.note_damage(opened) {
                    Ok(list) => pages.push((no, list)),
                    Err(_) => lost.push(no),
                }
            }
        }
        pages.sort_unstable_by_key(|(no, _)| Reverse(*no));
        *write(&self.inner.heads) = Heads::of_pages(pages);
        if lost.is_empty() { Ok(()) } else { self.rebuild(&lost).await }
    }

    /// Header pages are a second copy: what a damaged one listed is found in the entries' rows.
    async fn rebuild(&self, lost: &[u32]) -> Result<(), StoreError> {
        let keys = self.inner.keys()?;
        let listed: BTreeMap<[u8; 16], ()> =
            self.inner.heads().ids().map(|id| (keys.entry(id), ())).collect();
        let mut reader = self.inner.reader().await?;
        let rows: Vec<Vec<u8>> =
            sqlx::query_scalar(body::IDS).fetch_all(connection(&mut reader)?).await?;
        drop(reader);
        let mut tx = self.begin().await?;
        lost.iter().for_each(|no| tx.drop_page(*no));
        for row in rows {
            if <[u8; 16]>::try_from(row.as_slice()).is_ok_and(|row| listed.contains_key(&row)) {
                continue;
            }
            let mut reader = self.inner.reader().await?;
            let sealed: Option<Vec<u8>> = sqlx::query_scalar(body::GET)
                .bind(row.as_slice())
                .fetch_optional(connection(&mut reader)?)
                .await?;
            drop(reader);
            let entry = open_body(&keys, &row, &sealed.unwrap_or_default());
            if let Ok(entry) = self.inner.note_damage(entry) {
                tx.list(Arc::new(entry.head));
            }
        }
        tx.commit().await.map(|_| ())
    }
}

impl Inner {
    pub(crate) fn folder(&self) -> &ProfileFolder {
        &self.folder
    }

    pub(crate) fn keys(&self) -> Result<Arc<Keys>, StoreError> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.clone().ok_or(StoreError::Closed)
    }

    pub(crate) async fn writer(&self) -> Result<OwnedMutexGuard<Slot>, StoreError> {
        open(Arc::clone(&self.writer).lock_owned().await)
    }

    pub(crate) async fn reader(&self) -> Result<OwnedMutexGuard<Slot>, StoreError> {
        open(Arc::clone(&self.reader).lock_owned().await)
    }

    pub(crate) fn heads(&self) -> RwLockReadGuard<'_, Heads> {
        self.heads.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn heads_mut(&self) -> RwLockWriteGuard<'_, Heads> {
        write(&self.heads)
    }

    pub(crate) fn damaged(&self) -> MutexGuard<'_, BTreeSet<Damaged>> {
        self.damaged.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn number(&self) -> u64 {
        self.number.load(Ordering::Acquire)
    }

    pub(crate) fn set_number(&self, number: u64) {
        self.number.store(number, Ordering::Release);
    }
}

/// The connection of a slot.
pub(crate) fn connection(slot: &mut Slot) -> Result<&mut SqliteConnection, StoreError> {
    slot.as_mut().ok_or(StoreError::Closed)
}

fn open(slot: OwnedMutexGuard<Slot>) -> Result<OwnedMutexGuard<Slot>, StoreError> {
    if slot.is_some() { Ok(slot) } else { Err(StoreError::Closed) }
}

fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

async fn get_single(
    connection: &mut SqliteConnection,
    table: Table,
) -> Result<Option<Vec<u8>>, StoreError> {
    let row = sqlx::query_scalar(single::GET).bind(table.number());
    Ok(row.fetch_optional(connection).await?)
}
