//! What was backed up comes back, in both forms, by every secret that may open it.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop when its own ground gives way"
)]

mod common;

use common::*;
use hearthkeep_archive::backup::{BackupSecret, Step, Watch, archives, open, prove};
use hearthkeep_archive::{ArchiveError, BackupPassphrase, Limits};
use std::fs;
use std::ops::ControlFlow;

const LIMITS: &Limits = &Limits::STANDARD;

#[test]
fn a_folder_comes_back_by_passphrase_by_words_and_by_identity() {
    let folder = tempfile::tempdir().unwrap();
    key_files(folder.path());
    let sent = journal(&[10, 70_000, 0]);
    let written = to_folder(folder.path(), &sent, &[], Watch::nobody()).unwrap();
    assert_eq!(
        (written.proof.counts.entries, written.proof.counts.pictures, written.proof.counts.groups),
        (2, 3, 1)
    );
    let (passphrase, words, identity) = (
        BackupPassphrase::new(PASSPHRASE),
        BackupPassphrase::from_words(&WORDS.to_uppercase()),
        identity(),
    );
    for secret in [
        BackupSecret::Passphrase(&passphrase),
        BackupSecret::Words(&words),
        BackupSecret::Identity(&identity),
    ] {
        let mut back = Journal::default();
        let mut opened = open(folder.path(), secret, LIMITS, Watch::nobody()).unwrap();
        opened.bring_back(&mut back, Watch::nobody()).unwrap();
        assert_eq!(back, sent);
        assert_eq!(
            (opened.identity.expose(), opened.account.expose()),
            (&[7; 32], account().expose())
        );
        assert_eq!(opened.packs, written.packs);
        assert_eq!((opened.proof.made, opened.proof.counts), (made(), written.proof.counts));
    }
}

#[test]
fn one_file_comes_back_by_its_passphrase_and_by_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("all my words.age");
    let sent = journal(&[5, 300_000]);
    to_file(&path, &sent, Watch::nobody()).unwrap();
    let mut back = Journal::default();
    let passphrase = BackupPassphrase::new(PASSPHRASE);
    let mut opened =
        open(&path, BackupSecret::Passphrase(&passphrase), LIMITS, Watch::nobody()).unwrap();
    opened.bring_back(&mut back, Watch::nobody()).unwrap();
    assert_eq!(back, sent);
    let wrong = BackupPassphrase::new("seven quiet lantern");
    let refused = prove(&path, BackupSecret::Passphrase(&wrong), LIMITS, Watch::nobody());
    assert!(matches!(refused, Err(ArchiveError::WrongSecret { .. })), "{refused:?}");
    for secret in [BackupSecret::Words(&passphrase), BackupSecret::Identity(&identity())] {
        let refused = prove(&path, secret, LIMITS, Watch::nobody());
        assert!(matches!(refused, Err(ArchiveError::WrongKindOfSecret { .. })), "{refused:?}");
    }
}

#[test]
fn a_second_day_writes_no_picture_twice_and_takes_a_name_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    let first =
        to_folder(folder.path(), &journal(&[40_000, 50_000]), &[], Watch::nobody()).unwrap();
    let more = journal(&[40_000, 50_000, 60_000]);
    let second = to_folder(folder.path(), &more, &first.packs, Watch::nobody()).unwrap();
    assert_eq!((first.packs.len(), second.packs.len()), (1, 2));
    assert!(second.packs.contains(&first.packs[0]));
    let names: Vec<_> = archives(folder.path())
        .unwrap()
        .iter()
        .map(|p| p.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(names, ["hearthkeep-2026-11-24-2.tar.gz.age", "hearthkeep-2026-11-24.tar.gz.age"]);
    let identity = identity();
    for archive in archives(folder.path()).unwrap() {
        let proof =
            prove(&archive, BackupSecret::Identity(&identity), LIMITS, Watch::nobody()).unwrap();
        assert_eq!(proof.damaged, []);
    }
}

#[test]
fn a_pack_that_is_gone_or_rotten_costs_its_pictures_only() {
    let folder = tempfile::tempdir().unwrap();
    let first = to_folder(folder.path(), &journal(&[1000]), &[], Watch::nobody()).unwrap();
    let sent = journal(&[1000, 2000]);
    let second = to_folder(folder.path(), &sent, &first.packs, Watch::nobody()).unwrap();
    let rotten = second.packs.iter().find(|pack| **pack != first.packs[0]).unwrap();
    let name: String = rotten.hash.iter().map(|byte| format!("{byte:02x}")).collect();
    let path = folder.path().join("packs").join(format!("{name}.tar.age"));
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&path, &bytes).unwrap();
    let identity = identity();
    for code in ["damaged", "missing"] {
        let mut back = Journal::default();
        let secret = BackupSecret::Identity(&identity);
        let mut opened = open(folder.path(), secret, LIMITS, Watch::nobody()).unwrap();
        opened.bring_back(&mut back, Watch::nobody()).unwrap();
        assert_eq!(opened.proof.damaged, [(format!("packs/{name}.tar.age"), code)]);
        assert_eq!((back.entries, back.pictures.len()), (sent.entries.clone(), 1));
        fs::remove_file(&path).unwrap_or_default();
    }
    // The next backup packs its pictures again.
    let third = to_folder(folder.path(), &sent, &second.packs, Watch::nobody()).unwrap();
    let proof =
        prove(folder.path(), BackupSecret::Identity(&identity), LIMITS, Watch::nobody()).unwrap();
    assert_eq!((proof.damaged, third.packs.len()), (vec![], 2));
}

#[test]
fn stopping_at_any_step_leaves_the_older_backup_and_no_half_one() {
    let mut stops = 0;
    for stop_at in 0.. {
        let folder = tempfile::tempdir().unwrap();
        key_files(folder.path());
        to_folder(folder.path(), &journal(&[100]), &[], Watch::nobody()).unwrap();
        let older = fs::read(&archives(folder.path()).unwrap()[0]).unwrap();
        let mut left = stop_at;
        let watch = Watch::new(move |_: Step| {
            left -= 1;
            if left < 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        let done = to_folder(folder.path(), &journal(&[100, 200]), &[], watch);
        let found = archives(folder.path()).unwrap();
        assert_eq!(fs::read(found.last().unwrap()).unwrap(), older);
        let half = fs::read_dir(folder.path())
            .unwrap()
            .chain(fs::read_dir(folder.path().join("packs")).unwrap());
        assert!(
            half.map(|item| item.unwrap().file_name())
                .all(|name| !name.to_string_lossy().ends_with(".part"))
        );
        match done {
            Ok(_) => break,
            Err(ArchiveError::Stopped) => stops += 1,
            Err(other) => panic!("{other}"),
        }
        prove(folder.path(), BackupSecret::Identity(&identity()), LIMITS, Watch::nobody()).unwrap();
    }
    assert!(stops > 20, "{stops}");
}

#[test]
fn the_last_backup_is_the_newest_whatever_the_clock_said_before() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    key_files(folder);
    let written = |sizes: &[usize]| {
        to_folder(folder, &journal(sizes), &[], Watch::nobody()).unwrap().proof.name
    };
    assert_eq!(written(&[]), "hearthkeep-2026-11-24.tar.gz.age");
    assert_eq!(written(&[]), "hearthkeep-2026-11-24-2.tar.gz.age");
    fs::remove_file(folder.join("hearthkeep-2026-11-24.tar.gz.age")).unwrap();
    assert_eq!(written(&[]), "hearthkeep-2026-11-24-3.tar.gz.age", "no older place is taken");
    let name = |name: &str| folder.join(format!("hearthkeep-{name}.tar.gz.age"));
    fs::rename(name("2026-11-24-2"), name("2099-01-01-98")).unwrap();
    assert_eq!(written(&[100]), "hearthkeep-2099-01-01-99.tar.gz.age");
    assert_eq!(written(&[100, 200]), "hearthkeep-2099-01-02.tar.gz.age");
    let proof =
        prove(folder, BackupSecret::Identity(&identity()), &Limits::STANDARD, Watch::nobody());
    assert_eq!(proof.unwrap().counts.pictures, 2);
}
