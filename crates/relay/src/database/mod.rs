//! Where mailboxes are kept.
//!
//! [`Database`] is where two databases differ: the shape of their statements, how a write begins and
//! how rows are locked. What a command means is decided once, in the ledger, over these rows.

mod sqlite;
mod sqlite_rows;
mod sqlite_write;

use axum::body::Bytes;
use hearthkeep_wire::{CapKey, Class, Digest, Head, Idem, MailboxId};

use crate::error::DatabaseError;

pub(crate) use sqlite::{NewToken, Sqlite};

/// What a database gives back.
pub(crate) type Answer<T> = Result<T, DatabaseError>;

/// A mailbox as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MailboxRow {
    /// Its number in this database.
    pub(crate) id: i64,
    pub(crate) name: MailboxId,
    pub(crate) class: Class,
    pub(crate) cap: CapKey,
    pub(crate) admin: Option<CapKey>,
    pub(crate) head: Head,
    /// Bytes charged for its blobs.
    pub(crate) bytes: u64,
    /// Blobs that were not removed.
    pub(crate) entries: u64,
    /// Whose quota it uses.
    pub(crate) budget: i64,
    /// Seconds since 1970.
    pub(crate) sealed_at: Option<u64>,
    /// Seconds since 1970.
    pub(crate) expires_at: Option<u64>,
}

/// A mailbox that is to be kept.
#[derive(Debug, Clone)]
pub(crate) struct NewRow {
    pub(crate) name: MailboxId,
    pub(crate) class: Class,
    pub(crate) cap: CapKey,
    pub(crate) admin: Option<CapKey>,
    pub(crate) budget: i64,
    pub(crate) expires_at: Option<u64>,
}

/// What an operator's token still allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BudgetRow {
    pub(crate) id: i64,
    pub(crate) mailboxes_left: u64,
    pub(crate) bytes_left: u64,
    /// Seconds since 1970; after it no mailbox is opened, those that are open go on.
    pub(crate) expires_at: Option<u64>,
}

/// An entry that is to be kept.
#[derive(Debug, Clone)]
pub(crate) struct NewEntry {
    pub(crate) mailbox: i64,
    pub(crate) at: Head,
    pub(crate) idem: Idem,
    pub(crate) hash: Digest,
    pub(crate) delete_hash: Option<Digest>,
    /// Days since 1970: an hour would tell about sleep.
    pub(crate) day: u32,
    pub(crate) blob: Bytes,
}

/// An attempt that was made before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) mailbox: i64,
    pub(crate) idem: Idem,
    pub(crate) at: Head,
    pub(crate) hash: Digest,
}

/// What is needed to decide whether an entry may be removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EntryFacts {
    /// Length of its blob; nothing when it was removed.
    pub(crate) length: Option<u64>,
    pub(crate) delete_hash: Option<Digest>,
}

/// An entry as it is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredEntry {
    pub(crate) seq: u64,
    pub(crate) link: Digest,
    pub(crate) hash: Digest,
    /// Nothing when it was removed.
    pub(crate) blob: Option<Vec<u8>>,
}

/// How much of a mailbox is read at once.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PageLimit {
    pub(crate) entries: usize,
    pub(crate) bytes: usize,
}

/// A database that keeps mailboxes; the one writer owns it.
pub(crate) trait Database: Send + Sized + 'static {
    /// What handlers read with, beside the writer.
    type Reader: Reading;
    /// A write under way. Dropped without commit, it never happened.
    type Write<'a>: WriteTx
    where
        Self: 'a;

    /// One more reader.
    fn reader(&self) -> Self::Reader;

    /// Begins a write.
    fn begin(&mut self) -> impl Future<Output = Answer<Self::Write<'_>>> + Send;

    /// Overwrites what was removed on the medium. Tells whether it is done: a reader may be in the
    /// way, and then it is still owed.
    fn forget_removed(&mut self) -> impl Future<Output = Answer<bool>> + Send;

    /// Ends in good order.
    fn close(self) -> impl Future<Output = Answer<()>> + Send;
}

/// Reads beside the writer.
pub(crate) trait Reading: Clone + Send + Sync + 'static {
    /// One mailbox.
    fn mailbox(&self, name: MailboxId) -> impl Future<Output = Answer<Option<MailboxRow>>> + Send;

    /// Entries after `since`, up to and with `head`.
    fn page(
        &self,
        mailbox: i64,
        since: u64,
        head: u64,
        limit: PageLimit,
    ) -> impl Future<Output = Answer<Vec<StoredEntry>>> + Send;

    /// Bytes that a budget has left.
    fn bytes_left(&self, budget: i64) -> impl Future<Output = Answer<u64>> + Send;
}

/// A write under way.
pub(crate) trait WriteTx: Send {
    /// Those of the mailboxes that exist, locked where more than one relay writes.
    fn mailboxes(
        &mut self,
        names: &[MailboxId],
    ) -> impl Future<Output = Answer<Vec<MailboxRow>>> + Send;

    /// Those of the attempts that were made before.
    fn known(
        &mut self,
        attempts: &[(i64, Idem)],
    ) -> impl Future<Output = Answer<Vec<Known>>> + Send;

    /// Those of the budgets that exist.
    fn budget(&mut self, id: i64) -> impl Future<Output = Answer<Option<BudgetRow>>> + Send;

    /// The budget of a token.
    fn budget_of_token(
        &mut self,
        token: &Digest,
    ) -> impl Future<Output = Answer<Option<BudgetRow>>> + Send;

    /// What is known about an entry.
    fn entry(
        &mut self,
        mailbox: i64,
        seq: u64,
    ) -> impl Future<Output = Answer<Option<EntryFacts>>> + Send;

    /// Mailboxes whose time is over: expired, or sealed before `sealed_before`.
    fn over(
        &mut self,
        now: u64,
        sealed_before: u64,
        limit: u32,
    ) -> impl Future<Output = Answer<Vec<MailboxRow>>> + Send;

    /// Keeps entries.
    fn insert_entries(&mut self, entries: &[NewEntry]) -> impl Future<Output = Answer<()>> + Send;

    /// Keeps a mailbox.
    fn insert_mailbox(&mut self, row: &NewRow) -> impl Future<Output = Answer<MailboxRow>> + Send;

    /// Changes head, bytes, entries and seal of a mailbox.
    fn update_mailbox(&mut self, row: &MailboxRow) -> impl Future<Output = Answer<()>> + Send;

    /// Changes what a budget has left.
    fn update_budget(&mut self, row: &BudgetRow) -> impl Future<Output = Answer<()>> + Send;

    /// Removes the blob of an entry; number, hash and link stay.
    fn remove_blob(&mut self, mailbox: i64, seq: u64) -> impl Future<Output = Answer<()>> + Send;

    /// Removes at most `limit` entries of a mailbox, and the mailbox when none is left. Tells
    /// whether it is gone.
    fn remove_mailbox(
        &mut self,
        mailbox: i64,
        limit: u32,
    ) -> impl Future<Output = Answer<bool>> + Send;

    /// Makes it last.
    fn commit(self) -> impl Future<Output = Answer<()>> + Send;
}
