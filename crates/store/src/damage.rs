//! Rows that do not open are listed; everything else goes on.

use crate::store::{Inner, Store};
use crate::{StoreError, Table};
use hearthkeep_model::EntryHead;
use std::sync::Arc;

/// A row that does not open.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Damaged {
    /// Its table.
    pub table: Table,
    /// Its name on disk.
    pub row: Vec<u8>,
}

impl Inner {
    /// Lists the row when the result says that it is damaged.
    pub(crate) fn note_damage<T>(&self, result: Result<T, StoreError>) -> Result<T, StoreError> {
        if let Err(StoreError::Damaged { table, row }) = &result {
            self.damaged().insert(Damaged { table: *table, row: row.clone() });
        }
        result
    }
}

impl Store {
    /// Rows that did not open since the vault was unlocked.
    #[must_use]
    pub fn damaged(&self) -> Vec<Damaged> {
        self.inner.damaged().iter().cloned().collect()
    }

    /// What the list knows of the entry whose row this is. The list's own copy opens though the
    /// row does not.
    #[must_use]
    pub fn entry_of(&self, damaged: &Damaged) -> Option<Arc<EntryHead>> {
        if damaged.table != Table::Entry {
            return None;
        }
        let keys = self.inner.keys().ok()?;
        let heads = self.inner.heads();
        let id = heads.ids().find(|id| damaged.row == keys.entry(*id))?;
        heads.get(id).cloned()
    }
}
