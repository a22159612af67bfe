//! The committing envelope that records, handshakes, requests and bundles share.
//!
//! `1 ‖ tag ‖ N(24) ‖ com(32) ‖ XChaCha20-Poly1305(k, N, padded, aad = 1 ‖ tag ‖ com ‖ ctx)` with
//! `(k, com) = HKDF-SHA256(salt = N, ikm = secret, label ‖ tag ‖ ctx)`. A key for each nonce: a
//! cloned device cannot bring nonce reuse. The commitment is compared first, in constant time:
//! no envelope opens differently under two keys.

use crate::aead::{self, NONCE, TAG};
use crate::derive::expand;
use crate::{Label, OpenError, pad, random_bytes};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// Format version of all envelopes.
pub const VERSION: u8 = 1;
const COMMITMENT: usize = 32;

/// What an envelope is for: label, context, and how its length is hidden.
pub(crate) struct Purpose<'a> {
    pub(crate) label: Label,
    /// In clear in front: eight bytes that say which secret, or nothing.
    pub(crate) tag: &'a [u8],
    pub(crate) ctx: &'a [u8],
    pub(crate) size: fn(usize) -> usize,
}

impl Purpose<'_> {
    pub(crate) fn seal(&self, secret: &[u8; 32], plain: &[u8]) -> Vec<u8> {
        self.seal_with(secret, plain, &random_bytes())
    }

    pub(crate) fn seal_with(
        &self,
        secret: &[u8; 32],
        plain: &[u8],
        nonce: &[u8; NONCE],
    ) -> Vec<u8> {
        let (key, com) = self.key_and_commitment(secret, nonce);
        let mut body = Zeroizing::new(pad::pad(plain, self.size, TAG));
        aead::seal(&key, nonce, &self.aad(&com), &mut body);
        let head = self.tag.len().saturating_add(1 + NONCE + COMMITMENT);
        let mut sealed = Vec::with_capacity(head.saturating_add(body.len()));
        sealed.push(VERSION);
        sealed.extend_from_slice(self.tag);
        sealed.extend_from_slice(nonce);
        sealed.extend_from_slice(&com);
        sealed.extend_from_slice(&body);
        sealed
    }

    pub(crate) fn open(
        &self,
        secret: &[u8; 32],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        let least = self.tag.len().saturating_add(1 + NONCE + COMMITMENT + TAG);
        let short = OpenError::Short { least, got: sealed.len() };
        let (version, rest) = sealed.split_first().ok_or(short)?;
        if *version != VERSION {
            return Err(OpenError::Version { got: *version });
        }
        if sealed.len() < least {
            return Err(short);
        }
        let rest = rest.strip_prefix(self.tag).ok_or(OpenError::Commitment)?;
        let (nonce, rest) = rest.split_first_chunk::<NONCE>().ok_or(short)?;
        let (com, body) = rest.split_first_chunk::<COMMITMENT>().ok_or(short)?;
        let (key, expected) = self.key_and_commitment(secret, nonce);
        if !bool::from(expected.ct_eq(com)) {
            return Err(OpenError::Commitment);
        }
        let mut plain = Zeroizing::new(body.to_vec());
        aead::open(&key, nonce, &self.aad(com), &mut plain)?;
        if pad::unpad(&mut plain) { Ok(plain) } else { Err(OpenError::Padding) }
    }

    fn key_and_commitment(
        &self,
        secret: &[u8; 32],
        nonce: &[u8; NONCE],
    ) -> (Zeroizing<[u8; 32]>, [u8; COMMITMENT]) {
        let mut both = Zeroizing::new([0u8; 64]);
        expand(Some(nonce), secret, self.label, &[self.tag, self.ctx], both.as_mut_slice());
        let (mut key, mut com) = (Zeroizing::new([0u8; 32]), [0u8; COMMITMENT]);
        key.iter_mut().chain(com.iter_mut()).zip(both.iter()).for_each(|(to, from)| *to = *from);
        (key, com)
    }

    fn aad(&self, com: &[u8; COMMITMENT]) -> Vec<u8> {
        let mut aad = vec![VERSION];
        aad.extend_from_slice(self.tag);
        aad.extend_from_slice(com);
        aad.extend_from_slice(self.ctx);
        aad
    }
}
