//! Sealed files: index files and attachments.
//!
//! `1 ‖ N(24) ‖ com(32) ‖ chunks`, with `(k, com) = HKDF-SHA256(salt = N, ikm = key, label ‖ name)`.
//! The content is `length(u64) ‖ bytes ‖ zeros` up to a Padmé length, cut into chunks of 64 KiB,
//! each sealed under `k` with the nonce `chunk number(u64) ‖ last?(1) ‖ 0…`: chunks cannot be
//! dropped, swapped or appended, and a reader needs the memory of one chunk.

mod reader;

pub use reader::Reader;

use crate::aead::{self, NONCE, TAG};
use crate::derive::expand;
use crate::{AttachmentKey, IndexKey, Label, OpenError, label, pad, random_bytes};
use std::io::Read;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

const VERSION: u8 = 1;
const COMMITMENT: usize = 32;
const HEAD: usize = 1 + NONCE + COMMITMENT;
const CHUNK: usize = 65_536;
const FLOOR: usize = 512;

/// A key that seals files of one kind.
pub trait FileKey: private::Sealed {}

impl FileKey for IndexKey {}
impl FileKey for AttachmentKey {}

mod private {
    use crate::Label;

    pub trait Sealed {
        fn parts(&self) -> (&[u8; 32], Label);
    }
}

impl private::Sealed for IndexKey {
    fn parts(&self) -> (&[u8; 32], Label) {
        (self.expose(), label::FILE_INDEX)
    }
}

impl private::Sealed for AttachmentKey {
    fn parts(&self) -> (&[u8; 32], Label) {
        (self.expose(), label::FILE_ATTACHMENT)
    }
}

/// Seals a file. `name` is what it is called inside: another file's bytes do not open in its place.
#[must_use]
pub fn seal(key: &impl FileKey, name: &[u8], plain: &[u8]) -> Vec<u8> {
    let nonce = random_bytes::<NONCE>();
    let (file_key, com) = key_and_commitment(key, name, &nonce);
    let length = u64::try_from(plain.len()).unwrap_or(u64::MAX).to_be_bytes();
    let total = pad::padme(plain.len().saturating_add(length.len()), FLOOR);
    let chunks = total.div_ceil(CHUNK);
    let tags = chunks.saturating_mul(TAG);
    let mut sealed = Vec::with_capacity(HEAD.saturating_add(total).saturating_add(tags));
    sealed.push(VERSION);
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(&com);
    let mut content = length.as_slice().chain(plain).chain(std::io::repeat(0));
    let mut left = total;
    for number in 0..chunks {
        let size = left.min(CHUNK);
        left = left.saturating_sub(size);
        let mut chunk = Zeroizing::new(Vec::with_capacity(size.saturating_add(TAG)));
        chunk.resize(size, 0);
        content.read_exact(&mut chunk).expect("zeros never end");
        aead::seal(&file_key, &chunk_nonce(number, left == 0), &com, &mut chunk);
        sealed.extend_from_slice(&chunk);
    }
    sealed
}

/// Opens a whole file.
///
/// # Errors
/// [`OpenError`] when it was changed, cut, or is another file.
pub fn open(
    key: &impl FileKey,
    name: &[u8],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    let mut reader = Reader::new(key, name, sealed)?;
    let mut plain = Zeroizing::new(Vec::with_capacity(sealed.len()));
    while let Some(part) = reader.next_part()? {
        plain.extend_from_slice(part);
    }
    Ok(plain)
}

fn chunk_nonce(number: usize, last: bool) -> [u8; NONCE] {
    let mut nonce = [0u8; NONCE];
    let number = u64::try_from(number).unwrap_or(u64::MAX).to_be_bytes();
    let bytes = number.into_iter().chain([u8::from(last)]);
    nonce.iter_mut().zip(bytes).for_each(|(to, from)| *to = from);
    nonce
}

fn key_and_commitment(
    key: &impl FileKey,
    name: &[u8],
    nonce: &[u8; NONCE],
) -> (Zeroizing<[u8; 32]>, [u8; COMMITMENT]) {
    let (secret, label): (&[u8; 32], Label) = key.parts();
    let mut both = Zeroizing::new([0u8; 64]);
    expand(Some(nonce), secret, label, &[name], both.as_mut_slice());
    let (mut file_key, mut com) = (Zeroizing::new([0u8; 32]), [0u8; COMMITMENT]);
    file_key.iter_mut().chain(com.iter_mut()).zip(both.iter()).for_each(|(to, from)| *to = *from);
    (file_key, com)
}

fn committed(expected: &[u8; COMMITMENT], got: &[u8; COMMITMENT]) -> Result<(), OpenError> {
    if bool::from(expected.ct_eq(got)) { Ok(()) } else { Err(OpenError::Commitment) }
}

#[cfg(test)]
mod tests;
