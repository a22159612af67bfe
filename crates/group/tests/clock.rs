//! Clocks that are wrong, and long absences: nobody's words are lost by either, and nobody is
//! accused of it.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "numbers of a test are small, and it names what it looks for"
)]

mod world;

use hearthkeep_group::{AlarmKind, Standing};
use hearthkeep_model::{Audience, Timestamp, Wish};
use hearthkeep_wire::MailboxId;
use std::collections::BTreeMap;
use world::{DAY_MS, World};

const YEAR_MS: i64 = 365 * DAY_MS;

/// Only one person is there, and their clock shows something else.
fn alone_with_a_clock_of(world: &mut World, who: usize, now: i64, act: impl FnOnce(&mut World)) {
    let (before, real) = (world.people.len(), world.now);
    (0..before).filter(|other| *other != who).for_each(|other| world.people[other].away = true);
    world.now = Timestamp(now);
    act(world);
    world.settle();
    world.now = real;
    world.people.iter_mut().for_each(|person| person.away = false);
}

#[test]
fn a_newcomer_is_let_in_after_somebody_s_clock_was_two_years_ahead() {
    let mut world = World::with_group(1, &["Amal", "Bea"]);
    let bea = world.me(1);
    let ahead = world.now.0 + 2 * YEAR_MS;
    alone_with_a_clock_of(&mut world, 0, ahead, |world| {
        world.act(0, |group, entropy| group.make_facilitator(bea, entropy)).unwrap();
    });
    world.settle();
    for by in 0..2 {
        let newcomer = world.person(["Cem", "Dov"][by]);
        world.come_in(newcomer, by);
        assert!(world.people[newcomer].inside());
    }
    world.assert_one_past(1);
}

#[test]
fn what_is_shared_and_decided_with_a_clock_a_year_behind_counts_like_everything() {
    let mut world = World::with_group(2, &["Amal", "Bea", "Cem"]);
    let bea = world.me(1);
    let behind = world.now.0 - YEAR_MS;
    alone_with_a_clock_of(&mut world, 0, behind, |world| {
        world.share(0, "Written last year, says my clock.", Wish::AdviceIsWelcome, Audience::Group);
        world.act(0, |group, entropy| group.make_facilitator(bea, entropy)).unwrap();
    });
    world.settle();
    for who in 0..3 {
        assert_eq!(world.screen(who), ["Written last year, says my clock. [there] 0 []"], "{who}");
    }
    world.assert_one_past(2);
}

#[test]
fn who_was_away_for_six_weeks_reads_everything_wherever_the_first_reading_broke_off() {
    let mut first = 0;
    loop {
        let mut world = World::with_group(3, &["Amal", "Bea", "Cem"]);
        world.people[1].away = true;
        world.share(0, "Before Cem went.", Wish::AdviceIsWelcome, Audience::Group);
        world.settle();
        let cem = world.me(2);
        world.act(0, |group, entropy| group.remove(cem, entropy)).unwrap();
        world.settle();
        world.now.0 += 45 * DAY_MS;
        world.people[1].away = false;
        let mailboxes = world.people[1].seen().watched();
        let Some((mailbox, _)) = mailboxes.get(first).copied() else { break };
        for _ in 0..8 {
            world.read(1, mailbox);
        }
        world.people[1].crash();
        world.settle();
        assert_eq!(world.screen(1), ["Before Cem went. [there] 0 []"], "after mailbox {first}");
        world.assert_one_past(3);
        first += 1;
    }
    assert!(first >= 2, "there are handshakes and records to read");
}

/// Days go by, and everybody who is there does what they do daily. The relay drops what it sealed
/// ninety days ago.
fn days_go_by(world: &mut World, days: i32) {
    let mut sealed = BTreeMap::new();
    for _ in 0..days {
        world.now.0 += DAY_MS;
        world.settle();
        let today = world.today().0;
        for (id, mailbox) in &world.relay.mailboxes {
            if mailbox.sealed {
                sealed.entry(*id).or_insert(today);
            }
        }
        let over = |id: &MailboxId| sealed.get(id).is_some_and(|since| since + 90 <= today);
        world.relay.mailboxes.retain(|id, _| !over(id));
    }
}

fn a_hundred_days_away() -> World {
    let mut world = World::with_group(5, &["Amal", "Bea", "Cem"]);
    world.share(0, "Before Bea went.", Wish::AdviceIsWelcome, Audience::Group);
    world.settle();
    world.people[1].away = true;
    let cem = world.me(2);
    world.act(0, |group, entropy| group.remove(cem, entropy)).unwrap();
    days_go_by(&mut world, 100);
    world.share(0, "While Bea was away.", Wish::AdviceIsWelcome, Audience::Group);
    world.settle();
    world.people[1].away = false;
    world
}

#[test]
fn who_was_away_for_eighty_days_reads_everything_though_the_group_moved_on() {
    let mut world = World::with_group(4, &["Amal", "Bea", "Cem"]);
    world.people[1].away = true;
    world.share(0, "In the first week.", Wish::AdviceIsWelcome, Audience::Group);
    days_go_by(&mut world, 80);
    world.people[1].away = false;
    world.settle();
    assert_eq!(world.screen(1), ["In the first week. [there] 0 []"]);
    world.assert_one_past(4);
}

#[test]
fn who_was_away_for_a_hundred_days_raises_no_alarm_keeps_what_was_read_and_comes_back() {
    let mut world = a_hundred_days_away();
    world.settle();
    assert_eq!(world.people[1].seen().standing(), Standing::LongAway);
    assert_eq!(world.people[1].alarms, []);
    assert_eq!(world.screen(1), ["Before Bea went. [there] 0 []"]);
    // What is kept says the same after a start.
    world.people[1].crash();
    world.settle();
    assert_eq!(world.people[1].seen().standing(), Standing::LongAway);
    world.come_in(1, 0);
    world.share(0, "Here again.", Wish::AdviceIsWelcome, Audience::Group);
    world.settle();
    assert_eq!(world.screen(1).last().unwrap(), "Here again. [there] 0 []");
    let members = world.people[0].seen().members();
    assert_eq!(members.iter().map(|member| member.devices).collect::<Vec<_>>(), [1, 1]);
    world.assert_one_past(5);
}

#[test]
fn a_relay_that_drops_a_mailbox_before_its_time_is_still_told_on() {
    let mut world = World::with_group(6, &["Amal", "Bea"]);
    world.share(0, "Something.", Wish::AdviceIsWelcome, Audience::Group);
    world.settle();
    world.people[0].away = true;
    world.now.0 += 80 * DAY_MS;
    world.relay.mailboxes.clear();
    world.round(1);
    let alarms: Vec<_> = world.people[1].alarms.iter().map(|alarm| alarm.kind).collect();
    assert!(alarms.contains(&AlarmKind::Withheld), "{alarms:?}");
    assert_eq!(world.people[1].seen().standing(), Standing::In);
}
