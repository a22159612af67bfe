//! Identifiers. One type for each kind of thing, so that they cannot be mixed up.

use std::fmt;
use std::str::FromStr;

/// Why a text is not an identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// The text does not have two hexadecimal digits for each byte.
    #[error("an id of {expected} bytes has {} digits, not {got}", expected.saturating_mul(2))]
    Length {
        /// Bytes that the id has.
        expected: usize,
        /// Characters that were given.
        got: usize,
    },
    /// A character is not a lower-case hexadecimal digit.
    #[error("an id has only the digits 0-9 and a-f")]
    Digit,
}

fn digit(c: u8) -> Result<u8, IdError> {
    match c {
        b'0'..=b'9' => Ok(c.wrapping_sub(b'0')),
        b'a'..=b'f' => Ok(c.wrapping_sub(b'a').wrapping_add(10)),
        _ => Err(IdError::Digit),
    }
}

fn parse<const N: usize>(text: &str) -> Result<[u8; N], IdError> {
    let length = IdError::Length { expected: N, got: text.len() };
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if !rest.is_empty() || pairs.len() != N {
        return Err(length);
    }
    let mut bytes = [0u8; N];
    for (byte, [high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = (digit(*high)? << 4) | digit(*low)?;
    }
    Ok(bytes)
}

macro_rules! id_type {
    ($(#[$doc:meta])* $name:ident, $size:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; $size]);

        impl $name {
            /// Bytes of this id.
            pub const SIZE: usize = $size;

            /// Takes the bytes as they are.
            #[must_use]
            pub const fn from_bytes(bytes: [u8; $size]) -> Self {
                Self(bytes)
            }

            /// The bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; $size] {
                &self.0
            }
        }

        // An id in a log could tie a person to a thing: only its kind is shown.
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }

        // Lower-case hexadecimal.
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                parse(text).map(Self)
            }
        }
    };
}

id_type!(
    /// An entry: private writing on this computer.
    EntryId, 16
);
id_type!(
    /// A note: a reflection shared with a group, or an answer to one.
    NoteId, 16
);
id_type!(
    /// A sealed picture of an entry.
    AttachmentId, 16
);
id_type!(
    /// An earlier state of an entry.
    VersionId, 16
);
id_type!(
    /// A group. The relay never sees it.
    GroupId, 16
);
id_type!(
    /// A signed, sealed unit in a group's log.
    RecordId, 16
);
id_type!(
    /// One computer of a person, and one leaf of a group's tree.
    DeviceId, 16
);
id_type!(
    /// A person within one group: an Ed25519 public key (RFC 8032).
    AccountId, 32
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_back_from_its_digits() {
        let id = EntryId::from_bytes(*b"\x00\x01\x0f\xf0abcdefghijkl");
        assert_eq!(id.to_string().parse(), Ok(id));
    }

    #[test]
    fn other_texts_are_refused() {
        assert_eq!("".parse::<EntryId>(), Err(IdError::Length { expected: 16, got: 0 }));
        assert_eq!("é".repeat(16).parse::<EntryId>(), Err(IdError::Digit));
        assert_eq!(
            "0".repeat(33).parse::<EntryId>(),
            Err(IdError::Length { expected: 16, got: 33 })
        );
        assert_eq!("F".repeat(32).parse::<EntryId>(), Err(IdError::Digit));
    }

    #[test]
    fn debug_hides_the_bytes() {
        assert_eq!(format!("{:?}", GroupId::from_bytes([7; 16])), "GroupId(…)");
    }
}
