//! The process dies between any two steps of a backup. The older backup is there and whole, and
//! no file that has a backup's name is half of one.
#![allow(
    clippy::string_slice,
    clippy::wildcard_enum_match_arm,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    reason = "a test may stop when its own ground gives way"
)]

mod common;

use common::*;
use hearthkeep_archive::backup::{BackupSecret, Step, Watch, archives, prove};
use hearthkeep_archive::{ArchiveError, BackupPassphrase, Limits};
use std::env;
use std::fs;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

const FOLDER: &str = "HEARTHKEEP_TEST_FOLDER";
const DIES_AT: &str = "HEARTHKEEP_TEST_DIES_AT";
/// Set when the backup goes into one file.
const FILE: &str = "HEARTHKEEP_TEST_FILE";
const NEW_PASSPHRASE: &str = "eight loud lanterns";

/// The process that dies. Without the two variables it has nothing to do.
#[test]
fn the_one_that_dies() {
    let (Ok(folder), Ok(dies_at)) = (env::var(FOLDER), env::var(DIES_AT)) else { return };
    let left = Arc::new(AtomicU32::new(dies_at.parse().unwrap()));
    let watch = || {
        let left = Arc::clone(&left);
        Watch::new(move |_: Step| {
            if left.fetch_sub(1, Ordering::Relaxed) == 0 {
                std::process::abort();
            }
            ControlFlow::Continue(())
        })
    };
    let folder = Path::new(&folder);
    if env::var(FILE).is_ok() {
        to_file(&folder.join("one.file"), &journal(&[100, 200]), watch()).unwrap();
    } else {
        key_files_under(NEW_PASSPHRASE, folder, watch());
        to_folder(folder, &journal(&[100, 200]), &[], watch()).unwrap();
    }
}

/// True: it came to its end.
fn lives_through(folder: &Path, dies_at: u32, into_file: bool) -> bool {
    let mut child = Command::new(env::current_exe().unwrap());
    child.args(["the_one_that_dies", "--exact"]);
    child.env(FOLDER, folder).env(DIES_AT, dies_at.to_string());
    if into_file {
        child.env(FILE, "");
    }
    child.output().unwrap().status.success()
}

fn parts(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|item| item.unwrap().file_name());
    let names = names.map(|name| name.into_string().unwrap());
    names.filter(|name| name.ends_with(".part")).collect()
}

fn opens_with(place: &Path, passphrase: &str) -> bool {
    let passphrase = BackupPassphrase::new(passphrase);
    let secret = BackupSecret::Passphrase(&passphrase);
    prove(place, secret, &Limits::STANDARD, Watch::nobody())
        .is_ok_and(|proof| proof.damaged.is_empty())
}

#[test]
fn killed_at_any_step_the_older_backup_is_whole() {
    let mut deaths = 0;
    for dies_at in 0u32.. {
        let place = tempfile::tempdir().unwrap();
        key_files(place.path());
        to_folder(place.path(), &journal(&[100]), &[], Watch::nobody()).unwrap();
        let older = archives(place.path()).unwrap().remove(0);
        let bytes = fs::read(&older).unwrap();
        let lived = lives_through(place.path(), dies_at, false);
        assert_eq!(fs::read(&older).unwrap(), bytes);
        let identity = identity();
        for archive in archives(place.path()).unwrap() {
            let proof = prove(
                &archive,
                BackupSecret::Identity(&identity),
                &Limits::STANDARD,
                Watch::nobody(),
            );
            assert_eq!(proof.unwrap().damaged, [], "killed at step {dies_at}");
        }
        let opens = [PASSPHRASE, NEW_PASSPHRASE].map(|word| opens_with(place.path(), word));
        assert!(opens[0] != opens[1], "killed at step {dies_at}: one of the two opens it");
        if lived {
            break;
        }
        deaths += 1;
        // The next run removes what is left and succeeds.
        to_folder(place.path(), &journal(&[100, 200]), &[], Watch::nobody()).unwrap();
        assert_eq!(parts(place.path()), [""; 0], "killed at step {dies_at}");
        assert_eq!(parts(&place.path().join("packs")), [""; 0], "killed at step {dies_at}");
    }
    assert!(deaths > 30, "{deaths}");
}

#[test]
fn killed_at_any_step_of_a_backup_into_one_file_the_older_file_is_whole() {
    let mut deaths = 0;
    for dies_at in 0u32.. {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("one.file");
        to_file(&file, &journal(&[100]), Watch::nobody()).unwrap();
        let lived = lives_through(place.path(), dies_at, true);
        assert!(opens_with(&file, PASSPHRASE), "killed at step {dies_at}");
        if lived {
            break;
        }
        deaths += 1;
        to_file(&file, &journal(&[100, 200]), Watch::nobody()).unwrap();
        assert_eq!(parts(place.path()), [""; 0], "killed at step {dies_at}");
    }
    assert!(deaths > 20, "{deaths}");
}

/// A small disk of its own, where this system lets us have one.
#[cfg(target_os = "linux")]
struct SmallDisk(tempfile::TempDir);

#[cfg(target_os = "linux")]
impl SmallDisk {
    fn mount(kib: u32) -> Option<Self> {
        let place = tempfile::tempdir().unwrap();
        let size = format!("size={kib}k");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "tmpfs"])
            .arg(place.path())
            .status();
        mounted.is_ok_and(|status| status.success()).then_some(Self(place))
    }
}

#[cfg(target_os = "linux")]
impl Drop for SmallDisk {
    fn drop(&mut self) {
        Command::new("umount").arg(self.0.path()).status().unwrap();
    }
}

#[test]
#[cfg(target_os = "linux")]
fn on_a_full_disk_the_older_backup_stays_and_the_disk_is_given_back() {
    let Some(disk) = SmallDisk::mount(400) else { return };
    let folder = disk.0.path();
    key_files(folder);
    to_folder(folder, &journal(&[100]), &[], Watch::nobody()).unwrap();
    let before: Vec<_> =
        fs::read_dir(folder).unwrap().map(|item| item.unwrap().file_name()).collect();
    let refused = to_folder(folder, &journal(&[1_000_000]), &[], Watch::nobody()).unwrap_err();
    assert!(matches!(refused, ArchiveError::NoSpace { .. }), "{refused}");
    let after: Vec<_> =
        fs::read_dir(folder).unwrap().map(|item| item.unwrap().file_name()).collect();
    assert_eq!(after, before);
    prove(folder, BackupSecret::Identity(&identity()), &Limits::STANDARD, Watch::nobody()).unwrap();
    to_folder(folder, &journal(&[200]), &[], Watch::nobody()).unwrap();
}

#[test]
#[cfg(target_os = "linux")]
fn a_read_only_and_a_vanished_folder_are_named() {
    let Some(disk) = SmallDisk::mount(2000) else { return };
    let folder = disk.0.path();
    to_folder(folder, &journal(&[100]), &[], Watch::nobody()).unwrap();
    let remount = |how: &str| {
        let how = format!("remount,{how}");
        assert!(Command::new("mount").args(["-o", &how]).arg(folder).status().unwrap().success());
    };
    remount("ro");
    let refused = to_folder(folder, &journal(&[100]), &[], Watch::nobody()).unwrap_err();
    assert!(matches!(refused, ArchiveError::NotWritable { .. }), "{refused}");
    prove(folder, BackupSecret::Identity(&identity()), &Limits::STANDARD, Watch::nobody()).unwrap();
    remount("rw");
    let gone = folder.join("unplugged");
    let refused = to_folder(&gone, &journal(&[]), &[], Watch::nobody()).unwrap_err();
    assert!(matches!(&refused, ArchiveError::Missing { file } if file == "unplugged"), "{refused}");
}

#[test]
fn nothing_but_a_backup_is_written_over() {
    let place = tempfile::tempdir().unwrap();
    let letter = place.path().join("letter.txt");
    fs::write(&letter, "Dear Ada,").unwrap();
    let refused = to_file(&letter, &journal(&[]), Watch::nobody()).unwrap_err();
    assert!(matches!(&refused, ArchiveError::Exists { file } if file == "letter.txt"), "{refused}");
    assert_eq!(fs::read(&letter).unwrap(), b"Dear Ada,");
    let refused = to_file(place.path(), &journal(&[]), Watch::nobody()).unwrap_err();
    assert!(matches!(refused, ArchiveError::Exists { .. }), "a folder: {refused}");
    let backup = place.path().join("one.age");
    to_file(&backup, &journal(&[]), Watch::nobody()).unwrap();
    to_file(&backup, &journal(&[100]), Watch::nobody()).unwrap();
    #[cfg(unix)]
    {
        let link = place.path().join("link");
        std::os::unix::fs::symlink(&backup, &link).unwrap();
        let refused = to_file(&link, &journal(&[]), Watch::nobody()).unwrap_err();
        assert!(matches!(refused, ArchiveError::Exists { .. }), "a link: {refused}");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }
    let nowhere = place.path().join("unplugged/one.age");
    let refused = to_file(&nowhere, &journal(&[]), Watch::nobody()).unwrap_err();
    assert!(matches!(&refused, ArchiveError::Missing { file } if file == "unplugged"), "{refused}");
}
