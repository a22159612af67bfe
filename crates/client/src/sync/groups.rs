//! What the loop needs of the groups' room. Whatever it changes is kept before it returns.

use hearthkeep_crypto::SigningKey;
use hearthkeep_group::{Answer, Held, Outgoing};
use hearthkeep_model::GroupId;
use hearthkeep_wire::{Head, Idem, MailboxId, Page};

/// Why the groups' room does not do what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The vault is locked, or the group is gone: the loop has nothing to do here.
    Closed,
    /// It could not be kept: the disk is full, a row is damaged. It is tried again later.
    NotKept,
}

/// Where a group's relay is, and which mailboxes to read.
#[derive(Debug)]
pub(crate) struct Reading {
    /// As it was entered, or as an invitation has brought it.
    pub(crate) relay: String,
    /// Mailbox, how far it was read, and the key that signs for it.
    pub(crate) mailboxes: Vec<(MailboxId, Head, SigningKey)>,
}

/// What the light shows of one group, besides whether its relay answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GroupState {
    /// All that was written has been sent.
    Sent,
    /// Something waits, or is on its way.
    Waiting,
    /// Something waits and must not go yet.
    Held(Held),
    /// The relay does not show all that was written.
    Withheld,
    /// The relay shows two pasts.
    Forked,
}

/// The groups' room.
pub(crate) trait Groups: Clone + Send + Sync + 'static {
    /// Groups that have a relay to speak to.
    fn list(&self) -> impl Future<Output = Result<Vec<GroupId>, Trouble>> + Send;

    /// What to read.
    fn reading(&self, group: GroupId) -> impl Future<Output = Result<Reading, Trouble>> + Send;

    /// Takes a page that was fetched from `since`. What does not verify becomes an alarm there.
    fn page(
        &self,
        group: GroupId,
        mailbox: MailboxId,
        since: Head,
        page: Page<'_>,
    ) -> impl Future<Output = Result<(), Trouble>> + Send;

    /// Takes the relay's word that a mailbox, read as far as `since`, is not there.
    fn missing(
        &self,
        group: GroupId,
        mailbox: MailboxId,
        since: Head,
    ) -> impl Future<Output = Result<(), Trouble>> + Send;

    /// The request that is on its way, or the next one, which is kept as being on its way. With
    /// the key that signs it.
    fn next(
        &self,
        group: GroupId,
    ) -> impl Future<Output = Result<Option<(Outgoing, SigningKey)>, Trouble>> + Send;

    /// What the relay has answered.
    fn answered(
        &self,
        group: GroupId,
        idem: Idem,
        answer: Answer,
    ) -> impl Future<Output = Result<(), Trouble>> + Send;

    /// What time alone brings.
    fn tick(&self, group: GroupId) -> impl Future<Output = Result<(), Trouble>> + Send;

    /// What the light shows.
    fn state(&self, group: GroupId) -> impl Future<Output = Result<GroupState, Trouble>> + Send;
}
