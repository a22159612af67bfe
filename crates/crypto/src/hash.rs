//! SHA-256, and SHA-256 of a list under a label.

use crate::Label;
use crate::stack::washed;
use sha2::{Digest, Sha256};

/// SHA-256 of bytes as they are.
#[must_use]
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    washed(|| Sha256::digest(bytes).into())
}

/// SHA-256 of label ‖ 0 ‖ each part after its length (u64, big-endian).
#[must_use]
pub fn labelled(purpose: Label, parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(purpose.as_bytes());
    hash.update([0]);
    for part in parts {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

/// SHA-256 of bytes that come bit by bit.
#[derive(Debug, Clone, Default)]
pub struct Hasher(Sha256);

impl Hasher {
    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The hash of all that came.
    #[must_use]
    pub fn finish(self) -> [u8; 32] {
        self.0.finalize().into()
    }
}
