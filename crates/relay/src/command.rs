//! What the writer is asked to do, after signature and form have been checked.

use axum::body::Bytes;
use hearthkeep_wire::{
    Append, Appended, CapKey, Digest, Idem, MailboxId, NewMailbox, Preimage, Refusal, Rotated,
    SealOld, blob_hash,
};

/// A blob to append, and under which conditions.
#[derive(Debug, Clone)]
pub(crate) struct AppendBlob {
    pub(crate) mailbox: MailboxId,
    pub(crate) idem: Idem,
    pub(crate) expect_head: Option<u64>,
    pub(crate) delete_hash: Option<Digest>,
    /// SHA-256 of the blob, computed before the queue, where more than one can be at it.
    pub(crate) hash: Digest,
    pub(crate) blob: Bytes,
}

impl AppendBlob {
    /// Takes the blob out of the body that it came in, without copying it.
    pub(crate) fn new(mailbox: MailboxId, append: &Append<'_>, body: &Bytes) -> Self {
        Self {
            mailbox,
            idem: append.idem,
            expect_head: append.expect_head,
            delete_hash: append.delete_hash,
            hash: blob_hash(append.blob),
            blob: body.slice_ref(append.blob),
        }
    }
}

/// Why an entry may be removed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum MayRemove {
    /// Its author says so.
    Author(Preimage),
    /// The admin key has signed.
    Admin,
}

/// A write.
#[derive(Debug, Clone)]
pub(crate) enum Command {
    Append(AppendBlob),
    Create {
        new: NewMailbox,
        token: Digest,
    },
    Rotate {
        commit: AppendBlob,
        seal: Vec<SealOld>,
        open: Vec<NewMailbox>,
        cap: CapKey,
    },
    Seal(MailboxId),
    Unseal(MailboxId),
    Delete {
        mailbox: MailboxId,
        seq: u64,
        why: MayRemove,
    },
    DropDel(MailboxId),
    /// Remove what is over, at most some rows of it.
    Sweep,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    Appended(Appended),
    Rotated(Rotated),
    Done,
    /// A sweep, and whether there is more to sweep.
    Swept {
        more: bool,
    },
}

pub(crate) type Verdict = Result<Outcome, Refusal>;

/// What all writes of one transaction have changed.
#[derive(Debug)]
pub(crate) struct Settled {
    /// One for each command, in order.
    pub(crate) verdicts: Vec<Verdict>,
    /// Mailboxes with new entries, and their newest number.
    pub(crate) woken: Vec<(MailboxId, u64)>,
    /// Mailboxes that are gone.
    pub(crate) gone: Vec<MailboxId>,
    /// Something was removed that must leave the medium too.
    pub(crate) removed: bool,
}
