//! The tables of the vault: their SQL, one file per table, and nothing else.

pub(crate) mod attachment;
pub(crate) mod body;
pub(crate) mod gone;
pub(crate) mod page;
pub(crate) mod single;
pub(crate) mod thing;
pub(crate) mod version;

use hearthkeep_crypto::{Label, label};

/// A table. Each has a key and a label of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    /// The row that tells the right key from a wrong one.
    Check,
    /// Account secret, backup identity, recovery phrase.
    Secrets,
    /// Texts and fields of entries.
    Entry,
    /// List headers, 256 to a page.
    Page,
    /// Earlier states.
    Version,
    /// What a list shows of earlier states.
    VersionHead,
    /// Names, types and sizes of attachments.
    Attachment,
    /// The person's settings.
    Settings,
    /// State of groups.
    GroupState,
    /// Records of groups, opened and verified.
    GroupRecord,
    /// Secrets of epochs.
    ContentKey,
    /// What waits to be sent, in the order in which it came.
    Outbox,
    /// How far mailboxes were read.
    Cursor,
    /// What is kept about a group beside its state.
    GroupMeta,
    /// What was written and has not left.
    Draft,
    /// What was refused, with its bytes.
    Quarantine,
}

impl Table {
    /// All tables.
    pub const ALL: &[Self] = &[
        Self::Check,
        Self::Secrets,
        Self::Entry,
        Self::Page,
        Self::Version,
        Self::VersionHead,
        Self::Attachment,
        Self::Settings,
        Self::GroupState,
        Self::GroupRecord,
        Self::ContentKey,
        Self::Outbox,
        Self::Cursor,
        Self::GroupMeta,
        Self::Draft,
        Self::Quarantine,
    ];

    /// The label of its rows.
    #[must_use]
    pub const fn label(self) -> Label {
        match self {
            Self::Check => label::ROW_CHECK,
            Self::Secrets => label::ROW_SECRETS,
            Self::Entry => label::ROW_ENTRY,
            Self::Page => label::ROW_PAGE,
            Self::Version => label::ROW_VERSION,
            Self::VersionHead => label::ROW_VERSION_HEAD,
            Self::Attachment => label::ROW_ATTACHMENT,
            Self::Settings => label::ROW_SETTINGS,
            Self::GroupState => label::ROW_GROUP_STATE,
            Self::GroupRecord => label::ROW_GROUP_RECORD,
            Self::ContentKey => label::ROW_CONTENT_KEY,
            Self::Outbox => label::ROW_OUTBOX,
            Self::Cursor => label::ROW_CURSOR,
            Self::GroupMeta => label::ROW_GROUP_META,
            Self::Draft => label::ROW_DRAFT,
            Self::Quarantine => label::ROW_QUARANTINE,
        }
    }

    /// Its number on disk, among the tables of scopes.
    pub(crate) const fn number(self) -> i64 {
        match self {
            Self::Check => 1,
            Self::Secrets => 2,
            Self::Entry => 3,
            Self::Page => 4,
            Self::Version => 5,
            Self::VersionHead => 6,
            Self::Attachment => 7,
            Self::Settings => 8,
            Self::GroupState => 9,
            Self::GroupRecord => 10,
            Self::ContentKey => 11,
            Self::Outbox => 12,
            Self::Cursor => 13,
            Self::GroupMeta => 14,
            Self::Draft => 15,
            Self::Quarantine => 16,
        }
    }
}

impl std::fmt::Display for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

/// A value of a statement.
#[derive(Debug, Clone)]
pub(crate) enum Arg {
    Int(i64),
    Bytes(Vec<u8>),
}

/// A statement that waits for the commit.
#[derive(Debug, Clone)]
pub(crate) struct Op {
    pub(crate) sql: &'static str,
    pub(crate) args: Vec<Arg>,
}

impl Op {
    pub(crate) fn new(sql: &'static str, args: impl Into<Vec<Arg>>) -> Self {
        Self { sql, args: args.into() }
    }
}

impl From<i64> for Arg {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<[u8; 16]> for Arg {
    fn from(id: [u8; 16]) -> Self {
        Self::Bytes(id.to_vec())
    }
}

impl From<Vec<u8>> for Arg {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(bytes)
    }
}

/// The schema of format 1. Formats are only added, never changed.
pub(crate) const SCHEMA_1: &[&str] = &[
    single::CREATE,
    body::CREATE,
    body::CREATE_INDEX,
    page::CREATE,
    version::CREATE,
    version::CREATE_INDEX,
    attachment::CREATE,
    attachment::CREATE_INDEX,
    gone::CREATE,
    thing::CREATE,
    thing::CREATE_INDEX,
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_table_has_a_number_and_a_label_of_its_own() {
        let numbers: BTreeSet<_> = Table::ALL.iter().map(|table| table.number()).collect();
        let labels: BTreeSet<_> = Table::ALL.iter().map(|table| table.label()).collect();
        assert_eq!((numbers.len(), labels.len()), (Table::ALL.len(), Table::ALL.len()));
    }
}
