//! Bodies: open to the whole group, wrapped for some members, or under the key of what they answer
//! (PROTOCOL G30–G33).

use crate::bytes::Bytes;
use crate::entropy::Entropy;
use crate::mls::{MlsError, Wrap, open_wrap, seal_wrap};
use hearthkeep_crypto::{RecordKey, Zeroizing, hash, random_bytes, record};
use minicbor::{Decode, Encode};

/// People that a note may be meant for, if it is not meant for the whole group.
pub const AUDIENCE_MAX: usize = 20;
/// Numbers of wraps: how many devices there really are is not told.
const STEPS: [usize; 3] = [8, 32, 100];
const KEM_LEN: usize = 1_120;
const WRAPPED_LEN: usize = 48;

/// A record's body.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) enum Body {
    /// For everybody who opens the record.
    #[n(0)]
    Open(#[cbor(n(0), with = "minicbor::bytes")] Vec<u8>),
    /// Under a random key that is wrapped for each device of its readers.
    #[n(1)]
    Wrapped(#[n(0)] Vec<WireWrap>, #[cbor(n(1), with = "minicbor::bytes")] Vec<u8>),
    /// Under a key that follows from the key of what it answers.
    #[n(2)]
    Inherits(#[cbor(n(0), with = "minicbor::bytes")] Vec<u8>),
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct WireWrap {
    #[cbor(n(0), with = "minicbor::bytes")]
    kem: Vec<u8>,
    #[cbor(n(1), with = "minicbor::bytes")]
    sealed: Vec<u8>,
}

/// Wraps a body for these devices' sealing keys. Its place binds it to one header.
pub(crate) fn seal_wrapped(
    key: &RecordKey,
    readers: &[Vec<u8>],
    place: &[u8; 32],
    content: &[u8],
    entropy: &mut Entropy,
) -> Result<Body, MlsError> {
    let count = STEPS.into_iter().find(|step| readers.len() <= *step).ok_or(MlsError::Wrap)?;
    let mut wraps = Vec::with_capacity(count);
    for public in readers {
        let wrap = seal_wrap(public, place, key.expose())?;
        wraps.push((entropy.next_16(), WireWrap { kem: wrap.kem, sealed: wrap.sealed }));
    }
    while wraps.len() < count {
        let (kem, sealed) = (random_bytes::<KEM_LEN>(), random_bytes::<WRAPPED_LEN>());
        let empty = WireWrap { kem: kem.to_vec(), sealed: sealed.to_vec() };
        wraps.push((entropy.next_16(), empty));
    }
    // In a random order: a place in the list must not tell whose it is.
    wraps.sort_by_key(|(order, _)| *order);
    let wraps = wraps.into_iter().map(|(_, wrap)| wrap).collect();
    Ok(Body::Wrapped(wraps, record::seal_body(key, place, content)))
}

/// The key of a wrapped body, if one of its wraps is for this device.
pub(crate) fn unwrap(seed: &[u8; 32], place: &[u8; 32], wraps: &[WireWrap]) -> Option<RecordKey> {
    wraps.iter().take(100).find_map(|wrap| {
        let wrap = Wrap { kem: wrap.kem.clone(), sealed: wrap.sealed.clone() };
        open_wrap(seed, place, &wrap).ok().map(|key| RecordKey::from_bytes(*key))
    })
}

/// Seals an answer so that exactly those read it who read what it answers.
pub(crate) fn seal_inherited(
    parent: &RecordKey,
    object: &Bytes<16>,
    place: &[u8; 32],
    content: &[u8],
) -> Body {
    Body::Inherits(record::seal_body(&parent.answer_key(&object.0), place, content))
}

/// Opens what was sealed under a body's key.
pub(crate) fn open_sealed(
    key: &RecordKey,
    place: &[u8; 32],
    sealed: &[u8],
) -> Option<Zeroizing<Vec<u8>>> {
    record::open_body(key, place, sealed).ok()
}

/// Where a body belongs: under this one header.
pub(crate) fn place(header: &[u8]) -> [u8; 32] {
    hash::sha256(header)
}
