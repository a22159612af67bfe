//! A record: what one device says to the group, signed inside, sealed outside (PROTOCOL G20–G27).
//!
//! Not here: whether its place in a chain is right (chain), what it means (content, apply).

use crate::bytes::{Bytes, read, write};
use crate::policy::LastRecord;
use hearthkeep_crypto::record::{MailboxClass, context};
use hearthkeep_crypto::{
    EpochSecret, OpenError, Signature, SigningKey, VerifyingKey, hash, label, record,
};
use hearthkeep_model::GroupId;
use hearthkeep_wire::Head;
use minicbor::{Decode, Encode};

/// What stands above a record's body.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(crate) struct Header {
    #[n(0)]
    pub(crate) version: u8,
    #[n(1)]
    pub(crate) id: Bytes<16>,
    #[n(2)]
    pub(crate) device: Bytes<16>,
    /// Place in the device's chain, from 1.
    #[n(3)]
    pub(crate) seq: u64,
    /// SHA-256 of the wire bytes of the record before; the first has none.
    #[n(4)]
    pub(crate) prev: Option<Bytes<32>>,
    /// Hashes of sealed records of the places just before that never stood in a log.
    #[n(5)]
    pub(crate) supersedes: Vec<Bytes<32>>,
    /// Heads of other devices' chains that the author had read, where they changed.
    #[n(6)]
    pub(crate) seen: Vec<LastRecord>,
    #[n(7)]
    pub(crate) generation: u32,
    /// How far the author had read this generation's content log.
    #[n(8)]
    pub(crate) log_head: Head,
    #[n(9)]
    pub(crate) kind: u16,
    /// The note or answer that this is, or is a version of.
    #[n(10)]
    pub(crate) object: Bytes<16>,
    /// The note that this answers, takes back, or has removed.
    #[n(11)]
    pub(crate) target: Option<Bytes<16>>,
    /// The day as lived; hours are not told.
    #[n(12)]
    pub(crate) day: i32,
    /// Who joins later may be given it.
    #[n(13)]
    pub(crate) shareable: bool,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct Plain {
    #[cbor(n(0), with = "minicbor::bytes")]
    header: Vec<u8>,
    #[cbor(n(1), with = "minicbor::bytes")]
    body: Vec<u8>,
    #[n(2)]
    signature: Bytes<64>,
}

/// The epoch that a record is sealed and signed in.
pub(crate) struct InEpoch<'a> {
    pub(crate) group: GroupId,
    pub(crate) epoch: u64,
    pub(crate) authenticator: &'a [u8],
    pub(crate) secret: EpochSecret,
}

/// A record that opened. Nobody's yet: its signature has not been verified.
pub(crate) struct Opened {
    pub(crate) header: Header,
    pub(crate) header_bytes: Vec<u8>,
    pub(crate) body: Vec<u8>,
    pub(crate) signature: Bytes<64>,
}

/// Why a sealed record gives none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RecordFault {
    /// The commitment is another's.
    Commitment,
    /// It does not open, or is no record.
    Malformed,
}

impl InEpoch<'_> {
    /// Seals a record, signed by its device over group, epoch, transcript, header and body.
    pub(crate) fn seal(&self, key: &SigningKey, header: &Header, body: Vec<u8>) -> Vec<u8> {
        let header = write(header);
        let signature = Bytes(key.sign(label::RECORD, &self.signed(&header, &body)).0);
        let ctx = context(self.group.as_bytes(), MailboxClass::Content);
        record::seal(&self.secret, &ctx, &write(&Plain { header, body, signature }))
    }

    pub(crate) fn open(&self, sealed: &[u8]) -> Result<Opened, RecordFault> {
        let ctx = context(self.group.as_bytes(), MailboxClass::Content);
        let plain = record::open(&self.secret, &ctx, sealed).map_err(|error| match error {
            OpenError::Commitment => RecordFault::Commitment,
            OpenError::Short { .. }
            | OpenError::Version { .. }
            | OpenError::Forged
            | OpenError::Padding
            | OpenError::CutShort => RecordFault::Malformed,
        })?;
        let plain: Plain = read(&plain).ok_or(RecordFault::Malformed)?;
        let header: Header = read(&plain.header).ok_or(RecordFault::Malformed)?;
        let whole = header.version == 1
            && header.seq > 0
            && u64::try_from(header.supersedes.len()).is_ok_and(|count| count < header.seq)
            && (header.prev.is_some() || header.seq == 1);
        if !whole {
            return Err(RecordFault::Malformed);
        }
        Ok(Opened {
            header,
            header_bytes: plain.header,
            body: plain.body,
            signature: plain.signature,
        })
    }

    /// Whether the device with this key wrote it, here and now.
    pub(crate) fn verify(&self, key: &VerifyingKey, opened: &Opened) -> bool {
        let signed = self.signed(&opened.header_bytes, &opened.body);
        key.verify(label::RECORD, &signed, &Signature(opened.signature.0)).is_ok()
    }

    fn signed(&self, header: &[u8], body: &[u8]) -> Vec<u8> {
        let ctx = context(self.group.as_bytes(), MailboxClass::Content);
        let authenticator = hash::sha256(self.authenticator);
        let parts = [hash::sha256(header), hash::sha256(body)];
        [ctx.as_slice(), &self.epoch.to_be_bytes(), &authenticator, parts.as_flattened()].concat()
    }
}
