//! The disk: full, synced, and what can be read on it.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    reason = "a test that fails may stop, and says why it cannot run"
)]

mod common;

use common::{create, head, id, reopen};
use hearthkeep_crypto::secrets::Secrets;
use hearthkeep_crypto::words::RecoveryPhrase;
use hearthkeep_store::StoreError;
use hearthkeep_tests::legible::Marks;
use std::path::Path;
use std::process::Command;

const SMALL_DISK: &str = "HEARTHKEEP_TEST_SMALL_DISK";

/// Runs a test of this file where it may mount a disk of its own: there it sees the variable. It
/// needs no rights, and nothing stays mounted, whatever becomes of it.
fn where_a_disk_can_be_mounted(test: &str) {
    let run = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount"])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(SMALL_DISK, "1")
        .status();
    assert!(run.is_ok_and(|status| status.success()), "{test} fails where a disk can be mounted");
}

fn mount_a_small_disk(at: &Path) {
    let mount =
        Command::new("mount").args(["-t", "tmpfs", "-o", "size=12m", "tmpfs"]).arg(at).status();
    assert!(mount.is_ok_and(|status| status.success()), "a small file system is mounted");
}

#[tokio::test]
async fn on_a_full_disk_the_last_save_is_finished_told_and_nothing_is_lost() {
    if std::env::var(SMALL_DISK).is_err() {
        where_a_disk_can_be_mounted(
            "on_a_full_disk_the_last_save_is_finished_told_and_nothing_is_lost",
        );
        return;
    }
    let place = tempfile::tempdir().unwrap();
    mount_a_small_disk(place.path());
    let (folder, store, secrets) = create(place.path()).await;
    assert!(place.path().join("ballast").exists());
    let text = vec![b'w'; 20_000];
    let (mut told, mut warned, mut full) = (0u32, 0, false);
    for n in 0..2_000 {
        let mut tx = store.begin().await.unwrap();
        tx.put_entry(&head(n, "title"), &text).unwrap();
        match tx.commit().await {
            Ok(changes) => {
                told += 1;
                warned += u32::from(changes.disk_was_full);
            }
            Err(StoreError::DiskFull) => {
                full = true;
                break;
            }
            Err(error) => panic!("{error}"),
        }
    }
    assert!(full && warned == 1, "told {told}, warned {warned} times, full {full}");
    assert!(!place.path().join("ballast").exists());
    assert_eq!(store.heads().len(), usize::try_from(told).unwrap());
    for n in 0..told {
        assert_eq!(store.entry_text(id(n)).await.unwrap().as_slice(), text);
    }
    store.close().await;
    drop((store, folder));
    let store = reopen(place.path(), &secrets).await;
    assert_eq!(store.heads().len(), usize::try_from(told).unwrap());
    assert_eq!(store.entry_text(id(told - 1)).await.unwrap().as_slice(), text);
    println!("{told} entries before the disk was full");
}

const FOLDER: &str = "HEARTHKEEP_TEST_FOLDER";
const WORDS: &str = "HEARTHKEEP_TEST_WORDS";
const SAVES: u32 = 50;

/// Not a test of its own: the process whose syncs are counted.
#[tokio::test]
async fn writer_that_is_traced() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let phrase = RecoveryPhrase::parse(&std::env::var(WORDS).unwrap()).unwrap();
    let store = reopen(Path::new(&folder), &Secrets { phrase, ..Secrets::generate() }).await;
    for n in 0..SAVES {
        common::put(&store, n, "words").await;
        println!("stored {n}");
    }
    std::process::exit(0);
}

#[tokio::test]
async fn every_save_was_synced_before_it_was_told() {
    let place = tempfile::tempdir().unwrap();
    let (folder, store, secrets) = create(place.path()).await;
    store.close().await;
    drop((store, folder));
    let trace = place.path().with_extension("trace");
    let traced = Command::new("strace")
        .args(["-f", "-e", "trace=fsync,fdatasync,write", "-o"])
        .arg(&trace)
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "writer_that_is_traced", "--nocapture"])
        .env(FOLDER, place.path())
        .env(WORDS, secrets.phrase.text().as_str())
        .output();
    let traced = traced.expect("`./dev test` installs strace");
    assert!(traced.status.success(), "{}", String::from_utf8_lossy(&traced.stderr));
    let text = std::fs::read_to_string(&trace).unwrap();
    std::fs::remove_file(&trace).unwrap();
    let (mut told, mut synced) = (0, true);
    for line in text.lines() {
        if line.contains("sync(") || line.contains("sync resumed") {
            synced = true;
        } else if line.contains("write(") && line.contains("\"stored ") {
            assert!(synced, "save {told} was told before it was synced");
            (told, synced) = (told + 1, false);
        }
    }
    assert_eq!(told, SAVES);
}

#[tokio::test]
async fn d1_nothing_that_was_written_is_legible_on_the_disk() {
    let place = tempfile::tempdir().unwrap();
    let (_folder, store, _) = create(place.path()).await;
    let mut one = head(1, "MarkTitle");
    one.id = hearthkeep_model::EntryId::from_bytes(*b"MarkEntryId12345");
    one.fields.tags = vec!["MarkTag".into()];
    one.fields.feelings = vec!["MarkFeeling".into()];
    one.first_line = "MarkLine".into();
    let mut tx = store.begin().await.unwrap();
    tx.put_entry(&one, b"MarkText").unwrap();
    tx.put(hearthkeep_store::Table::GroupMeta, b"MarkScope", b"MarkKey", b"MarkValue");
    tx.put_setting("MarkSetting", b"MarkChoice");
    let picture = hearthkeep_model::AttachmentId::from_bytes([9; 16]);
    store.write_attachment(picture, b"MarkPicture").unwrap();
    let meta = hearthkeep_store::AttachmentMeta::of(
        picture,
        one.id,
        "MarkFile",
        "MarkType",
        b"MarkPicture",
    );
    tx.put_attachment(&meta);
    tx.commit().await.unwrap();
    let marks = [
        "MarkTitle",
        "MarkEntryId12345",
        "MarkTag",
        "MarkFeeling",
        "MarkLine",
        "MarkText",
        "MarkScope",
        "MarkKey",
        "MarkValue",
        "MarkSetting",
        "MarkChoice",
        "MarkPicture",
        "MarkFile",
        "MarkType",
    ];
    let marks = Marks::words(&marks);
    // Open with a full log, and closed with an empty one.
    assert_eq!(marks.found_below(place.path()), []);
    store.close().await;
    assert_eq!(marks.found_below(place.path()), []);
}
