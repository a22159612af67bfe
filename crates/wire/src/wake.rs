//! Wake-ups: over one WebSocket, or by a long poll where a network breaks WebSockets.
//!
//! A wake is a hint and carries no blob. The truth is what a fetch shows.

use minicbor::{Decode, Encode};

use crate::{
    id::{MailboxId, Nonce},
    refusal::RefusalBody,
};

/// Asks to be woken about one mailbox.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Sub {
    /// An [`crate::Auth`] for [`crate::Op::Sub`], over [`sub_body`].
    #[cbor(n(0), with = "minicbor::bytes")]
    pub auth: Vec<u8>,
    /// The last number one has.
    #[n(1)]
    pub since: u64,
}

/// What the signature of a [`Sub`] covers as its body.
#[must_use]
pub const fn sub_body(since: u64) -> [u8; 8] {
    since.to_be_bytes()
}

/// From client to relay, over the socket.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum ToRelay {
    /// Wake me.
    #[n(0)]
    Sub(#[n(0)] Sub),
    /// No longer.
    #[n(1)]
    Unsub(#[n(0)] MailboxId),
}

/// From relay to client, over the socket.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum FromRelay {
    /// The first message: what subscriptions sign.
    #[n(0)]
    Hello(#[n(0)] Nonce),
    /// The mailbox has entries up to this number. Also the answer to a subscription.
    #[n(1)]
    Wake(#[n(0)] MailboxId, #[n(1)] u64),
    /// A subscription was refused.
    #[n(2)]
    Refused(#[n(0)] MailboxId, #[n(1)] RefusalBody),
}

/// A long poll.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Wait {
    /// What to listen to.
    #[n(0)]
    pub subs: Vec<Sub>,
    /// For at most so many seconds.
    #[n(1)]
    pub seconds: u16,
}
