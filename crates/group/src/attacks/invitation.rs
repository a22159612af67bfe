//! Doors: links that leak, links that are old, somebody in the middle.

use super::world::DAY_MS;
use super::*;
use crate::GroupError;

#[test]
fn v1_a_link_that_two_people_use_is_shown_as_that() {
    let mut world = World::with_group(301, &["Amal", "Bea"]);
    let link = world.invite(0);
    for name in ["Cem", "Eve"] {
        let who = world.person(name);
        world.ask(who, &link).unwrap();
    }
    world.settle();
    assert_eq!(alarms(&world, 0), [AlarmKind::LinkUsedTwice]);
    let asking = world.asking(0);
    assert_eq!(asking.len(), 2);
    assert!(asking.iter().all(|asking| asking.link_used_twice));
    assert_ne!(asking[0].words, asking[1].words);
}

#[test]
fn v2_an_expired_link_is_refused_by_every_client() {
    let mut world = World::with_group(302, &["Amal", "Bea"]);
    let link = world.invite(0);
    let cem = world.person("Cem");
    world.ask(cem, &link).unwrap();
    world.settle();
    let asking = world.asking(0).remove(0);
    world.now.0 += 9 * DAY_MS;
    let (now, words) = (world.now, asking.words.map(str::to_owned));
    let late = world.act(0, |group, e| group.let_in(asking.request, &words, e, now));
    assert_eq!(late, Err(GroupError::Expired));
    let dana = world.person("Dana");
    assert_eq!(world.ask(dana, &link), Err(GroupError::Expired));
}

#[test]
fn v3_a_guessed_link_leads_to_nobody() {
    let mut world = World::with_group(309, &["Amal", "Bea"]);
    let link = world.invite(0);
    world.settle();
    let rows = world.people[0].rows.clone();
    let drops = world.relay.mailboxes.len();
    for bit in 0..256 {
        let mut guess = *link.secret.expose();
        guess[bit / 8] ^= 1 << (bit % 8);
        let secret = hearthkeep_crypto::InviteSecret::from_bytes(guess);
        let mailbox = MailboxId(secret.drop_id());
        assert!(!world.relay.mailboxes.contains_key(&mailbox), "bit {bit} is wrong");
        // What was asked with it, put into the drop of the true link, is nobody's request.
        let letter = secret.seal_request(b"let me in");
        assert!(link.secret.open_request(&letter).is_err(), "bit {bit} is wrong");
    }
    let mut guess = crate::InviteLink::from_bytes(&link.to_bytes()).unwrap();
    guess.secret = hearthkeep_crypto::InviteSecret::from_bytes([7; 32]);
    let eve = world.person("Eve");
    world.ask(eve, &guess).unwrap();
    for _ in 0..3 {
        world.round(eve);
        world.round(0);
    }
    assert!(world.asking(0).is_empty() && !world.people[eve].inside());
    assert_eq!(world.relay.mailboxes.len(), drops);
    assert_eq!(world.people[0].rows, rows, "who was asked for is as before");
}

#[test]
fn v4_somebody_in_the_middle_has_other_words() {
    let mut world = World::with_group(303, &["Amal", "Bea"]);
    let link = world.invite(0);
    let cem = world.person("Cem");
    world.ask(cem, &link).unwrap();
    // The letter is taken out of the drop, and another is put in its place.
    let eve = world.person("Cem");
    world.ask(eve, &link).unwrap();
    world.people[cem].away = true;
    world.settle();
    let asking = world.asking(0).remove(0);
    let words = world.people[cem].seen().own_words().unwrap().map(str::to_owned);
    assert!(!asking.words.iter().eq(words.iter()));
    let now = world.now;
    let swapped = world.act(0, |group, e| group.let_in(asking.request, &words, e, now));
    assert_eq!(swapped, Err(GroupError::OtherWords));
    let none = world.act(0, |group, e| group.let_in(asking.request, &[], e, now));
    assert_eq!(none, Err(GroupError::OtherWords));
}

#[test]
fn v5_looking_at_a_welcome_burns_nothing() {
    let mut world = World::with_group(304, &["Amal", "Bea"]);
    let link = world.invite(0);
    let cem = world.person("Cem");
    world.ask(cem, &link).unwrap();
    world.settle();
    let asking = world.asking(0).remove(0);
    let (now, words) = (world.now, asking.words.map(str::to_owned));
    world.people[cem].away = true;
    world.act(0, |group, e| group.let_in(asking.request, &words, e, now)).unwrap();
    world.settle();
    // Read, and crashed before it was kept: the same Welcome still lets in.
    world.people[cem].away = false;
    world.weather.crash = 1_000;
    world.round(cem);
    assert!(!world.people[cem].inside());
    world.weather.crash = 0;
    world.settle();
    assert!(world.people[cem].inside());
}

#[test]
fn v6_coming_in_survives_a_crash_at_every_step_and_leaves_no_ghost() {
    let mut world = World::with_group(310, &["Amal", "Bea"]);
    let (relay, story) = (world.relay.clone(), world.story.len());
    let rows: Vec<_> = world.people.iter().map(|person| person.rows.clone()).collect();
    // Who lets in, and who comes in.
    for unlucky in [0, 2] {
        for chances in 0.. {
            world.relay = relay.clone();
            world.story.truncate(story);
            world.people.truncate(2);
            for (person, rows) in world.people.iter_mut().zip(&rows) {
                person.rows = rows.clone();
                person.crash();
            }
            let cem = world.person("Cem");
            world.crash_after = Some((unlucky, chances));
            world.come_in(cem, 0);
            for who in 0..3 {
                let group = world.people[who].seen();
                let found = (group.members().len(), group.leaves.len());
                assert_eq!(found, (3, 3), "{unlucky} crashed after {chances}: a leaf too many");
            }
            world.assert_one_past(310);
            if world.crash_after.take().is_some() {
                assert!(chances > 10, "there are many steps: {chances}");
                break;
            }
        }
    }
}

#[test]
fn v7_two_who_let_in_at_the_same_time_let_in_once() {
    let mut world = World::with_group(311, &["Amal", "Bea"]);
    let bea = world.me(1);
    world.act(0, |group, e| group.make_facilitator(bea, e)).unwrap();
    world.settle();
    let link = world.invite(0);
    let cem = world.person("Cem");
    world.ask(cem, &link).unwrap();
    world.settle();
    let (now, words) = (world.now, world.people[cem].seen().own_words().unwrap());
    let words = words.map(str::to_owned);
    for who in [0, 1] {
        let request = world.asking(who)[0].request;
        world.act(who, |group, e| group.let_in(request, &words, e, now)).unwrap();
    }
    // Both have staged their commit before either has read the other's.
    for who in [0, 1] {
        world.send(who);
    }
    world.settle();
    assert!(world.people[cem].inside());
    for who in [0, 1, cem] {
        assert_eq!(world.people[who].seen().leaves.len(), 3, "{who}");
        assert!(world.asking(who).is_empty(), "{who}");
    }
    world.assert_one_past(311);
}

#[test]
fn r12_a_swapped_key_package_is_nobodys_request() {
    let mut world = World::with_group(305, &["Amal", "Bea"]);
    let link = world.invite(0);
    let cem = world.person("Cem");
    world.ask(cem, &link).unwrap();
    let mailbox = MailboxId(link.secret.drop_id());
    while world.send(0) {}
    while world.send(cem) {}
    let drop = world.relay.mailboxes.get_mut(&mailbox).unwrap();
    let letter = drop.entries[0].blob.as_mut().unwrap();
    let last = letter.len() - 1;
    letter[last] ^= 1;
    drop.entries[0].hash = hearthkeep_wire::blob_hash(drop.entries[0].blob.as_ref().unwrap());
    drop.relink(&mailbox);
    world.read(0, mailbox);
    assert!(world.asking(0).is_empty());
}

#[test]
fn r13_whom_the_link_does_not_name_cannot_answer() {
    let mut world = World::with_group(306, &["Amal", "Bea"]);
    let link = world.invite(0);
    while world.send(0) {}
    let cem = world.person("Cem");
    world.ask(cem, &link).unwrap();
    while world.send(cem) {}
    // Eve holds the leaked link, and answers with a group of her own under the same id.
    let (eve, now) = (world.person("Eve"), world.now);
    let person = &mut world.people[eve];
    let founding = crate::Founding {
        name: "Tuesday evening",
        own_name: "Amal",
        relay: "http://127.0.0.1:1",
        token: hearthkeep_wire::Token([6; 32]),
    };
    let made =
        Group::found_as(link.group, &founding, &person.secret, &mut person.entropy, now).unwrap();
    person.group = Some(made);
    let mailbox = MailboxId(link.secret.drop_id());
    person.group().core.invites.push(crate::state::Invite {
        secret: Bytes(*link.secret.expose()),
        until: i32::MAX,
        kind: 0,
        read: hearthkeep_wire::Head::genesis(&mailbox),
        requests: Vec::new(),
        closed: false,
    });
    person.keep();
    world.people[0].away = true;
    world.people[1].away = true;
    world.settle();
    let asking = world.asking(eve).remove(0);
    let words = asking.words.map(str::to_owned);
    world.act(eve, |group, e| group.let_in(asking.request, &words, e, now)).unwrap();
    world.settle();
    assert_eq!(world.people[eve].seen().members().len(), 2);
    assert!(!world.people[cem].inside());
}

#[test]
fn d5_what_a_backup_keeps_of_a_group_opens_nothing() {
    let world = World::with_group(308, &["Amal", "Bea"]);
    let group = world.people[0].seen();
    let kept = group.keepsake().unwrap().to_bytes();
    let has = |secret: &[u8]| kept.windows(secret.len()).any(|window| window == secret);
    for epoch in group.epochs.values() {
        assert!(!has(&epoch.secret.unwrap().0));
    }
    assert!(!has(&group.core.sign_seed.0) && !has(&group.core.seal_seed.0));
    assert!(!has(&group.generation().unwrap().cap_seed.0));
}
