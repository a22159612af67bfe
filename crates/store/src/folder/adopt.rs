//! A vault that was made aside takes its place. The slot file comes last: without it there is no
//! vault, so that a crash before leaves an empty profile and never half of one.

use super::{ProfileFolder, rename, sync_folder};
use crate::StoreError;
use crate::store::set_aside;
use std::fs;

impl ProfileFolder {
    /// Takes over the vault of another folder on the same disk. That vault must be closed.
    ///
    /// # Errors
    /// [`StoreError::Exists`] when there is a vault here already; else what the file system says.
    pub fn adopt(&self, made: Self) -> Result<(), StoreError> {
        if self.has_vault() {
            return Err(StoreError::Exists);
        }
        let slots = made.read_slots()?;
        set_aside(&self.database())?;
        let attachments = self.attachments();
        fs::remove_dir_all(&attachments).map_err(|error| StoreError::file(&attachments, error))?;
        rename(&made.attachments(), &attachments)?;
        rename(&made.database(), &self.database())?;
        sync_folder(self.path())?;
        self.write_slots(&slots)?;
        let rest = made.path().to_owned();
        drop(made);
        // What stays of it is of no use to anybody, and is removed before the next one is made.
        fs::remove_dir_all(rest).ok();
        Ok(())
    }
}
