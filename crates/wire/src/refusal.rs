//! Why a relay does not do what was asked. Every refusal has a number; none has prose.

use minicbor::{Decode, Encode};

use crate::{chain::Head, id::Nonce};

/// The form of a refusal on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RefusalBody {
    /// Which refusal.
    #[n(0)]
    pub code: u16,
    /// Where the mailbox ends, when that is why.
    #[n(1)]
    pub head: Option<Head>,
    /// A fresh nonce, when the old one is why.
    #[n(2)]
    pub nonce: Option<Nonce>,
    /// Ask again after so many milliseconds.
    #[n(3)]
    pub retry_ms: Option<u32>,
}

/// Why a relay does not do what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The request cannot be read.
    #[error("the request is malformed")]
    Malformed,
    /// The nonce is unknown or old, or its counter was used: sign again with this one.
    #[error("the nonce is no longer good")]
    StaleNonce {
        /// A fresh one.
        nonce: Nonce,
    },
    /// The signature is not one of the mailbox's key.
    #[error("the signature does not match")]
    Signature,
    /// No mailbox of this name.
    #[error("no such mailbox")]
    NoSuchMailbox,
    /// No entry of this number, or none that can be removed.
    #[error("no such entry")]
    NoSuchEntry,
    /// Somebody was faster: here is the head.
    #[error("the head is another")]
    HeadMoved {
        /// It.
        head: Head,
    },
    /// The mailbox exists with another key.
    #[error("the mailbox exists already")]
    Exists,
    /// The mailbox is sealed: nothing more is appended.
    #[error("the mailbox is sealed")]
    Sealed,
    /// The body, or the blob, is longer than it may be.
    #[error("too large")]
    TooLarge,
    /// The idempotency name was used for another blob.
    #[error("the idempotency name belongs to another blob")]
    IdemMismatch,
    /// The preimage is another.
    #[error("the preimage does not match")]
    Preimage,
    /// The operator's token is unknown, expired or used up.
    #[error("the token is not accepted")]
    Token,
    /// The quota is used up, or the drop is full.
    #[error("no room is left")]
    QuotaUsedUp,
    /// Too many requests.
    #[error("too many requests")]
    TooMany {
        /// Ask again after so many milliseconds.
        retry_ms: u32,
    },
    /// The relay cannot just now.
    #[error("the relay is busy")]
    Busy {
        /// Ask again after so many milliseconds.
        retry_ms: u32,
    },
    /// The body did not come in time.
    #[error("the body did not come in time")]
    TooSlow,
    /// A refusal that this version does not know.
    #[error("refused with code {code}")]
    Other {
        /// Its number.
        code: u16,
    },
}

impl Refusal {
    /// Its number.
    #[must_use]
    pub const fn code(&self) -> u16 {
        match self {
            Self::Malformed => 1,
            Self::StaleNonce { .. } => 2,
            Self::Signature => 3,
            Self::NoSuchMailbox => 4,
            Self::NoSuchEntry => 5,
            Self::HeadMoved { .. } => 6,
            Self::Exists => 7,
            Self::Sealed => 8,
            Self::TooLarge => 9,
            Self::IdemMismatch => 10,
            Self::Preimage => 11,
            Self::Token => 12,
            Self::QuotaUsedUp => 13,
            Self::TooMany { .. } => 14,
            Self::Busy { .. } => 15,
            Self::TooSlow => 16,
            Self::Other { code } => *code,
        }
    }

    /// The HTTP status that goes with it.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::Malformed | Self::Other { .. } => 400,
            Self::StaleNonce { .. } => 401,
            Self::Signature | Self::Preimage | Self::Token => 403,
            Self::NoSuchMailbox | Self::NoSuchEntry => 404,
            Self::TooSlow => 408,
            Self::HeadMoved { .. } | Self::Exists => 409,
            Self::Sealed => 410,
            Self::TooLarge => 413,
            Self::IdemMismatch => 422,
            Self::TooMany { .. } => 429,
            Self::Busy { .. } => 503,
            Self::QuotaUsedUp => 507,
        }
    }

    /// Its form on the wire.
    #[must_use]
    pub const fn to_body(&self) -> RefusalBody {
        let mut body = RefusalBody { code: self.code(), head: None, nonce: None, retry_ms: None };
        match self {
            Self::HeadMoved { head } => body.head = Some(*head),
            Self::StaleNonce { nonce } => body.nonce = Some(*nonce),
            Self::TooMany { retry_ms } | Self::Busy { retry_ms } => body.retry_ms = Some(*retry_ms),
            Self::Malformed
            | Self::Signature
            | Self::NoSuchMailbox
            | Self::NoSuchEntry
            | Self::Exists
            | Self::Sealed
            | Self::TooLarge
            | Self::IdemMismatch
            | Self::Preimage
            | Self::Token
            | Self::QuotaUsedUp
            | Self::TooSlow
            | Self::Other { .. } => {}
        }
        body
    }
}

impl From<RefusalBody> for Refusal {
    /// A refusal that lacks what it should carry is one that we do not know.
    fn from(body: RefusalBody) -> Self {
        let other = Self::Other { code: body.code };
        let retry_ms = body.retry_ms.unwrap_or(1_000);
        match body.code {
            1 => Self::Malformed,
            2 => body.nonce.map_or(other, |nonce| Self::StaleNonce { nonce }),
            3 => Self::Signature,
            4 => Self::NoSuchMailbox,
            5 => Self::NoSuchEntry,
            6 => body.head.map_or(other, |head| Self::HeadMoved { head }),
            7 => Self::Exists,
            8 => Self::Sealed,
            9 => Self::TooLarge,
            10 => Self::IdemMismatch,
            11 => Self::Preimage,
            12 => Self::Token,
            13 => Self::QuotaUsedUp,
            14 => Self::TooMany { retry_ms },
            15 => Self::Busy { retry_ms },
            16 => Self::TooSlow,
            _ => other,
        }
    }
}
