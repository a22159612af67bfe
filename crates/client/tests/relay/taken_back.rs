//! Taking back while somebody is away, removing somebody, and coming back after a loss.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::disks::copy;
use crate::net::{Circle, PASSPHRASE, Person, proxy::Passed, request};
use hearthkeep_client::view::{NoteState, RestoreSecret, RoleView, Standing, SyncLight, WishView};
use hearthkeep_client::{ErrorCode, Refusal};
use hearthkeep_wire::MailboxId;

fn asked_for(passed: &[Passed]) -> BTreeSet<MailboxId> {
    passed.iter().map(Passed::mailbox).collect()
}

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
    ana.until("Cem's device says so", async || {
        ana.note(group, &note).await.unwrap().removed_by.len() == 2
    })
    .await;
    for person in &circle.people {
        person.has_no_alarm().await;
    }
}

// Where nothing must come, nothing can be awaited: but what is begun, sent and read back in another
// group after a fresh start comes later than anything that would be asked for this one.
async fn has_asked_for_all_that_it_asks_for(circle: &Circle, person: &Person) {
    person.app.lock().await.unwrap();
    person.app.unlock(PASSPHRASE).await.unwrap();
    let (url, token) = (circle.proxy.url(), circle.relay.token());
    let other = person.app.found_group("Another", person.name, &url, &token).await.unwrap().id;
    person.app.sync_now().unwrap();
    let note = person.shares(&other, "Elsewhere.").await;
    person.until_light(SyncLight::Sent).await;
    assert_eq!(person.note(&other, &note).await.unwrap().state, NoteState::There);
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
    let before = circle.proxy.passed().len();
    ana.app.remove_member(group, &ana.id_of(group, "Cem").await).await.unwrap();
    cem.until("Cem is out", async || cem.standing(group).await == Standing::Removed).await;
    cem.until_light(SyncLight::Saved).await;
    for person in [ana, bea] {
        person.until("they are two", async || person.view(group).await.members.len() == 2).await;
    }
    let after = ana.shares(group, "Written afterwards.").await;
    bea.gets(group, &after).await;
    // From here on nobody speaks to the relay but Cem, and whoever has the copy.
    for person in [ana, bea] {
        person.app.lock().await.unwrap();
    }
    let passed = circle.proxy.passed();
    let (then, since) = passed.split_at(before);
    let new: BTreeSet<MailboxId> = asked_for(since).difference(&asked_for(then)).copied().collect();
    assert!(!new.is_empty(), "the two have met elsewhere since");
    let copied = Person::at("Cem's copy", kept);
    copied.app.unlock(PASSPHRASE).await.unwrap();
    copied
        .until("the copy is out", async || copied.standing(group).await == Standing::Removed)
        .await;
    for old in [cem, &copied] {
        has_asked_for_all_that_it_asks_for(&circle, old).await;
        assert!(old.note(group, &after).await.is_none());
    }
    let asked = asked_for(&circle.proxy.passed()[passed.len()..]);
    assert!(asked.is_disjoint(&new), "nobody who is out knows where the two meet");
    for person in [ana, bea] {
        person.app.unlock(PASSPHRASE).await.unwrap();
    }
    assert_eq!(cem.note(group, &own).await.unwrap().text, "My own words.");
    let refused = cem.app.answer(group, &own, "Still here?").await.unwrap_err();
    assert_eq!(Refusal::from(refused).code, ErrorCode::NotInside);
    // Who asks to come back is told of nothing new: nothing came.
    let link = ana.app.invite(group).await.unwrap();
    cem.app.open_invitation(&link).await.unwrap();
    cem.app.ask_to_join(cem.name).await.unwrap();
    assert!(!cem.view(group).await.row.unread);
    for person in &circle.people {
        person.has_no_alarm().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_is_seen_out_by_whoever_is_there_and_the_others_go_on() {
    let circle = Circle::of(&["Ana", "Bea", "Cem"]).await;
    let group = &circle.group;
    let [ana, bea, cem] = &circle.people[..] else { unreachable!("there are three") };
    // The one facilitator is away: it is for Bea to do, after a while.
    ana.app.lock().await.unwrap();
    cem.app.leave_group(group).await.unwrap();
    bea.until("they are two", async || {
        bea.clock.pass(Duration::from_secs(1));
        bea.view(group).await.members.len() == 2
    })
    .await;
    cem.until("Cem has left", async || cem.standing(group).await == Standing::Left).await;
    ana.app.unlock(PASSPHRASE).await.unwrap();
    let note = bea.shares(group, "We go on.").await;
    ana.gets(group, &note).await;
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
