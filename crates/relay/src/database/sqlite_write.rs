//! One write transaction on SQLite. What comes in numbers goes by 32 rows a statement.

use std::sync::LazyLock;

use hearthkeep_wire::{Digest, Head, Idem, MailboxId};
use sqlx::{AssertSqlSafe, Row, Sqlite, Transaction};

use super::{
    Answer, BudgetRow, EntryFacts, Known, MailboxRow, NewEntry, NewRow, WriteTx,
    sqlite_rows as rows,
};

/// Rows of one statement. Two sizes only, so that both stay prepared.
const MANY: usize = 32;

/// A write under way.
#[derive(Debug)]
pub(crate) struct SqliteWrite<'a> {
    tx: Transaction<'a, Sqlite>,
}

impl<'a> SqliteWrite<'a> {
    pub(super) const fn new(tx: Transaction<'a, Sqlite>) -> Self {
        Self { tx }
    }
}

/// A statement with one group of values, and with [`MANY`].
struct Sized2 {
    one: String,
    many: String,
}

impl Sized2 {
    fn new(before: &str, group: &str, after: &str) -> Self {
        let of = |count| format!("{before} {} {after}", vec![group; count].join(", "));
        Self { one: of(1), many: of(MANY) }
    }

    fn of(&'static self, count: usize) -> AssertSqlSafe<&'static str> {
        // Built here from constants alone.
        AssertSqlSafe(if count == MANY { &self.many } else { &self.one })
    }
}

/// Whole groups of [`MANY`], then one by one.
fn groups<T>(items: &[T]) -> impl Iterator<Item = &[T]> {
    let (many, rest) = items.split_at(items.len().saturating_sub(items.len() % MANY));
    many.chunks(MANY).chain(rest.chunks(1))
}

static MAILBOXES: LazyLock<Sized2> = LazyLock::new(|| {
    Sized2::new(
        "SELECT id, name, class, cap, admin, head, link, bytes, entries, budget, sealed_at, \
         expires_at FROM mailbox WHERE name IN (",
        "?",
        ")",
    )
});
static KNOWN: LazyLock<Sized2> = LazyLock::new(|| {
    Sized2::new(
        "SELECT mailbox, idem, seq, link, hash FROM entry WHERE (mailbox, idem) IN (VALUES",
        "(?, ?)",
        ")",
    )
});
static ENTRIES: LazyLock<Sized2> = LazyLock::new(|| {
    Sized2::new(
        "INSERT INTO entry (mailbox, seq, idem, hash, link, day, delete_hash, blob) VALUES",
        "(?, ?, ?, ?, ?, ?, ?, ?)",
        "",
    )
});

impl WriteTx for SqliteWrite<'_> {
    async fn mailboxes(&mut self, names: &[MailboxId]) -> Answer<Vec<MailboxRow>> {
        let mut found = Vec::with_capacity(names.len());
        for group in groups(names) {
            let mut query = sqlx::query(MAILBOXES.of(group.len()));
            for name in group {
                query = query.bind(name.as_bytes().as_slice());
            }
            for row in query.fetch_all(&mut *self.tx).await? {
                found.push(rows::mailbox(&row)?);
            }
        }
        Ok(found)
    }

    async fn known(&mut self, attempts: &[(i64, Idem)]) -> Answer<Vec<Known>> {
        let mut found = Vec::new();
        for group in groups(attempts) {
            let mut query = sqlx::query(KNOWN.of(group.len()));
            for (mailbox, idem) in group {
                query = query.bind(mailbox).bind(idem.as_bytes().as_slice());
            }
            for row in query.fetch_all(&mut *self.tx).await? {
                found.push(rows::known(&row)?);
            }
        }
        Ok(found)
    }

    async fn budget(&mut self, id: i64) -> Answer<Option<BudgetRow>> {
        let row = sqlx::query(
            "SELECT id, mailboxes_left, bytes_left, expires_at FROM budget WHERE id = ?",
        )
        .bind(id)
        .fetch_optional(&mut *self.tx)
        .await?;
        row.as_ref().map(rows::budget).transpose()
    }

    async fn budget_of_token(&mut self, token: &Digest) -> Answer<Option<BudgetRow>> {
        let row = sqlx::query(
            "SELECT id, mailboxes_left, bytes_left, expires_at FROM budget WHERE token = ?",
        )
        .bind(token.as_bytes().as_slice())
        .fetch_optional(&mut *self.tx)
        .await?;
        row.as_ref().map(rows::budget).transpose()
    }

    async fn entry(&mut self, mailbox: i64, seq: u64) -> Answer<Option<EntryFacts>> {
        let row = sqlx::query(
            "SELECT length(blob) AS length, delete_hash FROM entry WHERE mailbox = ? AND seq = ?",
        )
        .bind(mailbox)
        .bind(i64::try_from(seq).unwrap_or(i64::MAX))
        .fetch_optional(&mut *self.tx)
        .await?;
        row.as_ref().map(rows::facts).transpose()
    }

    async fn over(&mut self, now: u64, sealed_before: u64, limit: u32) -> Answer<Vec<MailboxRow>> {
        let found = sqlx::query(
            "SELECT id, name, class, cap, admin, head, link, bytes, entries, budget, sealed_at,
                    expires_at FROM mailbox
             WHERE expires_at <= ? OR sealed_at <= ? LIMIT ?",
        )
        .bind(rows::signed(now, "mailbox")?)
        .bind(rows::signed(sealed_before, "mailbox")?)
        .bind(limit)
        .fetch_all(&mut *self.tx)
        .await?;
        found.iter().map(rows::mailbox).collect()
    }

    async fn insert_entries(&mut self, entries: &[NewEntry]) -> Answer<()> {
        for group in groups(entries) {
            let mut query = sqlx::query(ENTRIES.of(group.len()));
            for entry in group {
                query = query
                    .bind(entry.mailbox)
                    .bind(rows::signed(entry.at.seq, "entry")?)
                    .bind(entry.idem.as_bytes().as_slice())
                    .bind(entry.hash.as_bytes().as_slice())
                    .bind(entry.at.link.as_bytes().as_slice())
                    .bind(i64::from(entry.day))
                    .bind(entry.delete_hash.as_ref().map(|hash| hash.as_bytes().as_slice()))
                    .bind(entry.blob.as_ref());
            }
            query.execute(&mut *self.tx).await?;
        }
        Ok(())
    }

    async fn insert_mailbox(&mut self, row: &NewRow) -> Answer<MailboxRow> {
        let head = Head::genesis(&row.name);
        let id = sqlx::query(
            "INSERT INTO mailbox (name, class, cap, admin, head, link, bytes, entries, budget,
                                  sealed_at, expires_at)
             VALUES (?, ?, ?, ?, 0, ?, 0, 0, ?, NULL, ?)",
        )
        .bind(row.name.as_bytes().as_slice())
        .bind(rows::class_number(row.class))
        .bind(row.cap.as_bytes().as_slice())
        .bind(row.admin.as_ref().map(|key| key.as_bytes().as_slice()))
        .bind(head.link.as_bytes().as_slice())
        .bind(row.budget)
        .bind(rows::maybe_signed(row.expires_at, "mailbox")?)
        .execute(&mut *self.tx)
        .await?
        .last_insert_rowid();
        Ok(MailboxRow {
            id,
            name: row.name,
            class: row.class,
            cap: row.cap,
            admin: row.admin,
            head,
            bytes: 0,
            entries: 0,
            budget: row.budget,
            sealed_at: None,
            expires_at: row.expires_at,
        })
    }

    async fn update_mailbox(&mut self, row: &MailboxRow) -> Answer<()> {
        sqlx::query(
            "UPDATE mailbox SET head = ?, link = ?, bytes = ?, entries = ?, sealed_at = ?
             WHERE id = ?",
        )
        .bind(rows::signed(row.head.seq, "mailbox")?)
        .bind(row.head.link.as_bytes().as_slice())
        .bind(rows::signed(row.bytes, "mailbox")?)
        .bind(rows::signed(row.entries, "mailbox")?)
        .bind(rows::maybe_signed(row.sealed_at, "mailbox")?)
        .bind(row.id)
        .execute(&mut *self.tx)
        .await?;
        Ok(())
    }

    async fn update_budget(&mut self, row: &BudgetRow) -> Answer<()> {
        sqlx::query("UPDATE budget SET mailboxes_left = ?, bytes_left = ? WHERE id = ?")
            .bind(rows::signed(row.mailboxes_left, "budget")?)
            .bind(rows::signed(row.bytes_left, "budget")?)
            .bind(row.id)
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    async fn remove_blob(&mut self, mailbox: i64, seq: u64) -> Answer<()> {
        sqlx::query("UPDATE entry SET blob = NULL WHERE mailbox = ? AND seq = ?")
            .bind(mailbox)
            .bind(rows::signed(seq, "entry")?)
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    async fn remove_mailbox(&mut self, mailbox: i64, limit: u32) -> Answer<bool> {
        sqlx::query(
            "DELETE FROM entry WHERE mailbox = ? AND seq IN
             (SELECT seq FROM entry WHERE mailbox = ? ORDER BY seq LIMIT ?)",
        )
        .bind(mailbox)
        .bind(mailbox)
        .bind(limit)
        .execute(&mut *self.tx)
        .await?;
        let left = sqlx::query("SELECT count(*) FROM entry WHERE mailbox = ?")
            .bind(mailbox)
            .fetch_one(&mut *self.tx)
            .await?
            .try_get::<i64, _>(0)?;
        if left > 0 {
            return Ok(false);
        }
        sqlx::query("DELETE FROM mailbox WHERE id = ?")
            .bind(mailbox)
            .execute(&mut *self.tx)
            .await?;
        Ok(true)
    }

    async fn commit(self) -> Answer<()> {
        Ok(self.tx.commit().await?)
    }
}
