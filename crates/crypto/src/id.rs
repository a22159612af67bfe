//! Ids on disk: whoever reads the files cannot tell which thing a row or file belongs to.

use crate::{IdKey, Label};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The first 16 bytes of HMAC-SHA256(key, label ‖ 0 ‖ bytes).
#[must_use]
pub fn keyed_id(key: &IdKey, purpose: Label, bytes: &[u8]) -> [u8; 16] {
    let mut id = [0u8; 16];
    let mac = hmac_sha256(key.expose(), purpose, bytes);
    id.iter_mut().zip(mac).for_each(|(id, byte)| *id = byte);
    id
}

/// HMAC-SHA256(key, label ‖ 0 ‖ bytes).
pub(crate) fn hmac_sha256(key: &[u8; 32], purpose: Label, bytes: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(purpose.as_bytes());
    mac.update(&[0]);
    mac.update(bytes);
    mac.finalize().into_bytes().into()
}
