//! A database whose bytes were changed by somebody: flipped, cut, put into each other's place, taken
//! from another vault. Every row says that it is damaged; none ever says anything else.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test that fails may stop"
)]

mod common;

use common::{copy_profile, create, id, put, reopen};
use hearthkeep_crypto::secrets::Secrets;
use hearthkeep_model::{AttachmentId, Timestamp, VersionId};
use hearthkeep_store::{AttachmentMeta, Store, StoreError, Table, VersionHead};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use std::collections::BTreeMap;
use std::path::Path;

const THINGS: [Table; 9] = [
    Table::Settings,
    Table::GroupState,
    Table::GroupRecord,
    Table::ContentKey,
    Table::Outbox,
    Table::Cursor,
    Table::GroupMeta,
    Table::Draft,
    Table::Quarantine,
];
/// Every column that holds a sealed value. The row that tells the right key is looked at alone.
const SEALED: [(&str, &str, &str); 7] = [
    ("body", "sealed", ""),
    ("page", "sealed", ""),
    ("version", "head", ""),
    ("version", "sealed", ""),
    ("attachment", "sealed", ""),
    ("thing", "sealed", ""),
    ("single", "sealed", "WHERE id = 2"),
];

fn picture(n: u8) -> AttachmentId {
    AttachmentId::from_bytes([n; 16])
}

fn version(n: u8) -> VersionId {
    VersionId::from_bytes([n; 16])
}

/// Two of everything, so that each could stand in for the other.
async fn fill(store: &Store) {
    for n in 1..=2u8 {
        put(store, n.into(), &format!("words {n}")).await;
        let (entry, bytes) = (id(n.into()), format!("picture {n}"));
        store.write_attachment(picture(n), bytes.as_bytes()).unwrap();
        let mut tx = store.begin().await.unwrap();
        let name = format!("{n}.png");
        let meta = AttachmentMeta::of(picture(n), entry, &name, "image/png", bytes.as_bytes());
        tx.put_attachment(&meta);
        let head = VersionHead { id: version(n), entry, at: Timestamp(n.into()), words: 1 };
        tx.put_version(&head, format!("earlier {n}").as_bytes()).unwrap();
        for table in THINGS {
            tx.put(table, b"scope", &[n], format!("{table} {n}").as_bytes());
        }
        tx.commit().await.unwrap();
    }
}

/// Everything that can be read, by what it is.
async fn read(store: &Store) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    let mut take = |what: String, read: Result<Vec<u8>, StoreError>| match read {
        Ok(bytes) => drop(all.insert(what, format!("{bytes:?}"))),
        Err(StoreError::Damaged { .. } | StoreError::NoEntry(_) | StoreError::NoAttachment(_)) => {}
        Err(other) => panic!("{what}: {other:?}"),
    };
    for n in 1..=2u8 {
        let entry = store.entry(id(n.into())).await;
        take(format!("entry {n}"), entry.map(|entry| format!("{entry:?}").into_bytes()));
        let text = store.version_text(version(n)).await;
        take(format!("version {n}"), text.map(|text| text.to_vec()));
        let heads = store.versions(&[id(n.into())]).await.unwrap();
        if !heads.is_empty() {
            take(format!("versions {n}"), Ok(format!("{heads:?}").into_bytes()));
        }
        let meta = store.attachment(picture(n)).await;
        take(format!("attachment {n}"), meta.map(|meta| format!("{meta:?}").into_bytes()));
        let bytes = store.read_attachment(picture(n));
        take(format!("picture {n}"), bytes.map(|bytes| bytes.to_vec()));
        for table in THINGS {
            let value = store.get(table, b"scope", &[n]).await;
            take(format!("{table} {n}"), value.map(|value| value.unwrap().to_vec()));
        }
    }
    for table in THINGS {
        let rows = store.scan_all(table).await.unwrap();
        if !rows.is_empty() {
            let rows: Vec<_> = rows.iter().map(|row| (&row.key, &row.value)).collect();
            take(format!("all of {table}"), Ok(format!("{rows:?}").into_bytes()));
        }
    }
    let secrets = store.secrets().await;
    take("secrets".into(), secrets.map(|secrets| secrets.account.expose().to_vec()));
    all
}

/// A row's place in the file, and what lies there.
type Row = ((&'static str, &'static str), i64, Vec<u8>);

async fn open(folder: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(folder.join("vault.db")).connect().await.unwrap()
}

async fn rows(folder: &Path) -> Vec<Row> {
    let mut connection = open(folder).await;
    let mut rows = Vec::new();
    for (table, column, only) in SEALED {
        let sql = format!("SELECT rowid, {column} FROM {table} {only}");
        let found: Vec<(i64, Vec<u8>)> =
            sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(&mut connection).await.unwrap();
        rows.extend(found.into_iter().map(|(row, sealed)| ((table, column), row, sealed)));
    }
    connection.close().await.unwrap();
    rows
}

async fn write(folder: &Path, rows: &[Row]) {
    let mut connection = open(folder).await;
    for ((table, column), row, sealed) in rows {
        let sql = format!("UPDATE {table} SET {column} = ? WHERE rowid = ?");
        let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(sealed.as_slice()).bind(row);
        query.execute(&mut connection).await.unwrap();
    }
    connection.close().await.unwrap();
}

struct Vault {
    place: tempfile::TempDir,
    secrets: Secrets,
    rows: Vec<Row>,
    says: BTreeMap<String, String>,
}

impl Vault {
    async fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        let (folder, store, secrets) = create(place.path()).await;
        fill(&store).await;
        let says = read(&store).await;
        store.close().await;
        drop((store, folder));
        let rows = rows(place.path()).await;
        assert!(rows.len() > 27, "{}", rows.len());
        Self { place, secrets, rows, says }
    }

    /// What a copy of it says whose rows are these.
    async fn says_with(&self, rows: &[Row]) -> BTreeMap<String, String> {
        let copy = tempfile::tempdir().unwrap();
        copy_profile(self.place.path(), copy.path());
        write(copy.path(), rows).await;
        let store = reopen(copy.path(), &self.secrets).await;
        let says = read(&store).await;
        store.close().await;
        says
    }

    /// Every row but those of the pictures' files is damaged.
    async fn says_nothing_with(&self, what: &str, harm: impl Fn(usize, &Row) -> Vec<u8>) {
        let harmed = self.rows.iter().enumerate().map(|(n, row)| (row.0, row.1, harm(n, row)));
        let says = self.says_with(&harmed.collect::<Vec<_>>()).await;
        let left: Vec<_> = says.keys().filter(|what| !what.starts_with("picture ")).collect();
        assert_eq!(left, Vec::<&String>::new(), "{what}");
    }
}

#[tokio::test]
async fn no_flipped_or_cut_row_of_any_table_says_anything() {
    let vault = Vault::new().await;
    assert_eq!(vault.says_with(&vault.rows).await, vault.says, "unharmed, it says all");
    // Most rows are shorter than this: of these, every byte.
    for at in 0..150 {
        let flip = |_, (_, _, sealed): &Row| {
            let mut sealed = sealed.clone();
            let place = at % sealed.len();
            sealed[place] ^= 1 << (at % 8);
            sealed
        };
        vault.says_nothing_with(&format!("flipped at {at}"), flip).await;
    }
    for cut in [0, 1, 2, 24, 25, 41, 104] {
        let short = |_, (_, _, sealed): &Row| sealed[..cut.min(sealed.len() - 1)].to_vec();
        vault.says_nothing_with(&format!("cut at {cut}"), short).await;
    }
    let less = |_, (_, _, sealed): &Row| sealed[..sealed.len() - 1].to_vec();
    vault.says_nothing_with("one byte less", less).await;
    let more = |_, (_, _, sealed): &Row| [sealed.as_slice(), &[0]].concat();
    vault.says_nothing_with("one byte more", more).await;
}

#[tokio::test]
async fn d3_no_row_stands_in_for_any_other() {
    let vault = Vault::new().await;
    let count = vault.rows.len();
    for by in 1..count {
        let other = |n: usize, _: &Row| vault.rows[(n + by) % count].2.clone();
        vault.says_nothing_with(&format!("moved by {by}"), other).await;
    }
}

#[tokio::test]
async fn d3_no_row_of_another_vault_with_the_same_ids_is_taken() {
    let (vault, other) = (Vault::new().await, Vault::new().await);
    assert_eq!(vault.rows.len(), other.rows.len());
    vault.says_nothing_with("another vault's", |n, _| other.rows[n].2.clone()).await;
}

#[tokio::test]
async fn no_flipped_row_that_tells_the_key_lets_the_vault_open() {
    let vault = Vault::new().await;
    let mut connection = open(vault.place.path()).await;
    let sql = "SELECT sealed FROM single WHERE id = 1";
    let check: Vec<u8> = sqlx::query_scalar(sql).fetch_one(&mut connection).await.unwrap();
    let folder =
        std::sync::Arc::new(hearthkeep_store::ProfileFolder::open(vault.place.path()).unwrap());
    for at in 0..check.len() {
        let mut bad = check.clone();
        bad[at] ^= 0x10;
        let update = sqlx::query("UPDATE single SET sealed = ? WHERE id = 1");
        update.bind(bad).execute(&mut connection).await.unwrap();
        let key = folder.read_slots().unwrap().open_with_words(&vault.secrets.phrase).unwrap();
        let refused = Store::unlock(&folder, key).await;
        assert!(matches!(refused, Err(StoreError::OtherVault)), "byte {at}");
    }
}

#[tokio::test]
async fn no_changed_file_of_a_picture_gives_another_picture() {
    let place = tempfile::tempdir().unwrap();
    let (_folder, store, _) = create(place.path()).await;
    fill(&store).await;
    let files: Vec<_> = std::fs::read_dir(place.path().join("attachments"))
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    let [one, two] = &files[..] else { panic!("two pictures") };
    let (first, second) = (std::fs::read(one).unwrap(), std::fs::read(two).unwrap());
    let damaged = |which: usize| {
        let read = (1..=2).map(|n| store.read_attachment(picture(n)));
        let count = read.filter(|read| matches!(read, Err(StoreError::Damaged { .. }))).count();
        assert_eq!(count, which);
    };
    for at in 0..first.len() {
        let mut bad = first.clone();
        bad[at] ^= 1 << (at % 8);
        std::fs::write(one, bad).unwrap();
        damaged(1);
        std::fs::write(one, &first[..at]).unwrap();
        damaged(1);
    }
    std::fs::write(one, &second).unwrap();
    damaged(1);
    std::fs::write(two, &first).unwrap();
    damaged(2);
    std::fs::write(one, &first).unwrap();
    std::fs::write(two, &second).unwrap();
    damaged(0);
}
