//! Settings, and all tables of groups: rows with a scope and a key, in the order they came.

use super::{Op, Table};

pub(crate) const CREATE: &str = "
CREATE TABLE thing (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, -- the order in which rows came; stays when one changes
    tbl INTEGER NOT NULL,                  -- number of the table
    scope BLOB NOT NULL,                   -- keyed id of the scope: a group, for instance
    key BLOB NOT NULL,                     -- keyed id of the key
    sealed BLOB NOT NULL                   -- sealed: scope, key and value
) STRICT";
pub(crate) const CREATE_INDEX: &str = "CREATE UNIQUE INDEX thing_place ON thing (tbl, scope, key)";

pub(crate) const GET: &str = "SELECT sealed FROM thing WHERE tbl = ? AND scope = ? AND key = ?";
pub(crate) const SCAN: &str = "SELECT seq, scope, key, sealed FROM thing
    WHERE tbl = ? AND scope = ? AND seq > ? ORDER BY seq LIMIT ?";
pub(crate) const SCAN_ALL: &str = "SELECT seq, scope, key, sealed FROM thing
    WHERE tbl = ? AND seq > ? ORDER BY seq LIMIT ?";
const PUT: &str = "INSERT INTO thing (tbl, scope, key, sealed) VALUES (?, ?, ?, ?)
    ON CONFLICT (tbl, scope, key) DO UPDATE SET sealed = excluded.sealed";
const DELETE: &str = "DELETE FROM thing WHERE tbl = ? AND scope = ? AND key = ?";
const DELETE_SCOPE: &str = "DELETE FROM thing WHERE tbl = ? AND scope = ?";

pub(crate) fn put(table: Table, scope: [u8; 16], key: [u8; 16], sealed: Vec<u8>) -> Op {
    Op::new(PUT, [table.number().into(), scope.into(), key.into(), sealed.into()])
}

pub(crate) fn delete(table: Table, scope: [u8; 16], key: [u8; 16]) -> Op {
    Op::new(DELETE, [table.number().into(), scope.into(), key.into()])
}

pub(crate) fn delete_scope(table: Table, scope: [u8; 16]) -> Op {
    Op::new(DELETE_SCOPE, [table.number().into(), scope.into()])
}
