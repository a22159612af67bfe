//! The group's evening as stories, in fair weather.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "numbers of a test are small, and it names what it looks for"
)]

mod world;

use hearthkeep_group::{GroupError, Leaving, SharedState, Standing};
use hearthkeep_model::{AccountId, Audience, NoteId, Reaction, Role, Wish};
use world::World;

#[test]
fn three_people_come_together_and_share_one_past() {
    let world = World::with_group(1, &["Amal", "Bea", "Cem"]);
    world.assert_one_past(1);
    for who in 0..3 {
        assert_eq!(world.people[who].seen().members().len(), 3);
        assert_eq!(world.people[who].seen().name(), "Tuesday evening");
    }
}

#[test]
fn just_listen_is_heard_and_words_are_impossible() {
    let mut world = World::with_group(2, &["Amal", "Bea", "Cem"]);
    let audience = Audience::Some(vec![world.me(1), world.me(2)]);
    let note = world.share(0, "Three sentences.", Wish::JustListen, audience);
    world.settle();
    let day = world.today();
    let refused = world.act(1, |group, e| group.answer(note, "But why?", day, e));
    assert_eq!(refused, Err(GroupError::NotWished { wish: Wish::JustListen }));
    world.act(1, |group, e| group.react(note, Reaction::Heard, true, day, e)).unwrap();
    let refused = world.act(1, |group, e| group.react(note, Reaction::Thanks, true, day, e));
    assert_eq!(refused, Err(GroupError::NotWished { wish: Wish::JustListen }));
    world.settle();
    for who in 0..3 {
        assert_eq!(world.screen(who), ["Three sentences. [there] 1 []"], "{who}");
    }
    world.assert_one_past(2);
}

#[test]
fn advice_is_commented_and_a_word_is_corrected() {
    let mut world = World::with_group(3, &["Amal", "Bea", "Cem"]);
    let note = world.share(1, "I slep badly.", Wish::AdviceIsWelcome, Audience::Group);
    world.settle();
    let day = world.today();
    world.act(2, |group, e| group.answer(note, "I walk.", day, e)).unwrap();
    world.act(1, |group, e| group.correct(note, "I slept badly.", day, e)).unwrap();
    let refused = world.act(2, |group, e| group.correct(note, "mine", day, e));
    assert_eq!(refused, Err(GroupError::NotYours));
    world.settle();
    for who in 0..3 {
        assert_eq!(world.screen(who), [r#"I slept badly. [there] 0 ["I walk."]"#], "{who}");
    }
    world.assert_one_past(3);
}

#[test]
fn what_the_relay_has_taken_is_in_the_feed_before_it_was_read_back_and_can_be_spoken_of() {
    let mut world = World::with_group(31, &["Amal", "Bea"]);
    let note = world.share(0, "I slep badly.", Wish::AdviceIsWelcome, Audience::Group);
    assert!(world.send(0), "the relay takes it");
    assert!(!world.send(0), "and nothing else waits");
    world.people[0].crash();
    assert_eq!(world.screen(0), ["I slep badly. [there] 0 []"]);
    assert_eq!(world.people[0].seen().feed()[0].state, SharedState::There(Leaving::Sent));
    let day = world.today();
    world.act(0, |group, e| group.correct(note, "I slept badly.", day, e)).unwrap();
    world.act(0, |group, e| group.answer(note, "Since June.", day, e)).unwrap();
    world.act(0, |group, e| group.react(note, Reaction::Candle, true, day, e)).unwrap();
    assert!(!world.send(0), "what is said of it goes after it was read back");
    world.people[0].crash();
    world.settle();
    for who in 0..2 {
        assert_eq!(world.screen(who), [r#"I slept badly. [there] 1 ["Since June."]"#], "{who}");
        assert!(world.people[who].seen().feed()[0].corrected);
    }
    world.assert_one_past(31);
}

#[test]
fn what_has_not_left_is_written_anew_and_nobody_hears_of_a_correction() {
    let mut world = World::with_group(32, &["Amal", "Bea"]);
    let asked = world.share(1, "Ask me.", Wish::AskMe, Audience::Group);
    world.settle();
    let day = world.today();
    let note = world.share(0, "I slep.", Wish::JustListen, Audience::Some(vec![world.me(1)]));
    world.act(0, |group, e| group.correct(note, "I slept.", day, e)).unwrap();
    let question = world.act(0, |group, e| group.answer(asked, "Whyy?", day, e)).unwrap();
    let long = "Why? ".repeat(60);
    let refused = world.act(0, |group, e| group.correct(question, &long, day, e));
    assert_eq!(refused, Err(GroupError::Length { most: 280 }), "a question stays short");
    world.act(0, |group, e| group.correct(question, "Why?", day, e)).unwrap();
    world.settle();
    for who in 0..2 {
        let screen = [r#"Ask me. [there] 0 ["Why?"]"#, "I slept. [there] 0 []"];
        assert_eq!(world.screen(who), screen, "{who}");
        let feed = world.people[who].seen().feed();
        assert!(
            feed.iter().all(|note| !note.corrected && !note.replies.iter().any(|r| r.corrected))
        );
    }
    world.assert_one_past(32);
}

#[test]
fn what_was_only_asked_to_be_taken_back_is_gone_for_its_author_at_once() {
    let mut world = World::with_group(33, &["Amal", "Bea"]);
    let older = world.share(0, "Let this go.", Wish::JustListen, Audience::Group);
    world.settle();
    world.share(0, "This stays.", Wish::JustListen, Audience::Group);
    world.settle();
    let day = world.today();
    world.act(0, |group, e| group.take_back(older, day, e)).unwrap();
    let gone = ["- [taken back, removed by 0] 0 []", "This stays. [there] 0 []"];
    assert_eq!(world.screen(0), gone);
    world.settle();
    let gone = ["- [taken back, removed by 1] 0 []", "This stays. [there] 0 []"];
    assert_eq!(world.screen(0), gone, "it keeps its place");
    assert_eq!(world.screen(1), ["This stays. [there] 0 []"]);
    world.assert_one_past(33);
}

#[test]
fn who_is_removed_keeps_also_the_words_that_never_left() {
    let mut world = World::with_group(34, &["Amal", "Bea", "Cem"]);
    let note = world.share(0, "Come on Sunday.", Wish::AdviceIsWelcome, Audience::Group);
    let own = world.share(2, "Taken back too late.", Wish::JustListen, Audience::Group);
    world.settle();
    world.people[2].away = true;
    let day = world.today();
    world.act(2, |group, e| group.answer(note, "I would come.", day, e)).unwrap();
    world.act(2, |group, e| group.take_back(own, day, e)).unwrap();
    world.share(2, "Nobody read this.", Wish::JustListen, Audience::Group);
    let cem = world.me(2);
    world.act(0, |group, e| group.remove(cem, e)).unwrap();
    world.settle();
    world.people[2].away = false;
    world.settle();
    assert_eq!(world.people[2].seen().standing(), Standing::Removed);
    world.people[2].crash();
    let kept = [
        r#"Come on Sunday. [there] 0 ["I would come."]"#,
        "Taken back too late. [not taken back] 0 []",
        "Nobody read this. [there] 0 []",
    ];
    assert_eq!(world.screen(2), kept);
    let last = &world.people[2].seen().feed()[2].state;
    assert_eq!(*last, SharedState::There(Leaving::Outbox), "it says that it never left");
    let others = ["Come on Sunday. [there] 0 []", "Taken back too late. [there] 0 []"];
    assert_eq!(world.screen(0), others);
    world.assert_one_past(34);
}

#[test]
fn a_note_for_one_is_not_read_by_the_other() {
    let mut world = World::with_group(4, &["Amal", "Bea", "Cem"]);
    let audience = Audience::Some(vec![world.me(1)]);
    let note = world.share(0, "For Bea.", Wish::AdviceIsWelcome, audience);
    world.settle();
    let day = world.today();
    world.act(1, |group, e| group.answer(note, "Thank you.", day, e)).unwrap();
    world.settle();
    assert_eq!(world.screen(0), [r#"For Bea. [there] 0 ["Thank you."]"#]);
    assert_eq!(world.screen(1), world.screen(0));
    assert_eq!(world.screen(2), Vec::<String>::new());
    world.assert_one_past(4);
}

#[test]
fn what_is_taken_back_while_somebody_is_away_is_gone_once_they_are_back() {
    let mut world = World::with_group(5, &["Amal", "Bea", "Cem"]);
    let note = world.share(0, "Let this go.", Wish::AdviceIsWelcome, Audience::Group);
    world.settle();
    world.people[2].away = true;
    let day = world.today();
    world.act(0, |group, e| group.take_back(note, day, e)).unwrap();
    world.settle();
    let removed = |world: &World| match &world.people[0].seen().feed()[0].state {
        SharedState::TakenBack(by) => (by.removed_by.len(), by.asked),
        state => panic!("{state:?}"),
    };
    assert_eq!(removed(&world), (1, 2));
    world.people[2].away = false;
    world.settle();
    assert_eq!(removed(&world), (2, 2));
    assert_eq!(world.screen(2), Vec::<String>::new());
    let left = |rows: &world::Rows| {
        rows.values().any(|value| value.windows(8).any(|window| window == b"Let this"))
    };
    assert!(world.people.iter().all(|person| !left(&person.rows)));
    // Nothing of the relay opens to it either: the blob is a tombstone.
    let tombs = world.relay.mailboxes.values().flat_map(|mailbox| &mailbox.entries);
    assert_eq!(tombs.filter(|kept| kept.blob.is_none()).count(), 1);
    world.assert_one_past(5);
}

#[test]
fn a_removed_member_keeps_own_words_and_reads_nothing_new() {
    let mut world = World::with_group(6, &["Amal", "Bea", "Cem"]);
    world.share(2, "My own words.", Wish::JustListen, Audience::Group);
    world.settle();
    let cem = world.me(2);
    world.act(0, |group, e| group.remove(cem, e)).unwrap();
    world.settle();
    world.share(1, "After.", Wish::JustListen, Audience::Group);
    world.settle();
    assert_eq!(world.people[2].seen().standing(), Standing::Removed);
    assert_eq!(world.screen(2), ["My own words. [there] 0 []"]);
    assert_eq!(world.screen(0), ["My own words. [there] 0 []", "After. [there] 0 []"]);
    world.assert_one_past(6);
}

#[test]
fn a_facilitator_is_made_and_can_let_others_in_after_the_founder_left() {
    let mut world = World::with_group(7, &["Amal", "Bea", "Cem"]);
    let bea = world.me(1);
    world.act(0, |group, e| group.make_facilitator(bea, e)).unwrap();
    world.settle();
    assert_eq!(
        world.people[2].seen().members()[..].iter().filter(|m| m.role == Role::Facilitator).count(),
        2
    );
    let now = world.now;
    let person = &mut world.people[0];
    person.group.as_mut().unwrap().leave(&person.secret, &mut person.entropy, now).unwrap();
    person.keep();
    world.settle();
    assert_eq!(world.people[0].seen().standing(), Standing::Left);
    let dana = world.person("Dana");
    world.come_in(dana, 1);
    assert!(world.people[dana].inside());
    world.assert_one_past(7);
}

#[test]
fn who_lost_everything_comes_back_by_the_door_with_the_same_account() {
    let mut world = World::with_group(8, &["Amal", "Bea", "Cem"]);
    let bea = world.me(1);
    world.act(0, |group, e| group.make_facilitator(bea, e)).unwrap();
    world.settle();
    let (amal, keepsake) = (world.me(0), world.people[0].seen().keepsake().unwrap());
    let now = world.now;
    let person = &mut world.people[0];
    person.rows.clear();
    let back =
        hearthkeep_group::Group::ask_back(&keepsake, &person.secret, &mut person.entropy, now);
    person.group = Some(back.unwrap());
    person.keep();
    world.settle();
    let words = world.people[0].seen().own_words().unwrap().map(str::to_owned);
    let asking = world.asking(1).remove(0);
    assert!(asking.comes_back);
    assert!(asking.words.iter().eq(words.iter()));
    world.act(1, |group, e| group.let_in(asking.request, &words, e, now)).unwrap();
    world.settle();
    assert!(world.people[0].inside());
    assert_eq!(world.me(0), amal);
    assert_eq!(world.people[0].seen().role(), Role::Facilitator);
    assert_eq!(world.people[2].seen().members().len(), 3);
    world.assert_one_past(8);
}

/// Shares, sealed and lost on its way, before the first person removes somebody: in the generation
/// that begins with it the same words are sealed anew.
fn sealed_and_overtaken(world: &mut World, author: usize, text: &str, out: AccountId) -> NoteId {
    let note = world.share(author, text, Wish::AdviceIsWelcome, Audience::Group);
    world.weather.lost_request = 1_000;
    assert!(world.send(author));
    world.weather.lost_request = 0;
    world.act(0, |group, e| group.remove(out, e)).unwrap();
    while world.send(0) {}
    world.settle();
    note
}

#[test]
fn what_was_sealed_anew_and_then_taken_back_is_no_gap_to_who_was_away() {
    let mut world = World::with_group(9, &["Amal", "Bea", "Cem", "Dana"]);
    let cem = world.me(2);
    world.people[3].away = true;
    let note = sealed_and_overtaken(&mut world, 1, "Mine.", cem);
    assert_eq!(world.screen(0), ["Mine. [there] 0 []"], "it was sealed anew");
    let day = world.today();
    world.act(1, |group, e| group.take_back(note, day, e)).unwrap();
    world.settle();
    world.people[3].away = false;
    world.settle();
    assert_eq!(world.screen(3), Vec::<String>::new());
    world.assert_one_past(9);
}

#[test]
fn who_reads_the_next_log_first_loses_nothing_of_the_one_before() {
    let mut world = World::with_group(11, &["Amal", "Bea", "Cem", "Dana"]);
    let bea = world.me(1);
    world.people[2].away = true;
    world.share(3, "One.", Wish::AdviceIsWelcome, Audience::Group);
    world.settle();
    sealed_and_overtaken(&mut world, 3, "Two.", bea);
    let [handshakes, before] = world.people[2].seen().watched()[..] else { panic!("two logs") };
    world.read_page(2, handshakes.0, 1_000);
    let next = world.people[2].seen().watched().last().unwrap().0;
    assert_ne!(next, before.0, "the commit began another log");
    world.read_page(2, next, 1_000);
    world.people[2].away = false;
    world.settle();
    assert_eq!(world.screen(2), ["One. [there] 0 []", "Two. [there] 0 []"]);
    world.assert_one_past(11);
}
