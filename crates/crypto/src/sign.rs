//! Ed25519 (RFC 8032), always under a label, always verified strictly.

use crate::{Label, random_bytes};
use ed25519_dalek::Signer;
use std::fmt;
use zeroize::Zeroizing;

/// Why a signature or a public key is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// The bytes are no public key.
    #[error("not a public key")]
    NotAKey,
    /// Somebody else signed, or something else was signed.
    #[error("the signature is not by this key over this message")]
    Refused,
}

/// A signature's 64 bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Signature(pub [u8; 64]);

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signature(…)")
    }
}

/// Signs. Wiped when it is dropped.
pub struct SigningKey(ed25519_dalek::SigningKey);

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(…)")
    }
}

impl SigningKey {
    /// The key of a seed.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(seed))
    }

    /// A new random one.
    #[must_use]
    pub fn generate() -> Self {
        Self::from_seed(&Zeroizing::new(random_bytes()))
    }

    /// The seed, for sealing it.
    #[must_use]
    pub fn expose_seed(&self) -> Zeroizing<[u8; 32]> {
        Zeroizing::new(self.0.to_bytes())
    }

    /// The public half.
    #[must_use]
    pub fn verifying_key(&self) -> VerifyingKey {
        VerifyingKey(self.0.verifying_key())
    }

    /// Signs label ‖ 0 ‖ message.
    #[must_use]
    pub fn sign(&self, purpose: Label, message: &[u8]) -> Signature {
        Signature(self.0.sign(&labelled(purpose, message)).to_bytes())
    }

    /// Signs bytes that begin with a label of their own, as the relay's protocol defines them.
    #[must_use]
    pub fn sign_request(&self, request: &[u8]) -> Signature {
        Signature(self.0.sign(request).to_bytes())
    }
}

/// Verifies.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct VerifyingKey(ed25519_dalek::VerifyingKey);

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VerifyingKey(…)")
    }
}

impl VerifyingKey {
    /// Reads a public key.
    ///
    /// # Errors
    /// [`SignatureError::NotAKey`] when the bytes are no point of the curve, or a weak one.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, SignatureError> {
        match ed25519_dalek::VerifyingKey::from_bytes(bytes) {
            Ok(key) if !key.is_weak() => Ok(Self(key)),
            _ => Err(SignatureError::NotAKey),
        }
    }

    /// The 32 bytes.
    #[must_use]
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// Verifies a signature over label ‖ 0 ‖ message.
    ///
    /// # Errors
    /// [`SignatureError::Refused`] when it is another's, or over something else.
    pub fn verify(
        &self,
        purpose: Label,
        message: &[u8],
        signature: &Signature,
    ) -> Result<(), SignatureError> {
        let signature = ed25519_dalek::Signature::from_bytes(&signature.0);
        self.0
            .verify_strict(&labelled(purpose, message), &signature)
            .map_err(|_| SignatureError::Refused)
    }
}

fn labelled(purpose: Label, message: &[u8]) -> Vec<u8> {
    [purpose.as_bytes(), &[0], message].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::label;

    #[test]
    fn a_signature_holds_for_one_key_one_label_and_one_message() {
        let (bea, cem) = (SigningKey::from_seed(&[1; 32]), SigningKey::from_seed(&[2; 32]));
        let signature = bea.sign(label::RECORD, b"heard you");
        let check = |key: &SigningKey, label, message: &[u8]| {
            key.verifying_key().verify(label, message, &signature)
        };
        assert_eq!(check(&bea, label::RECORD, b"heard you"), Ok(()));
        assert_eq!(check(&cem, label::RECORD, b"heard you"), Err(SignatureError::Refused));
        assert_eq!(check(&bea, label::DEVICE_CERT, b"heard you"), Err(SignatureError::Refused));
        assert_eq!(check(&bea, label::RECORD, b"heard me"), Err(SignatureError::Refused));
    }

    #[test]
    fn weak_public_keys_are_refused() {
        assert_eq!(VerifyingKey::from_bytes(&[0; 32]), Err(SignatureError::NotAKey));
        let mut one = [0; 32];
        one[0] = 1;
        assert_eq!(VerifyingKey::from_bytes(&one), Err(SignatureError::NotAKey));
    }
}
