//! SQLite rows, read into what the ledger knows. A row that this relay never wrote is an error.

use hearthkeep_wire::{CapKey, Class, Digest, Head, Idem, MailboxId};
use sqlx::{Row, sqlite::SqliteRow};

use super::{Answer, BudgetRow, EntryFacts, Known, MailboxRow, StoredEntry};
use crate::error::DatabaseError;

pub(super) fn mailbox(row: &SqliteRow) -> Answer<MailboxRow> {
    const TABLE: &str = "mailbox";
    let damaged = || DatabaseError::Damaged { table: TABLE };
    let admin: Option<Vec<u8>> = row.try_get("admin")?;
    Ok(MailboxRow {
        id: row.try_get("id")?,
        name: MailboxId(fixed(row, "name", TABLE)?),
        class: class(row.try_get("class")?).ok_or_else(damaged)?,
        cap: CapKey(fixed(row, "cap", TABLE)?),
        admin: match admin {
            Some(bytes) => Some(CapKey::from_slice(&bytes).map_err(|_| damaged())?),
            None => None,
        },
        head: Head { seq: number(row, "head", TABLE)?, link: Digest(fixed(row, "link", TABLE)?) },
        bytes: number(row, "bytes", TABLE)?,
        entries: number(row, "entries", TABLE)?,
        budget: row.try_get("budget")?,
        sealed_at: maybe_number(row, "sealed_at", TABLE)?,
        expires_at: maybe_number(row, "expires_at", TABLE)?,
    })
}

pub(super) fn budget(row: &SqliteRow) -> Answer<BudgetRow> {
    const TABLE: &str = "budget";
    Ok(BudgetRow {
        id: row.try_get("id")?,
        mailboxes_left: number(row, "mailboxes_left", TABLE)?,
        bytes_left: number(row, "bytes_left", TABLE)?,
        expires_at: maybe_number(row, "expires_at", TABLE)?,
    })
}

pub(super) fn known(row: &SqliteRow) -> Answer<Known> {
    const TABLE: &str = "entry";
    Ok(Known {
        mailbox: row.try_get("mailbox")?,
        idem: Idem(fixed(row, "idem", TABLE)?),
        at: Head { seq: number(row, "seq", TABLE)?, link: Digest(fixed(row, "link", TABLE)?) },
        hash: Digest(fixed(row, "hash", TABLE)?),
    })
}

pub(super) fn facts(row: &SqliteRow) -> Answer<EntryFacts> {
    const TABLE: &str = "entry";
    let delete_hash: Option<Vec<u8>> = row.try_get("delete_hash")?;
    Ok(EntryFacts {
        length: maybe_number(row, "length", TABLE)?,
        delete_hash: match delete_hash {
            Some(bytes) => Some(
                Digest::from_slice(&bytes).map_err(|_| DatabaseError::Damaged { table: TABLE })?,
            ),
            None => None,
        },
    })
}

pub(super) fn entry(row: &SqliteRow) -> Answer<StoredEntry> {
    const TABLE: &str = "entry";
    Ok(StoredEntry {
        seq: number(row, "seq", TABLE)?,
        link: Digest(fixed(row, "link", TABLE)?),
        hash: Digest(fixed(row, "hash", TABLE)?),
        blob: row.try_get("blob")?,
    })
}

/// SQLite counts to 2^63; nothing here comes near.
pub(super) fn signed(number: u64, table: &'static str) -> Answer<i64> {
    i64::try_from(number).map_err(|_| DatabaseError::Damaged { table })
}

pub(super) fn maybe_signed(number: Option<u64>, table: &'static str) -> Answer<Option<i64>> {
    number.map(|n| signed(n, table)).transpose()
}

pub(super) const fn class_number(class: Class) -> i64 {
    match class {
        Class::Log => 1,
        Class::Handshake => 2,
        Class::Drop => 3,
    }
}

const fn class(number: i64) -> Option<Class> {
    match number {
        1 => Some(Class::Log),
        2 => Some(Class::Handshake),
        3 => Some(Class::Drop),
        _ => None,
    }
}

fn fixed<const N: usize>(row: &SqliteRow, column: &str, table: &'static str) -> Answer<[u8; N]> {
    let bytes: &[u8] = row.try_get(column)?;
    bytes.try_into().map_err(|_| DatabaseError::Damaged { table })
}

fn number(row: &SqliteRow, column: &str, table: &'static str) -> Answer<u64> {
    let number: i64 = row.try_get(column)?;
    u64::try_from(number).map_err(|_| DatabaseError::Damaged { table })
}

fn maybe_number(row: &SqliteRow, column: &str, table: &'static str) -> Answer<Option<u64>> {
    let number: Option<i64> = row.try_get(column)?;
    number.map(|n| u64::try_from(n).map_err(|_| DatabaseError::Damaged { table })).transpose()
}
