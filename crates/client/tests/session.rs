//! Making a vault, opening it, locking it.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails may stop")]

mod common;

use common::{PASSPHRASE, Person};
use hearthkeep_client::view::{AskedWord, Look, ProfileState, Theme};
use hearthkeep_client::{ClientError, ErrorCode, Event, Events, Hearthkeep, Refusal, SystemClock};
use std::sync::Arc;

fn code(error: ClientError) -> ErrorCode {
    Refusal::from(error).code
}

#[tokio::test]
async fn a_vault_is_made_locked_and_opened_both_ways() {
    let place = tempfile::tempdir().unwrap();
    let person = Person::at(place.path());
    assert_eq!(person.app.profile().state, ProfileState::New);
    assert_eq!(code(person.app.unlock(PASSPHRASE).await.unwrap_err()), ErrorCode::NoVault);
    assert_eq!(code(person.app.create_vault("short").await.unwrap_err()), ErrorCode::TooWeak);
    let words = person.app.create_vault(PASSPHRASE).await.unwrap();
    assert_eq!((words.words.len(), words.ask.len()), (24, 3));
    assert_eq!(person.app.profile().state, ProfileState::Unlocked);
    assert_eq!(
        code(person.app.create_vault(PASSPHRASE).await.unwrap_err()),
        ErrorCode::VaultExists
    );
    person.app.lock().await.unwrap();
    assert!(person.heard(&Event::Locked));
    assert_eq!(person.app.profile().state, ProfileState::Locked);
    assert_eq!(code(person.app.settings().await.unwrap_err()), ErrorCode::Locked);
    let wrong = person.app.unlock("a long walk by the lake").await.unwrap_err();
    assert_eq!(code(wrong), ErrorCode::WrongPassphrase);
    person.app.unlock(PASSPHRASE).await.unwrap();
    person.app.lock().await.unwrap();
    person.app.unlock_with_words(&words.words.join(" ")).await.unwrap();
}

#[tokio::test]
async fn wrong_words_are_told_apart() {
    let place = tempfile::tempdir().unwrap();
    let (person, words) = Person::new(place.path()).await;
    person.app.lock().await.unwrap();
    let refuse =
        async |words: &str| Refusal::from(person.app.unlock_with_words(words).await.unwrap_err());
    assert_eq!(refuse("one two").await.code, ErrorCode::WordCount);
    let unknown = words.split(' ').take(23).chain(["hearth"]).collect::<Vec<_>>().join(" ");
    let refusal = refuse(&unknown).await;
    assert_eq!((refusal.code, refusal.what.as_deref()), (ErrorCode::WordUnknown, Some("24")));
    let other = format!("{}art", "abandon ".repeat(23));
    assert_eq!(refuse(&other).await.code, ErrorCode::WrongWords);
}

#[tokio::test]
async fn three_words_typed_back_are_remembered_and_wrong_ones_are_named() {
    let place = tempfile::tempdir().unwrap();
    let person = Person::at(place.path());
    let words = person.app.create_vault(PASSPHRASE).await.unwrap();
    let asked = |wrong: bool| -> Vec<AskedWord> {
        let word = |place: &u8| words.words[usize::from(*place) - 1].to_uppercase();
        let mut asked: Vec<_> =
            words.ask.iter().map(|place| AskedWord { place: *place, word: word(place) }).collect();
        if wrong {
            asked[1].word = "sea".into();
        }
        asked
    };
    assert_eq!(person.app.rehearse(&asked(true)).await.unwrap(), [words.ask[1]]);
    assert!(!person.app.settings().await.unwrap().words_rehearsed);
    assert!(person.app.rehearse(&asked(false)).await.unwrap().is_empty());
    assert!(person.app.settings().await.unwrap().words_rehearsed);
    let nowhere = AskedWord { place: 25, word: "sea".into() };
    assert_eq!(person.app.rehearse(&[nowhere]).await.unwrap(), [25]);
}

#[tokio::test]
async fn a_changed_passphrase_and_replaced_words_leave_no_way_back() {
    let place = tempfile::tempdir().unwrap();
    let (person, old_words) = Person::new(place.path()).await;
    let wrong = person.app.change_passphrase("not this one", "another good walk").await;
    assert_eq!(code(wrong.unwrap_err()), ErrorCode::WrongPassphrase);
    person.app.change_passphrase(PASSPHRASE, "another good walk").await.unwrap();
    let words = person.app.replace_words("another good walk").await.unwrap();
    person.app.lock().await.unwrap();
    assert_eq!(code(person.app.unlock(PASSPHRASE).await.unwrap_err()), ErrorCode::WrongPassphrase);
    let old = person.app.unlock_with_words(&old_words).await.unwrap_err();
    assert_eq!(code(old), ErrorCode::WrongWords);
    person.app.unlock_with_words(&words.words.join(" ")).await.unwrap();
    person.app.lock().await.unwrap();
    person.app.unlock("another good walk").await.unwrap();
    // The kept copy must not be a back door.
    let kept = std::fs::read(place.path().join("slots.kept")).unwrap();
    assert_eq!(kept, std::fs::read(place.path().join("slots")).unwrap());
}

#[tokio::test]
async fn a_damaged_slot_file_is_told_and_its_kept_copy_helps() {
    let place = tempfile::tempdir().unwrap();
    let (person, _) = Person::new(place.path()).await;
    person.app.lock().await.unwrap();
    std::fs::write(place.path().join("slots"), b"HKSL").unwrap();
    assert!(person.app.profile().slots_damaged);
    assert_eq!(person.app.profile().state, ProfileState::Locked);
    let refused = person.app.unlock(PASSPHRASE).await.unwrap_err();
    assert_eq!(code(refused), ErrorCode::SlotsDamaged);
    person.app.use_kept_slots().unwrap();
    assert!(!person.app.profile().slots_damaged);
    person.app.unlock(PASSPHRASE).await.unwrap();
}

#[tokio::test]
async fn a_second_instance_is_refused() {
    let place = tempfile::tempdir().unwrap();
    let (_person, _) = Person::new(place.path()).await;
    let second = Hearthkeep::open(place.path(), Arc::new(SystemClock::new()), Events::unheard());
    assert_eq!(code(second.unwrap_err()), ErrorCode::InUse);
}

#[tokio::test]
async fn the_look_is_readable_while_locked_and_survives() {
    let place = tempfile::tempdir().unwrap();
    let person = Person::at(place.path());
    let look =
        Look { theme: Theme::Dark, size: 21, language: "de".into(), country: Some("AT".into()) };
    person.app.set_look(&look).unwrap();
    drop(person);
    assert_eq!(Person::at(place.path()).app.profile().look, look);
}

#[tokio::test]
async fn strength_is_honest() {
    let place = tempfile::tempdir().unwrap();
    let person = Person::at(place.path());
    let name = person.app.strength("martin1987");
    let words = person.app.strength(&person.app.suggest_passphrase());
    assert!(name.holds < words.holds && name.place < words.place, "{name:?} {words:?}");
    assert!(!person.app.strength("").enough && words.enough);
}
