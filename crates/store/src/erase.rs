//! Erasing for ever: told only when no byte of the row is left in database or log.

use crate::database::{open_reader, open_writer};
use crate::scrub::scrub;
use crate::store::{self, Slot, Store};
use crate::{StoreError, WritePoint, ballast};
use sqlx::{Connection, SqliteConnection};

impl Store {
    /// Wipes what committed deletions left in the log, and in pages from which rows had moved.
    ///
    /// SQLite reports a reader in a column, not as an error: only `busy = 0` means that the log is
    /// empty, so both connections are held meanwhile.
    ///
    /// # Errors
    /// [`StoreError::EraseWaits`] when something still reads; it is tried again at lock.
    pub async fn wipe(&self) -> Result<(), StoreError> {
        let mut writer = self.inner.writer().await?;
        let mut reader = self.inner.reader().await?;
        self.empty_log(&mut writer).await?;
        let wiped = self.wipe_pages(&mut writer, &mut reader).await;
        let database = self.folder().database();
        *writer = Some(open_writer(&database, false).await?);
        *reader = Some(open_reader(&database).await?);
        wiped
    }

    /// Wipes, and lets go of both connections.
    pub(crate) async fn wipe_and_close(&self, writer: &mut Slot, reader: &mut Slot) {
        // What could not be wiped now stays sealed, and is wiped at the next lock.
        let emptied = self.empty_log(writer).await;
        if emptied.is_ok() {
            self.wipe_pages(writer, reader).await.ok();
        }
        close(writer, reader).await;
    }

    async fn empty_log(&self, writer: &mut Slot) -> Result<(), StoreError> {
        self.folder().at(WritePoint::Checkpoint);
        let mut busy = checkpoint(store::connection(writer)?).await;
        // A checkpoint writes, so a full disk stops it too.
        if matches!(busy, Err(StoreError::DiskFull)) && ballast::drop_it(self.folder()) {
            busy = checkpoint(store::connection(writer)?).await;
        }
        if busy? == 0 { Ok(()) } else { Err(StoreError::EraseWaits) }
    }

    /// Closes both connections: what they remember of a page would bring its old bytes back.
    async fn wipe_pages(&self, writer: &mut Slot, reader: &mut Slot) -> Result<(), StoreError> {
        close(writer, reader).await;
        let database = self.folder().database();
        let scrubbed = tokio::task::spawn_blocking(move || scrub(&database)).await;
        // Only when the runtime stops, or after a panic that has been reported.
        scrubbed.unwrap_or(Err(StoreError::Closed))
    }
}

async fn close(writer: &mut Slot, reader: &mut Slot) {
    for connection in [reader.take(), writer.take()].into_iter().flatten() {
        connection.close().await.ok();
    }
}

async fn checkpoint(connection: &mut SqliteConnection) -> Result<i64, StoreError> {
    let (busy, _, _): (i64, i64, i64) =
        sqlx::query_as("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(connection).await?;
    Ok(busy)
}
