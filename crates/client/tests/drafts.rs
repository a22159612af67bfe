//! Words on their way to a group: neither a lock nor a crash loses one.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails may stop")]

mod common;

use common::{PASSPHRASE, Person};
use hearthkeep_client::view::{ShareRequest, WishView};
use hearthkeep_model::GroupId;

fn group() -> String {
    GroupId::from_bytes([7; 16]).to_string()
}

fn draft(text: &str) -> ShareRequest {
    ShareRequest {
        group: group(),
        text: text.to_owned(),
        audience: Vec::new(),
        wish: WishView::JustListen,
        content_notes: Vec::new(),
        entry: None,
        shareable: false,
    }
}

#[tokio::test]
async fn a_draft_outlives_a_lock_and_a_new_start_until_it_is_forgotten() {
    let place = tempfile::tempdir().unwrap();
    let (person, _) = Person::new(place.path()).await;
    let id = person.app.keep_unsent(None, &draft("I stood on the")).await.unwrap();
    let same = person.app.keep_unsent(Some(&id), &draft("I stood on the bridge.")).await.unwrap();
    assert_eq!(same, id, "the next words go to the same draft");
    person.app.lock().await.unwrap();
    drop(person);

    let person = Person::at(place.path());
    person.app.unlock(PASSPHRASE).await.unwrap();
    for _ in 0..2 {
        let kept = person.app.unsent(&group()).await.unwrap();
        assert_eq!(kept.len(), 1, "looking at a draft does not use it up");
        assert_eq!((&kept[0].id, kept[0].request.text.as_str()), (&id, "I stood on the bridge."));
    }
    let elsewhere = GroupId::from_bytes([8; 16]).to_string();
    assert!(person.app.unsent(&elsewhere).await.unwrap().is_empty());
    person.app.forget_unsent(&id).await.unwrap();
    assert!(person.app.unsent(&group()).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_draft_for_which_no_group_is_chosen_yet_waits_in_each() {
    let place = tempfile::tempdir().unwrap();
    let (person, _) = Person::new(place.path()).await;
    let request = ShareRequest { group: String::new(), ..draft("For whom, I do not know yet.") };
    person.app.keep_unsent(None, &request).await.unwrap();
    assert_eq!(person.app.unsent(&group()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn the_words_of_a_box_outlive_a_lock_and_empty_ones_forget_them() {
    let place = tempfile::tempdir().unwrap();
    let (person, _) = Person::new(place.path()).await;
    person.app.keep_words("answer:1", "I have stood there").await.unwrap();
    person.app.lock().await.unwrap();
    person.app.unlock(PASSPHRASE).await.unwrap();
    let kept = person.app.kept_words("answer:1").await.unwrap();
    assert_eq!(kept.as_deref(), Some("I have stood there"));
    assert_eq!(person.app.kept_words("answer:2").await.unwrap(), None);
    person.app.keep_words("answer:1", "").await.unwrap();
    assert_eq!(person.app.kept_words("answer:1").await.unwrap(), None);
    assert!(person.app.keep_words("answer:1", &"x".repeat(300_000)).await.is_err());
}
