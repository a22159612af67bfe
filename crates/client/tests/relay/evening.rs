//! One evening of three people in one group, over a real relay.

use crate::net::{Circle, request};
use hearthkeep_client::view::{NoteState, ReactionView, RoleView, WishView};
use hearthkeep_client::{ErrorCode, Refusal};

#[tokio::test(flavor = "multi_thread")]
async fn three_people_meet_share_answer_and_correct() {
    let circle = Circle::of(&["Ana", "Bea", "Cem"]).await;
    let group = &circle.group;
    let [ana, bea, cem] = &circle.people[..] else { unreachable!("there are three") };

    // They are one circle: the words of the check are the same for all of them, as soon as all
    // have read the last newcomer's own commit.
    ana.until("all three have the same twelve words", async || {
        let words = ana.view(group).await.check_words;
        words.len() == 12
            && words == bea.view(group).await.check_words
            && words == cem.view(group).await.check_words
    })
    .await;

    ana.app.make_facilitator(group, &ana.id_of(group, "Bea").await).await.unwrap();
    bea.until("Bea is a facilitator", async || bea.view(group).await.role == RoleView::Facilitator)
        .await;

    // An excerpt for the two of them, who may only listen.
    let entry = ana.app.new_entry().await.unwrap();
    let readers = [ana.id_of(group, "Bea").await, ana.id_of(group, "Cem").await];
    let mut excerpt = request(group, "Three sentences.", &readers, WishView::JustListen);
    excerpt.entry = Some(entry.id.clone());
    let excerpt = ana.shares_so(excerpt).await;
    assert!(ana.app.entry(&entry.id).unwrap().shared);
    for person in [bea, cem] {
        person.gets(group, &excerpt).await;
        let note = person.note(group, &excerpt).await.unwrap();
        assert_eq!((note.text.as_str(), note.may_answer), ("Three sentences.", None));
    }
    bea.app.react(group, &excerpt, ReactionView::Heard, true).await.unwrap();
    let refused = bea.app.answer(group, &excerpt, "But have you tried…").await.unwrap_err();
    assert_eq!(Refusal::from(refused).code, ErrorCode::NotWished);
    ana.until("Bea's reaction arrives", async || {
        let note = ana.note(group, &excerpt).await.unwrap();
        note.reactions.iter().any(|row| row.name == "Bea" && row.reaction == ReactionView::Heard)
    })
    .await;

    let asked = bea.shares(group, "What helps you on Sundays?").await;
    cem.gets(group, &asked).await;
    cem.app.answer(group, &asked, "A walk before lunch.").await.unwrap();
    bea.until("Cem's answer arrives", async || {
        bea.note(group, &asked).await.unwrap().answers.len() == 1
    })
    .await;
    bea.app.correct(group, &asked, "What helps you on Mondays?").await.unwrap();
    for person in &circle.people {
        person
            .until("the correction arrives", async || {
                let note = person.note(group, &asked).await.unwrap();
                note.corrected && note.text == "What helps you on Mondays?"
            })
            .await;
    }
    circle.agrees().await;
    for note in ana.feed(group).await {
        assert_eq!(note.state, NoteState::There);
    }
    assert_eq!(ana.reads(group).await.len(), 4, "two reflections, a reaction, an answer");
}
