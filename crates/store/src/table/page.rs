//! List headers, 256 to a page, so that a long journal opens at once.

use super::Op;

pub(crate) const CREATE: &str = "
CREATE TABLE page (
    no INTEGER PRIMARY KEY, -- rises; the newest page is the one that is not full
    sealed BLOB NOT NULL
) STRICT";

pub(crate) const ALL: &str = "SELECT no, sealed FROM page ORDER BY no DESC";
const PUT: &str = "INSERT INTO page (no, sealed) VALUES (?, ?)
    ON CONFLICT (no) DO UPDATE SET sealed = excluded.sealed";
const DELETE: &str = "DELETE FROM page WHERE no = ?";

pub(crate) fn put(no: u32, sealed: Vec<u8>) -> Op {
    Op::new(PUT, [i64::from(no).into(), sealed.into()])
}

pub(crate) fn delete(no: u32) -> Op {
    Op::new(DELETE, [i64::from(no).into()])
}
