//! What is known of attachments. Their content lies in files.

use super::Op;

pub(crate) const CREATE: &str = "
CREATE TABLE attachment (
    id BLOB PRIMARY KEY, -- keyed id of the attachment; its file has the same name
    entry BLOB NOT NULL, -- keyed id of the entry
    sealed BLOB NOT NULL
) STRICT";
pub(crate) const CREATE_INDEX: &str = "CREATE INDEX attachment_entry ON attachment (entry)";

pub(crate) const GET: &str = "SELECT sealed FROM attachment WHERE id = ?";
pub(crate) const OF: &str = "SELECT id, sealed FROM attachment WHERE entry = ? ORDER BY rowid";
/// The names of entries follow, and [`IN_ORDER`].
pub(crate) const OF_SOME: &str = "SELECT id, sealed FROM attachment WHERE entry IN (";
pub(crate) const IN_ORDER: &str = ") ORDER BY rowid";
pub(crate) const ALL: &str = "SELECT id, sealed FROM attachment ORDER BY rowid";
pub(crate) const IDS: &str = "SELECT id FROM attachment";
const PUT: &str = "INSERT INTO attachment (id, entry, sealed) VALUES (?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET sealed = excluded.sealed";
const DELETE: &str = "DELETE FROM attachment WHERE id = ?";

pub(crate) fn put(id: [u8; 16], entry: [u8; 16], sealed: Vec<u8>) -> Op {
    Op::new(PUT, [id.into(), entry.into(), sealed.into()])
}

pub(crate) fn delete(id: [u8; 16]) -> Op {
    Op::new(DELETE, [id.into()])
}
