//! Requests. The mailbox of each is in its [`crate::Auth`].

use minicbor::{Decode, Encode};

use crate::id::{CapKey, Digest, Idem, MailboxId, Preimage, Token};

/// What a mailbox is for: it decides how long its blobs may be, and how long it lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Class {
    /// Records.
    #[n(1)]
    Log,
    /// Handshakes.
    #[n(2)]
    Handshake,
    /// An invitation's few letters, for some days.
    #[n(3)]
    Drop,
}

impl Class {
    /// The longest blob.
    #[must_use]
    pub const fn blob_max(self) -> usize {
        match self {
            Self::Log => crate::limits::LOG_BLOB_MAX,
            Self::Handshake => crate::limits::HANDSHAKE_BLOB_MAX,
            Self::Drop => crate::limits::DROP_BYTES_MAX,
        }
    }
}

/// Opens a mailbox. Signed with the key that is to be its capability, which shows that one has it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Create {
    /// What is opened.
    #[n(0)]
    pub new: NewMailbox,
    /// The operator's token. All mailboxes opened with it share its quota.
    #[n(1)]
    pub token: Token,
}

/// A mailbox that is to be.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct NewMailbox {
    /// Its name.
    #[n(0)]
    pub mailbox: MailboxId,
    /// What it is for.
    #[n(1)]
    pub class: Class,
    /// Who knows the secret half may read and append.
    #[n(2)]
    pub cap: CapKey,
    /// Who knows the secret half may seal, unseal and remove.
    #[n(3)]
    pub admin: Option<CapKey>,
    /// Seconds until it goes away; drops only, and drops must.
    #[n(4)]
    pub ttl_s: Option<u32>,
}

/// Adds a blob at the end.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Append<'b> {
    /// The same for every attempt to append this blob.
    #[n(0)]
    pub idem: Idem,
    /// Append only if this is the head.
    #[n(1)]
    pub expect_head: Option<u64>,
    /// Who shows its preimage may have the blob removed.
    #[n(2)]
    pub delete_hash: Option<Digest>,
    /// What the relay does not understand.
    #[cbor(b(3), with = "minicbor::bytes")]
    pub blob: &'b [u8],
}

/// Reads on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Fetch {
    /// The last number one has; 0 for all.
    #[n(0)]
    pub since: u64,
    /// At most so many entries.
    #[n(1)]
    pub limit: u16,
}

/// Asks for the head.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct GetHead {}

/// Asks for the room that is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct GetQuota {}

/// Appends the removing commit to the mailbox of the signature, seals the old mailboxes and opens
/// the new ones: all of it, or nothing.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Rotate<'b> {
    /// The commit. Its mailbox is sealed as well.
    #[b(0)]
    pub commit: Append<'b>,
    /// Other mailboxes to seal. They must have the same capability.
    #[n(1)]
    pub seal: Vec<SealOld>,
    /// What is opened under the quota of the old ones.
    #[n(2)]
    pub open: Vec<NewMailbox>,
}

/// An old mailbox to seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SealOld {
    /// Which.
    #[n(0)]
    pub mailbox: MailboxId,
    /// Only if this is its head.
    #[n(1)]
    pub expect_head: Option<u64>,
}

/// Closes a mailbox for appends. Signed with the admin key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Seal {}

/// Opens it again: a rotation without a valid commit is undone. Signed with the admin key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Unseal {}

/// Removes a blob. Its hash and link stay, so that the chain still verifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Delete {
    /// Which entry.
    #[n(0)]
    pub seq: u64,
    /// Why one may.
    #[n(1)]
    pub proof: Proof,
}

/// Why one may remove a blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum Proof {
    /// One wrote it. The request is signed with the capability.
    #[n(0)]
    Preimage(#[n(0)] Preimage),
    /// One keeps the group. The request is signed with the admin key.
    #[n(1)]
    Admin,
}

/// Removes a drop with all that is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DropDel {}
