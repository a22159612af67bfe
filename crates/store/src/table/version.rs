//! Earlier states of entries.

use super::Op;

pub(crate) const CREATE: &str = "
CREATE TABLE version (
    id BLOB PRIMARY KEY,  -- keyed id of the version
    entry BLOB NOT NULL,  -- keyed id of the entry
    head BLOB NOT NULL,   -- sealed: what a list shows
    sealed BLOB NOT NULL  -- sealed: the state
) STRICT";
pub(crate) const CREATE_INDEX: &str = "CREATE INDEX version_entry ON version (entry)";

pub(crate) const HEADS: &str = "SELECT id, head FROM version WHERE entry = ? ORDER BY rowid DESC";
/// The names of entries follow, and [`NEWEST_FIRST`].
pub(crate) const HEADS_OF_SOME: &str = "SELECT id, head FROM version WHERE entry IN (";
pub(crate) const NEWEST_FIRST: &str = ") ORDER BY rowid DESC";
pub(crate) const GET: &str = "SELECT sealed FROM version WHERE id = ?";
const PUT: &str = "INSERT INTO version (id, entry, head, sealed) VALUES (?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET head = excluded.head, sealed = excluded.sealed";
const DELETE_OF: &str = "DELETE FROM version WHERE entry = ?";

pub(crate) fn put(id: [u8; 16], entry: [u8; 16], head: Vec<u8>, sealed: Vec<u8>) -> Op {
    Op::new(PUT, [id.into(), entry.into(), head.into(), sealed.into()])
}

pub(crate) fn delete_of(entry: [u8; 16]) -> Op {
    Op::new(DELETE_OF, [entry.into()])
}
