//! Texts and fields of entries.

use super::Op;

pub(crate) const CREATE: &str = "
CREATE TABLE body (
    id BLOB PRIMARY KEY,     -- keyed id of the entry
    change INTEGER NOT NULL, -- number of the commit that wrote it last
    sealed BLOB NOT NULL
) STRICT";
pub(crate) const CREATE_INDEX: &str = "CREATE INDEX body_change ON body (change)";

pub(crate) const GET: &str = "SELECT sealed FROM body WHERE id = ?";
/// The names follow, and a bracket.
pub(crate) const SOME: &str = "SELECT id, sealed FROM body WHERE id IN (";
pub(crate) const IDS: &str = "SELECT id FROM body";
/// Whole commits only: one that began is never cut by the limit.
pub(crate) const CHANGED: &str = "SELECT id, change, sealed FROM body
    WHERE change > ?1 AND change <= (SELECT max(change) FROM
        (SELECT change FROM body WHERE change > ?1 ORDER BY change LIMIT ?2))
    ORDER BY change, id";
const PUT: &str = "INSERT INTO body (id, change, sealed) VALUES (?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET change = excluded.change, sealed = excluded.sealed";
const DELETE: &str = "DELETE FROM body WHERE id = ?";

pub(crate) fn put(id: [u8; 16], change: u64, sealed: Vec<u8>) -> Op {
    let change = i64::try_from(change).unwrap_or(i64::MAX);
    Op::new(PUT, [id.into(), change.into(), sealed.into()])
}

pub(crate) fn delete(id: [u8; 16]) -> Op {
    Op::new(DELETE, [id.into()])
}
