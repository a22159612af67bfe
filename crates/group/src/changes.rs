//! What comes out of a group: rows to keep, requests to a relay, and what a person should know.

use hearthkeep_model::{AccountId, NoteId, RecordId};
use hearthkeep_wire::{Digest, Head, Idem, MailboxId, NewMailbox, Preimage, SealOld, Token};
use minicbor::{Decode, Encode};

/// Where a row belongs. The store has a sealed table for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Table {
    /// State of the group and of its key agreement.
    GroupState,
    /// Opened records with their signatures.
    GroupRecord,
    /// Secrets of epochs.
    ContentKey,
    /// The one request that is on its way.
    Outbox,
    /// How far each mailbox was read.
    Cursor,
}

/// A row that changed, or is gone.
#[derive(Clone, PartialEq, Eq)]
pub struct Row {
    /// Where it belongs.
    pub table: Table,
    /// Its key within the group.
    pub key: Vec<u8>,
    /// What it holds now.
    pub value: Option<Vec<u8>>,
}

// Rows hold keys and words.
impl std::fmt::Debug for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Row({:?}, …)", self.table)
    }
}

/// Everything that must be kept in one transaction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// Rows, each at most once.
    pub rows: Vec<Row>,
}

/// One request to the group's relay. It stands in the outbox before it is sent, and is sent again
/// with the same bytes until an answer comes.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Outgoing {
    /// Names the attempt.
    #[n(0)]
    pub idem: Idem,
    /// The mailbox whose capability signs it.
    #[n(1)]
    pub mailbox: MailboxId,
    /// What is asked.
    #[n(2)]
    pub ask: Ask,
}

/// What is asked of a relay.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Ask {
    /// Open a mailbox.
    #[n(0)]
    Create(#[n(0)] NewMailbox, #[n(1)] Token),
    /// Append a blob.
    #[n(1)]
    Append(#[n(0)] Blob),
    /// Append a commit, seal the old mailboxes and open the new ones, at once.
    #[n(2)]
    Rotate(#[n(0)] Blob, #[n(1)] Vec<SealOld>, #[n(2)] Vec<NewMailbox>),
    /// Remove one of one's own blobs.
    #[n(3)]
    Delete(#[n(0)] u64, #[n(1)] Preimage),
    /// Remove a drop.
    #[n(4)]
    DropDel,
}

/// A blob to append.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Blob {
    /// Append only if this is the head.
    #[n(0)]
    pub expect_head: Option<u64>,
    /// Who shows its preimage may have it removed.
    #[n(1)]
    pub delete_hash: Option<Digest>,
    /// The bytes.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub bytes: Vec<u8>,
}

/// What the relay answered to the request on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Done. For an append and a rotation: where it stands.
    Done(Option<Head>),
    /// Somebody was faster: read on, then it is made anew.
    HeadMoved,
    /// The mailbox is sealed: a generation has ended.
    Sealed,
    /// The thing to remove is not there, or the mailbox is not.
    Gone,
    /// The quota is used up, or the token is refused.
    NoRoom,
    /// Refused for good.
    Refused,
}

/// What happened, for a person or for another room of the app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// The feed looks different.
    Feed,
    /// People, roles or rules are different.
    Members,
    /// Somebody asks to come in.
    Asked,
    /// This device is in the group now.
    Joined,
    /// This device is no longer in the group, or has lost the way to it.
    Removed,
    /// These notes and answers were erased: index and versions must forget them too.
    Erased(Vec<NoteId>),
    /// One's own record stands in the log.
    Sent(RecordId),
    /// An answer that its note's author did not wish for was not taken.
    NotWished,
    /// Something came a second time and was not taken.
    Replayed,
    /// Something that needs a person.
    Alarm(Alarm),
}

/// A finding that needs a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Alarm {
    /// What was found.
    pub kind: AlarmKind,
    /// Whom it concerns.
    pub member: Option<AccountId>,
}

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum AlarmKind {
    /// A record of this member is missing.
    #[n(0)]
    Gap,
    /// The log was shortened, or does not show what it must hold.
    #[n(1)]
    Withheld,
    /// The relay's log has two pasts.
    #[n(2)]
    RelayFork,
    /// One device wrote two different records in one place.
    #[n(3)]
    Equivocation,
    /// A record does not carry its author's signature.
    #[n(4)]
    Signature,
    /// A record was made to open differently for different people.
    #[n(5)]
    Commitment,
    /// A record of a role that may not write it.
    #[n(6)]
    Role,
    /// A commit was refused by the group's rules.
    #[n(7)]
    CommitRefused,
    /// A record is malformed.
    #[n(8)]
    Malformed,
    /// An invitation was used twice.
    #[n(9)]
    LinkUsedTwice,
    /// A record of somebody removed, beyond the cut.
    #[n(10)]
    BeyondCut,
}

impl AlarmKind {
    /// Its number in kept rows: the one by which it is encoded.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Gap => 0,
            Self::Withheld => 1,
            Self::RelayFork => 2,
            Self::Equivocation => 3,
            Self::Signature => 4,
            Self::Commitment => 5,
            Self::Role => 6,
            Self::CommitRefused => 7,
            Self::Malformed => 8,
            Self::LinkUsedTwice => 9,
            Self::BeyondCut => 10,
        }
    }
}
