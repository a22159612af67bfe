//! Rows of which there is one: key check, secrets, and the number of the last commit.

use super::Op;

pub(crate) const CREATE: &str = "
CREATE TABLE single (
    id INTEGER PRIMARY KEY, -- number of the table; 0 is the number of the last commit
    number INTEGER NOT NULL,
    sealed BLOB NOT NULL
) STRICT";

pub(crate) const GET: &str = "SELECT sealed FROM single WHERE id = ?";
pub(crate) const GET_NUMBER: &str = "SELECT number FROM single WHERE id = 0";
const PUT: &str = "INSERT INTO single (id, number, sealed) VALUES (?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET number = excluded.number, sealed = excluded.sealed";

pub(crate) fn put(id: i64, sealed: Vec<u8>) -> Op {
    Op::new(PUT, [id.into(), 0.into(), sealed.into()])
}

pub(crate) fn put_number(number: u64) -> Op {
    let number = i64::try_from(number).unwrap_or(i64::MAX);
    Op::new(PUT, [0.into(), number.into(), Vec::new().into()])
}
