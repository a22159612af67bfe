//! One slot: `N(24) ‖ com(32) ‖ XChaCha20-Poly1305(profile key)`, bound to its place.

use super::kdf::KdfParams;
use crate::aead::{self, NONCE, TAG};
use crate::derive::{derive, expand};
use crate::words::RecoveryPhrase;
use crate::{ProfileKey, label, random_bytes};
use bip39::Mnemonic;
use std::borrow::Cow;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

const COMMITMENT: usize = 32;
const SEALED: usize = 32 + TAG;

/// Bytes of a slot.
pub(super) const SLOT: usize = NONCE + COMMITMENT + SEALED;

/// A key that wraps the profile key.
pub(super) struct Wrap(Zeroizing<[u8; 32]>);

impl Wrap {
    /// Costs one run of Argon2id. The passphrase is taken in NFKD, so that another keyboard's way
    /// of writing the same letters opens too.
    pub(super) fn from_passphrase(passphrase: &str, salt: &[u8; 32], params: KdfParams) -> Self {
        let mut text = Cow::Borrowed(passphrase);
        Mnemonic::normalize_utf8_cow(&mut text);
        let text = Zeroizing::new(text.into_owned());
        let run = params.run(text.as_bytes(), salt);
        Self(derive(run.as_slice(), label::SLOT_PASSPHRASE, &[]))
    }

    /// 256 random bits need no stretching. The file's salt does not enter: a changed passphrase
    /// leaves this slot as it is.
    pub(super) fn from_words(phrase: &RecoveryPhrase) -> Self {
        Self(derive(phrase.expose_entropy(), label::SLOT_WORDS, &[]))
    }

    pub(super) fn seal(&self, at: u8, key: &ProfileKey) -> [u8; SLOT] {
        let nonce = random_bytes::<NONCE>();
        let (wrap, com) = self.key_and_commitment(at, &nonce);
        let mut body = Zeroizing::new(Vec::with_capacity(SEALED));
        body.extend_from_slice(key.expose());
        aead::seal(&wrap, &nonce, &[at], &mut body);
        let mut slot = [0u8; SLOT];
        let bytes = nonce.iter().chain(&com).chain(body.iter());
        slot.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        slot
    }

    pub(super) fn open(&self, at: u8, slot: &[u8; SLOT]) -> Option<ProfileKey> {
        let (nonce, rest) = slot.split_first_chunk::<NONCE>()?;
        let (com, body) = rest.split_first_chunk::<COMMITMENT>()?;
        let (wrap, expected) = self.key_and_commitment(at, nonce);
        if !bool::from(expected.ct_eq(com)) {
            return None;
        }
        let mut key = Zeroizing::new(body.to_vec());
        aead::open(&wrap, nonce, &[at], &mut key).ok()?;
        key.as_slice().try_into().ok().map(ProfileKey::from_bytes)
    }

    fn key_and_commitment(
        &self,
        at: u8,
        nonce: &[u8; NONCE],
    ) -> (Zeroizing<[u8; 32]>, [u8; COMMITMENT]) {
        let mut both = Zeroizing::new([0u8; 64]);
        expand(Some(nonce), self.0.as_slice(), label::SLOT, &[&[at]], both.as_mut_slice());
        let (mut key, mut com) = (Zeroizing::new([0u8; 32]), [0u8; COMMITMENT]);
        key.iter_mut().chain(com.iter_mut()).zip(both.iter()).for_each(|(to, from)| *to = *from);
        (key, com)
    }
}
