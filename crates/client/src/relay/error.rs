//! How speaking to a relay fails.

use hearthkeep_wire::{ChainBreak, Refusal};

/// An address that no relay is spoken to at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AddressError {
    /// Not an address of the form `https://name`, with a port and a path if need be.
    #[error("not the address of a relay")]
    Malformed,
    /// Plain HTTP to another computer: everybody on the way could read times and sizes, and cut off.
    #[error("plain HTTP is spoken to this computer alone")]
    NotPrivate,
}

/// Why a request has no answer that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LinkError {
    /// No connection, or no answer in time.
    #[error("the relay does not answer")]
    Unreachable,
    /// An answer that is none of a relay.
    #[error("what answers is not a relay, or a broken one")]
    NotARelay,
    /// The relay says no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// What it shows does not continue what was read.
    #[error(transparent)]
    Chain(#[from] ChainBreak),
}

impl LinkError {
    /// When the relay asks to be asked again, in milliseconds.
    pub(crate) const fn retry_ms(&self) -> Option<u32> {
        match self {
            Self::Refused(Refusal::TooMany { retry_ms } | Refusal::Busy { retry_ms }) => {
                Some(*retry_ms)
            }
            Self::Unreachable | Self::NotARelay | Self::Refused(_) | Self::Chain(_) => None,
        }
    }
}
