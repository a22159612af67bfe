//! The relay has taken what somebody wrote, and goes away before it has shown it back.

use crate::net::{Circle, proxy::Fate};
use hearthkeep_client::view::{NoteState, ReactionView, SyncLight};

#[tokio::test(flavor = "multi_thread")]
async fn what_was_not_read_back_stays_in_the_feed_and_can_be_corrected_and_answered() {
    let circle = Circle::of(&["Ana", "Bea"]).await;
    let group = circle.group.clone();
    // By its length: other requests may be on their way as well.
    let long = "I slep on the sofa, and the cat did not mind. ".repeat(400);
    let mut taken = false;
    circle.proxy.decides(move |path, length| {
        taken |= path == "/v1/append" && length > 16_000;
        if taken && path == "/v1/fetch" { Fate::BreakOff } else { Fate::HandOn }
    });
    let note = circle.people[0].shares(&group, &long).await;
    circle.people[0].until_light(SyncLight::Unreachable { group: group.clone() }).await;
    circle.people[0].starts_again().await;
    let [ana, bea] = &circle.people[..] else { unreachable!("there are two") };
    let own = ana.note(&group, &note).await.expect("it is there after a restart");
    assert_eq!((own.state, own.may_answer.is_some()), (NoteState::There, true));
    ana.app.correct(&group, &note, "I slept on the sofa.").await.unwrap();
    ana.app.answer(&group, &note, "With the cat.").await.unwrap();
    ana.app.react(&group, &note, ReactionView::Candle, true).await.unwrap();
    circle.proxy.is_honest();
    for person in [ana, bea] {
        person.app.sync_now().unwrap();
    }
    bea.until("all of it arrives", async || {
        bea.note(&group, &note).await.is_some_and(|note| {
            let words: Vec<&str> = note.answers.iter().map(|one| one.text.as_str()).collect();
            note.text == "I slept on the sofa."
                && note.corrected
                && words == ["With the cat."]
                && note.reactions.len() == 1
        })
    })
    .await;
    circle.agrees().await;
}
