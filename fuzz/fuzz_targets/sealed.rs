//! What lies on the disk of somebody whose computer was in other hands: slot file, rows, sealed
//! files, envelopes, identity files, words. The first byte says what the rest is read as.
#![no_main]

use hearthkeep_crypto::backup::{identity_file, read_identity_file};
use hearthkeep_crypto::passphrase::Slots;
use hearthkeep_crypto::words::RecoveryPhrase;
use hearthkeep_crypto::{
    EpochSecret, IndexKey, InviteSecret, ProfileKey, RecordKey, label, record, row, sealed_file,
};
use libfuzzer_sys::fuzz_target;

const PLACE: [u8; 32] = [9; 32];

fuzz_target!(|input: &[u8]| {
    let Some((kind, bytes)) = input.split_first() else { return };
    match kind % 8 {
        0 => {
            if let Ok(slots) = Slots::parse(bytes) {
                assert_eq!(slots.to_bytes(), bytes);
            }
        }
        1 => {
            let key = ProfileKey::from_bytes([1; 32]).table_key(label::ROW_ENTRY);
            assert!(row::open(&key, label::ROW_ENTRY, b"one", 1, bytes).is_err());
        }
        2 => assert!(sealed_file::open(&index_key(), b"list", bytes).is_err()),
        3 => changed_file(bytes),
        4 => {
            let secret = EpochSecret::from_bytes([5; 32]);
            assert!(record::open(&secret, &PLACE, bytes).is_err());
            assert!(record::open_handshake(&secret, &PLACE, bytes).is_err());
            let _tag = record::kid_of(bytes);
        }
        5 => {
            let key = RecordKey::from_bytes([6; 32]);
            assert!(record::open_body(&key, &PLACE, bytes).is_err());
            assert!(record::open_bundle(&key, &PLACE, bytes).is_err());
            let link = InviteSecret::from_bytes([7; 32]);
            assert!(link.open_request(bytes).is_err() && link.open_welcome(bytes).is_err());
        }
        6 => {
            let text = String::from_utf8_lossy(bytes);
            if let Ok((seed, account)) = read_identity_file(&text) {
                let again = read_identity_file(&identity_file(&seed, account.as_ref()));
                assert!(again.is_ok_and(|(same, _)| same.expose() == seed.expose()));
            }
        }
        _ => {
            let text = String::from_utf8_lossy(bytes);
            if let Ok(phrase) = RecoveryPhrase::parse(&text) {
                assert!(RecoveryPhrase::parse(&phrase.text()).is_ok());
            }
        }
    }
});

fn index_key() -> IndexKey {
    ProfileKey::from_bytes([1; 32]).index_key()
}

/// A file of ours with some bytes changed, cut off or put behind: refused, or the very same.
fn changed_file(bytes: &[u8]) {
    let plain = [3u8; 600];
    let mut sealed = sealed_file::seal(&index_key(), b"list", &plain);
    let before = sealed.clone();
    let mut left = bytes;
    while let Some(([high, low, with], rest)) = left.split_first_chunk::<3>() {
        let at = usize::from(u16::from_be_bytes([*high, *low]));
        match sealed.get_mut(at) {
            Some(byte) => *byte ^= with,
            None if at & 1 == 0 => sealed.push(*with),
            None => sealed.truncate(sealed.len().saturating_sub(usize::from(*with))),
        }
        left = rest;
    }
    let opened = sealed_file::open(&index_key(), b"list", &sealed);
    assert_eq!(opened.is_ok(), sealed == before);
}
