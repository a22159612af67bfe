//! Erasing for ever: told only when no byte of the row is left in database or log.

use crate::store::{self, Store};
use crate::{StoreError, WritePoint, ballast};
use sqlx::SqliteConnection;

impl Store {
    /// Wipes what committed deletions left in the log.
    ///
    /// SQLite reports a reader in a column, not as an error: only `busy = 0` means that the log is
    /// empty, so both connections are held meanwhile.
    ///
    /// # Errors
    /// [`StoreError::EraseWaits`] when something still reads; it is tried again at lock.
    pub async fn wipe(&self) -> Result<(), StoreError> {
        let mut writer = self.inner.writer().await?;
        let reader = self.inner.reader().await?;
        self.inner.folder().at(WritePoint::Checkpoint);
        let mut busy = checkpoint(store::connection(&mut writer)?).await;
        // A checkpoint writes, so a full disk stops it too.
        if matches!(busy, Err(StoreError::DiskFull)) && ballast::drop_it(self.folder()) {
            busy = checkpoint(store::connection(&mut writer)?).await;
        }
        drop(reader);
        let busy = busy?;
        if busy == 0 { Ok(()) } else { Err(StoreError::EraseWaits) }
    }
}

async fn checkpoint(connection: &mut SqliteConnection) -> Result<i64, StoreError> {
    let (busy, _, _): (i64, i64, i64) =
        sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(connection).await?;
    Ok(busy)
}
