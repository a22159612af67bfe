//! Sealing, opening, deriving, signing and padding: one function per purpose.
//!
//! This is the only crate that imports an AEAD, a KDF, Argon2 or holds a signing key, and no
//! general `encrypt` leaves it. Not here: who may read what (group), where things lie (store),
//! which keys two devices agree on (group, by MLS).

mod aead;
mod answer;
mod random;
mod stack;

pub mod backup;
pub mod derive;
pub mod envelope;
pub mod hash;
pub mod id;
pub mod invite;
pub mod key;
pub mod label;
pub mod pad;
pub mod passphrase;
pub mod record;
pub mod row;
pub mod sealed_file;
pub mod secrets;
pub mod sign;
pub mod strength;
pub mod words;

mod error;

// The public interface is these modules, and:
pub use error::{CryptoError, OpenError};
pub use id::keyed_id;
pub use key::{
    AccountSecret, AttachmentKey, BackupIdentitySeed, EpochSecret, IdKey, IndexKey, InviteSecret,
    ProfileKey, RecordKey, TableKey,
};
pub use label::Label;
pub use random::random_bytes;
pub use sign::{Signature, SigningKey, VerifyingKey};
pub use zeroize::Zeroizing;
