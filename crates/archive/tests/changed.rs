//! Backups whose bytes were changed by somebody: flipped, cut, put into each other's place. What
//! comes back is what was sent, or is named as missing; never anything else.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop when its own ground gives way"
)]

mod common;

use common::*;
use hearthkeep_archive::backup::{BackupSecret, PackInfo, Watch, archives, open, prove};
use hearthkeep_archive::{ArchiveError, BackupPassphrase, Limits};
use std::fs;
use std::path::{Path, PathBuf};

const LIMITS: &Limits = &Limits::STANDARD;

fn pack_path(folder: &Path, pack: &PackInfo) -> PathBuf {
    let name: String = pack.hash.iter().map(|byte| format!("{byte:02x}")).collect();
    folder.join("packs").join(format!("{name}.tar.age"))
}

/// What comes back from a folder, and which files were named as damaged.
fn back(folder: &Path) -> (Journal, Vec<String>) {
    let (mut back, identity) = (Journal::default(), identity());
    let secret = BackupSecret::Identity(&identity);
    let mut opened = open(folder, secret, LIMITS, Watch::nobody()).unwrap();
    opened.bring_back(&mut back, Watch::nobody()).unwrap();
    (back, opened.proof.damaged.into_iter().map(|(file, _)| file).collect())
}

/// The words have come back whole, and of the pictures only those that were sent.
fn assert_only_what_was_sent(back: &Journal, sent: &Journal, lost: usize, what: &str) {
    assert_eq!(back.entries, sent.entries, "{what}");
    assert_eq!(back.pictures.len() + lost, sent.pictures.len(), "{what}");
    for (id, bytes) in &back.pictures {
        assert_eq!(sent.pictures.get(id), Some(bytes), "{what}");
    }
}

#[test]
fn a_pack_that_was_flipped_cut_or_swapped_gives_no_other_picture() {
    let folder = tempfile::tempdir().unwrap();
    let first = to_folder(folder.path(), &journal(&[900, 70_000]), &[], Watch::nobody()).unwrap();
    let sent = journal(&[900, 70_000, 1_200]);
    let second = to_folder(folder.path(), &sent, &first.packs, Watch::nobody()).unwrap();
    let [one, two] = &second.packs[..] else { unreachable!("two packs") };
    let (large, small) = if one.pictures.len() == 2 { (one, two) } else { (two, one) };
    let (large, small) = (pack_path(folder.path(), large), pack_path(folder.path(), small));
    let (whole, other) = (fs::read(&large).unwrap(), fs::read(&small).unwrap());
    // A sample of both, thicker of the small one, which is all header and one chunk.
    let mut harmed: Vec<(&Path, Vec<u8>, usize, String)> = Vec::new();
    for (path, bytes, step, lost) in [(&small, &other, 29, 1), (&large, &whole, 6_007, 2)] {
        for at in (0..bytes.len()).step_by(step) {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << (at % 8);
            harmed.push((path, flipped, lost, format!("flipped at {at}")));
        }
        for cut in [0, 1, 100, bytes.len() / 2, bytes.len() - 1] {
            harmed.push((path, bytes[..cut].to_vec(), lost, format!("cut at {cut}")));
        }
        let longer = [bytes.as_slice(), b"x"].concat();
        harmed.push((path, longer, lost, "longer".into()));
    }
    harmed.push((&small, whole.clone(), 1, "the other pack in its place".into()));
    for (path, bytes, lost, what) in harmed {
        let good = fs::read(path).unwrap();
        fs::write(path, &bytes).unwrap();
        let (got, damaged) = back(folder.path());
        assert_only_what_was_sent(&got, &sent, lost, &what);
        assert_eq!(damaged.len(), 1, "{what}: the pack is named");
        fs::write(path, good).unwrap();
    }
    fs::write(&small, &whole).unwrap();
    fs::write(&large, &other).unwrap();
    let (got, damaged) = back(folder.path());
    assert_only_what_was_sent(&got, &sent, 3, "both swapped");
    assert_eq!(damaged.len(), 2);
}

#[test]
fn d6_two_backups_of_one_person_spliced_together_are_refused() {
    let place = tempfile::tempdir().unwrap();
    let mut other = journal(&[]);
    let noise = |seed: u32| -> String {
        let mut state = seed;
        let mut letter = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            char::from(b'a' + u8::try_from(state >> 24 & 15).unwrap())
        };
        (0..600_000).map(|_| letter()).collect()
    };
    let mut one = journal(&[]);
    one.entries[0].text = noise(1);
    other.entries[0].text = noise(2);
    for journal in [&one, &other] {
        to_folder(place.path(), journal, &[], Watch::nobody()).unwrap();
    }
    let identity = identity();
    let [newer, older] = &archives(place.path()).unwrap()[..] else { unreachable!("two") };
    let (new, old) = (fs::read(newer).unwrap(), fs::read(older).unwrap());
    let body = |bytes: &[u8]| {
        let line = bytes.windows(4).position(|part| part == b"\n---").unwrap() + 1;
        line + bytes[line..].iter().position(|byte| *byte == b'\n').unwrap() + 1
    };
    let (head, tail) = (body(&new), body(&old));
    // age: a nonce of 16 bytes, then chunks of 64 KiB, each with its tag.
    let chunk = |start: usize, n: usize| start + 16 + n * (65_536 + 16);
    assert!(new.len() > chunk(head, 3) && old.len() > chunk(tail, 3));
    let mut spliced = vec![
        ("the one's header, the other's content", [&new[..head], &old[tail..]].concat()),
        ("header and nonce of the one", [&new[..head + 16], &old[tail + 16..]].concat()),
        ("one after the other", [new.as_slice(), &old].concat()),
    ];
    for n in 1..3 {
        let half = [&new[..chunk(head, n)], &old[chunk(tail, n)..]].concat();
        spliced.push(("the one up to a chunk, the other from there", half));
        let swapped = [
            &new[..chunk(head, n - 1)],
            &new[chunk(head, n)..chunk(head, n + 1)],
            &new[chunk(head, n - 1)..chunk(head, n)],
            &new[chunk(head, n + 1)..],
        ];
        spliced.push(("two chunks of one swapped", swapped.concat()));
    }
    for (what, bytes) in spliced {
        fs::write(newer, bytes).unwrap();
        let refused = prove(newer, BackupSecret::Identity(&identity), LIMITS, Watch::nobody());
        let code = refused.map(drop).map_err(|error| error.code());
        assert!(
            matches!(code, Err("damaged" | "wrong_secret" | "not_a_backup")),
            "{what}: {code:?}"
        );
    }
    fs::write(newer, &new).unwrap();
    prove(newer, BackupSecret::Identity(&identity), LIMITS, Watch::nobody()).unwrap();
}

#[test]
fn d6_key_files_in_each_others_place_or_of_another_person_open_nothing() {
    let place = tempfile::tempdir().unwrap();
    key_files(place.path());
    to_folder(place.path(), &journal(&[]), &[], Watch::nobody()).unwrap();
    let (key, kit) = (place.path().join("key.age"), place.path().join("kit.age"));
    let (key_bytes, kit_bytes) = (fs::read(&key).unwrap(), fs::read(&kit).unwrap());
    let (passphrase, words) =
        (BackupPassphrase::new(PASSPHRASE), BackupPassphrase::from_words(WORDS));
    let proves = |secret| prove(place.path(), secret, LIMITS, Watch::nobody()).map(drop);
    proves(BackupSecret::Passphrase(&passphrase)).unwrap();
    fs::write(&key, &kit_bytes).unwrap();
    fs::write(&kit, &key_bytes).unwrap();
    for secret in [BackupSecret::Passphrase(&passphrase), BackupSecret::Words(&words)] {
        let refused = proves(secret).unwrap_err();
        assert!(matches!(refused, ArchiveError::WrongSecret { .. }), "{refused}");
    }
    // Somebody else's key file, under the very same passphrase, is not this archive's.
    let stranger = hearthkeep_crypto::BackupIdentitySeed::from_bytes([8; 32]);
    let theirs = hearthkeep_archive::seal_identity(&stranger, &passphrase, COST).unwrap();
    fs::write(&key, &theirs).unwrap();
    let refused = proves(BackupSecret::Passphrase(&passphrase)).unwrap_err();
    assert!(matches!(refused, ArchiveError::WrongSecret { .. }), "{refused}");
}

#[test]
fn d7_a_key_file_for_more_than_one_passphrase_is_refused() {
    let place = tempfile::tempdir().unwrap();
    key_files(place.path());
    to_folder(place.path(), &journal(&[]), &[], Watch::nobody()).unwrap();
    let (key, kit) = (place.path().join("key.age"), place.path().join("kit.age"));
    let stanza = |path: &Path| {
        let bytes = fs::read(path).unwrap();
        let start = bytes.windows(3).position(|part| part == b"-> ").unwrap();
        let end = bytes.windows(4).position(|part| part == b"\n---").unwrap() + 1;
        (bytes[..start].to_vec(), bytes[start..end].to_vec(), bytes[end..].to_vec())
    };
    let ((before, own, after), (_, other, _)) = (stanza(&key), stanza(&kit));
    let passphrase = BackupPassphrase::new(PASSPHRASE);
    for stanzas in [[&own, &other], [&other, &own], [&own, &own]] {
        let crafted = [&before, stanzas[0], stanzas[1], &after];
        fs::write(&key, crafted.map(Vec::as_slice).concat()).unwrap();
        let secret = BackupSecret::Passphrase(&passphrase);
        let refused = prove(place.path(), secret, LIMITS, Watch::nobody()).unwrap_err();
        assert!(
            ["not_a_backup", "damaged", "wrong_secret", "wrong_kind_of_secret"]
                .contains(&refused.code()),
            "{refused}"
        );
    }
}
