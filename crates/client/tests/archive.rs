//! What a person wrote elsewhere comes in; what is here goes out, and comes back on a new computer.
#![allow(
    clippy::string_slice,
    clippy::wildcard_enum_match_arm,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop when its own ground gives way"
)]

mod common;

use common::*;
use hearthkeep_client::view::{
    EntryFilter, ExportFormat, ImportFormat, Profile, ProfileState, RestoreSecret,
};
use hearthkeep_client::{ClientError, ErrorCode, Refusal};
use hearthkeep_tests::canonical::canonical;
use std::fs;
use std::path::Path;
use std::time::Duration;

const BACKUP_PASSPHRASE: &str = "seven quiet lanterns";

#[tokio::test]
async fn an_import_is_previewed_and_a_repetition_adds_nothing() {
    let place = tempfile::tempdir().unwrap();
    let (person, _) = Person::new(&place.path().join("profile")).await;
    lived_in(&person, place.path()).await;
    let folder = place.path().join("old app");
    let preview = person.app.import_preview(&folder).await.unwrap();
    assert_eq!((preview.format, preview.entries, preview.known), (ImportFormat::Markdown, 3, 3));
    assert_eq!(preview.days, Some(("2026-03-14".into(), "2026-06-01".into())));
    let before = canonical(&person.app).await.unwrap();
    let again = person.app.import(&folder, |_| {}).await.unwrap();
    assert_eq!((again.added, again.known), (0, 3), "what was erased does not come back by itself");
    assert_eq!(again.unreadable[0].what, "d.md");
    assert_eq!(canonical(&person.app).await.unwrap(), before);
}

#[tokio::test]
async fn a_journal_comes_back_on_a_new_computer_by_passphrase_and_by_words() {
    let place = tempfile::tempdir().unwrap();
    let (person, words) = Person::new(&place.path().join("profile")).await;
    lived_in(&person, place.path()).await;
    let backups = place.path().join("backups");
    fs::create_dir(&backups).unwrap();
    person.app.choose_backup_folder(&backups, BACKUP_PASSPHRASE).await.unwrap();
    let proof = person.app.backup_now(|_| {}).await.unwrap();
    assert_eq!((proof.entries, proof.pictures, proof.damaged.len()), (2, 1, 0));
    let lived = canonical(&person.app).await.unwrap();
    let file = place.path().join("one.age");
    person.app.backup_file(&file, BACKUP_PASSPHRASE, |_| {}).await.unwrap();
    let passphrase = || RestoreSecret::Passphrase(BACKUP_PASSPHRASE.into());
    // The words come first: the backup that a restored vault makes carries a kit of its own words.
    let ways = [
        (&backups, RestoreSecret::Words(words.to_uppercase())),
        (&backups, passphrase()),
        (&file, passphrase()),
    ];
    for (number, (from, secret)) in ways.into_iter().enumerate() {
        let home = place.path().join(format!("home {number}"));
        let back = Person::at(&home);
        let restored =
            back.app.restore(from, secret, "another long passphrase", |_| {}).await.unwrap();
        assert_eq!((restored.entries, restored.pictures, restored.damaged), (2, 1, vec![]));
        assert_ne!(restored.words.words.join(" "), words, "the words are new");
        assert_eq!(canonical(&back.app).await.unwrap(), lived);
        // What was erased stays erased, also for a later import of the same folder.
        let again = back.app.import(&place.path().join("old app"), |_| {}).await.unwrap();
        assert_eq!((again.added, again.known), (0, 3));
        // The same identity, so the old folder opens; the packs that lie there are used.
        back.app.choose_backup_folder(&backups, BACKUP_PASSPHRASE).await.unwrap();
        back.app.backup_now(|_| {}).await.unwrap();
        assert_eq!(back.app.prove_backup(&backups, None, |_| {}).await.unwrap().damaged, vec![]);
        back.app.lock().await.unwrap();
        back.app.unlock("another long passphrase").await.unwrap();
        assert_eq!(canonical(&back.app).await.unwrap(), lived);
        assert!(!home.join("restoring").exists());
    }
    let packs = fs::read_dir(backups.join("packs")).unwrap().count();
    assert!(packs <= 2, "the picture was packed {packs} times");
}

#[tokio::test]
async fn nothing_is_written_when_nothing_changed_and_a_change_makes_it_due() {
    let place = tempfile::tempdir().unwrap();
    let (person, _) = Person::new(&place.path().join("profile")).await;
    let backups = place.path().join("backups");
    fs::create_dir(&backups).unwrap();
    let refused = person.app.backup_now(|_| {}).await;
    assert!(matches!(refused, Err(ClientError::NoBackupFolder)), "{refused:?}");
    person.app.choose_backup_folder(&backups, BACKUP_PASSPHRASE).await.unwrap();
    assert!(!person.app.backup_if_due().await.unwrap(), "somebody is there");
    person.clock.pass(Duration::from_secs(70));
    assert!(person.app.backup_if_due().await.unwrap());
    let status = person.app.backup_status().await.unwrap();
    assert!(status.up_to_date && status.folder_there && status.last_error.is_none());
    let first = person.app.backup_now(|_| {}).await.unwrap();
    assert_eq!(Some(first), status.last_good);
    person.app.new_entry().await.unwrap();
    assert!(!person.app.backup_status().await.unwrap().up_to_date);
    person.clock.pass(Duration::from_secs(70));
    assert!(!person.app.backup_if_due().await.unwrap(), "today had its backup by itself");
    person.clock.pass(Duration::from_secs(24 * 3600));
    assert!(person.app.backup_if_due().await.unwrap());
    let archives = fs::read_dir(&backups).unwrap().filter(|item| {
        item.as_ref().unwrap().file_name().to_string_lossy().starts_with("hearthkeep-")
    });
    assert_eq!(archives.count(), 2);
}

#[tokio::test]
async fn a_folder_that_vanished_is_said_and_the_older_backup_stays() {
    let place = tempfile::tempdir().unwrap();
    let (person, _) = Person::new(&place.path().join("profile")).await;
    let backups = place.path().join("backups");
    fs::create_dir(&backups).unwrap();
    person.app.choose_backup_folder(&backups, BACKUP_PASSPHRASE).await.unwrap();
    person.app.backup_now(|_| {}).await.unwrap();
    person.app.new_entry().await.unwrap();
    let away = place.path().join("unplugged");
    fs::rename(&backups, &away).unwrap();
    let refused = Refusal::from(person.app.backup_now(|_| {}).await.unwrap_err());
    assert_eq!(refused.code, ErrorCode::Missing);
    let status = person.app.backup_status().await.unwrap();
    assert_eq!((status.last_error.as_deref(), status.folder_there), (Some("missing"), false));
    assert_eq!(person.app.prove_backup(&away, None, |_| {}).await.unwrap().damaged, vec![]);
    fs::rename(&away, &backups).unwrap();
    person.app.backup_now(|_| {}).await.unwrap();
    assert_eq!(person.app.backup_status().await.unwrap().last_error, None);
}

#[tokio::test]
async fn a_backup_that_does_not_open_leaves_an_empty_profile() {
    let place = tempfile::tempdir().unwrap();
    let (person, _) = Person::new(&place.path().join("profile")).await;
    person.app.new_entry().await.unwrap();
    let file = place.path().join("one.age");
    person.app.backup_file(&file, BACKUP_PASSPHRASE, |_| {}).await.unwrap();
    let home = place.path().join("home");
    let back = Person::at(&home);
    let restore = async |secret: RestoreSecret, from: &Path| {
        let refused = back.app.restore(from, secret, "another long passphrase", |_| {}).await;
        let Profile { state, .. } = back.app.profile();
        assert_eq!(state, ProfileState::New);
        Refusal::from(refused.unwrap_err()).code
    };
    let wrong = RestoreSecret::Passphrase("seven quiet lantern".into());
    assert_eq!(restore(wrong, &file).await, ErrorCode::WrongBackupSecret);
    let words = RestoreSecret::Words("one two three".into());
    assert_eq!(restore(words, &file).await, ErrorCode::WordCount);
    let right = || RestoreSecret::Passphrase(BACKUP_PASSPHRASE.into());
    let whole = fs::read(&file).unwrap();
    fs::write(&file, &whole[..whole.len() - 1]).unwrap();
    assert_eq!(restore(right(), &file).await, ErrorCode::BackupDamaged);
    fs::write(&file, b"a photograph").unwrap();
    assert_eq!(restore(right(), &file).await, ErrorCode::NotABackup);
    assert_eq!(restore(right(), &place.path().join("nowhere")).await, ErrorCode::Missing);
    let packs = place.path().join("packs");
    fs::create_dir(&packs).unwrap();
    assert_eq!(restore(right(), &packs).await, ErrorCode::NotABackup, "the folder in the folder");
    fs::write(&file, &whole).unwrap();
    back.app.restore(&file, right(), "another long passphrase", |_| {}).await.unwrap();
    let refused = back.app.restore(&file, right(), "another long passphrase", |_| {}).await;
    assert_eq!(Refusal::from(refused.unwrap_err()).code, ErrorCode::VaultExists);
}

#[tokio::test]
async fn an_export_can_be_read_and_taken_in_again() {
    let place = tempfile::tempdir().unwrap();
    let (person, _) = Person::new(&place.path().join("profile")).await;
    lived_in(&person, place.path()).await;
    let out = place.path().join("out");
    let exported = person.app.export(&out, ExportFormat::Markdown, |_| {}).await.unwrap();
    assert_eq!((exported.entries, exported.pictures), (1, 1), "the drawer stays closed");
    let again = person.app.import(&out, |_| {}).await.unwrap();
    assert_eq!((again.added, again.known, again.unreadable.len()), (0, 1, 0));
    let (other, _) = Person::new(&place.path().join("other")).await;
    let taken = other.app.import(&out, |_| {}).await.unwrap();
    assert_eq!((taken.added, taken.pictures), (1, 1));
    let row = &other.app.entries(&EntryFilter::default(), 0, 10).unwrap().rows[0];
    assert_eq!((row.at.as_str(), row.title.as_str()), ("2026-03-14T21:05:00-03:30", "The lake"));
    assert_eq!(
        (row.tags.as_slice(), row.feelings.as_slice()),
        (["walk".to_owned()].as_slice(), ["tender".to_owned()].as_slice())
    );
    let refused = person.app.export(&out, ExportFormat::Json, |_| {}).await.unwrap_err();
    assert_eq!(Refusal::from(refused).code, ErrorCode::Exists);
    let json = place.path().join("json");
    person.app.export(&json, ExportFormat::Json, |_| {}).await.unwrap();
    let all: serde_json::Value =
        serde_json::from_slice(&fs::read(json.join("hearthkeep.json")).unwrap()).unwrap();
    assert_eq!(all["entries"][0]["title"], "The lake");
}

#[tokio::test]
async fn locking_stops_a_backup_and_leaves_no_half_one() {
    let place = tempfile::tempdir().unwrap();
    let (person, _) = Person::new(&place.path().join("profile")).await;
    for _ in 0..3 {
        person.app.new_entry().await.unwrap();
    }
    let backups = place.path().join("backups");
    fs::create_dir(&backups).unwrap();
    person.app.choose_backup_folder(&backups, BACKUP_PASSPHRASE).await.unwrap();
    let (begun, mut hear) = tokio::sync::mpsc::unbounded_channel();
    let app = person.app.clone();
    let backup = tokio::spawn(async move {
        app.backup_now(move |_| {
            begun.send(()).ok();
        })
        .await
    });
    hear.recv().await.unwrap();
    person.app.lock().await.unwrap();
    let outcome = backup.await.unwrap();
    let files: Vec<_> = fs::read_dir(&backups)
        .unwrap()
        .map(|item| item.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(files.iter().all(|name| !name.ends_with(".part")), "{files:?}");
    // Either it was stopped, or it was through before the lock.
    assert_eq!(
        outcome.is_ok(),
        files.iter().any(|name| name.starts_with("hearthkeep-")),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn a_backup_names_the_picture_that_it_had_to_leave_out() {
    let place = tempfile::tempdir().unwrap();
    let (person, _) = Person::new(&place.path().join("profile")).await;
    lived_in(&person, place.path()).await;
    let pictures = place.path().join("profile/attachments");
    for picture in fs::read_dir(pictures).unwrap() {
        let picture = picture.unwrap().path();
        let mut bytes = fs::read(&picture).unwrap();
        *bytes.last_mut().unwrap() ^= 1;
        fs::write(picture, bytes).unwrap();
    }
    let backups = place.path().join("backups");
    fs::create_dir(&backups).unwrap();
    person.app.choose_backup_folder(&backups, BACKUP_PASSPHRASE).await.unwrap();
    let folder = person.app.backup_now(|_| {}).await.unwrap();
    let file = place.path().join("one.age");
    let file = person.app.backup_file(&file, BACKUP_PASSPHRASE, |_| {}).await.unwrap();
    for proof in [folder, file] {
        let left_out: Vec<_> = proof.damaged.iter().map(|item| item.what.as_str()).collect();
        assert_eq!((proof.entries, proof.pictures, left_out), (2, 0, vec!["lake.png"]));
    }
}
