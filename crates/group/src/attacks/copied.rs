//! Somebody has a copy of a person's profile, or of what a backup holds, and uses it.

use super::world::DAY_MS;
use super::*;
use crate::{GroupError, Held, Standing, Trust};
use hearthkeep_crypto::AccountSecret;
use hearthkeep_model::{Audience, NoteId, Wish};

fn say(world: &mut World, who: usize, text: &str) -> NoteId {
    world.share(who, text, Wish::AdviceIsWelcome, Audience::Group)
}

/// Somebody with everything that this person's profile holds now, and who has not used it yet.
fn copy_of(world: &mut World, whose: usize) -> usize {
    let thief = world.person("Thief");
    let secret = AccountSecret::from_bytes(*world.people[whose].secret.expose());
    let rows = world.people[whose].rows.clone();
    let copy = &mut world.people[thief];
    (copy.secret, copy.rows, copy.away) = (secret, rows, true);
    copy.crash();
    thief
}

/// Shows somebody all that the relay has for them, until nothing more comes.
fn catch_up(world: &mut World, who: usize) {
    for _ in 0..6 {
        read_all(world, who);
    }
}

#[test]
fn c1_a_copied_state_reads_nothing_once_its_owner_has_renewed_her_keys() {
    let mut world = World::with_group(401, &["Amal", "Bea", "Cem"]);
    let thief = copy_of(&mut world, 1);
    say(&mut world, 0, "Before.");
    world.settle();
    // Everybody renews, Bea among them.
    world.now.0 += 9 * DAY_MS;
    world.settle();
    say(&mut world, 0, "Afterwards.");
    world.settle();
    catch_up(&mut world, thief);
    assert!(world.screen(thief).iter().any(|line| line.starts_with("Before.")));
    assert!(!world.screen(thief).iter().any(|line| line.starts_with("Afterwards.")));
    let content = content_of(world.people[0].seen());
    let (all, few) = (opens(&world, 1, &content), opens(&world, thief, &content));
    assert!(few < all, "the copy opens {few} of {all}");
    let words = |who: usize| world.people[who].seen().check_words().unwrap();
    assert_ne!(words(thief), words(1));
    assert_eq!(words(0), words(1));
    for who in 0..3 {
        assert_eq!(alarms(&world, who), [], "{who}");
    }
}

#[test]
fn c2_a_copy_that_writes_on_is_noticed_by_all_and_its_owner_writes_no_more() {
    for copy_is_first in [false, true] {
        let mut world = World::with_group(402, &["Amal", "Bea", "Cem"]);
        let (thief, bea) = (copy_of(&mut world, 1), world.me(1));
        say(&mut world, 1, "Hers.");
        say(&mut world, thief, "The copy's.");
        let order = if copy_is_first { [thief, 1] } else { [1, thief] };
        order.into_iter().for_each(|who| send_all(&mut world, who));
        for who in [0, 1, 2] {
            read_all(&mut world, who);
            assert_eq!(alarms(&world, who), [AlarmKind::Equivocation], "{who}");
            assert_eq!(world.people[who].alarms[0].member, Some(bea));
        }
        assert_eq!(world.screen(0).len(), 1, "one of the two counts, the same for all others");
        assert_eq!(world.screen(0), world.screen(2));
        assert_eq!(world.people[1].seen().trust(), Trust::OldCopy);
        assert_eq!(world.people[1].seen().held(), Some(Held::OldCopy));
        say(&mut world, 1, "Not sent.");
        assert!(!world.send(1));
        assert_eq!(world.people[0].seen().held(), None, "the others write on");
    }
}

#[test]
fn c3_who_comes_back_puts_the_stolen_device_out_in_the_same_commit() {
    let mut world = World::with_group(403, &["Amal", "Bea", "Cem"]);
    let (bea, keepsake) = (world.me(1), world.people[1].seen().keepsake().unwrap());
    let thief = copy_of(&mut world, 1);
    let (now, person) = (world.now, &mut world.people[1]);
    let back = Group::ask_back(&keepsake, &person.secret, &mut person.entropy, now).unwrap();
    person.rows.clear();
    person.group = Some(back);
    person.keep();
    world.settle();
    let (asking, words) = (world.asking(0).remove(0), world.people[1].seen().own_words());
    let words = words.unwrap().map(str::to_owned);
    let content = content_of(world.people[0].seen());
    world.act(0, |group, e| group.let_in(asking.request, &words, e, now)).unwrap();
    world.settle();
    assert_ne!(content_of(world.people[0].seen()), content, "a new generation has begun");
    say(&mut world, 0, "For Bea, and not for the thief.");
    world.settle();
    assert_eq!(world.me(1), bea);
    assert_eq!(world.screen(1), ["For Bea, and not for the thief. [there] 0 []"]);
    catch_up(&mut world, thief);
    let amal = world.people[0].seen();
    assert_eq!(amal.leaves.len(), 3);
    assert_eq!(world.people[thief].seen().standing(), Standing::Removed);
    assert_eq!(opens(&world, thief, &content_of(amal)), 0);
    assert!(world.people[thief].seen().capability(&content_of(amal)).is_none());
    assert!(!world.send(thief));
    world.assert_one_past(403);
}

#[test]
fn c4_the_account_key_and_a_backup_let_nobody_in_and_being_let_in_is_seen_by_all() {
    let mut world = World::with_group(404, &["Amal", "Bea", "Cem"]);
    let (keepsake, before) = (world.people[1].seen().keepsake().unwrap(), world.screen(0));
    let check_words = world.people[0].seen().check_words().unwrap();
    let (thief, now) = (world.person("Thief"), world.now);
    let secret = AccountSecret::from_bytes(*world.people[1].secret.expose());
    let person = &mut world.people[thief];
    person.group = Some(Group::ask_back(&keepsake, &secret, &mut person.entropy, now).unwrap());
    person.secret = secret;
    person.keep();
    world.settle();
    assert!(!world.people[thief].inside());
    assert_eq!(world.people[0].seen().check_words().unwrap(), check_words);
    assert_eq!(world.screen(0), before);
    let content = content_of(world.people[0].seen());
    assert!(world.people[thief].seen().capability(&content).is_none());
    let asking = world.asking(0).remove(0);
    assert!(asking.comes_back, "it is told that this account was here before");
    // Bea, asked by voice, has no words to give.
    let unasked = world.act(0, |group, e| group.let_in(asking.request, &[], e, now));
    assert_eq!(unasked, Err(GroupError::OtherWords));
    let words = asking.words.map(str::to_owned);
    world.act(0, |group, e| group.let_in(asking.request, &words, e, now)).unwrap();
    world.settle();
    // Let in without asking Bea: she is out, and everybody has other words than before.
    assert_eq!(world.people[1].seen().standing(), Standing::Removed);
    assert!(world.people[1].effects.contains(&crate::Effect::Removed));
    assert!(world.people[2].effects.contains(&crate::Effect::Members));
    assert_ne!(world.people[2].seen().check_words().unwrap(), check_words);
}
