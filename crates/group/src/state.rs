//! What a group keeps between two runs of the app, as plain data with fixed numbers.

use crate::bytes::Bytes;
use crate::changes::Outgoing;
use crate::policy::{LastRecord, LeaveProof};
use hearthkeep_model::Kind;
use hearthkeep_wire::{Class, Head, MailboxId};
use minicbor::{Decode, Encode};

/// Where this device stands with the group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Standing {
    /// Asked to come in.
    #[n(0)]
    Asking,
    /// Inside.
    #[n(1)]
    In,
    /// Removed by somebody.
    #[n(2)]
    Removed,
    /// Left.
    #[n(3)]
    Left,
    /// Was away for longer than a relay shows what it sealed, so that the way on is lost.
    #[n(4)]
    LongAway,
}

/// What this device believes of the relay, and of its own copy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Trust {
    /// Nothing is wrong.
    #[n(0)]
    Whole,
    /// The relay does not show all that was written.
    #[n(1)]
    Withheld,
    /// The relay shows two pasts.
    #[n(2)]
    Forked,
    /// This profile is an old copy: its own newer records are in the log.
    #[n(3)]
    OldCopy,
}

#[derive(Encode, Decode)]
#[cbor(map)]
pub(crate) struct Core {
    #[n(0)]
    pub(crate) version: u8,
    #[n(1)]
    pub(crate) group: Bytes<16>,
    #[n(2)]
    pub(crate) standing: Standing,
    #[n(3)]
    pub(crate) device: Bytes<16>,
    /// Which of the person's account keys for this group.
    #[n(4)]
    pub(crate) account_n: u32,
    #[n(5)]
    pub(crate) account: Bytes<32>,
    #[n(6)]
    pub(crate) sign_seed: Bytes<32>,
    #[n(7)]
    pub(crate) seal_seed: Bytes<32>,
    #[n(8)]
    pub(crate) own_name: String,
    #[n(9)]
    pub(crate) relay: String,
    #[n(10)]
    pub(crate) generations: Vec<Generation>,
    /// Day of the last commit.
    #[n(11)]
    pub(crate) day: i32,
    #[n(12)]
    pub(crate) chains: Vec<LastRecord>,
    #[n(13)]
    pub(crate) own: OwnChain,
    #[n(14)]
    pub(crate) todos: Vec<Todo>,
    #[n(15)]
    pub(crate) flight: Option<Flight>,
    #[n(16)]
    pub(crate) invites: Vec<Invite>,
    #[n(17)]
    pub(crate) leavers: Vec<LeaveProof>,
    #[n(18)]
    pub(crate) tombs: Vec<Tomb>,
    /// Entries that this device can never open, because it came later.
    #[n(19)]
    pub(crate) opaque: Vec<Bytes<32>>,
    #[n(20)]
    pub(crate) old_kids: Vec<Bytes<8>>,
    /// Entries that wait for an epoch, or for the record before them.
    #[n(21)]
    pub(crate) waiting: Vec<Parked>,
    #[n(22)]
    pub(crate) told: Vec<(u8, Bytes<16>, u64)>,
    #[n(23)]
    pub(crate) trust: Trust,
    #[n(24)]
    pub(crate) joining: Option<Joining>,
    #[n(25)]
    pub(crate) token: Option<Bytes<32>>,
    #[n(26)]
    pub(crate) receipt_day: i32,
    #[n(27)]
    pub(crate) renewed_day: i32,
    #[n(28)]
    pub(crate) door_day: i32,
    #[n(29)]
    pub(crate) read_up_to: (u32, u64),
    /// Hashes that a withdrawal has named.
    #[n(30)]
    pub(crate) named: Vec<Bytes<32>>,
    /// Sealed records of others' and one's own that were superseded before they stood anywhere.
    #[n(31)]
    pub(crate) void: Vec<(Bytes<16>, u64, Bytes<32>)>,
    /// Notes that were taken back: they never come again.
    #[n(32)]
    pub(crate) taken_back: Vec<TakenBack>,
    #[n(33)]
    pub(crate) left_proof_sent: bool,
    /// Notes that were taken back, whose removal this device has not yet told.
    #[n(35)]
    pub(crate) owed_receipts: Vec<Bytes<16>>,
    /// The day on which the group was founded, or joined.
    #[n(37)]
    pub(crate) founded_day: i32,
    /// One's own notes that one has asked to take back.
    #[n(36)]
    pub(crate) withdrawing: Vec<Bytes<16>>,
    /// Where the removed were cut off: device and last record that counts.
    #[n(34)]
    pub(crate) cuts: Vec<LastRecord>,
    /// Accepted by the relay, and not yet read back.
    #[cbor(n(38), default)]
    pub(crate) sent: Vec<Say>,
    /// The day on which the relay last showed a mailbox of the present generation.
    #[cbor(n(39), default)]
    pub(crate) seen_day: i32,
    /// One's own notes whose taking back was under way when one's place ended, and whether it may
    /// have arrived.
    #[cbor(n(40), default)]
    pub(crate) not_taken_back: Vec<(Bytes<16>, bool)>,
}

/// A mailbox period.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(crate) struct Generation {
    #[n(0)]
    pub(crate) number: u32,
    #[n(1)]
    pub(crate) handshake: MailboxId,
    #[n(2)]
    pub(crate) content: MailboxId,
    #[n(3)]
    pub(crate) cap_seed: Bytes<32>,
    #[n(4)]
    pub(crate) handshake_read: Head,
    #[n(5)]
    pub(crate) content_read: Head,
    /// Where the content ended, once the generation is over.
    #[n(6)]
    pub(crate) cut: Option<Head>,
    /// The day on which it ended.
    #[n(7)]
    pub(crate) ended: Option<i32>,
    #[n(8)]
    pub(crate) door: Bytes<32>,
    /// Where the relay last said that the content ends; the largest number until it has said so.
    #[n(9)]
    pub(crate) content_end: u64,
}

/// One's own chain.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(crate) struct OwnChain {
    #[n(0)]
    pub(crate) next: u64,
    #[n(1)]
    pub(crate) last: Option<Bytes<32>>,
    /// Sealed, and never in a log.
    #[n(2)]
    pub(crate) void: Vec<Bytes<32>>,
}

/// Something that is to be done at the relay.
#[derive(Clone, Encode, Decode)]
#[cbor(map)]
pub(crate) struct Todo {
    #[n(0)]
    pub(crate) id: Bytes<16>,
    #[n(1)]
    pub(crate) what: What,
}

#[derive(Clone, Encode, Decode)]
pub(crate) enum What {
    /// Open a mailbox with the operator's token.
    #[n(0)]
    Open(#[n(0)] MailboxId, #[n(1)] Class, #[n(2)] Bytes<32>, #[n(3)] Option<u32>),
    /// Put a letter into a drop.
    #[n(1)]
    Letter(#[n(0)] MailboxId, #[cbor(n(1), with = "minicbor::bytes")] Vec<u8>),
    /// Commit.
    #[n(2)]
    Commit(#[n(0)] Want),
    /// Say something.
    #[n(3)]
    Say(#[n(0)] Say),
    /// Remove one's own blob.
    #[n(4)]
    Delete(#[n(0)] MailboxId, #[n(1)] u64, #[n(2)] Bytes<16>),
    /// Remove a drop.
    #[n(5)]
    CloseDrop(#[n(0)] MailboxId),
}

impl What {
    pub(crate) const fn as_say(&self) -> Option<&Say> {
        if let Self::Say(say) = self { Some(say) } else { None }
    }

    pub(crate) const fn as_want(&self) -> Option<&Want> {
        if let Self::Commit(want) = self { Some(want) } else { None }
    }
}

/// Why one wants to commit.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) enum Want {
    /// Renew one's own keys.
    #[n(0)]
    Renew,
    /// Let in who made this request.
    #[n(1)]
    LetIn(#[n(0)] Bytes<32>),
    /// Remove a person.
    #[n(2)]
    Remove(#[n(0)] Bytes<32>),
    /// Make somebody a facilitator.
    #[n(3)]
    Promote(#[n(0)] Bytes<32>),
    /// Begin a new generation.
    #[n(4)]
    Rotate,
}

/// Something to say. It has no place, epoch or signature yet.
#[derive(Clone, Encode, Decode)]
#[cbor(map)]
pub(crate) struct Say {
    #[n(0)]
    pub(crate) record: Bytes<16>,
    #[n(1)]
    pub(crate) kind: u16,
    #[n(2)]
    pub(crate) object: Bytes<16>,
    #[n(3)]
    pub(crate) target: Option<Bytes<16>>,
    #[n(4)]
    pub(crate) day: i32,
    #[n(5)]
    pub(crate) shareable: bool,
    #[cbor(n(6), with = "minicbor::bytes")]
    pub(crate) content: Vec<u8>,
    #[n(7)]
    pub(crate) to: To,
    /// Key of the body, when it is for some only.
    #[n(8)]
    pub(crate) key: Option<Bytes<32>>,
}

impl Say {
    /// It begins this note or answer.
    pub(crate) fn begins(&self, object: &Bytes<16>) -> bool {
        let kind = Kind::from_number(self.kind);
        self.object == *object && matches!(kind, Kind::Note | Kind::Comment)
    }

    /// It takes back this note or answer.
    pub(crate) fn takes_back(&self, object: &Bytes<16>) -> bool {
        Kind::from_number(self.kind) == Kind::Withdraw && self.target == Some(*object)
    }
}

/// Whom something is said to.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) enum To {
    #[n(0)]
    Group,
    /// These accounts, and one's own.
    #[n(1)]
    Some(#[n(0)] Vec<Bytes<32>>),
    /// Whoever can read the target.
    #[n(2)]
    LikeTarget,
    #[n(3)]
    Facilitators,
}

/// The request that is on its way.
#[derive(Clone, Encode, Decode)]
#[cbor(map)]
pub(crate) struct Flight {
    #[n(0)]
    pub(crate) todo: Bytes<16>,
    #[n(1)]
    pub(crate) hash: Bytes<32>,
    /// Of a record: its place in one's own chain, and its generation.
    #[n(2)]
    pub(crate) seq: u64,
    #[n(3)]
    pub(crate) generation: u32,
    /// Of a commit that adds: the Welcome, and the request it answers.
    #[cbor(n(4), with = "minicbor::bytes")]
    pub(crate) welcome: Option<Vec<u8>>,
    /// Of a commit: its note.
    #[cbor(n(5), with = "minicbor::bytes")]
    pub(crate) note: Vec<u8>,
    /// A commit, a record, or neither.
    #[n(6)]
    pub(crate) kind: FlightKind,
    /// Kept in a row of the outbox of its own.
    #[cbor(skip)]
    pub(crate) outgoing: Option<Outgoing>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub(crate) enum FlightKind {
    #[n(0)]
    Commit,
    #[n(1)]
    Record,
    #[n(2)]
    Other,
}

/// An invitation that this device can answer.
#[derive(Clone, Encode, Decode)]
#[cbor(map)]
pub(crate) struct Invite {
    #[n(0)]
    pub(crate) secret: Bytes<32>,
    #[n(1)]
    pub(crate) until: i32,
    #[n(2)]
    pub(crate) kind: u8,
    #[n(3)]
    pub(crate) read: Head,
    #[n(4)]
    pub(crate) requests: Vec<Request>,
    #[n(5)]
    pub(crate) closed: bool,
}

/// Somebody asks to come in.
#[derive(Clone, Encode, Decode)]
#[cbor(map)]
pub(crate) struct Request {
    #[n(0)]
    pub(crate) hash: Bytes<32>,
    #[cbor(n(1), with = "minicbor::bytes")]
    pub(crate) package: Vec<u8>,
    #[n(2)]
    pub(crate) account: Bytes<32>,
    #[n(3)]
    pub(crate) device: Bytes<16>,
    #[n(4)]
    pub(crate) name: String,
    /// Turned away, or let in.
    #[n(5)]
    pub(crate) done: bool,
}

/// One's own request.
#[derive(Encode, Decode)]
#[cbor(map)]
pub(crate) struct Joining {
    #[cbor(n(0), with = "minicbor::bytes")]
    pub(crate) link: Vec<u8>,
    #[n(1)]
    pub(crate) hash: Bytes<32>,
    #[n(2)]
    pub(crate) read: Head,
}

/// An entry whose blob was removed.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(crate) struct Tomb {
    #[n(0)]
    pub(crate) hash: Bytes<32>,
    #[n(1)]
    pub(crate) generation: u32,
    #[n(2)]
    pub(crate) n: u64,
    /// The handshakes were read to their end after it was seen.
    #[n(3)]
    pub(crate) looked: bool,
}

/// An entry that cannot be read yet.
#[derive(Clone, Encode, Decode)]
#[cbor(map)]
pub(crate) struct Parked {
    #[n(0)]
    pub(crate) generation: u32,
    #[n(1)]
    pub(crate) at: Head,
    #[cbor(n(2), with = "minicbor::bytes")]
    pub(crate) blob: Vec<u8>,
    /// Whose chain it waits for; of an unknown epoch, nobody's.
    #[n(3)]
    pub(crate) device: Option<Bytes<16>>,
    /// A page of handshakes up to the end came after it and brought no epoch for it.
    #[n(4)]
    pub(crate) looked: bool,
}

/// A note that its author took back.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(crate) struct TakenBack {
    #[n(0)]
    pub(crate) note: Bytes<16>,
    #[n(1)]
    pub(crate) author: Bytes<32>,
    /// Devices that were in the group then, its author's own not counted.
    #[n(2)]
    pub(crate) asked: u16,
    /// Who says that it is removed: device and account.
    #[n(3)]
    pub(crate) removed: Vec<(Bytes<16>, Bytes<32>)>,
    /// What it answered, if it was an answer.
    #[n(4)]
    pub(crate) of: Option<Bytes<16>>,
}
