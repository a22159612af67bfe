//! Names of fixed length. Each is its own type, so that a mailbox is never taken for a hash.

use core::fmt;

use minicbor::{Decode, Decoder, Encode, Encoder, decode, encode};

/// A name of the wrong length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{what}: {got} bytes, {expected} were expected")]
pub struct WireIdError {
    /// Which name.
    pub what: &'static str,
    /// How many bytes came.
    pub got: usize,
    /// How many it has.
    pub expected: usize,
}

macro_rules! fixed_bytes {
    ($(#[$doc:meta])* $name:ident, $len:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $len]);

        impl $name {
            /// How many bytes it has.
            pub const LEN: usize = $len;

            /// Its bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }

            /// Reads it from exactly as many bytes as it has.
            ///
            /// # Errors
            /// When there are more or fewer.
            pub fn from_slice(bytes: &[u8]) -> Result<Self, WireIdError> {
                <[u8; $len]>::try_from(bytes).map(Self).map_err(|_| WireIdError {
                    what: stringify!($name),
                    got: bytes.len(),
                    expected: $len,
                })
            }
        }

        /// Nothing that points at a group may reach a log: the bytes stay unprinted.
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(…)"))
            }
        }

        impl<C> Encode<C> for $name {
            fn encode<W: encode::Write>(
                &self,
                e: &mut Encoder<W>,
                _: &mut C,
            ) -> Result<(), encode::Error<W::Error>> {
                e.bytes(&self.0)?.ok()
            }
        }

        impl<'b, C> Decode<'b, C> for $name {
            fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, decode::Error> {
                Self::from_slice(d.bytes()?)
                    .map_err(|_| decode::Error::message(concat!("length of ", stringify!($name))))
            }
        }
    };
}

fixed_bytes!(
    /// A mailbox: 32 bytes that look random and name nobody.
    MailboxId, 32
);
fixed_bytes!(
    /// A SHA-256 digest.
    Digest, 32
);
fixed_bytes!(
    /// An Ed25519 public key: the capability of a mailbox, or its admin key.
    CapKey, 32
);
fixed_bytes!(
    /// Names one attempt to append, so that repeating it after a lost answer appends once.
    Idem, 16
);
fixed_bytes!(
    /// Given out by the relay, signed back by the client: what makes a signature fresh.
    Nonce, 24
);
fixed_bytes!(
    /// What an author shows to have an entry removed; the relay holds only its hash.
    Preimage, 32
);
fixed_bytes!(
    /// What an operator gives to a group so that it may open mailboxes. The relay keeps its hash.
    Token, 32
);

impl Token {
    /// The form that people copy: 64 hexadecimal characters.
    #[must_use]
    pub fn to_hex(self) -> String {
        crate::codec::to_hex(&self.0)
    }

    /// Reads the form that people copy; spaces around it do not matter.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        crate::codec::from_hex::<{ Self::LEN }>(text.trim()).map(Self)
    }
}
