//! Who was removed, and still has everything they had.

use super::*;
use hearthkeep_model::{Audience, Wish};

fn without_cem(seed: u64, names: &[&str]) -> World {
    let mut world = World::with_group(seed, names);
    let cem = world.me(2);
    world.act(0, |group, e| group.remove(cem, e)).unwrap();
    world.settle();
    world
}

#[test]
fn m1_old_keys_open_nothing_that_is_written_afterwards() {
    let mut world = without_cem(201, &["Amal", "Bea", "Cem"]);
    world.share(0, "After.", Wish::JustListen, Audience::Group);
    world.settle();
    let cem = world.people[2].seen();
    let amal = world.people[0].seen();
    let generation = amal.generation().unwrap().number;
    let first = amal.epochs.values().find(|epoch| epoch.generation == generation).unwrap();
    assert!(!cem.epochs.contains_key(&first.number) || cem.epochs[&first.number].kid != first.kid);
    assert_eq!(opens(&world, 2, &content_of(amal)), 0);
    assert!(opens(&world, 1, &content_of(amal)) > 0);
}

#[test]
fn m2_the_removed_do_not_know_the_new_mailboxes_nor_have_their_key() {
    let world = without_cem(202, &["Amal", "Bea", "Cem"]);
    let (amal, cem) = (world.people[0].seen(), world.people[2].seen());
    for mailbox in [content_of(amal), handshake_of(amal)] {
        assert!(amal.capability(&mailbox).is_some());
        assert!(cem.capability(&mailbox).is_none());
    }
    assert!(cem.watched().is_empty());
}

#[test]
fn m3_a_record_that_is_dated_back_counts_for_nobody() {
    let mut world = World::with_group(203, &["Amal", "Bea", "Cem", "Dana"]);
    let cem = world.me(2);
    world.people[3].away = true;
    let old = content_of(world.people[2].seen());
    let group = world.people[2].seen();
    let late = forge(group, &group.signer(), &header(group, Kind::Note), &open_body(b"late"));
    world.act(0, |group, e| group.remove(cem, e)).unwrap();
    world.settle();
    slip_in(&mut world, old, &late);
    // Who was away reads the old log only now, and knows from the commit where it ends.
    world.people[3].away = false;
    world.settle();
    world.share(0, "On.", Wish::JustListen, Audience::Group);
    world.settle();
    for who in [0, 1, 3] {
        assert_eq!(world.screen(who), ["On. [there] 0 []"], "{who}");
    }
    let noticed = [AlarmKind::BeyondCut, AlarmKind::Withheld, AlarmKind::RelayFork];
    assert!(alarms(&world, 3).iter().all(|kind| noticed.contains(kind)));
}

#[test]
fn m3_a_record_beyond_the_cut_is_dropped_even_if_it_was_read_first() {
    let mut world = World::with_group(204, &["Amal", "Bea", "Cem"]);
    let cem = world.me(2);
    // Bea reads what Cem wrote; Amal, who removes Cem, is shown a log without it.
    let honest = world.relay.clone();
    world.share(2, "Late words.", Wish::JustListen, Audience::Group);
    while world.send(2) {
        let mailbox = content_of(world.people[2].seen());
        world.read(2, mailbox);
    }
    let mailbox = content_of(world.people[1].seen());
    world.read(1, mailbox);
    assert_eq!(world.screen(1).len(), 1);
    let shown = std::mem::replace(&mut world.relay, honest);
    world.act(0, |group, e| group.remove(cem, e)).unwrap();
    while world.send(0) {}
    let commit = world.relay.mailboxes[&handshake_of_old(&world)].clone();
    world.relay = shown;
    world.relay.mailboxes.insert(handshake_of_old(&world), commit);
    let handshake = handshake_of(world.people[1].seen());
    world.read(1, handshake);
    assert_eq!(alarms(&world, 1), [AlarmKind::BeyondCut]);
    assert_eq!(world.screen(1), Vec::<String>::new());
}

fn handshake_of_old(world: &World) -> MailboxId {
    handshake_of(world.people[2].seen())
}

#[test]
fn m4_an_old_welcome_and_an_old_request_let_nobody_in() {
    let mut world = World::with_group(205, &["Amal", "Bea"]);
    let link = world.invite(0);
    let cem = world.person("Cem");
    world.ask(cem, &link).unwrap();
    world.settle();
    let words = world.people[cem].seen().own_words().unwrap().map(str::to_owned);
    let request = world.asking(0)[0].request;
    let now = world.now;
    world.act(0, |group, e| group.let_in(request, &words, e, now)).unwrap();
    world.settle();
    assert!(world.people[cem].inside());
    let account = world.me(cem);
    world.act(0, |group, e| group.remove(account, e)).unwrap();
    world.settle();
    // The same letters lie in the drop; a new request is not answered by the old Welcome.
    world.ask(cem, &link).unwrap();
    world.settle();
    assert!(!world.people[cem].inside());
    let again = world.act(0, |group, e| group.let_in(request, &words, e, now));
    assert_eq!(again, Err(crate::GroupError::NoSuchRequest));
}

#[test]
fn m5_a_replayed_renewal_from_before_is_skipped() {
    let mut world = World::with_group(206, &["Amal", "Bea", "Cem"]);
    let mailbox = handshake_of(world.people[0].seen());
    let old = world.relay.mailboxes[&mailbox].entries.last().unwrap().blob.clone().unwrap();
    let cem = world.me(2);
    world.act(0, |group, e| group.remove(cem, e)).unwrap();
    world.settle();
    let words = world.people[1].seen().check_words();
    let mailbox = handshake_of(world.people[0].seen());
    slip_in(&mut world, mailbox, &old);
    world.settle();
    assert_eq!(alarms(&world, 1), [AlarmKind::CommitRefused]);
    assert_eq!(world.people[1].seen().check_words(), words);
}
