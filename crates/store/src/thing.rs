//! Rows with a scope and a key: what groups keep, without the store knowing what it means.

use crate::StoreError;
use crate::entry::{decode, encode};
use crate::keys::Keys;
use crate::store::{self, Store};
use crate::table::{Table, thing};
use hearthkeep_crypto::{Zeroizing, label};
use minicbor::{Decode, Encode};

/// A row of a scope.
#[derive(Clone, PartialEq, Eq)]
pub struct Thing {
    /// Its place in the order in which rows came. Stays when the value changes.
    pub seq: i64,
    /// Its scope.
    pub scope: Vec<u8>,
    /// Its key.
    pub key: Vec<u8>,
    /// Its value.
    pub value: Zeroizing<Vec<u8>>,
}

impl std::fmt::Debug for Thing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Thing").field("seq", &self.seq).finish_non_exhaustive()
    }
}

#[derive(Debug, Encode, Decode)]
#[cbor(map)]
struct ThingRow {
    #[cbor(n(0), with = "minicbor::bytes")]
    scope: Vec<u8>,
    #[cbor(n(1), with = "minicbor::bytes")]
    key: Vec<u8>,
    #[cbor(n(2), with = "minicbor::bytes")]
    value: Vec<u8>,
}

/// Where a row stands on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) table: Table,
    pub(crate) scope: [u8; 16],
    pub(crate) key: [u8; 16],
}

impl Place {
    pub(crate) fn new(keys: &Keys, table: Table, scope: &[u8], key: &[u8]) -> Self {
        let row = [&keys.id(label::ID_SCOPE, scope)[..], key].concat();
        Self { table, scope: keys.id(label::ID_SCOPE, scope), key: keys.id(label::ID_ROW, &row) }
    }

    fn row(&self) -> Vec<u8> {
        [self.scope, self.key].concat()
    }
}

pub(crate) fn seal(keys: &Keys, place: Place, scope: &[u8], key: &[u8], value: &[u8]) -> Vec<u8> {
    let row = ThingRow { scope: scope.to_vec(), key: key.to_vec(), value: value.to_vec() };
    keys.seal(place.table, &place.row(), &encode(&row))
}

/// `seq`, scope and key as they stand on disk, sealed row.
pub(crate) type Raw = (i64, Vec<u8>, Vec<u8>, Vec<u8>);

pub(crate) fn open(keys: &Keys, table: Table, raw: Raw) -> Result<Thing, StoreError> {
    let (seq, scope, key, sealed) = raw;
    let row = [scope, key].concat();
    let damaged = || StoreError::Damaged { table, row: row.clone() };
    let plain = keys.open(table, &row, &sealed).map_err(|_| damaged())?;
    let fields: ThingRow = decode(&plain).ok_or_else(damaged)?;
    Ok(Thing { seq, scope: fields.scope, key: fields.key, value: Zeroizing::new(fields.value) })
}

impl Store {
    /// The value of a key.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] when its row does not open.
    pub async fn get(
        &self,
        table: Table,
        scope: &[u8],
        key: &[u8],
    ) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        let keys = self.inner.keys()?;
        let place = Place::new(&keys, table, scope, key);
        let mut reader = self.inner.reader().await?;
        let value = fetch(store::connection(&mut reader)?, &keys, place).await;
        self.inner.note_damage(value)
    }

    /// All rows of a scope in the order in which they came.
    ///
    /// # Errors
    /// When the database cannot be read. Damaged rows are left out and listed.
    pub async fn scan(&self, table: Table, scope: &[u8]) -> Result<Vec<Thing>, StoreError> {
        self.scan_after(table, scope, 0, u32::MAX).await
    }

    /// Rows of a scope that came after `seq`, at most `limit`.
    ///
    /// # Errors
    /// As [`Self::scan`].
    pub async fn scan_after(
        &self,
        table: Table,
        scope: &[u8],
        seq: i64,
        limit: u32,
    ) -> Result<Vec<Thing>, StoreError> {
        let keys = self.inner.keys()?;
        let mut reader = self.inner.reader().await?;
        let rows: Vec<Raw> = sqlx::query_as(thing::SCAN)
            .bind(table.number())
            .bind(keys.id(label::ID_SCOPE, scope).to_vec())
            .bind(seq)
            .bind(i64::from(limit))
            .fetch_all(store::connection(&mut reader)?)
            .await?;
        drop(reader);
        Ok(self.open_things(&keys, table, rows))
    }

    /// Rows of all scopes of a table in the order in which they came.
    ///
    /// # Errors
    /// As [`Self::scan`].
    pub async fn scan_all(&self, table: Table) -> Result<Vec<Thing>, StoreError> {
        let keys = self.inner.keys()?;
        let mut reader = self.inner.reader().await?;
        let rows: Vec<Raw> = sqlx::query_as(thing::SCAN_ALL)
            .bind(table.number())
            .bind(0i64)
            .bind(i64::from(u32::MAX))
            .fetch_all(store::connection(&mut reader)?)
            .await?;
        drop(reader);
        Ok(self.open_things(&keys, table, rows))
    }

    fn open_things(&self, keys: &Keys, table: Table, rows: Vec<Raw>) -> Vec<Thing> {
        let open = |raw| self.inner.note_damage(open(keys, table, raw)).ok();
        rows.into_iter().filter_map(open).collect()
    }
}

pub(crate) async fn fetch(
    connection: &mut sqlx::SqliteConnection,
    keys: &Keys,
    place: Place,
) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
    let sealed: Option<Vec<u8>> = sqlx::query_scalar(thing::GET)
        .bind(place.table.number())
        .bind(place.scope.to_vec())
        .bind(place.key.to_vec())
        .fetch_optional(connection)
        .await?;
    let Some(sealed) = sealed else { return Ok(None) };
    let raw = (0, place.scope.to_vec(), place.key.to_vec(), sealed);
    Ok(Some(open(keys, place.table, raw)?.value))
}
