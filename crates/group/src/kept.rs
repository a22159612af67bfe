//! Epochs and records as they are kept: what opened, who was there, and the signature.

use crate::bytes::Bytes;
use hearthkeep_wire::Digest;
use minicbor::{Decode, Encode};
use zeroize::Zeroize;

/// What the members of an epoch shared.
#[derive(Clone, Encode, Decode)]
#[cbor(map)]
pub(crate) struct Epoch {
    #[n(0)]
    pub(crate) number: u64,
    #[n(1)]
    pub(crate) generation: u32,
    #[n(2)]
    pub(crate) kid: Bytes<8>,
    /// Erased thirty days after its generation has ended.
    #[n(3)]
    pub(crate) secret: Option<Bytes<32>>,
    #[cbor(n(4), with = "minicbor::bytes")]
    pub(crate) authenticator: Vec<u8>,
    #[n(5)]
    pub(crate) roster: Vec<RosterLine>,
}

/// A device in an epoch.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(crate) struct RosterLine {
    #[n(0)]
    pub(crate) device: Bytes<16>,
    #[n(1)]
    pub(crate) account: Bytes<32>,
    #[n(2)]
    pub(crate) sign_key: Bytes<32>,
    /// 0 facilitator, 1 member, 2 reader.
    #[n(3)]
    pub(crate) role: u8,
    #[n(4)]
    pub(crate) name: String,
}

/// A record that opened and verified.
#[derive(Clone, Encode, Decode)]
#[cbor(map)]
pub(crate) struct Kept {
    #[n(0)]
    pub(crate) generation: u32,
    #[n(1)]
    pub(crate) n: u64,
    #[n(2)]
    pub(crate) epoch: u64,
    #[n(3)]
    pub(crate) hash: Bytes<32>,
    #[n(4)]
    pub(crate) account: Bytes<32>,
    #[n(5)]
    pub(crate) device: Bytes<16>,
    #[n(6)]
    pub(crate) seq: u64,
    #[n(7)]
    pub(crate) kind: u16,
    #[n(8)]
    pub(crate) object: Bytes<16>,
    #[n(9)]
    pub(crate) target: Option<Bytes<16>>,
    #[n(10)]
    pub(crate) day: i32,
    #[cbor(n(11), with = "minicbor::bytes")]
    pub(crate) header: Vec<u8>,
    /// The body of a kind that this version does not know, as it was signed.
    #[cbor(n(12), with = "minicbor::bytes")]
    pub(crate) body: Option<Vec<u8>>,
    #[n(13)]
    pub(crate) signature: Bytes<64>,
    /// What the body holds, when it is for us.
    #[cbor(n(14), with = "minicbor::bytes")]
    pub(crate) content: Option<Vec<u8>>,
    #[n(15)]
    pub(crate) key: Option<Bytes<32>>,
    /// Refused by a rule that everybody keeps to: it is kept, and not shown.
    #[n(16)]
    pub(crate) refused: bool,
    #[n(17)]
    pub(crate) record: Bytes<16>,
    /// SHA-256 of the body, which the signature covers.
    #[n(18)]
    pub(crate) body_hash: Bytes<32>,
    /// What it held was erased because it was taken back.
    #[n(19)]
    pub(crate) erased: bool,
    /// The relay chain up to and with it.
    #[n(20)]
    pub(crate) link: Digest,
}

impl Kept {
    /// Erases what it held, and what could confirm a guess at it.
    pub(crate) fn erase(&mut self) {
        self.erased = true;
        self.signature.0.zeroize();
        self.body_hash.0.zeroize();
        if let Some(mut content) = self.content.take() {
            content.zeroize();
        }
        if let Some(mut body) = self.body.take() {
            body.zeroize();
        }
        if let Some(mut key) = self.key.take() {
            key.0.zeroize();
        }
    }
}
