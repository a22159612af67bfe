//! The commit: everything that waited becomes durable, or nothing does.

use super::Tx;
use crate::database::run;
use crate::entry::seal_body;
use crate::head::seal_page;
use crate::store;
use crate::table::{Op, body, gone, page, single};
use crate::{ChangeSet, StoreError, WritePoint, ballast};
use std::sync::Arc;

impl Tx {
    /// Writes everything and waits until it is on the disk. The work goes on when the caller goes
    /// away: what is in memory and what is on the disk must not part.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`] and others; then nothing was written.
    pub async fn commit(self) -> Result<ChangeSet, StoreError> {
        match tokio::spawn(self.run()).await {
            Ok(result) => result,
            // Only when the runtime stops, or after a panic that has been reported.
            Err(_) => Err(StoreError::Closed),
        }
    }

    async fn run(mut self) -> Result<ChangeSet, StoreError> {
        self.prepare();
        match self.write_all().await {
            Ok(()) => {}
            Err(StoreError::DiskFull) if ballast::drop_it(self.store.folder()) => {
                self.write_all().await?;
                self.changes.disk_was_full = true;
            }
            Err(error) => return Err(error),
        }
        self.apply();
        Ok(self.changes)
    }

    /// Turns entries and pages into sealed rows. Pages are sealed once, however many entries
    /// changed in them.
    fn prepare(&mut self) {
        for (id, entry) in &self.bodies {
            let row = self.keys.entry(*id);
            match entry {
                Some(entry) => {
                    self.ops.push(gone::delete(row));
                    self.ops.push(body::put(row, self.number, seal_body(&self.keys, entry)));
                }
                None => self.ops.push(body::delete(row)),
            }
        }
        let pages: Vec<Op> = self.dirty.iter().map(|no| self.page(*no)).collect();
        self.ops.extend(pages);
        self.ops.push(single::put_number(self.number));
    }

    fn page(&self, no: u32) -> Op {
        let base = self.store.inner.heads();
        let mut heads: Vec<_> = base
            .page(no)
            .filter(|id| !self.heads.contains_key(id))
            .filter_map(|id| base.get(id).cloned())
            .collect();
        let waiting = self.heads.values().flatten().filter(|(page, _)| *page == no);
        heads.extend(waiting.map(|(_, head)| Arc::clone(head)));
        if heads.is_empty() {
            page::delete(no)
        } else {
            page::put(no, seal_page(&self.keys, no, &heads))
        }
    }

    async fn write_all(&mut self) -> Result<(), StoreError> {
        let folder = Arc::clone(&self.store.inner);
        let folder = folder.folder();
        let connection = store::connection(&mut self.writer)?;
        folder.at(WritePoint::Begin);
        let written = async {
            sqlx::query("BEGIN IMMEDIATE").execute(&mut *connection).await?;
            for op in &self.ops {
                run(&mut *connection, op).await?;
                folder.at(WritePoint::Row);
            }
            folder.at(WritePoint::BeforeCommit);
            sqlx::query("COMMIT").execute(&mut *connection).await?;
            Ok::<(), StoreError>(())
        };
        let result = written.await;
        if result.is_err() {
            // Some errors have rolled back already; then this one says so and means nothing.
            sqlx::query("ROLLBACK").execute(&mut *connection).await.ok();
            return result;
        }
        folder.at(WritePoint::AfterCommit);
        Ok(())
    }

    /// Brings memory and files to what the database now says.
    fn apply(&mut self) {
        self.store.inner.set_number(self.number);
        let mut heads = self.store.inner.heads_mut();
        for (id, head) in std::mem::take(&mut self.heads) {
            match head {
                Some((page, head)) => heads.put(page, head),
                None => heads.remove(id),
            }
        }
        drop(heads);
        self.store.folder().at(WritePoint::Unlink);
        for path in &self.unlink {
            // A file that stays is swept at the next unlock: no row names it any more.
            std::fs::remove_file(path).ok();
        }
    }
}
