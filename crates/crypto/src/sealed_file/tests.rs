use super::*;
use crate::ProfileKey;

fn key() -> AttachmentKey {
    ProfileKey::from_bytes([1; 32]).attachment_key()
}

#[test]
fn files_of_every_length_come_back() {
    for len in [0, 1, 503, 504, 505, CHUNK - 9, CHUNK - 8, CHUNK - 7, CHUNK, 3 * CHUNK + 5] {
        let plain: Vec<u8> = (0..251u8).cycle().take(len).collect();
        let sealed = seal(&key(), b"a", &plain);
        assert_eq!(open(&key(), b"a", &sealed).unwrap().as_slice(), plain, "{len}");
    }
}

#[test]
fn a_file_opens_under_its_own_name_and_kind_alone() {
    let sealed = seal(&key(), b"a", b"picture");
    assert_eq!(open(&key(), b"b", &sealed), Err(OpenError::Commitment));
    let index = ProfileKey::from_bytes([1; 32]).index_key();
    assert_eq!(open(&index, b"a", &sealed), Err(OpenError::Commitment));
}

#[test]
fn every_flipped_bit_and_every_cut_is_noticed() {
    let sealed = seal(&key(), b"a", b"picture");
    for at in 0..sealed.len() {
        for bit in 0..8 {
            let mut bad = sealed.clone();
            bad[at] ^= 1 << bit;
            assert!(open(&key(), b"a", &bad).is_err(), "byte {at}");
        }
        assert!(open(&key(), b"a", &sealed[..at]).is_err(), "cut at {at}");
    }
}

#[test]
fn chunks_cannot_be_dropped_swapped_or_appended() {
    let sealed = seal(&key(), b"a", &vec![7; 3 * CHUNK]);
    let (head, body) = sealed.split_at(HEAD);
    let chunks: Vec<&[u8]> = body.chunks(CHUNK + TAG).collect();
    assert!(chunks.len() > 3);
    let cut = [head, chunks[0], chunks[1], chunks[2]].concat();
    let swapped = [head, chunks[1], chunks[0], &chunks[2..].concat()].concat();
    let doubled = [head, body, chunks[1]].concat();
    for bad in [cut, swapped, doubled] {
        assert_eq!(open(&key(), b"a", &bad), Err(OpenError::Forged));
    }
}
