//! The relay is stopped in the middle of appends and of fetches, with outboxes full and answers
//! lost. All write on. It comes back: everything has arrived once, in one order, without alarm.

use std::time::Duration;

use crate::net::{Circle, Person, proxy::Fate};
use hearthkeep_client::view::{ReactionView, SyncLight};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn seeded() -> ChaCha8Rng {
    let seed = std::env::var("SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(20_261_125);
    eprintln!("SEED={seed}");
    ChaCha8Rng::seed_from_u64(seed)
}

/// Everybody answers what is there, by words or by a sign.
async fn all_write(people: &[Person], group: &str, note: &str, round: usize) {
    for (number, person) in people.iter().enumerate() {
        let text = format!("{} in round {round}", person.name);
        person.app.answer(group, note, &text).await.unwrap();
        let reaction =
            [ReactionView::Heard, ReactionView::With, ReactionView::MeToo][(round + number) % 3];
        person.app.react(group, note, reaction, true).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_arrives_once_in_one_order_when_answers_are_lost_and_the_relay_is_killed() {
    let mut random = seeded();
    let mut circle = Circle::of(&["Ana", "Bea", "Cem"]).await;
    let group = circle.group.clone();
    let note = circle.people[0].shares(&group, "Today I stayed.").await;
    for person in &circle.people {
        person.may_answer(&group, &note).await;
    }
    for round in 0..6 {
        let mut dice = ChaCha8Rng::seed_from_u64(random.random());
        circle.proxy.decides(move |path, _| match (path, dice.random_range(0..10)) {
            ("/v1/append" | "/v1/rotate", 0..4) => Fate::LoseAnswer,
            ("/v1/append" | "/v1/fetch", 4) => Fate::BreakOff,
            ("/v1/fetch", 5..7) => Fate::HalfAnswer,
            _ => Fate::HandOn,
        });
        all_write(&circle.people, &group, &note, round).await;
        // At a seeded moment in the middle of what they do.
        tokio::time::sleep(Duration::from_millis(random.random_range(1..200))).await;
        circle.relay.kill();
        all_write(&circle.people, &group, &note, round + 100).await;
        let down = &circle.people[round % 3];
        down.app.sync_now().unwrap();
        down.until("the light says that the relay is away", async || {
            matches!(down.app.light().unwrap(), SyncLight::Unreachable { .. })
        })
        .await;
        circle.people[(round + 1) % 3].starts_again().await;
        circle.relay.start_again();
        circle.proxy.now_at(circle.relay.address());
        for person in &circle.people {
            person.app.sync_now().unwrap();
        }
    }
    circle.proxy.is_honest();
    for person in &circle.people {
        person.app.sync_now().unwrap();
    }
    circle.agrees().await;
    let answers = &circle.people[0].feed(&group).await[0].answers;
    let mut texts: Vec<&str> = answers.iter().map(|answer| answer.text.as_str()).collect();
    assert_eq!(texts.len(), 36, "each answer stands once");
    texts.sort_unstable();
    texts.dedup();
    assert_eq!(texts.len(), 36, "and no other");
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_asked_of_a_relay_while_there_is_no_group_or_the_vault_is_locked() {
    let circle = Circle::of(&["Ana"]).await;
    let ana = &circle.people[0];
    let alone = Person::new("Bea").await;
    assert_eq!(alone.app.light().unwrap(), SyncLight::Saved);
    ana.app.lock().await.unwrap();
    let before = circle.proxy.passed().len();
    // Where nothing must come, nothing can be awaited: longer than the loop's first pause and its
    // jitter, after which it would have tried again.
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(circle.proxy.passed().len(), before);
    assert!(ana.app.light().is_err());
}
