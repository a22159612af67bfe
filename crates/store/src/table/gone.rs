//! Entries that were erased: only that they were, so that index and import do not bring them back.

use super::Op;

pub(crate) const CREATE: &str = "
CREATE TABLE gone (
    id BLOB PRIMARY KEY,     -- keyed id of the entry
    change INTEGER NOT NULL, -- number of the commit that erased it
    sealed BLOB NOT NULL     -- sealed: its id
) STRICT";

pub(crate) const BETWEEN: &str =
    "SELECT id, sealed FROM gone WHERE change > ? AND change <= ? ORDER BY change";
const PUT: &str = "INSERT INTO gone (id, change, sealed) VALUES (?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET change = excluded.change, sealed = excluded.sealed";
const DELETE: &str = "DELETE FROM gone WHERE id = ?";

pub(crate) fn put(id: [u8; 16], change: u64, sealed: Vec<u8>) -> Op {
    let change = i64::try_from(change).unwrap_or(i64::MAX);
    Op::new(PUT, [id.into(), change.into(), sealed.into()])
}

pub(crate) fn delete(id: [u8; 16]) -> Op {
    Op::new(DELETE, [id.into()])
}
