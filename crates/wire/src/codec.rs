//! Reading and writing CBOR under limits.

use minicbor::{Decode, Decoder, Encode};

/// Bytes that are not the message they should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// More bytes than this message may have.
    #[error("{got} bytes, at most {limit} are read")]
    TooLong {
        /// How many came.
        got: usize,
        /// How many are read.
        limit: usize,
    },
    /// Not this message.
    #[error("malformed at byte {at}")]
    Malformed {
        /// Where reading stopped.
        at: usize,
    },
    /// A whole message, and something after it.
    #[error("{extra} bytes after the end")]
    Trailing {
        /// How many follow.
        extra: usize,
    },
    /// The message can be written in a shorter or other way.
    #[error("not in canonical form")]
    NotCanonical,
}

/// Reads one message from all of `bytes`, which may be at most `limit` long.
///
/// The length is checked first; minicbor borrows and never allocates by a claimed length; what is
/// left over is refused, because a second reader could take it for something.
///
/// # Errors
/// [`DecodeError`], which says how the bytes failed.
pub fn decode_exact<'b, T: Decode<'b, ()>>(
    bytes: &'b [u8],
    limit: usize,
) -> Result<T, DecodeError> {
    if bytes.len() > limit {
        return Err(DecodeError::TooLong { got: bytes.len(), limit });
    }
    let mut decoder = Decoder::new(bytes);
    let value = decoder.decode().map_err(|_| DecodeError::Malformed { at: decoder.position() })?;
    match bytes.len().checked_sub(decoder.position()) {
        Some(0) => Ok(value),
        Some(extra) => Err(DecodeError::Trailing { extra }),
        None => Err(DecodeError::Malformed { at: bytes.len() }),
    }
}

/// Like [`decode_exact`], and the value must encode to the same bytes again.
///
/// That refuses duplicate keys, unknown keys and non-minimal integers together: one meaning has one
/// form. Requests are read in this way; replies are not, so that a newer relay may add a field.
///
/// # Errors
/// [`DecodeError`], which says how the bytes failed.
pub fn decode_canonical<'b, T: Decode<'b, ()> + Encode<()>>(
    bytes: &'b [u8],
    limit: usize,
) -> Result<T, DecodeError> {
    let value: T = decode_exact(bytes, limit)?;
    if encode(&value) == bytes { Ok(value) } else { Err(DecodeError::NotCanonical) }
}

/// Writes a message.
#[must_use]
pub fn encode<T: Encode<()>>(value: &T) -> Vec<u8> {
    let mut out = Vec::new();
    // A Vec takes every byte, and our encoders make no errors of their own.
    minicbor::encode(value, &mut out).map_or_else(|_| Vec::new(), |()| out)
}

const HEX: &[u8; 16] = b"0123456789abcdef";

pub(crate) fn to_hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from(HEX.get(usize::from(nibble)).copied().unwrap_or(b'0'));
    bytes.iter().flat_map(|b| [digit(b >> 4), digit(b & 15)]).collect()
}

pub(crate) fn from_hex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != N.checked_mul(2)? {
        return None;
    }
    let mut out = [0; N];
    for (byte, pair) in out.iter_mut().zip(digits.chunks_exact(2)) {
        let [high, low] = pair else { return None };
        *byte = nibble(*high)? << 4 | nibble(*low)?;
    }
    Some(out)
}

/// Lower case only, so that one value has one form.
fn nibble(digit: u8) -> Option<u8> {
    HEX.iter().position(|d| *d == digit).and_then(|at| u8::try_from(at).ok())
}
