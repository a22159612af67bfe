//! Mailboxes in one SQLite file: one writer, four readers, and a lock on a file beside it.

use std::{
    fs::{File, OpenOptions, TryLockError},
    path::{Path, PathBuf},
    time::Duration,
};

use futures_util::TryStreamExt;
use hearthkeep_wire::{Digest, MailboxId};
use sqlx::{
    ConnectOptions, Connection, Row, SqlitePool,
    sqlite::{
        SqliteAutoVacuum, SqliteConnectOptions, SqliteConnection, SqliteJournalMode,
        SqlitePoolOptions, SqliteSynchronous,
    },
};

use super::{
    Answer, Database, MailboxRow, PageLimit, Reading, StoredEntry, sqlite_rows as rows,
    sqlite_write::SqliteWrite,
};
use crate::error::{DatabaseError, RelayError};

const SCHEMA: &str = include_str!("schema.sql");
const READERS: u32 = 4;

/// The SQLite database of a relay.
#[derive(Debug)]
pub(crate) struct Sqlite {
    writer: SqliteConnection,
    readers: SqliteReader,
    /// Held as long as the relay runs (PROTOCOL W25).
    lock: File,
}

/// Reads beside the writer.
#[derive(Debug, Clone)]
pub(crate) struct SqliteReader {
    pool: SqlitePool,
}

/// A token that is to be kept: what it allows, and its hash.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NewToken {
    /// [`hearthkeep_wire::token_hash`] of it.
    pub(crate) hash: Digest,
    /// How many mailboxes.
    pub(crate) mailboxes: u64,
    /// How many bytes in all of them.
    pub(crate) bytes: u64,
    /// Until when mailboxes may be opened, in seconds since 1970.
    pub(crate) expires_at: Option<u64>,
}

impl Sqlite {
    /// Opens the file, making it when there is none, and keeps other relays from it.
    ///
    /// # Errors
    /// [`RelayError::InUse`] when another relay has it; otherwise what the file system or the
    /// database says.
    pub(crate) async fn open(path: &Path) -> Result<Self, RelayError> {
        let lock = take_lock(path)?;
        let writer = open_writer(path).await?;
        let pool = SqlitePoolOptions::new()
            .min_connections(1)
            .max_connections(READERS)
            .acquire_timeout(Duration::from_secs(5))
            .connect_with(reader_options(path))
            .await
            .map_err(DatabaseError::from)?;
        Ok(Self { writer, readers: SqliteReader { pool }, lock })
    }

    /// Keeps a token; one that is known stays as it is. May be called beside a running relay.
    ///
    /// # Errors
    /// What the database says.
    pub(crate) async fn put_token(path: &Path, token: &NewToken) -> Result<(), RelayError> {
        let mut connection = open_writer(path).await?;
        insert_token(&mut connection, token).await?;
        connection.close().await.map_err(DatabaseError::from)?;
        Ok(())
    }
}

impl Database for Sqlite {
    type Reader = SqliteReader;
    type Write<'a> = SqliteWrite<'a>;

    fn reader(&self) -> SqliteReader {
        self.readers.clone()
    }

    async fn begin(&mut self) -> Answer<SqliteWrite<'_>> {
        Ok(SqliteWrite::new(self.writer.begin_with("BEGIN IMMEDIATE").await?))
    }

    async fn forget_removed(&mut self) -> Answer<bool> {
        // Failure stands in a column, not in an error: busy = 1 when a reader was in the way.
        let row =
            sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut self.writer).await?;
        Ok(row.try_get::<i64, _>(0)? == 0)
    }

    async fn close(self) -> Answer<()> {
        self.readers.pool.close().await;
        self.writer.close().await?;
        drop(self.lock);
        Ok(())
    }
}

impl Reading for SqliteReader {
    async fn mailbox(&self, name: MailboxId) -> Answer<Option<MailboxRow>> {
        let row = sqlx::query(
            "SELECT id, name, class, cap, admin, head, link, bytes, entries, budget, sealed_at,
                    expires_at FROM mailbox WHERE name = ?",
        )
        .bind(name.as_bytes().as_slice())
        .fetch_optional(&self.pool)
        .await?;
        row.as_ref().map(rows::mailbox).transpose()
    }

    async fn page(
        &self,
        mailbox: i64,
        since: u64,
        head: u64,
        limit: PageLimit,
    ) -> Answer<Vec<StoredEntry>> {
        let mut stream = sqlx::query(
            "SELECT seq, link, hash, blob FROM entry
             WHERE mailbox = ? AND seq > ? AND seq <= ? ORDER BY seq LIMIT ?",
        )
        .bind(mailbox)
        .bind(i64::try_from(since).unwrap_or(i64::MAX))
        .bind(rows::signed(head, "entry")?)
        .bind(i64::try_from(limit.entries).unwrap_or(1))
        .fetch(&self.pool);
        let mut entries = Vec::new();
        let mut bytes = 0_usize;
        // Row by row, because 1,000 entries of 256 KiB are no page.
        while let Some(row) = stream.try_next().await? {
            let entry = rows::entry(&row)?;
            bytes = bytes.saturating_add(entry.blob.as_ref().map_or(0, Vec::len));
            if bytes > limit.bytes && !entries.is_empty() {
                break;
            }
            entries.push(entry);
        }
        Ok(entries)
    }

    async fn bytes_left(&self, budget: i64) -> Answer<u64> {
        let row = sqlx::query(
            "SELECT id, mailboxes_left, bytes_left, expires_at FROM budget WHERE id = ?",
        )
        .bind(budget)
        .fetch_optional(&self.pool)
        .await?;
        Ok(row.as_ref().map(rows::budget).transpose()?.map_or(0, |budget| budget.bytes_left))
    }
}

fn take_lock(path: &Path) -> Result<File, RelayError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let lock_path = PathBuf::from(name);
    let at = |source| RelayError::File { path: lock_path.clone(), source };
    let file =
        OpenOptions::new().create(true).truncate(false).write(true).open(&lock_path).map_err(at)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(RelayError::InUse { path: path.to_owned() }),
        Err(TryLockError::Error(source)) => Err(at(source)),
    }
}

fn reader_options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .busy_timeout(Duration::from_secs(10))
        .disable_statement_logging()
}

fn writer_options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .page_size(16_384)
        .auto_vacuum(SqliteAutoVacuum::Incremental)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("secure_delete", "ON")
        .pragma("wal_autocheckpoint", "1000")
        .busy_timeout(Duration::from_secs(10))
        .disable_statement_logging()
}

async fn open_writer(path: &Path) -> Answer<SqliteConnection> {
    let mut connection = writer_options(path).create_if_missing(true).connect().await?;
    sqlx::raw_sql(SCHEMA).execute(&mut connection).await?;
    require(&mut connection, "PRAGMA secure_delete", "secure_delete", 1).await?;
    require(&mut connection, "PRAGMA synchronous", "synchronous", 2).await?;
    Ok(connection)
}

/// What an acknowledged append, and a removal, rest on is read back.
async fn require(
    connection: &mut SqliteConnection,
    sql: &'static str,
    name: &'static str,
    expected: i64,
) -> Answer<()> {
    let row = sqlx::query(sql).fetch_one(connection).await?;
    if row.try_get::<i64, _>(0)? == expected {
        Ok(())
    } else {
        Err(DatabaseError::Setting { name })
    }
}

async fn insert_token(connection: &mut SqliteConnection, token: &NewToken) -> Answer<()> {
    sqlx::query(
        "INSERT INTO budget (token, mailboxes_left, bytes_left, expires_at) VALUES (?, ?, ?, ?)
         ON CONFLICT (token) DO NOTHING",
    )
    .bind(token.hash.as_bytes().as_slice())
    .bind(rows::signed(token.mailboxes, "budget")?)
    .bind(rows::signed(token.bytes, "budget")?)
    .bind(rows::maybe_signed(token.expires_at, "budget")?)
    .execute(connection)
    .await?;
    Ok(())
}
