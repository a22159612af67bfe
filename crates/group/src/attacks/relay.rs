//! A relay that is not only curious.

use super::world::DAY_MS;
use super::*;
use crate::Trust;
use crate::changes::Effect;
use hearthkeep_model::{Audience, NoteId, Wish};
use hearthkeep_wire::{Head, Page};

fn say(world: &mut World, who: usize, text: &str) -> NoteId {
    world.share(who, text, Wish::AdviceIsWelcome, Audience::Group)
}

#[test]
fn r1_a_dropped_record_is_noticed_as_a_gap_and_later_ones_wait() {
    let mut world = World::with_group(1, &["Amal", "Bea"]);
    say(&mut world, 1, "First.");
    say(&mut world, 1, "Second.");
    send_all(&mut world, 1);
    let mailbox = content_of(world.people[0].seen());
    let whole = world.relay.mailboxes[&mailbox].clone();
    let log = world.relay.mailboxes.get_mut(&mailbox).unwrap();
    let at = log.entries.len() - 2;
    log.entries.remove(at);
    log.relink(&mailbox);
    read_all(&mut world, 0);
    assert_eq!(alarms(&world, 0), [AlarmKind::Gap]);
    assert_eq!(world.people[0].alarms[0].member, Some(world.me(1)));
    assert_eq!(world.screen(0), Vec::<String>::new());
    drop(whole);
}

#[test]
fn r2_a_withheld_commit_holds_records_and_its_late_delivery_loses_nothing() {
    let mut world = World::with_group(2, &["Amal", "Bea", "Cem"]);
    let handshake = handshake_of(world.people[2].seen());
    let before = world.relay.mailboxes[&handshake].clone();
    world.now.0 += 9 * DAY_MS;
    world.people[2].away = true;
    world.settle();
    say(&mut world, 1, "Under a new epoch.");
    world.settle();
    let after = world.relay.mailboxes.insert(handshake, before).unwrap();
    let content = content_of(world.people[2].seen());
    world.read(2, content);
    world.read(2, content);
    assert_eq!(world.screen(2), Vec::<String>::new());
    world.read(2, handshake);
    assert_eq!(alarms(&world, 2), [], "it may be on its way");
    world.read(2, handshake);
    assert_eq!(alarms(&world, 2).first(), Some(&AlarmKind::Withheld));
    world.relay.mailboxes.insert(handshake, after);
    world.people[2].away = false;
    world.settle();
    assert_eq!(world.screen(2), ["Under a new epoch. [there] 0 []"]);
}

#[test]
fn r2_a_page_of_handshakes_that_ends_early_lets_records_be_read_and_alarms_nobody() {
    let mut world = World::with_group(2, &["Amal", "Bea", "Cem"]);
    let (handshake, content) =
        (handshake_of(world.people[2].seen()), content_of(world.people[2].seen()));
    world.people[2].away = true;
    world.now.0 += 9 * DAY_MS;
    say(&mut world, 1, "Under a new epoch.");
    world.settle();
    world.read_page(2, content, 1_000);
    say(&mut world, 1, "Under it as well.");
    send_all(&mut world, 1);
    let known = world.relay.head(&handshake).unwrap().seq;
    world.now.0 += 9 * DAY_MS;
    world.settle();
    assert!(world.relay.head(&handshake).unwrap().seq > known);
    let read = world.people[2].seen().watched().iter().find(|(id, _)| *id == handshake).unwrap().1;
    world.read_page(2, handshake, usize::try_from(known - read.seq).unwrap());
    world.read_page(2, content, 1);
    assert_eq!(alarms(&world, 2), []);
    assert_eq!(
        world.screen(2),
        ["Under a new epoch. [there] 0 []", "Under it as well. [there] 0 []"]
    );
}

#[test]
fn r3_records_in_another_order_come_to_the_same() {
    let mut world = World::with_group(3, &["Amal", "Bea"]);
    say(&mut world, 1, "First.");
    say(&mut world, 1, "Second.");
    send_all(&mut world, 1);
    let mailbox = content_of(world.people[0].seen());
    let log = world.relay.mailboxes.get_mut(&mailbox).unwrap();
    let last = log.entries.len() - 1;
    log.entries.swap(last, last - 1);
    log.relink(&mailbox);
    read_all(&mut world, 0);
    let mut screen = world.screen(0);
    screen.sort();
    assert_eq!(screen, ["First. [there] 0 []", "Second. [there] 0 []"]);
}

#[test]
fn r4_what_comes_again_is_taken_once() {
    let mut world = World::with_group(4, &["Amal", "Bea"]);
    say(&mut world, 1, "Once.");
    world.settle();
    let content = content_of(world.people[0].seen());
    let record = world.relay.mailboxes[&content].entries.last().unwrap().blob.clone().unwrap();
    slip_in(&mut world, content, &record);
    world.read(0, content);
    assert!(world.people[0].effects.contains(&Effect::Replayed));
    assert_eq!(world.screen(0), ["Once. [there] 0 []"]);
    let handshake = handshake_of(world.people[0].seen());
    let commit = world.relay.mailboxes[&handshake].entries.last().unwrap().blob.clone().unwrap();
    slip_in(&mut world, handshake, &commit);
    world.read(0, handshake);
    assert_eq!(alarms(&world, 0), [AlarmKind::CommitRefused]);
}

#[test]
fn r5_a_lost_answer_appends_once() {
    let mut world = World::with_group(5, &["Amal", "Bea"]);
    say(&mut world, 1, "Once.");
    world.weather.lost_answer = 1_000;
    let content = content_of(world.people[1].seen());
    let before = world.relay.head(&content).unwrap().seq;
    for _ in 0..4 {
        world.send(1);
        world.people[1].crash();
    }
    assert_eq!(world.relay.head(&content).unwrap().seq, before + 1);
    world.weather.lost_answer = 0;
    world.settle();
    assert_eq!(world.screen(0), ["Once. [there] 0 []"]);
    world.assert_one_past(5);
}

#[test]
fn r6_a_log_that_was_rolled_back_stops_all_writing() {
    let mut world = World::with_group(6, &["Amal", "Bea"]);
    let content = content_of(world.people[0].seen());
    let before = world.relay.mailboxes[&content].clone();
    say(&mut world, 1, "Read, then taken away.");
    world.settle();
    world.relay.mailboxes.insert(content, before);
    world.read(0, content);
    assert_eq!(alarms(&world, 0), [AlarmKind::Withheld]);
    assert_eq!(world.people[0].seen().trust(), Trust::Withheld);
    say(&mut world, 0, "Not now.");
    assert!(!world.send(0));
    // The log goes another way from there: that is a fork.
    slip_in(&mut world, content, b"another past, of the same length");
    slip_in(&mut world, content, b"and longer");
    world.read(0, content);
    assert_eq!(world.people[0].seen().trust(), Trust::Withheld.max(world.people[0].seen().trust()));
}

#[test]
fn r8_two_views_of_one_epoch_stay_apart_and_their_words_differ() {
    let mut world = World::with_group(8, &["Amal", "Bea"]);
    let honest = world.relay.clone();
    world.now.0 += 9 * DAY_MS;
    world.people[1].away = true;
    world.settle();
    let one = std::mem::replace(&mut world.relay, honest);
    world.people[1].away = false;
    world.people[0].away = true;
    world.settle();
    say(&mut world, 1, "Crossing.");
    world.settle();
    let words = |who: usize| world.people[who].seen().check_words().unwrap();
    assert_ne!(words(0), words(1));
    let content = content_of(world.people[1].seen());
    let crossing = world.relay.mailboxes[&content].entries.last().unwrap().blob.clone().unwrap();
    world.relay = one;
    slip_in(&mut world, content, &crossing);
    read_all(&mut world, 0);
    read_all(&mut world, 0);
    assert!(alarms(&world, 0).contains(&AlarmKind::Withheld));
    assert!(!world.screen(0).iter().any(|line| line.contains("Crossing")));
}

#[test]
fn r9_the_first_record_that_crosses_two_views_of_the_content_shows_the_fork() {
    let mut world = World::with_group(9, &["Amal", "Bea", "Cem"]);
    let honest = world.relay.clone();
    say(&mut world, 1, "Only Bea's side.");
    world.people[2].away = true;
    world.people[0].away = true;
    world.settle();
    let bea_side = std::mem::replace(&mut world.relay, honest);
    world.people[1].away = true;
    world.people[2].away = false;
    say(&mut world, 2, "Only Cem's side.");
    world.settle();
    say(&mut world, 2, "Crossing.");
    world.settle();
    let content = content_of(world.people[1].seen());
    let records = world.relay.mailboxes[&content].entries.clone();
    world.relay = bea_side;
    for kept in records.iter().rev().take(2).rev() {
        slip_in(&mut world, content, kept.blob.as_ref().unwrap());
    }
    read_all(&mut world, 1);
    assert_eq!(alarms(&world, 1), [AlarmKind::RelayFork]);
    assert_eq!(world.people[1].seen().trust(), Trust::Forked);
}

#[test]
fn r10_a_tail_that_was_cut_shows_itself_in_the_next_record() {
    let mut world = World::with_group(10, &["Amal", "Bea", "Cem"]);
    world.people[2].away = true;
    say(&mut world, 0, "Cut away.");
    world.settle();
    say(&mut world, 1, "Saw it.");
    world.settle();
    let content = content_of(world.people[2].seen());
    let log = world.relay.mailboxes.get_mut(&content).unwrap();
    let at = log.entries.len() - 2;
    log.entries.remove(at);
    log.relink(&content);
    read_all(&mut world, 2);
    assert_eq!(alarms(&world, 2), [AlarmKind::Withheld]);
}

#[test]
fn r10_the_hidden_end_of_a_log_that_is_over_is_withheld_and_coming_late_loses_nothing() {
    let mut world = World::with_group(10, &["Amal", "Bea", "Cem", "Dana"]);
    let (content, handshake) =
        (content_of(world.people[2].seen()), handshake_of(world.people[2].seen()));
    world.people[2].away = true;
    let before = world.relay.mailboxes[&content].clone();
    say(&mut world, 1, "At the end of the log.");
    world.settle();
    let dana = world.me(3);
    world.act(0, |group, e| group.remove(dana, e)).unwrap();
    world.settle();
    say(&mut world, 1, "In the next one.");
    world.settle();
    let whole = world.relay.mailboxes.insert(content, before).unwrap();
    world.read_page(2, handshake, 1_000);
    world.read_page(2, content, 1_000);
    assert_eq!(alarms(&world, 2), [], "that page may have been older than the commit");
    read_all(&mut world, 2);
    read_all(&mut world, 2);
    assert_eq!(alarms(&world, 2), [AlarmKind::Withheld]);
    assert_eq!(world.screen(2), Vec::<String>::new());
    world.relay.mailboxes.insert(content, whole);
    world.people[2].away = false;
    world.settle();
    assert_eq!(
        world.screen(2),
        ["At the end of the log. [there] 0 []", "In the next one. [there] 0 []"]
    );
    assert_eq!(alarms(&world, 2), [AlarmKind::Withheld]);
}

#[test]
fn r10_a_log_that_is_over_and_was_never_read_is_missed_when_it_is_not_there() {
    let mut world = World::with_group(10, &["Amal", "Bea", "Cem", "Dana", "Eli"]);
    let (dana, eli) = (world.me(3), world.me(4));
    world.act(0, |group, e| group.remove(dana, e)).unwrap();
    world.settle();
    let (content, handshake) =
        (content_of(world.people[2].seen()), handshake_of(world.people[2].seen()));
    assert!(world.people[2].seen().watched().contains(&(content, Head::genesis(&content))));
    world.people[2].away = true;
    say(&mut world, 1, "All that is in it.");
    world.settle();
    world.act(0, |group, e| group.remove(eli, e)).unwrap();
    world.settle();
    let log = world.relay.mailboxes.remove(&content).unwrap();
    world.read_page(2, content, 1_000);
    world.read_page(2, handshake, 1_000);
    world.read_page(2, content, 1_000);
    assert_eq!(alarms(&world, 2), []);
    world.read_page(2, content, 1_000);
    assert_eq!(alarms(&world, 2), [AlarmKind::Withheld]);
    world.relay.mailboxes.insert(content, log);
    world.people[2].away = false;
    world.settle();
    assert_eq!(world.screen(2), ["All that is in it. [there] 0 []"]);
}

#[test]
fn r11_a_relay_brings_nobody_in() {
    let mut world = World::with_group(11, &["Amal", "Bea"]);
    let words = world.people[0].seen().check_words();
    let (handshake, content) = {
        let amal = world.people[0].seen();
        (handshake_of(amal), content_of(amal))
    };
    let mut eve = World::with_group(12, &["Eve"]);
    let theirs = eve.people[0].group();
    let commit = forge(theirs, &theirs.signer(), &header(theirs, Kind::Note), b"");
    for blob in [commit.as_slice(), b"", b"\x01", &[1; 200]] {
        slip_in(&mut world, handshake, blob);
        slip_in(&mut world, content, blob);
    }
    read_all(&mut world, 0);
    assert!(alarms(&world, 0).contains(&AlarmKind::CommitRefused));
    assert_eq!(world.people[0].seen().check_words(), words);
    assert_eq!(world.people[0].seen().members().len(), 2);
    let before = world.people[0].seen().before().unwrap();
    let facts = crate::mls::CommitFacts {
        sender: crate::mls::Sender::Outsider,
        aad: note(world.people[0].seen()).to_bytes(),
        adds: Vec::new(),
        removes: Vec::new(),
        path: None,
        rules_after: None,
        others: false,
        self_removed: false,
    };
    let judged = crate::policy::judge(&before, &facts);
    assert_eq!(judged, Err(crate::CommitRefusal::Outsider));
}

#[test]
fn r14_a_record_is_at_home_in_one_place_only() {
    let mut world = World::with_group(14, &["Amal", "Bea", "Cem"]);
    say(&mut world, 1, "Here.");
    world.settle();
    let old = content_of(world.people[0].seen());
    let record = world.relay.mailboxes[&old].entries.last().unwrap().blob.clone().unwrap();
    let cem = world.me(2);
    world.act(0, |group, e| group.remove(cem, e)).unwrap();
    world.settle();
    let (handshake, content) = {
        let amal = world.people[0].seen();
        (handshake_of(amal), content_of(amal))
    };
    let before = world.screen(0);
    slip_in(&mut world, content, &record);
    slip_in(&mut world, handshake, &record);
    read_all(&mut world, 0);
    assert_eq!(world.screen(0), before);
    let seen = alarms(&world, 0);
    assert!(seen.contains(&AlarmKind::Malformed) && seen.contains(&AlarmKind::CommitRefused));
}

#[test]
fn r15_no_flipped_bit_of_a_record_or_a_commit_gives_another_one() {
    let mut world = World::with_group(15, &["Amal", "Bea"]);
    say(&mut world, 1, "Whole.");
    world.settle();
    let amal = world.people[0].seen();
    let content = content_of(amal);
    let blob = world.relay.mailboxes[&content].entries.last().unwrap().blob.clone().unwrap();
    let epoch = amal.current_epoch().unwrap();
    let sealed_in = amal.in_epoch(epoch).unwrap();
    assert!(sealed_in.open(&blob).is_ok());
    for at in 0..blob.len() {
        let mut flipped = blob.clone();
        flipped[at] ^= 1;
        assert!(sealed_in.open(&flipped).is_err(), "byte {at}");
        assert!(sealed_in.open(&blob[..at]).is_err(), "cut at {at}");
    }
    let ctx = context(amal.id().as_bytes(), MailboxClass::Handshake);
    let commit = seal_handshake(&sealed_in.secret, &ctx, b"a commit");
    for at in (0..commit.len()).step_by(61) {
        let mut flipped = commit.clone();
        flipped[at] ^= 1;
        let opened = hearthkeep_crypto::record::open_handshake(&sealed_in.secret, &ctx, &flipped);
        assert!(opened.is_err(), "byte {at}");
    }
}

#[test]
fn r16_what_is_too_long_or_deep_is_refused_without_taking_memory() {
    let deep = vec![0x81; 1_000_000];
    let long = [0x5b, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    assert!(crate::bytes::read::<Header>(&deep).is_none());
    assert!(crate::bytes::read::<Header>(&long).is_none());
    assert!(crate::bytes::read::<crate::audience::Body>(&deep).is_none());
    assert!(crate::link::InviteLink::parse(&"hearthkeep://join#a".repeat(10_000)).is_err());
}

#[test]
fn r19_an_invalid_commit_of_an_insider_is_skipped_and_the_group_goes_on() {
    let mut world = World::with_group(19, &["Amal", "Bea", "Cem"]);
    let cem = world.me(2);
    let group = world.people[2].seen();
    let mut rules = group.rules.clone().unwrap();
    rules.facilitators.insert(cem);
    let aad = note(group).to_bytes();
    let plan = crate::mls::Plan { rules: Some(rules.to_bytes()), aad, ..Default::default() };
    commit_anyway(&mut world, 2, plan);
    world.now.0 += 9 * DAY_MS;
    world.settle();
    assert_eq!(alarms(&world, 0), [AlarmKind::CommitRefused]);
    assert_eq!(alarms(&world, 1), [AlarmKind::CommitRefused]);
    let words = |who: usize| world.people[who].seen().check_words().unwrap();
    assert_eq!(words(0), words(1));
    assert_eq!(words(0), words(2));
    assert_eq!(world.people[2].seen().role(), hearthkeep_model::Role::Member);
}

#[test]
fn r24_nothing_that_a_relay_hears_tells_who_or_what() {
    let mut world = World::with_group(24, &["Amalia", "Beatrix", "Cemal"]);
    say(&mut world, 1, "Marked words of Beatrix.");
    let audience = Audience::Some(vec![world.me(0)]);
    world.share(2, "Marked words for one.", Wish::JustListen, audience);
    world.settle();
    // Each too long for ciphertext to hold it by chance.
    let mut marks: Vec<Vec<u8>> =
        ["Marked", "Beatrix", "Amalia", "Tuesday"].map(|mark| mark.as_bytes().to_vec()).into();
    for who in 0..3 {
        let group = world.people[who].seen();
        marks.push(group.id().as_bytes().to_vec());
        marks.push(group.core.device.0.to_vec());
        marks.push(group.me().as_bytes().to_vec());
        marks.push(group.signer().verifying_key().to_bytes().to_vec());
    }
    let (mut records, mut commits) = (Vec::new(), Vec::new());
    for heard in &world.relay.heard {
        let bytes = hearthkeep_wire::encode(heard);
        for mark in &marks {
            let told = bytes.windows(mark.len()).any(|window| window == mark.as_slice());
            assert!(!told, "{mark:02x?}");
        }
        match &heard.ask {
            crate::Ask::Append(blob) if blob.expect_head.is_some() => {
                commits.push(blob.bytes.len())
            }
            crate::Ask::Append(blob) => records.push(blob.bytes.len()),
            crate::Ask::Create(..)
            | crate::Ask::Rotate(..)
            | crate::Ask::Delete(..)
            | crate::Ask::DropDel => {}
        }
    }
    // Commits come in one size, records in few.
    commits.sort_unstable();
    commits.dedup();
    assert!(commits.len() <= 2, "{commits:?}");
    let steps = |len: &usize| {
        // Records by Padmé, letters of drops in steps of 4 KiB, both after what is around them.
        let record = len - (1 + 8 + 24 + 32 + 16);
        let letter = len - (1 + 24 + 32 + 16);
        hearthkeep_crypto::pad::padme(record, 256) == record || letter.is_multiple_of(4_096)
    };
    assert!(records.iter().all(steps), "{records:?}");
    let key = |who: usize| {
        let group = world.people[who].seen();
        group.capability(&content_of(group)).unwrap().verifying_key().to_bytes()
    };
    assert_eq!((key(0), key(1)), (key(1), key(2)), "the writer cannot be told");
}

#[test]
fn c5_an_old_copy_of_a_profile_does_not_write() {
    let mut world = World::with_group(30, &["Amal", "Bea"]);
    let old = world.people[1].rows.clone();
    say(&mut world, 1, "Written after the copy was made.");
    world.settle();
    world.people[1].rows = old;
    world.people[1].crash();
    read_all(&mut world, 1);
    assert_eq!(world.people[1].seen().trust(), Trust::OldCopy);
    assert_eq!(world.people[1].seen().held(), Some(crate::Held::OldCopy));
    say(&mut world, 1, "Not sent.");
    assert!(!world.send(1));
}

#[test]
fn a_page_that_comes_too_late_changes_nothing() {
    let mut world = World::with_group(31, &["Amal", "Bea"]);
    let content = content_of(world.people[0].seen());
    let (head, now) = (world.relay.head(&content).unwrap(), world.now);
    let page = Page { entries: Vec::new(), head };
    let person = &mut world.people[0];
    let before = person.rows.clone();
    let since = Head::genesis(&content);
    let group = person.group.as_mut().unwrap();
    let effects = group.apply(&content, since, &page, &mut person.entropy, now).unwrap();
    person.keep();
    assert_eq!((effects, person.rows == before), (Vec::new(), true));
}
