//! Byte strings of fixed length in CBOR, and how everything of this crate is read and written.

use hearthkeep_model::{AccountId, DeviceId, GroupId, NoteId, RecordId};
use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};
use std::fmt;

/// A byte string of fixed length.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Bytes<const N: usize>(pub(crate) [u8; N]);

impl<const N: usize> fmt::Debug for Bytes<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Bytes(…)")
    }
}

impl<C, const N: usize> Encode<C> for Bytes<N> {
    fn encode<W: encode::Write>(
        &self,
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), encode::Error<W::Error>> {
        e.bytes(&self.0)?.ok()
    }
}

impl<'b, C, const N: usize> Decode<'b, C> for Bytes<N> {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
        <[u8; N]>::try_from(d.bytes()?).map(Self).map_err(|_| decode::Error::message("length"))
    }
}

macro_rules! ids {
    ($($id:ident $size:literal)*) => {$(
        impl From<$id> for Bytes<$size> {
            fn from(id: $id) -> Self {
                Self(*id.as_bytes())
            }
        }

        impl From<Bytes<$size>> for $id {
            fn from(bytes: Bytes<$size>) -> Self {
                Self::from_bytes(bytes.0)
            }
        }
    )*};
}

ids! { AccountId 32 DeviceId 16 GroupId 16 NoteId 16 RecordId 16 }

/// Longest thing that this crate reads from a record or a row.
pub(crate) const READ_MAX: usize = 8 * 1024 * 1024;

/// Writes a value.
pub(crate) fn write<T: Encode<()>>(value: &T) -> Vec<u8> {
    hearthkeep_wire::encode(value)
}

/// Reads a value from all of `bytes`; what names itself must have the one form that writing gives.
pub(crate) fn read<T: for<'b> Decode<'b, ()> + Encode<()>>(bytes: &[u8]) -> Option<T> {
    hearthkeep_wire::decode_canonical(bytes, READ_MAX).ok()
}

/// Reads a value to which a newer version may have added fields.
pub(crate) fn read_open<T: for<'b> Decode<'b, ()>>(bytes: &[u8]) -> Option<T> {
    hearthkeep_wire::decode_exact(bytes, READ_MAX).ok()
}
