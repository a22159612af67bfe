//! Taking back while somebody is away, removing somebody, and coming back after a loss.

use crate::disks::copy;
use crate::net::{Circle, PASSPHRASE, Person, request};
use hearthkeep_client::view::{NoteState, RestoreSecret, RoleView, Standing, WishView};
use hearthkeep_client::{ErrorCode, Refusal};

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_back_while_somebody_is_away_goes_when_they_are_here_and_it_is_told() {
    let circle = Circle::of(&["Ana", "Bea", "Cem"]).await;
    let group = &circle.group;
    let [ana, bea, cem] = &circle.people[..] else { unreachable!("there are three") };
    let readers = [ana.id_of(group, "Bea").await, ana.id_of(group, "Cem").await];
    let note = ana.shares_so(request(group, "Three.", &readers, WishView::JustListen)).await;
    for person in [bea, cem] {
        person.gets(group, &note).await;
    }
    cem.app.lock().await.unwrap();
    ana.app.take_back(group, &note).await.unwrap();
    bea.until("it is gone at Bea's", async || {
        bea.note(group, &note).await.is_none_or(|note| note.text.is_empty())
    })
    .await;
    bea.app.sync_now().unwrap();
    ana.until("Bea's device says so", async || {
        let mine = ana.note(group, &note).await.unwrap();
        mine.state == NoteState::TakenBack && mine.removed_by == ["Bea"] && mine.removal_asked == 2
    })
    .await;
    cem.app.unlock(PASSPHRASE).await.unwrap();
    cem.until("it is gone at Cem's", async || {
        cem.note(group, &note).await.is_none_or(|note| note.text.is_empty())
    })
    .await;
    cem.app.sync_now().unwrap();
    ana.until("Cem's device says so", async || {
        ana.note(group, &note).await.unwrap().removed_by.len() == 2
    })
    .await;
    for person in &circle.people {
        person.has_no_alarm().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_removed_is_told_keeps_their_own_words_and_gets_nothing_more() {
    let circle = Circle::of(&["Ana", "Bea", "Cem"]).await;
    let group = &circle.group;
    let [ana, bea, cem] = &circle.people[..] else { unreachable!("there are three") };
    let own = cem.shares(group, "My own words.").await;
    for person in &circle.people {
        person.may_answer(group, &own).await;
    }
    // Somebody keeps a copy of Cem's profile as it was inside.
    cem.app.lock().await.unwrap();
    let kept = tempfile::tempdir().unwrap();
    copy(cem.profile.path(), kept.path());
    cem.app.unlock(PASSPHRASE).await.unwrap();
    ana.app.remove_member(group, &ana.id_of(group, "Cem").await).await.unwrap();
    cem.until("Cem is out", async || cem.standing(group).await == Standing::Removed).await;
    for person in [ana, bea] {
        person.until("they are two", async || person.view(group).await.members.len() == 2).await;
    }
    let after = ana.shares(group, "Written afterwards.").await;
    bea.gets(group, &after).await;
    let copied = Person::at("Cem's copy", kept);
    copied.app.unlock(PASSPHRASE).await.unwrap();
    copied
        .until("the copy is out", async || copied.standing(group).await == Standing::Removed)
        .await;
    for old in [cem, &copied] {
        old.app.sync_now().unwrap();
        assert!(old.note(group, &after).await.is_none());
    }
    assert_eq!(cem.note(group, &own).await.unwrap().text, "My own words.");
    let refused = cem.app.answer(group, &own, "Still here?").await.unwrap_err();
    assert_eq!(Refusal::from(refused).code, ErrorCode::NotInside);
    for person in &circle.people {
        person.has_no_alarm().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_has_lost_the_computer_restores_asks_to_come_back_and_is_let_in_by_words() {
    let circle = Circle::of(&["Ana", "Bea"]).await;
    let group = &circle.group;
    let [ana, bea] = &circle.people[..] else { unreachable!("there are two") };
    ana.app.make_facilitator(group, &ana.id_of(group, "Bea").await).await.unwrap();
    bea.until("Bea knows", async || bea.view(group).await.role == RoleView::Facilitator).await;
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("all.age");
    ana.app.backup_file(&file, "seven quiet lanterns", |_| {}).await.unwrap();
    ana.app.lock().await.unwrap();
    let again = Person::at("Ana", tempfile::tempdir().unwrap());
    let secret = RestoreSecret::Passphrase("seven quiet lanterns".into());
    again.app.restore(&file, secret, PASSPHRASE, |_| {}).await.unwrap();
    let rows = again.app.groups().await.unwrap();
    assert_eq!((rows[0].name.as_str(), rows[0].standing), ("Tuesday", Standing::Away));
    let asked = again.app.ask_to_come_back(group).await.unwrap();
    let mut requests = Vec::new();
    bea.until("somebody asks", async || {
        requests = bea.view(group).await.requests;
        !requests.is_empty()
    })
    .await;
    assert_eq!((&requests[0].words, requests[0].comes_back), (&asked.words, true));
    bea.app.let_in(group, &requests[0].id, &requests[0].words).await.unwrap();
    again.until("one is back", async || again.standing(group).await == Standing::In).await;
    let note = again.shares(group, "Here again.").await;
    bea.gets(group, &note).await;
    assert_eq!(bea.view(group).await.members.len(), 2);
    for person in [bea, &again] {
        person.has_no_alarm().await;
    }
}
