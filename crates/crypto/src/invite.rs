//! What the secret in an invitation's link gives: a signing key, a drop, and two envelopes.

use crate::derive::derive;
use crate::envelope::Purpose;
use crate::{InviteSecret, Label, OpenError, SigningKey, label, pad};
use zeroize::Zeroizing;

impl InviteSecret {
    /// The key that signs a request to join; its public half stands in the invite record.
    #[must_use]
    pub fn signing_key(&self) -> SigningKey {
        SigningKey::from_seed(&derive(self.expose(), label::INVITE_SIGN, &[]))
    }

    /// Id of the drop mailbox.
    #[must_use]
    pub fn drop_id(&self) -> [u8; 32] {
        *derive(self.expose(), label::INVITE_DROP, &[])
    }

    /// The key with which both sides use the drop.
    #[must_use]
    pub fn drop_capability(&self) -> SigningKey {
        SigningKey::from_seed(&derive(self.expose(), label::INVITE_CAP, &[]))
    }

    /// Seals a request to join.
    #[must_use]
    pub fn seal_request(&self, plain: &[u8]) -> Vec<u8> {
        purpose(label::INVITE_REQUEST).seal(self.expose(), plain)
    }

    /// Opens a request to join.
    ///
    /// # Errors
    /// [`OpenError`] when it was not sealed with this link.
    pub fn open_request(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        purpose(label::INVITE_REQUEST).open(self.expose(), sealed)
    }

    /// Seals the answer to a request.
    #[must_use]
    pub fn seal_welcome(&self, plain: &[u8]) -> Vec<u8> {
        purpose(label::INVITE_WELCOME).seal(self.expose(), plain)
    }

    /// Opens the answer to a request.
    ///
    /// # Errors
    /// [`OpenError`] when it was not sealed with this link.
    pub fn open_welcome(&self, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        purpose(label::INVITE_WELCOME).open(self.expose(), sealed)
    }
}

fn purpose(label: Label) -> Purpose<'static> {
    Purpose { label, tag: &[], ctx: &[], size: |len| pad::to_multiple(len, 4_096) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_is_not_a_welcome_and_another_link_opens_neither() {
        let link = InviteSecret::from_bytes([3; 32]);
        let request = link.seal_request(b"Bea");
        assert_eq!(link.open_request(&request).unwrap().as_slice(), b"Bea");
        assert_eq!(link.open_welcome(&request), Err(OpenError::Commitment));
        let welcome = link.seal_welcome(b"come in");
        let other = InviteSecret::from_bytes([4; 32]);
        assert_eq!(other.open_welcome(&welcome), Err(OpenError::Commitment));
        assert_ne!(link.drop_id(), other.drop_id());
    }
}
