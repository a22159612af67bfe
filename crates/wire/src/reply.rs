//! Replies.

use minicbor::{Decode, Encode};

use crate::{
    chain::{Head, blob_hash},
    id::{Digest, MailboxId, Nonce},
};

/// What a client signs to show that its request is fresh.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Hello {
    /// Good for an hour, and for one counter each.
    #[n(0)]
    pub nonce: Nonce,
}

/// The blob is on disk, at this place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Appended {
    /// Its number and the chain up to and with it.
    #[n(0)]
    pub at: Head,
}

/// A part of a mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Page<'b> {
    /// Entries in order.
    #[b(0)]
    pub entries: Vec<Entry<'b>>,
    /// Where the mailbox ends.
    #[n(1)]
    pub head: Head,
}

/// An entry.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Entry<'b> {
    /// Its number.
    #[n(0)]
    pub seq: u64,
    /// The chain up to and with it.
    #[n(1)]
    pub link: Digest,
    /// The blob, or what is left of it.
    #[b(2)]
    pub content: Content<'b>,
}

/// What an entry holds.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Content<'b> {
    /// The blob.
    #[n(0)]
    Blob(#[cbor(b(0), with = "minicbor::bytes")] &'b [u8]),
    /// It was removed; this is its hash.
    #[n(1)]
    Tombstone(#[n(0)] Digest),
}

impl Content<'_> {
    /// The hash that stands in the chain.
    #[must_use]
    pub fn hash(&self) -> Digest {
        match self {
            Self::Blob(blob) => blob_hash(blob),
            Self::Tombstone(hash) => *hash,
        }
    }
}

/// The commit is appended, the old mailboxes are sealed and the new ones open.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Rotated {
    /// Where the commit is.
    #[n(0)]
    pub at: Head,
    /// Where the other mailboxes were sealed.
    #[n(1)]
    pub sealed: Vec<SealedAt>,
}

/// Where a mailbox was sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SealedAt {
    /// Which.
    #[n(0)]
    pub mailbox: MailboxId,
    /// Its head.
    #[n(1)]
    pub head: Head,
}

/// How much room there is: for display, never for a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Quota {
    /// Bytes in this mailbox.
    #[n(0)]
    pub bytes: u64,
    /// Entries in it.
    #[n(1)]
    pub entries: u64,
    /// Bytes that all mailboxes under its token may still take.
    #[n(2)]
    pub bytes_left: u64,
}

/// What a long poll ends with: mailboxes that have more than one had. Empty when time was up.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Waited {
    /// Name and number of the last entry.
    #[n(0)]
    pub woken: Vec<(MailboxId, u64)>,
}
