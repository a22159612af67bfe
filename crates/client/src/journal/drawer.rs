//! The drawer, and erasing for good.

use crate::ClientError;
use crate::hearthkeep::Hearthkeep;
use hearthkeep_model::EntryId;

impl Hearthkeep {
    /// Lays an entry into the drawer.
    ///
    /// # Errors
    /// [`hearthkeep_store::StoreError::NoEntry`].
    pub async fn to_drawer(&self, id: &str) -> Result<(), ClientError> {
        let now = self.clock().now();
        self.change_head(id.parse()?, |head| head.trashed = Some(now)).await.map(|_| ())
    }

    /// Takes an entry out of the drawer.
    ///
    /// # Errors
    /// [`hearthkeep_store::StoreError::NoEntry`].
    pub async fn from_drawer(&self, id: &str) -> Result<(), ClientError> {
        self.change_head(id.parse()?, |head| head.trashed = None).await.map(|_| ())
    }

    /// Erases an entry with its versions and pictures. Answers only when no byte of it is left in
    /// the vault's files.
    ///
    /// # Errors
    /// [`hearthkeep_store::StoreError::EraseWaits`] when something still reads: the entry is gone,
    /// its bytes follow at the next lock.
    pub async fn erase(&self, id: &str) -> Result<(), ClientError> {
        let (id, session): (EntryId, _) = (id.parse()?, self.session()?);
        if session.store.head(id).is_none() {
            return Err(hearthkeep_store::StoreError::NoEntry(id).into());
        }
        let mut texts = session.texts.lock().await;
        let mut tx = session.store.begin().await?;
        tx.erase_entry(id).await?;
        let changes = tx.commit().await?;
        texts.remove(&id);
        drop(texts);
        self.tell_changes(&changes);
        self.purge_index(&session).await?;
        Ok(session.store.wipe().await?)
    }
}
