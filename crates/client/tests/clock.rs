//! The computer's clock jumps, forwards and backwards.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "numbers of a test are small, and one that fails may stop"
)]

mod common;

use common::{Person, TONIGHT};
use hearthkeep_client::view::{EntryFilter, FieldsPatch};
use hearthkeep_model::Timestamp;

const DAY_MS: i64 = 86_400_000;

fn titled(title: &str) -> FieldsPatch {
    FieldsPatch { title: Some(title.to_owned()), ..FieldsPatch::default() }
}

fn titles(person: &Person) -> Vec<String> {
    let all = person.app.entries(&EntryFilter::default(), 0, 10).unwrap();
    all.rows.into_iter().map(|row| row.title).collect()
}

#[tokio::test]
async fn every_entry_keeps_the_hour_at_which_it_was_written_whatever_the_clock_does_later() {
    let place = tempfile::tempdir().unwrap();
    let (person, _) = Person::new(place.path()).await;
    let mut written = Vec::new();
    // Tonight, three days back, a year ahead, and tonight again.
    for (title, days) in [("one", 0), ("two", -3), ("three", 365), ("four", 0)] {
        let minute = if title == "four" { 60_000 } else { 0 };
        person.clock.jump(Timestamp(TONIGHT.0 + days * DAY_MS + minute));
        written.push(person.app.add_entry(title, titled(title)).await.unwrap());
    }
    assert_eq!(written[1].day, "2026-11-21");
    assert_eq!(written[2].day, "2027-11-24");
    assert_eq!(titles(&person), ["three", "four", "one", "two"], "newest first, by their own hour");
    // A later change of an entry leaves its hour alone.
    person.clock.jump(Timestamp(TONIGHT.0 - 400 * DAY_MS));
    person.app.set_fields(&written[0].id, titled("one, changed")).await.unwrap();
    person
        .app
        .replace_markdown(&written[3].id, "four, changed", FieldsPatch::default())
        .await
        .unwrap();
    person.app.lock().await.unwrap();
    person.app.unlock(common::PASSPHRASE).await.unwrap();
    assert_eq!(titles(&person), ["three", "four", "one, changed", "two"]);
    for row in &written {
        let now = person.app.entry(&row.id).unwrap();
        assert_eq!((&now.at, &now.day), (&row.at, &row.day));
    }
}

#[tokio::test]
async fn earlier_states_stand_in_the_order_in_which_they_were_written() {
    let place = tempfile::tempdir().unwrap();
    let (person, _) = Person::new(place.path()).await;
    let entry = person.app.add_entry("first", FieldsPatch::default()).await.unwrap();
    for (days, text) in [(0, "second"), (-30, "third"), (400, "fourth")] {
        person.clock.jump(Timestamp(TONIGHT.0 + days * DAY_MS));
        person.app.replace_markdown(&entry.id, text, FieldsPatch::default()).await.unwrap();
    }
    let mut states = Vec::new();
    for version in person.app.versions(&entry.id).await.unwrap() {
        states.push(person.app.version_text(&entry.id, &version.id).await.unwrap());
    }
    let states: Vec<&str> = states.iter().map(|state| state.trim()).collect();
    assert_eq!(states, ["third", "second", "first"]);
}
