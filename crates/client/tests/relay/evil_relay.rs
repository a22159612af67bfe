//! A relay that lies: what it does is refused or becomes a typed alarm, never a wrong word.

use crate::net::{
    Circle,
    proxy::{Fate, Lie},
};
use hearthkeep_client::view::{AlarmKind, SyncLight};

fn appends(circle: &Circle) -> usize {
    circle.proxy.passed().iter().filter(|passed| passed.path == "/v1/append").count()
}

/// Bea is away while Ana writes; then Ana is away while Bea's relay lies to her.
async fn bea_is_lied_to(lie: Lie) -> Circle {
    let circle = Circle::of(&["Ana", "Bea"]).await;
    let (ana, bea) = (&circle.people[0], &circle.people[1]);
    let note = ana.shares(&circle.group, "The first.").await;
    bea.may_answer(&circle.group, &note).await;
    ana.may_answer(&circle.group, &note).await;
    bea.app.lock().await.unwrap();
    let before = appends(&circle);
    for text in ["one", "two", "three"] {
        ana.app.answer(&circle.group, &note, text).await.unwrap();
    }
    ana.until("all three have gone", async || appends(&circle) == before + 3).await;
    ana.until_light(SyncLight::Sent).await;
    ana.app.lock().await.unwrap();
    circle.proxy.decides(move |_, _| Fate::Lie(lie));
    bea.app.unlock("a long walk by the sea").await.unwrap();
    circle
}

async fn is_alarmed(circle: &Circle, kind: AlarmKind, light: SyncLight) {
    let bea = &circle.people[1];
    bea.until("an alarm of that kind", async || {
        bea.app.alarms().await.unwrap().iter().any(|alarm| alarm.kind == kind)
    })
    .await;
    bea.until_light(light).await;
    let feed = bea.feed(&circle.group).await;
    assert_eq!(feed[0].text, "The first.");
    assert!(feed[0].answers.len() < 3, "nothing is taken from a log that does not continue");
    let before = appends(circle);
    bea.app.answer(&circle.group, &feed[0].id, "to nobody for now").await.unwrap();
    bea.app.sync_now().unwrap();
    bea.until("the outbox holds it", async || {
        !matches!(bea.app.light().unwrap(), SyncLight::Sent | SyncLight::Sending)
    })
    .await;
    assert_eq!(appends(circle), before, "nothing is written to a log that is not trusted");
}

async fn forked(lie: Lie) {
    let circle = bea_is_lied_to(lie).await;
    let light = SyncLight::Forked { group: circle.group.clone() };
    is_alarmed(&circle, AlarmKind::RelayFork, light).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r1_a_record_that_is_left_out_of_a_page_is_noticed() {
    forked(Lie::Drop).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r3_records_in_another_order_are_noticed() {
    forked(Lie::Reorder).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r4_a_record_that_comes_twice_is_noticed() {
    forked(Lie::Replay).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r9_another_past_is_noticed() {
    forked(Lie::Fork).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r15_a_flipped_bit_is_noticed() {
    forked(Lie::Flip).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r6_a_log_that_was_rolled_back_is_noticed() {
    let circle = bea_is_lied_to(Lie::RollBack).await;
    let light = SyncLight::Withheld { group: circle.group.clone() };
    is_alarmed(&circle, AlarmKind::Withheld, light).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn r10_what_was_held_back_for_a_while_arrives_and_nobody_is_alarmed() {
    let circle = bea_is_lied_to(Lie::Truncate).await;
    let (ana, bea) = (&circle.people[0], &circle.people[1]);
    bea.until("what is shown is read", async || {
        bea.feed(&circle.group).await[0].answers.len() == 2
    })
    .await;
    circle.proxy.is_honest();
    ana.app.unlock("a long walk by the sea").await.unwrap();
    bea.app.sync_now().unwrap();
    bea.until("all is there", async || bea.feed(&circle.group).await[0].answers.len() == 3).await;
    circle.agrees().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_relay_is_unreachable_and_nothing_else() {
    let circle = bea_is_lied_to(Lie::Garbage).await;
    let (ana, bea) = (&circle.people[0], &circle.people[1]);
    bea.until_light(SyncLight::Unreachable { group: circle.group.clone() }).await;
    bea.has_no_alarm().await;
    circle.proxy.is_honest();
    ana.app.unlock("a long walk by the sea").await.unwrap();
    bea.app.sync_now().unwrap();
    bea.until("all is there", async || bea.feed(&circle.group).await[0].answers.len() == 3).await;
    circle.agrees().await;
}
