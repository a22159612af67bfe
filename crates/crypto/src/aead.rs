//! The one place that calls the cipher: XChaCha20-Poly1305.

use crate::OpenError;
use crate::stack::washed;
use chacha20poly1305::{AeadInOut, KeyInit, XChaCha20Poly1305};

/// Bytes of a nonce.
pub(crate) const NONCE: usize = 24;
/// Bytes of an authentication tag.
pub(crate) const TAG: usize = 16;

/// Seals `buffer` in place; the tag follows it.
pub(crate) fn seal(key: &[u8; 32], nonce: &[u8; NONCE], aad: &[u8], buffer: &mut Vec<u8>) {
    washed(|| XChaCha20Poly1305::new(key.into()).encrypt_in_place(nonce.into(), aad, buffer))
        .expect("memory holds less than the cipher's limit");
}

/// Opens `buffer` in place and takes the tag off.
pub(crate) fn open(
    key: &[u8; 32],
    nonce: &[u8; NONCE],
    aad: &[u8],
    buffer: &mut Vec<u8>,
) -> Result<(), OpenError> {
    washed(|| XChaCha20Poly1305::new(key.into()).decrypt_in_place(nonce.into(), aad, buffer))
        .map_err(|_| OpenError::Forged)
}
