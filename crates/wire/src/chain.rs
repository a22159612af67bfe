//! The hash chain of a mailbox: what makes a relay that forgets, forks or reorders show itself.

use minicbor::{Decode, Encode};
use sha2::{Digest as _, Sha256};

use crate::{
    id::{Digest, MailboxId, Preimage, Token},
    reply::Page,
};

const GENESIS: &[u8] = b"hearthkeep-relay/link0/v1";
const LINK: &[u8] = b"hearthkeep-relay/link/v1";
const DELETE: &[u8] = b"hearthkeep-relay/delete/v1";
const TOKEN: &[u8] = b"hearthkeep-relay/token/v1";

/// The end of a mailbox, or how far somebody has read: a sequence number and the link up to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Head {
    /// How many entries there are; the last one has this number.
    #[n(0)]
    pub seq: u64,
    /// The chain up to and with it.
    #[n(1)]
    pub link: Digest,
}

impl Head {
    /// Where a mailbox begins. Bound to its name, so that no two chains have a common start.
    #[must_use]
    pub fn genesis(mailbox: &MailboxId) -> Self {
        Self { seq: 0, link: hash(&[GENESIS, mailbox.as_bytes()]) }
    }

    /// The head after one more blob, known by its hash.
    ///
    /// `link = SHA-256("hearthkeep-relay/link/v1" ‖ link before ‖ seq ‖ SHA-256(blob))`. The hash
    /// stands for the blob, so that the chain still verifies when the blob has been removed.
    #[must_use]
    pub fn after(&self, blob: &Digest) -> Self {
        // 2^64 entries cannot be written; a relay that claims them has its link refused.
        let seq = self.seq.wrapping_add(1);
        let link = hash(&[LINK, self.link.as_bytes(), &seq.to_be_bytes(), blob.as_bytes()]);
        Self { seq, link }
    }
}

/// How a page fails to continue what was read before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChainBreak {
    /// An entry is missing, or one comes again.
    #[error("entry {got} came where {expected} was next")]
    Order {
        /// The next number.
        expected: u64,
        /// The number that came.
        got: u64,
    },
    /// The entry does not hang on what was read before: the log has another past.
    #[error("entry {seq} does not continue the chain")]
    Link {
        /// Which entry.
        seq: u64,
    },
    /// The relay's end lies before what was read already: the log was shortened.
    #[error("the log ends at {head}, it was read up to {read}")]
    Shortened {
        /// Where the relay says that it ends.
        head: u64,
        /// How far it was read.
        read: u64,
    },
    /// The page reaches the end, and the end has another link.
    #[error("the end at {seq} has another past")]
    End {
        /// Where it ends.
        seq: u64,
    },
    /// The page holds nothing, although the relay says that there is more.
    #[error("nothing came after {read}, and the log ends at {head}")]
    Empty {
        /// Where the relay says that it ends.
        head: u64,
        /// How far it was read.
        read: u64,
    },
}

/// Checks that a page continues `from`, and says how far one has read after it.
///
/// # Errors
/// [`ChainBreak`] names the first entry that does not fit.
pub fn follow(from: &Head, page: &Page<'_>) -> Result<Head, ChainBreak> {
    if page.head.seq < from.seq {
        return Err(ChainBreak::Shortened { head: page.head.seq, read: from.seq });
    }
    let mut at = *from;
    for entry in &page.entries {
        let next = at.after(&entry.content.hash());
        if entry.seq != next.seq {
            return Err(ChainBreak::Order { expected: next.seq, got: entry.seq });
        }
        if entry.link != next.link {
            return Err(ChainBreak::Link { seq: entry.seq });
        }
        at = next;
    }
    if at.seq > page.head.seq || (at.seq == page.head.seq && at.link != page.head.link) {
        return Err(ChainBreak::End { seq: page.head.seq });
    }
    if page.entries.is_empty() && at.seq < page.head.seq {
        return Err(ChainBreak::Empty { head: page.head.seq, read: at.seq });
    }
    Ok(at)
}

/// The hash that stands for a blob in the chain, and for a body in a signature.
#[must_use]
pub fn blob_hash(blob: &[u8]) -> Digest {
    hash(&[blob])
}

/// What an author gives with an append, so that only who knows the preimage can have it removed.
#[must_use]
pub fn delete_hash(preimage: &Preimage) -> Digest {
    hash(&[DELETE, preimage.as_bytes()])
}

/// What the relay keeps of an operator's token.
#[must_use]
pub fn token_hash(token: &Token) -> Digest {
    hash(&[TOKEN, token.as_bytes()])
}

fn hash(parts: &[&[u8]]) -> Digest {
    let mut sha = Sha256::new();
    for part in parts {
        sha.update(part);
    }
    Digest(sha.finalize().into())
}
