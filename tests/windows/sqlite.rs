//! A disk, or whoever holds a database, changes what stands in it.

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection, SqliteConnection};
use std::path::Path;
use tokio::runtime::Runtime;

/// Turns one bit in the middle of a value. `read` names one row and its value, `write` takes the
/// value and the row.
pub(crate) fn turns_a_bit(database: &Path, read: &'static str, write: &'static str) {
    let turned = async {
        let options = SqliteConnectOptions::new().filename(database);
        let mut connection = SqliteConnection::connect_with(&options).await?;
        let (row, mut value): (i64, Vec<u8>) =
            sqlx::query_as(read).fetch_one(&mut connection).await?;
        let middle = value.len() / 2;
        *value.get_mut(middle).expect("a value that is not empty") ^= 1;
        let done = sqlx::query(write).bind(value).bind(row).execute(&mut connection).await?;
        assert_eq!(done.rows_affected(), 1);
        connection.close().await
    };
    let runtime = Runtime::new().expect("a runtime");
    runtime.block_on(turned).expect("a database that can be written to");
}
