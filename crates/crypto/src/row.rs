//! Rows of the vault: version ‖ nonce(24) ‖ XChaCha20-Poly1305(padded) with the tag.
//!
//! Associated data are table, row id and format version, so that a row cannot be moved to
//! another place, and padding hides how much was written.

use crate::aead::{self, NONCE, TAG};
use crate::{Label, OpenError, TableKey, pad, random_bytes};
use zeroize::Zeroizing;

/// Rows are at least this long before sealing.
const FLOOR: usize = 64;
const LEAST: usize = 1 + NONCE + FLOOR + TAG;

/// Seals a row.
#[must_use]
pub fn seal(key: &TableKey, table: Label, row_id: &[u8], version: u8, plain: &[u8]) -> Vec<u8> {
    seal_with(key, table, row_id, version, plain, &random_bytes())
}

fn seal_with(
    key: &TableKey,
    table: Label,
    row_id: &[u8],
    version: u8,
    plain: &[u8],
    nonce: &[u8; NONCE],
) -> Vec<u8> {
    let mut body = Zeroizing::new(pad::pad(plain, |len| pad::padme(len, FLOOR), TAG));
    aead::seal(key.expose(), nonce, &aad(table, row_id, version), &mut body);
    let mut sealed = Vec::with_capacity(body.len().saturating_add(1).saturating_add(NONCE));
    sealed.push(version);
    sealed.extend_from_slice(nonce);
    sealed.extend_from_slice(&body);
    sealed
}

/// Opens a row of this version, table and id.
///
/// # Errors
/// [`OpenError`] when it is anything else.
pub fn open(
    key: &TableKey,
    table: Label,
    row_id: &[u8],
    version: u8,
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, OpenError> {
    if sealed.len() < LEAST {
        return Err(OpenError::Short { least: LEAST, got: sealed.len() });
    }
    let short = OpenError::Short { least: LEAST, got: sealed.len() };
    let (got, rest) = sealed.split_first().ok_or(short)?;
    if *got != version {
        return Err(OpenError::Version { got: *got });
    }
    let (nonce, body) = rest.split_first_chunk::<NONCE>().ok_or(short)?;
    let mut plain = Zeroizing::new(body.to_vec());
    aead::open(key.expose(), nonce, &aad(table, row_id, version), &mut plain)?;
    if pad::unpad(&mut plain) { Ok(plain) } else { Err(OpenError::Padding) }
}

fn aad(table: Label, row_id: &[u8], version: u8) -> Vec<u8> {
    let mut aad = table.as_bytes().to_vec();
    aad.push(0);
    aad.push(version);
    aad.extend_from_slice(row_id);
    aad
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ProfileKey, label};

    fn key() -> TableKey {
        ProfileKey::from_bytes([1; 32]).table_key(label::ROW_ENTRY)
    }

    #[test]
    fn a_row_opens_only_in_its_place() {
        let sealed = seal(&key(), label::ROW_ENTRY, b"one", 1, b"a quiet evening");
        let open = |table, id: &[u8], version| open(&key(), table, id, version, &sealed);
        assert_eq!(open(label::ROW_ENTRY, b"one", 1).unwrap().as_slice(), b"a quiet evening");
        assert_eq!(open(label::ROW_ENTRY, b"two", 1), Err(OpenError::Forged));
        assert_eq!(open(label::ROW_PAGE, b"one", 1), Err(OpenError::Forged));
        assert_eq!(open(label::ROW_ENTRY, b"one", 2), Err(OpenError::Version { got: 1 }));
        let other = ProfileKey::from_bytes([2; 32]).table_key(label::ROW_ENTRY);
        assert_eq!(
            super::open(&other, label::ROW_ENTRY, b"one", 1, &sealed),
            Err(OpenError::Forged)
        );
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_noticed() {
        let sealed = seal(&key(), label::ROW_ENTRY, b"one", 1, b"a quiet evening");
        for at in 0..sealed.len() {
            for bit in 0..8 {
                let mut bad = sealed.clone();
                bad[at] ^= 1 << bit;
                assert!(open(&key(), label::ROW_ENTRY, b"one", 1, &bad).is_err(), "byte {at}");
            }
            assert!(open(&key(), label::ROW_ENTRY, b"one", 1, &sealed[..at]).is_err());
        }
    }

    #[test]
    fn the_length_does_not_tell_a_word_from_a_sentence() {
        let len = |text: &[u8]| seal(&key(), label::ROW_ENTRY, b"", 1, text).len();
        assert_eq!(len(b"no"), len(b"I have said it to somebody for the first time"));
    }
}
