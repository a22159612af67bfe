//! On the way out of a group: taking back arrives, or it is said that it did not; and nobody who
//! leaves brings the group to a halt.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails may stop"
)]

mod world;

use hearthkeep_group::{Going, Standing};
use hearthkeep_model::{Audience, NoteId, Wish};
use world::World;

fn with_a_note(seed: u64) -> (World, NoteId) {
    let mut world = World::with_group(seed, &["Amal", "Bea", "Cem"]);
    let note = world.share(2, "Mine.", Wish::AdviceIsWelcome, Audience::Group);
    world.settle();
    (world, note)
}

fn takes_back(world: &mut World, note: NoteId) {
    let day = world.today();
    world.act(2, |group, entropy| group.take_back(note, day, entropy)).unwrap();
}

fn is_removed(world: &mut World) {
    let cem = world.me(2);
    world.people[2].away = true;
    world.act(0, |group, entropy| group.remove(cem, entropy)).unwrap();
    world.settle();
    world.people[2].away = false;
}

#[test]
fn who_is_removed_before_a_taking_back_has_left_is_told_that_it_did_not_arrive() {
    let (mut world, note) = with_a_note(1);
    is_removed(&mut world);
    takes_back(&mut world, note);
    assert_eq!(world.screen(2), ["- [taken back, removed by 0] 0 []"], "it is on its way");
    world.settle();
    assert_eq!(world.people[2].seen().standing(), Standing::Removed);
    world.people[2].crash();
    assert_eq!(world.screen(2), ["Mine. [not taken back] 0 []"]);
    for who in [0, 1] {
        assert_eq!(world.screen(who), ["Mine. [there] 0 []"], "they still read it");
        assert_eq!(world.people[who].alarms, []);
    }
}

#[test]
fn who_is_removed_while_a_taking_back_is_under_way_is_told_that_it_may_have_arrived() {
    let (mut world, note) = with_a_note(2);
    takes_back(&mut world, note);
    world.weather.lost_answer = 1_000;
    assert!(world.send(2), "the taking back leaves, and its answer is lost");
    world.weather.lost_answer = 0;
    is_removed(&mut world);
    world.settle();
    assert_eq!(world.people[2].seen().standing(), Standing::Removed);
    assert_eq!(world.screen(2), ["Mine. [perhaps not taken back] 0 []"]);
    for who in [0, 1] {
        assert!(world.screen(who).is_empty(), "it did arrive: {:?}", world.screen(who));
    }
}

#[test]
fn who_leaves_does_not_leave_before_their_taking_back() {
    let mut world = World::with_group(3, &["Amal", "Bea", "Cem"]);
    let note = world.share(2, "Mine.", Wish::AdviceIsWelcome, Audience::Group);
    // It was sent, and not read back: a taking back has to wait until it is.
    assert!(world.send(2));
    takes_back(&mut world, note);
    leaves(&mut world, 2);
    world.send(2);
    world.settle();
    assert_eq!(world.people[2].seen().standing(), Standing::Left);
    for who in [0, 1] {
        assert!(world.screen(who).is_empty(), "{:?}", world.screen(who));
    }
}

fn leaves(world: &mut World, who: usize) {
    let now = world.now;
    let person = &mut world.people[who];
    let group = person.group.as_mut().unwrap();
    group.leave(&person.secret, &mut person.entropy, now).unwrap();
    person.keep();
}

#[test]
fn of_two_facilitators_who_leave_at_once_one_stays_until_another_leads() {
    let mut world = World::with_group(4, &["Amal", "Bea", "Cem", "Dana"]);
    let (bea, cem) = (world.me(1), world.me(2));
    world.act(0, |group, e| group.make_facilitator(bea, e)).unwrap();
    world.settle();
    leaves(&mut world, 0);
    leaves(&mut world, 1);
    assert_eq!(world.people[0].seen().going(), Some(Going::Soon));
    world.settle();
    let inside: Vec<usize> = (0..2).filter(|who| world.people[*who].inside()).collect();
    let [stays] = inside[..] else { panic!("not one of two stays: {inside:?}") };
    assert_eq!(world.people[1 - stays].seen().standing(), Standing::Left);
    assert_eq!(world.people[stays].seen().going(), Some(Going::OnceSomebodyLeads));
    // The group does not stand still for it.
    world.share(2, "We go on.", Wish::JustListen, Audience::Group);
    world.settle();
    assert_eq!(world.screen(3).len(), 1, "{:?}", world.screen(3));
    assert_eq!(world.people[3].seen().held(), None);
    world.act(stays, |group, e| group.make_facilitator(cem, e)).unwrap();
    world.settle();
    assert_eq!(world.people[stays].seen().standing(), Standing::Left);
    assert_eq!(world.people[3].seen().members().len(), 2);
}

#[test]
fn who_is_alone_leaves_at_once() {
    let mut world = World::with_group(5, &["Amal"]);
    leaves(&mut world, 0);
    assert_eq!(world.people[0].seen().standing(), Standing::Left);
}
