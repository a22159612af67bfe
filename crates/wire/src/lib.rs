//! What client and relay say to each other: mailboxes, sequence numbers, blobs, limits, refusals.
//!
//! Every message is CBOR with integer keys, read by [`decode_exact`] under a limit. A request carries
//! an [`Auth`]: an Ed25519 signature under the capability of its mailbox. A relay orders blobs and
//! chains them by hash ([`Head::after`]); it never learns what is in one.
//!
//! Not here: people, groups, ciphers, keys that sign, input and output.

mod auth;
mod chain;
mod codec;
mod id;
pub mod limits;
mod op;
mod refusal;
mod reply;
mod request;
mod wake;

// The public interface is:
pub use auth::{AUTH_HEADER, Auth, AuthError, message_to_sign};
pub use chain::{ChainBreak, Head, blob_hash, delete_hash, follow, token_hash};
pub use codec::{DecodeError, decode_canonical, decode_exact, encode};
pub use id::{CapKey, Digest, Idem, MailboxId, Nonce, Preimage, Token, WireIdError};
pub use op::Op;
pub use refusal::{Refusal, RefusalBody};
pub use reply::{Appended, Content, Entry, Hello, Page, Quota, Rotated, SealedAt, Waited};
pub use request::{
    Append, Class, Create, Delete, DropDel, Fetch, GetHead, GetQuota, NewMailbox, Proof, Rotate,
    Seal, SealOld, Unseal,
};
pub use wake::{FromRelay, Sub, ToRelay, Wait, sub_body};
