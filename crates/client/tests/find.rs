//! Finding: while the index is whole, while it is behind, and after erasing.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails may stop")]

mod common;

use common::{PASSPHRASE, Person};
use hearthkeep_client::view::{EntryFilter, FieldsPatch, Found, Question};
use hearthkeep_document::Document;

async fn write(person: &Person, markdown: &str) -> String {
    let entry = person.app.new_entry().await.unwrap();
    let update = Document::from_markdown(markdown).unwrap().snapshot();
    person.app.save_text(&entry.id, 1, &update).await.unwrap();
    entry.id
}

async fn ask(person: &Person, words: &str) -> Found {
    let question = Question { words: words.into(), limit: 20, ..Question::default() };
    person.app.find(&question).await.unwrap()
}

/// Asks until it is the index that answers: at first it follows beside the writing.
async fn ask_index(person: &Person, words: &str) -> Found {
    for _ in 0..500 {
        let found = ask(person, words).await;
        if !found.behind {
            return found;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    ask(person, words).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sentence_is_found_with_its_line_and_after_the_vault_was_opened_again() {
    let place = tempfile::tempdir().unwrap();
    let (person, _) = Person::new(place.path()).await;
    let id = write(&person, "Nothing much.\n\nI told Bea about the harbour in March.").await;
    write(&person, "The other day.").await;
    // At once, by looking through the texts when the index is not there yet.
    assert_eq!(ask(&person, "harbour").await.hits.len(), 1);
    let found = ask_index(&person, "harb").await;
    assert_eq!((found.total, found.behind), (1, false));
    assert_eq!(found.hits[0].entry.id, id);
    assert!(found.hits[0].line.iter().any(|piece| piece.found && piece.text == "harbour"));
    let title = FieldsPatch { title: Some("Lighthouse".into()), ..FieldsPatch::default() };
    person.app.set_fields(&id, title).await.unwrap();
    assert_eq!(ask_index(&person, "lighthouse").await.total, 1);
    person.app.lock().await.unwrap();
    person.app.unlock(PASSPHRASE).await.unwrap();
    assert_eq!(ask_index(&person, "lighthouse").await.hits[0].entry.id, id);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_written_is_found_at_once() {
    let place = tempfile::tempdir().unwrap();
    let (person, _) = Person::new(place.path()).await;
    write(&person, "harbour").await;
    ask_index(&person, "harbour").await;
    for round in 1..=50_u32 {
        // No two are so alike that one stands for the other.
        let word = format!("lamp{:08x}", round.wrapping_mul(0x9e37_79b1));
        let id = write(&person, &format!("lantern {word}")).await;
        let found = ask(&person, &word).await;
        assert_eq!(found.hits.iter().map(|hit| &hit.entry.id).collect::<Vec<_>>(), [&id]);
        assert_eq!((ask(&person, "lantern").await.total, found.behind), (round, false));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_erased_or_laid_away_is_not_found() {
    let place = tempfile::tempdir().unwrap();
    let (person, _) = Person::new(place.path()).await;
    let (gone, away) = (write(&person, "zebra one").await, write(&person, "zebra two").await);
    assert_eq!(ask_index(&person, "zebra").await.total, 2);
    person.app.to_drawer(&away).await.unwrap();
    assert_eq!(ask_index(&person, "zebra").await.total, 1);
    person.app.erase(&gone).await.unwrap();
    assert_eq!(ask_index(&person, "zebra").await.total, 0);
    let drawer = EntryFilter { drawer: true, ..EntryFilter::default() };
    let question = Question { words: "zebra".into(), filter: drawer, limit: 5 };
    assert_eq!(person.app.find(&question).await.unwrap().total, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_index_is_made_anew() {
    let place = tempfile::tempdir().unwrap();
    let (person, _) = Person::new(place.path()).await;
    write(&person, "harbour").await;
    ask_index(&person, "harbour").await;
    person.app.lock().await.unwrap();
    for file in std::fs::read_dir(place.path().join("index")).unwrap().flatten() {
        std::fs::write(file.path(), b"rot").unwrap();
    }
    person.app.unlock(PASSPHRASE).await.unwrap();
    assert_eq!(ask(&person, "harbour").await.total, 1);
    assert!(!ask_index(&person, "harbour").await.behind);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_words_a_question_is_a_list() {
    let place = tempfile::tempdir().unwrap();
    let (person, _) = Person::new(place.path()).await;
    write(&person, "one").await;
    assert_eq!(ask(&person, "  ").await.total, 1);
}
