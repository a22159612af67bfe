//! The signature that every request about a mailbox carries.
//!
//! A capability is one Ed25519 key for all members of a generation, so the relay cannot tell which
//! of them acts. What is signed is
//! `"hearthkeep-relay/v1" ‖ nonce ‖ counter ‖ op ‖ mailbox ‖ SHA-256(body)`, all of fixed length.
//! The nonce comes from the relay and lives an hour; the counter rises with every request under it
//! and the relay remembers which ones it has seen. So a request that somebody kept can be sent again
//! only to be refused, although HTTP itself remembers nothing (PROTOCOL W4–W7).

use ed25519_dalek::{Signature, VerifyingKey};

use crate::{
    chain::blob_hash,
    codec::{from_hex, to_hex},
    id::{CapKey, Digest, MailboxId, Nonce},
    op::Op,
};

/// The HTTP header that carries an [`Auth`] in hexadecimal.
pub const AUTH_HEADER: &str = "hearthkeep-auth";

const LABEL: &[u8; 19] = b"hearthkeep-relay/v1";
const AUTH_LEN: usize = 32 + 24 + 8 + 32 + 64;

/// Why a request is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// The header, or the field, is not an authorisation.
    #[error("malformed authorisation")]
    Malformed,
    /// The key is none, or one that signs everything.
    #[error("the capability is not a usable key")]
    Key,
    /// The signature is not one of this key over this request.
    #[error("the signature does not match")]
    Signature,
    /// Another body came than the one that was signed.
    #[error("the body is not the one that was signed")]
    Body,
}

/// Who may: a mailbox, what makes the request fresh, and a signature over it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Auth {
    /// Which mailbox it is about.
    pub mailbox: MailboxId,
    /// Given by the relay.
    pub nonce: Nonce,
    /// Rises with every request under one nonce.
    pub counter: u64,
    /// SHA-256 of the body, so that a bad signature is refused before the body is read.
    pub body: Digest,
    /// Ed25519 over [`message_to_sign`].
    pub signature: [u8; 64],
}

/// What a capability signs. Signing itself is done where the keys are.
#[must_use]
pub fn message_to_sign(
    op: Op,
    mailbox: &MailboxId,
    nonce: &Nonce,
    counter: u64,
    body: &Digest,
) -> Vec<u8> {
    [
        LABEL.as_slice(),
        nonce.as_bytes(),
        &counter.to_be_bytes(),
        &[op.code()],
        mailbox.as_bytes(),
        body.as_bytes(),
    ]
    .concat()
}

impl Auth {
    /// The form of the HTTP header.
    #[must_use]
    pub fn to_header(&self) -> String {
        to_hex(&self.to_bytes())
    }

    /// Reads the HTTP header.
    ///
    /// # Errors
    /// [`AuthError::Malformed`] unless it has exactly its length in lower-case hexadecimal.
    pub fn from_header(text: &str) -> Result<Self, AuthError> {
        from_hex::<AUTH_LEN>(text).ok_or(AuthError::Malformed).and_then(|b| Self::from_bytes(&b))
    }

    /// Its fixed layout.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        [
            self.mailbox.as_bytes().as_slice(),
            self.nonce.as_bytes(),
            &self.counter.to_be_bytes(),
            self.body.as_bytes(),
            &self.signature,
        ]
        .concat()
    }

    /// Reads its fixed layout.
    ///
    /// # Errors
    /// [`AuthError::Malformed`] when the length is another.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, AuthError> {
        let (mailbox, rest) = take::<32>(bytes)?;
        let (nonce, rest) = take::<24>(rest)?;
        let (counter, rest) = take::<8>(rest)?;
        let (body, rest) = take::<32>(rest)?;
        let (signature, rest) = take::<64>(rest)?;
        if !rest.is_empty() {
            return Err(AuthError::Malformed);
        }
        Ok(Self {
            mailbox: MailboxId(mailbox),
            nonce: Nonce(nonce),
            counter: u64::from_be_bytes(counter),
            body: Digest(body),
            signature,
        })
    }

    /// Checks the signature. Strictly: a key of small order signs everything for everybody.
    ///
    /// # Errors
    /// [`AuthError::Key`] or [`AuthError::Signature`].
    pub fn verify(&self, op: Op, key: &CapKey) -> Result<(), AuthError> {
        let key = usable_key(key)?;
        let message = message_to_sign(op, &self.mailbox, &self.nonce, self.counter, &self.body);
        key.verify_strict(&message, &Signature::from_bytes(&self.signature))
            .map_err(|_| AuthError::Signature)
    }

    /// Checks that the body which came is the one that was signed.
    ///
    /// # Errors
    /// [`AuthError::Body`].
    pub fn verify_body(&self, body: &[u8]) -> Result<(), AuthError> {
        if blob_hash(body) == self.body { Ok(()) } else { Err(AuthError::Body) }
    }
}

impl CapKey {
    /// Whether a mailbox may be opened under this key.
    ///
    /// # Errors
    /// [`AuthError::Key`] for what is no key, or one of small order.
    pub fn check(&self) -> Result<(), AuthError> {
        usable_key(self).map(drop)
    }
}

fn usable_key(key: &CapKey) -> Result<VerifyingKey, AuthError> {
    match VerifyingKey::from_bytes(key.as_bytes()) {
        Ok(key) if !key.is_weak() => Ok(key),
        Ok(_) | Err(_) => Err(AuthError::Key),
    }
}

fn take<const N: usize>(bytes: &[u8]) -> Result<([u8; N], &[u8]), AuthError> {
    bytes.split_first_chunk::<N>().map(|(head, rest)| (*head, rest)).ok_or(AuthError::Malformed)
}
