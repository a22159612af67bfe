//! Writing, listing, versions, the drawer, memories.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails may stop")]

mod common;

use common::{PASSPHRASE, Person};
use hearthkeep_client::view::{EntryFilter, FieldsPatch, LineChange};
use hearthkeep_client::{ErrorCode, Event, Refusal};
use hearthkeep_document::Document;
use std::path::Path;
use std::time::Duration;

/// What the editor sends when a text becomes this one: here the whole of a fresh document.
fn typed(markdown: &str) -> Vec<u8> {
    Document::from_markdown(markdown).unwrap().snapshot()
}

async fn write(person: &Person, markdown: &str) -> String {
    let entry = person.app.new_entry().await.unwrap();
    let stored = person.app.save_text(&entry.id, 1, &typed(markdown)).await.unwrap();
    assert_eq!(stored.batch, 1);
    entry.id
}

#[tokio::test]
async fn what_was_stored_is_there_after_the_vault_was_opened_again() {
    let place = tempfile::tempdir().unwrap();
    let (person, _) = Person::new(place.path()).await;
    let id = write(&person, "# Tonight\n\nI told Bea about it.").await;
    assert!(person.heard(&Event::Entries));
    let row = person.app.entry(&id).unwrap();
    assert_eq!((row.first_line.as_str(), row.words), ("Tonight", 6));
    assert_eq!(row.at, "2026-11-24T21:04:00+01:00");
    person.app.lock().await.unwrap();
    drop(person);
    let person = Person::at(place.path());
    person.app.unlock(PASSPHRASE).await.unwrap();
    assert_eq!(person.app.entry(&id).unwrap(), row);
    let text = person.app.entry_markdown(&id).await.unwrap();
    assert_eq!(text.trim(), "# Tonight\n\nI told Bea about it.");
    let snapshot = person.app.entry_text(&id).await.unwrap();
    assert_eq!(Document::open(&snapshot).unwrap().plain_text().lines().count(), 2);
}

#[tokio::test]
async fn fields_are_tidied_and_lists_are_narrowed() {
    let place = tempfile::tempdir().unwrap();
    let (person, _) = Person::new(place.path()).await;
    let id = write(&person, "one").await;
    write(&person, "two").await;
    let words = |words: &[&str]| Some(words.iter().map(|word| (*word).to_owned()).collect());
    let patch = FieldsPatch {
        title: Some("  A walk ".into()),
        tags: words(&["sea", " sea", "", "walks"]),
        feelings: words(&["tired but all right"]),
        at: Some("2025-11-24T23:30:00-03:30".into()),
    };
    let row = person.app.set_fields(&id, patch).await.unwrap();
    assert_eq!((row.title.as_str(), row.day.as_str()), ("A walk", "2025-11-24"));
    assert_eq!(row.tags, ["sea", "walks"]);
    assert_eq!(person.app.feelings().unwrap(), ["tired but all right"]);
    let tagged = EntryFilter { tag: Some("sea".into()), ..EntryFilter::default() };
    let page = person.app.entries(&tagged, 0, 50).unwrap();
    assert_eq!((page.total, page.rows[0].id.as_str()), (1, id.as_str()));
    let all = person.app.entries(&EntryFilter::default(), 1, 50).unwrap();
    assert_eq!((all.total, all.rows.len(), all.rows[0].id.as_str()), (2, 1, id.as_str()));
    let today = person.app.today().await.unwrap();
    assert_eq!((today.day.as_str(), today.total, today.entries.len()), ("2026-11-24", 2, 1));
    assert_eq!(today.on_this_day, [row]);
    assert_eq!(person.app.calendar("2026-11").unwrap()[0].entries, 1);
    assert!(person.app.calendar("2026-13").is_err());
    person.app.not_this_memory(&id, true).await.unwrap();
    assert!(person.app.today().await.unwrap().on_this_day.is_empty());
    let long = FieldsPatch { title: Some("x".repeat(301)), ..FieldsPatch::default() };
    let refusal = Refusal::from(person.app.set_fields(&id, long).await.unwrap_err());
    assert_eq!((refusal.code, refusal.what.as_deref()), (ErrorCode::TooLong, Some("title")));
}

#[tokio::test]
async fn versions_are_kept_when_a_session_ends_and_when_writing_goes_on() {
    let place = tempfile::tempdir().unwrap();
    let (person, _) = Person::new(place.path()).await;
    let id = write(&person, "first").await;
    person.app.end_session(&id).await.unwrap();
    person.app.end_session(&id).await.unwrap();
    assert_eq!(person.app.versions(&id).await.unwrap().len(), 1);
    person.app.save_text(&id, 2, &typed("second")).await.unwrap();
    person.clock.pass(Duration::from_secs(601));
    person.app.save_text(&id, 3, &typed("third")).await.unwrap();
    let versions = person.app.versions(&id).await.unwrap();
    assert_eq!(versions.len(), 2);
    let oldest = &versions[1].id;
    assert_eq!(person.app.version_text(&id, oldest).await.unwrap().trim(), "first");
    let compared = person.app.compare(&id, oldest).await.unwrap();
    assert!(compared.iter().any(|line| line.change == LineChange::Now));
    person.app.restore_version(&id, oldest).await.unwrap();
    assert_eq!(person.app.entry_markdown(&id).await.unwrap().trim(), "first");
    assert_eq!(person.app.versions(&id).await.unwrap().len(), 3);
    let other = write(&person, "other").await;
    assert!(person.app.version_text(&other, oldest).await.is_err());
}

#[tokio::test]
async fn the_drawer_gives_back_and_erasing_leaves_nothing() {
    let place = tempfile::tempdir().unwrap();
    let (person, _) = Person::new(place.path()).await;
    let id = write(&person, "for the drawer").await;
    let picture = person.app.attach(&id, "sea.png", png()).await.unwrap();
    person.app.to_drawer(&id).await.unwrap();
    assert_eq!(person.app.entries(&EntryFilter::default(), 0, 9).unwrap().total, 0);
    let drawer = EntryFilter { drawer: true, ..EntryFilter::default() };
    assert!(person.app.entries(&drawer, 0, 9).unwrap().rows[0].trashed.is_some());
    person.app.from_drawer(&id).await.unwrap();
    assert_eq!(person.app.entries(&EntryFilter::default(), 0, 9).unwrap().total, 1);
    person.app.erase(&id).await.unwrap();
    assert!(person.app.entry(&id).is_err() && person.app.entry_text(&id).await.is_err());
    assert!(person.app.picture(&picture).await.is_err());
    assert!(person.app.save_text(&id, 9, &typed("late")).await.is_err());
    assert_eq!(std::fs::read_dir(place.path().join("attachments")).unwrap().count(), 0);
}

#[tokio::test]
async fn a_picture_is_sealed_and_what_is_none_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let (person, _) = Person::new(place.path()).await;
    let id = write(&person, "with a picture").await;
    let picture = person.app.attach(&id, "sea.jpg", png()).await.unwrap();
    let shown = person.app.picture(&picture).await.unwrap();
    assert_eq!((shown.media_type.as_str(), shown.bytes.as_slice()), ("image/png", &png()[..]));
    let script = person.app.attach(&id, "a.png", b"<svg onload=x>".to_vec()).await.unwrap_err();
    assert_eq!(Refusal::from(script).code, ErrorCode::NotAPicture);
    for file in files(place.path()) {
        let bytes = std::fs::read(&file).unwrap();
        assert!(!bytes.windows(8).any(|window| window == b"\x89PNG\r\n\x1a\n"), "{file:?}");
    }
}

#[tokio::test]
async fn an_update_that_cannot_be_taken_changes_nothing() {
    let place = tempfile::tempdir().unwrap();
    let (person, _) = Person::new(place.path()).await;
    let id = write(&person, "safe").await;
    for bad in [&b""[..], b"\xff\xff\xff", &typed("x")[..5]] {
        let refusal = Refusal::from(person.app.save_text(&id, 2, bad).await.unwrap_err());
        assert_eq!(refusal.code, ErrorCode::RefusedUpdate);
    }
    assert_eq!(person.app.entry_markdown(&id).await.unwrap().trim(), "safe");
}

fn png() -> Vec<u8> {
    [&b"\x89PNG\r\n\x1a\n"[..], &[7; 500]].concat()
}

fn files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut all = Vec::new();
    for file in std::fs::read_dir(folder).unwrap().flatten() {
        if file.path().is_dir() {
            all.extend(files(&file.path()));
        } else {
            all.push(file.path());
        }
    }
    all
}
