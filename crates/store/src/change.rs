//! What a commit changed. The screen hears of it only after the commit.

use crate::Table;
use hearthkeep_model::EntryId;
use std::collections::BTreeSet;

/// What a commit changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangeSet {
    /// Number of the commit; it only rises.
    pub number: u64,
    /// Entries whose text or fields changed.
    pub entries: BTreeSet<EntryId>,
    /// Entries that were erased.
    pub erased: BTreeSet<EntryId>,
    /// Scopes of the groups' tables that changed.
    pub scopes: BTreeSet<(Table, Vec<u8>)>,
    /// The disk was full: the ballast went, the save was finished, the person must be told.
    pub disk_was_full: bool,
}
