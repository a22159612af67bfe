//! Somebody writes while the relay is away, and is removed before it has left.

use crate::net::{Circle, PASSPHRASE, request};
use hearthkeep_client::view::{NoteState, Standing, WishView};

#[tokio::test(flavor = "multi_thread")]
async fn words_that_never_left_stay_their_authors_and_are_drafts_when_one_comes_back() {
    let mut circle = Circle::of(&["Ana", "Bea"]).await;
    let group = circle.group.clone();
    let asked = circle.people[0].shares(&group, "Who comes on Sunday?").await;
    circle.people[1].gets(&group, &asked).await;
    circle.relay.kill();
    let bea = &circle.people[1];
    let written = request(&group, "A page nobody has read.", &[], WishView::AskMe);
    let note = bea.shares_so(written).await;
    bea.app.answer(&group, &asked, "I would.").await.unwrap();
    bea.app.lock().await.unwrap();
    circle.relay.start_again();
    circle.proxy.now_at(circle.relay.address());
    let [ana, bea] = &circle.people[..] else { unreachable!("there are two") };
    ana.app.sync_now().unwrap();
    ana.app.remove_member(&group, &ana.id_of(&group, "Bea").await).await.unwrap();
    ana.until("Ana is alone", async || ana.view(&group).await.members.len() == 1).await;
    bea.app.unlock(PASSPHRASE).await.unwrap();
    bea.until("Bea is out", async || bea.standing(&group).await == Standing::Removed).await;
    assert_eq!(bea.note(&group, &note).await.unwrap().state, NoteState::Outbox);
    let answers = bea.note(&group, &asked).await.unwrap().answers;
    assert!(answers.iter().any(|answer| answer.text == "I would." && answer.waits));
    assert_eq!(ana.feed(&group).await.len(), 1, "nobody else has it");

    let link = ana.app.invite(&group).await.unwrap();
    bea.app.open_invitation(&link).await.unwrap();
    bea.app.ask_to_join("Bea").await.unwrap();
    let unsent = bea.app.unsent(&group).await.unwrap();
    let texts: Vec<&str> = unsent.iter().map(|draft| draft.request.text.as_str()).collect();
    assert_eq!(texts, ["A page nobody has read."]);
    let box_of_the_answer = format!("answer:{asked}");
    let kept = bea.app.kept_words(&box_of_the_answer).await.unwrap();
    assert_eq!(kept.as_deref(), Some("I would."));
}
