//! The keys of an open vault.

use crate::Table;
use hearthkeep_crypto::{
    AttachmentKey, IdKey, Label, OpenError, ProfileKey, TableKey, Zeroizing, keyed_id, label, row,
};
use hearthkeep_model::{AttachmentId, EntryId, VersionId};
use std::collections::BTreeMap;

/// Format version of rows.
pub(crate) const VERSION: u8 = 1;

/// All keys, derived once when the vault is opened and wiped when it is closed.
pub(crate) struct Keys {
    pub(crate) profile: ProfileKey,
    pub(crate) attachment: AttachmentKey,
    id: IdKey,
    tables: BTreeMap<Table, TableKey>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(…)")
    }
}

impl Keys {
    pub(crate) fn new(profile: ProfileKey) -> Self {
        let tables =
            Table::ALL.iter().map(|table| (*table, profile.table_key(table.label()))).collect();
        Self { attachment: profile.attachment_key(), id: profile.id_key(), profile, tables }
    }

    pub(crate) fn seal(&self, table: Table, row: &[u8], plain: &[u8]) -> Vec<u8> {
        row::seal(self.table(table), table.label(), row, VERSION, plain)
    }

    pub(crate) fn open(
        &self,
        table: Table,
        row: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        row::open(self.table(table), table.label(), row, VERSION, sealed)
    }

    fn table(&self, table: Table) -> &TableKey {
        self.tables.get(&table).expect("there is a key for every table")
    }

    pub(crate) fn id(&self, purpose: Label, bytes: &[u8]) -> [u8; 16] {
        keyed_id(&self.id, purpose, bytes)
    }

    pub(crate) fn entry(&self, id: EntryId) -> [u8; 16] {
        self.id(label::ID_ENTRY, id.as_bytes())
    }

    pub(crate) fn version(&self, id: VersionId) -> [u8; 16] {
        self.id(label::ID_VERSION, id.as_bytes())
    }

    pub(crate) fn attachment_id(&self, id: AttachmentId) -> [u8; 16] {
        self.id(label::ID_ATTACHMENT, id.as_bytes())
    }
}
