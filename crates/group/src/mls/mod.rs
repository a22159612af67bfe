//! Membership and key agreement: RFC 9420 through OpenMLS. Nothing outside this folder names it.
//!
//! Not here: who may do what (policy), what a member shares (record), who is asked (invite).
//! Handshake messages are MLS public messages inside our own envelope: what fails to process then
//! has moved no ratchet. OpenMLS and its provider take randomness from the operating system.

mod agree;
mod facts;
mod hpke;
mod unit;

pub(crate) use agree::{Mls, Plan, package_facts};
pub(crate) use facts::{CommitFacts, LeafFacts, NextEpoch, Sender};
pub(crate) use hpke::{Wrap, derive_public, open_wrap, seal_wrap};

use hearthkeep_crypto::SigningKey;
use openmls_traits::signatures::{Signer, SignerError};
use openmls_traits::types::{Ciphersuite, SignatureScheme};

/// X-Wing, ChaCha20-Poly1305, SHA-256, Ed25519: confidential against who records today.
pub(crate) const SUITE: Ciphersuite = Ciphersuite::MLS_256_XWING_CHACHA20POLY1305_SHA256_Ed25519;
/// The number of the group's rules among the extensions of a group context.
pub(crate) const RULES_EXTENSION: u16 = 0xff01;

/// What key agreement refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MlsError {
    /// The system gives no randomness.
    #[error("the system gives no randomness")]
    Randomness,
    /// The kept state does not load.
    #[error("the kept state of the group does not load")]
    State,
    /// A key package does not verify.
    #[error("a key package does not verify")]
    KeyPackage,
    /// A Welcome does not open, or not with what is kept here.
    #[error("a welcome does not open here")]
    Welcome,
    /// A commit could not be made.
    #[error("a commit could not be made")]
    Commit,
    /// A handshake message does not parse.
    #[error("a handshake message does not parse")]
    Parse,
    /// A commit is for another epoch.
    #[error("a commit is for another epoch")]
    WrongEpoch,
    /// A commit does not verify.
    #[error("a commit does not verify")]
    Verify,
    /// Something that is no commit of a member.
    #[error("a handshake message is no commit of a member")]
    NotACommit,
    /// A body could not be wrapped, or does not unwrap.
    #[error("a key does not unwrap here")]
    Wrap,
    /// This device is no longer in the group.
    #[error("this device is not in the group")]
    NotInside,
}

/// A device's signing key as OpenMLS asks for it; RFC 9420 puts its own label into the payload.
pub(crate) struct DeviceSigner<'a>(pub(crate) &'a SigningKey);

impl Signer for DeviceSigner<'_> {
    fn sign(&self, payload: &[u8]) -> Result<Vec<u8>, SignerError> {
        Ok(self.0.sign_request(payload).0.to_vec())
    }

    fn signature_scheme(&self) -> SignatureScheme {
        SignatureScheme::ED25519
    }
}
