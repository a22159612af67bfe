//! Opens the database file and makes sure that every promise about it holds.

use crate::StoreError;
use crate::table::{Arg, Op, SCHEMA_1};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use std::path::Path;
use std::time::Duration;

/// Format of the database that this version writes.
const FORMAT: i64 = 1;
/// Name, value as it is set, value as it must read back.
const PRAGMAS: [(&str, i64); 4] =
    [("synchronous", 2), ("secure_delete", 1), ("page_size", 16_384), ("temp_store", 2)];

/// Opens the file for writing; makes it when `create` is set.
pub(crate) async fn open_writer(path: &Path, create: bool) -> Result<SqliteConnection, StoreError> {
    let mut connection = connect(path, create).await?;
    let format: i64 = sqlx::query_scalar("PRAGMA user_version").fetch_one(&mut connection).await?;
    match format {
        FORMAT => {}
        0 if create => make_schema(&mut connection).await?,
        got => return Err(StoreError::Newer { got, known: FORMAT }),
    }
    Ok(connection)
}

/// Opens the file for reading only.
pub(crate) async fn open_reader(path: &Path) -> Result<SqliteConnection, StoreError> {
    let mut connection = connect(path, false).await?;
    sqlx::query("PRAGMA query_only = ON").execute(&mut connection).await?;
    Ok(connection)
}

/// Both open here, because `secure_delete` and `synchronous` belong to a connection, not to a file.
async fn connect(path: &Path, create: bool) -> Result<SqliteConnection, StoreError> {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(create)
        .page_size(16_384)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(10))
        .pragma("secure_delete", "ON")
        .pragma("temp_store", "MEMORY")
        .disable_statement_logging();
    let mut connection = SqliteConnection::connect_with(&options).await?;
    for (name, wanted) in PRAGMAS {
        let got = read_pragma(&mut connection, name).await?;
        if got != wanted {
            return Err(StoreError::Pragma { name, wanted, got });
        }
    }
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut connection).await?;
    if mode != "wal" {
        return Err(StoreError::Pragma { name: "journal_mode", wanted: 1, got: 0 });
    }
    Ok(connection)
}

async fn read_pragma(
    connection: &mut SqliteConnection,
    name: &'static str,
) -> Result<i64, StoreError> {
    let sql = match name {
        "synchronous" => "PRAGMA synchronous",
        "secure_delete" => "PRAGMA secure_delete",
        "page_size" => "PRAGMA page_size",
        _ => "PRAGMA temp_store",
    };
    Ok(sqlx::query_scalar(sql).fetch_one(connection).await?)
}

async fn make_schema(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let mut transaction = connection.begin().await?;
    for sql in SCHEMA_1 {
        sqlx::query(*sql).execute(&mut *transaction).await?;
    }
    sqlx::query("PRAGMA user_version = 1").execute(&mut *transaction).await?;
    Ok(transaction.commit().await?)
}

/// Runs one statement.
pub(crate) async fn run(connection: &mut SqliteConnection, op: &Op) -> Result<(), StoreError> {
    let mut query = sqlx::query(op.sql);
    for arg in &op.args {
        query = match arg {
            Arg::Int(number) => query.bind(*number),
            Arg::Bytes(bytes) => query.bind(bytes.as_slice()),
        };
    }
    query.execute(connection).await?;
    Ok(())
}
