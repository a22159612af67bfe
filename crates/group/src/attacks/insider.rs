//! Members who turn against the others, with everything that a member has.

use super::*;
use crate::audience::Body;

use crate::content::{NoteContent, TextContent, WithdrawContent};
use crate::group::{NewDevice, day_of};
use crate::mls::Plan;
use crate::policy::Approval;
use hearthkeep_model::{Audience, Role, Wish};

fn words(text: &str) -> Vec<u8> {
    let note = NoteContent {
        text: text.into(),
        wish: Wish::JustListen,
        content_notes: Vec::new(),
        audience: Audience::Group,
    };
    open_body(&note.to_bytes())
}

#[test]
fn i1_nobody_writes_in_anothers_name_with_the_shared_key() {
    let mut world = World::with_group(101, &["Amal", "Bea", "Cem"]);
    let (bea, cem) = (world.people[1].seen(), world.people[2].seen());
    let mut stolen = header(bea, Kind::Note);
    stolen.object = Bytes([7; 16]);
    let blob = forge(cem, &cem.signer(), &stolen, &words("I am Bea."));
    let mailbox = content_of(cem);
    slip_in(&mut world, mailbox, &blob);
    world.settle();
    assert_eq!(alarms(&world, 0), [AlarmKind::Signature]);
    assert_eq!(world.screen(0), Vec::<String>::new());
}

#[test]
fn i2_nobody_renames_themselves_to_another() {
    let mut world = World::with_group(102, &["Amal", "Bea", "Cem"]);
    let before = world.people[0].seen().check_words();
    let bea = world.people[1].seen();
    let certificate = bea.mls.members().unwrap().into_iter().find_map(|(_, leaf)| {
        let found = crate::identity::Certificate::of_leaf(&leaf, bea.id()).unwrap();
        (found.device == bea.core.device.into()).then_some(leaf.certificate)
    });
    let aad = note(bea).to_bytes();
    commit_anyway(&mut world, 2, Plan { certificate, aad, ..Plan::default() });
    world.settle();
    assert_eq!(alarms(&world, 0), [AlarmKind::CommitRefused]);
    assert_eq!(world.people[0].seen().check_words(), before);
}

#[test]
fn i3_who_only_reads_cannot_write() {
    let mut world = World::with_group(103, &["Amal", "Bea", "Cem"]);
    let cem = world.me(2);
    let amal = world.people[0].seen();
    let mut rules = amal.rules.clone().unwrap();
    rules.readers.insert(cem);
    let aad = note(amal).to_bytes();
    // A facilitator may: Amal's own client follows, as everybody's does.
    let plan = Plan { rules: Some(rules.to_bytes()), aad, ..Plan::default() };
    commit_by_facilitator(&mut world, plan);
    assert_eq!(world.people[2].seen().role(), Role::Reader);
    let reader = world.people[2].seen();
    let blob = forge(reader, &reader.signer(), &header(reader, Kind::Note), &words("Loud."));
    let mailbox = content_of(reader);
    slip_in(&mut world, mailbox, &blob);
    for who in [0, 1] {
        world.read(who, mailbox);
        assert_eq!(alarms(&world, who), [AlarmKind::Role]);
        assert_eq!(world.screen(who), Vec::<String>::new());
    }
}

// Another device of the facilitator's mind: what it stages is valid, so all others take it, and
// the facilitator is brought along by merging what was staged.
fn commit_by_facilitator(world: &mut World, plan: Plan) {
    let group = world.people[0].group();
    let signer = group.signer();
    let staged = group.mls.stage(&signer, plan.clone()).unwrap();
    let blob = forge_commit(group, &staged.commit);
    let hash = Bytes(hearthkeep_crypto::hash::sha256(&blob));
    group.core.flight = Some(crate::state::Flight {
        todo: Bytes([0; 16]),
        hash,
        seq: 0,
        generation: 0,
        welcome: None,
        note: plan.aad,
        kind: crate::state::FlightKind::Commit,
        outgoing: None,
    });
    let mailbox = handshake_of(group);
    slip_in(world, mailbox, &blob);
    world.settle();
}

#[test]
fn i4_a_member_changes_no_rules_adds_nobody_and_removes_nobody() {
    let mut world = World::with_group(104, &["Amal", "Bea", "Cem"]);
    let before = world.people[0].seen().check_words();
    let (bea, cem) = (world.me(1), world.me(2));
    let group = world.people[2].seen();
    let mut rules = group.rules.clone().unwrap();
    rules.facilitators.insert(cem);
    let aad = note(group).to_bytes();
    let leaf = *group.leaves.iter().find(|(_, leaf)| leaf.account == bea).unwrap().0;
    let mut removing = note(group);
    removing.generation += 1;
    removing.last.push(group.last_of(&group.leaves[&leaf].device.into()));
    let removal = Plan { removes: vec![leaf], aad: removing.to_bytes(), ..Plan::default() };
    commit_anyway(&mut world, 2, Plan { rules: Some(rules.to_bytes()), aad, ..Plan::default() });
    commit_anyway(&mut world, 2, removal);
    let stranger = world.person("Eve");
    let (plan, _) = addition(&mut world, 2, stranger);
    commit_anyway(&mut world, 2, plan);
    world.settle();
    assert_eq!(alarms(&world, 0), [AlarmKind::CommitRefused; 3]);
    assert_eq!(world.people[0].seen().check_words(), before);
    assert_eq!(world.people[1].seen().members().len(), 3);
}

// A commit that adds a device of `whose`, approved by whoever stages it.
fn addition(world: &mut World, by: usize, whose: usize) -> (Plan, hearthkeep_model::DeviceId) {
    let (id, today) = (world.people[by].seen().id(), day_of(world.now));
    let person = &mut world.people[whose];
    let name = person.name.clone();
    let new = NewDevice::make(&person.secret, id, 0, &name, today, &mut person.entropy).unwrap();
    let outside = crate::mls::Mls::outside(id.as_bytes()).unwrap();
    let package = outside.key_package(&new.signer, new.certificate.clone()).unwrap();
    let mut note = note(world.people[by].seen());
    note.approvals.push(Approval {
        account: new.account.into(),
        device: new.device.into(),
        request: Bytes([1; 32]),
        invite: Bytes([2; 32]),
        until: i32::MAX,
    });
    let plan = Plan { adds: vec![package], aad: note.to_bytes(), ..Plan::default() };
    (plan, new.device)
}

#[test]
fn i5_a_member_adds_a_device_of_their_own_and_nobody_elses() {
    let mut world = World::with_group(105, &["Amal", "Bea", "Cem"]);
    let (plan, _) = addition(&mut world, 2, 1);
    commit_anyway(&mut world, 2, plan);
    world.settle();
    assert_eq!(alarms(&world, 0), [AlarmKind::CommitRefused]);
    let (plan, device) = addition(&mut world, 2, 2);
    commit_anyway(&mut world, 2, plan);
    let mailbox = handshake_of(world.people[0].seen());
    world.read(0, mailbox);
    assert_eq!(alarms(&world, 0), [AlarmKind::CommitRefused]);
    assert!(world.people[0].seen().leaves.values().any(|leaf| leaf.device == device));
}

#[test]
fn i6_two_records_in_one_place_are_noticed() {
    let mut world = World::with_group(106, &["Amal", "Bea", "Cem"]);
    let cem = world.people[2].seen();
    let mut other = header(cem, Kind::Note);
    let one = forge(cem, &cem.signer(), &other, &words("Yes."));
    other.object = Bytes([6; 16]);
    let two = forge(cem, &cem.signer(), &other, &words("No."));
    let mailbox = content_of(cem);
    slip_in(&mut world, mailbox, &one);
    slip_in(&mut world, mailbox, &two);
    world.read(0, mailbox);
    world.read(0, mailbox);
    assert_eq!(alarms(&world, 0), [AlarmKind::Equivocation]);
    assert_eq!(world.people[0].alarms[0].member, Some(world.me(2)));
}

#[test]
fn i7_nobody_corrects_or_takes_back_what_another_wrote() {
    let mut world = World::with_group(107, &["Amal", "Bea", "Cem"]);
    let note = world.share(1, "Mine.", Wish::AdviceIsWelcome, Audience::Group);
    world.settle();
    let cem = world.people[2].seen();
    let mut correction = header(cem, Kind::Correction);
    correction.object = note.into();
    let text = open_body(&write(&TextContent { text: "Not yours.".into() }));
    let one = forge(cem, &cem.signer(), &correction, &text);
    let mut withdrawal = header(cem, Kind::Withdraw);
    withdrawal.seq += 1;
    withdrawal.prev = Some(Bytes(hearthkeep_crypto::hash::sha256(&one)));
    withdrawal.target = Some(note.into());
    let named = open_body(&write(&WithdrawContent { records: Vec::new() }));
    let two = forge(cem, &cem.signer(), &withdrawal, &named);
    let mailbox = content_of(cem);
    slip_in(&mut world, mailbox, &one);
    slip_in(&mut world, mailbox, &two);
    world.read(0, mailbox);
    world.read(0, mailbox);
    assert_eq!(alarms(&world, 0), [AlarmKind::Role; 2]);
    assert_eq!(world.screen(0), ["Mine. [there] 0 []"]);
}

#[test]
fn i8_a_record_commits_to_one_key() {
    let mut world = World::with_group(108, &["Amal", "Bea"]);
    let bea = world.people[1].seen();
    let mut blob = forge(bea, &bea.signer(), &header(bea, Kind::Note), &words("One."));
    // The commitment stands behind version, tag and nonce.
    blob[1 + 8 + 24] ^= 1;
    let mailbox = content_of(bea);
    slip_in(&mut world, mailbox, &blob);
    world.read(0, mailbox);
    assert_eq!(alarms(&world, 0), [AlarmKind::Commitment]);
}

#[test]
fn i9_a_malformed_record_stops_nobody() {
    let mut world = World::with_group(109, &["Amal", "Bea", "Cem"]);
    let cem = world.people[2].seen();
    let one = forge(cem, &cem.signer(), &header(cem, Kind::Note), &open_body(b"no note"));
    let mut next = header(cem, Kind::Note);
    next.seq += 1;
    next.prev = Some(Bytes(hearthkeep_crypto::hash::sha256(&one)));
    next.object = Bytes([5; 16]);
    let two = forge(cem, &cem.signer(), &next, &words("A note."));
    let mailbox = content_of(cem);
    slip_in(&mut world, mailbox, &one);
    slip_in(&mut world, mailbox, &two);
    world.read(0, mailbox);
    world.read(0, mailbox);
    assert_eq!(alarms(&world, 0), [AlarmKind::Malformed]);
    assert_eq!(world.screen(0), ["A note. [there] 0 []"]);
}

#[test]
fn an_unwished_answer_of_a_changed_client_is_taken_by_nobody() {
    let mut world = World::with_group(110, &["Amal", "Bea"]);
    let note = world.share(0, "Only listen.", Wish::JustListen, Audience::Group);
    world.settle();
    let bea = world.people[1].seen();
    let mut comment = header(bea, Kind::Comment);
    comment.target = Some(note.into());
    let text = open_body(&write(&TextContent { text: "You should …".into() }));
    let blob = forge(bea, &bea.signer(), &comment, &text);
    let mailbox = content_of(bea);
    slip_in(&mut world, mailbox, &blob);
    world.read(0, mailbox);
    assert!(world.people[0].effects.contains(&crate::Effect::NotWished));
    assert_eq!(world.screen(0), ["Only listen. [there] 0 []"]);
}

#[test]
fn a_question_that_a_changed_client_makes_long_afterwards_stays_as_it_was() {
    let mut world = World::with_group(112, &["Amal", "Bea"]);
    let note = world.share(0, "Ask me.", Wish::AskMe, Audience::Group);
    world.settle();
    let day = world.today();
    let question = world.act(1, |group, e| group.answer(note, "Why?", day, e)).unwrap();
    world.settle();
    let bea = world.people[1].seen();
    let mut correction = header(bea, Kind::Correction);
    (correction.object, correction.target) = (question.into(), Some(question.into()));
    let text = open_body(&write(&TextContent { text: "You should have known. ".repeat(20) }));
    let blob = forge(bea, &bea.signer(), &correction, &text);
    let mailbox = content_of(bea);
    slip_in(&mut world, mailbox, &blob);
    world.read(0, mailbox);
    assert!(world.people[0].effects.contains(&crate::Effect::NotWished));
    assert_eq!(world.screen(0), [r#"Ask me. [there] 0 ["Why?"]"#]);
}

#[test]
fn a_body_for_some_hides_how_many_and_who() {
    let mut world = World::with_group(111, &["Amal", "Bea", "Cem"]);
    let audience = Audience::Some(vec![world.me(1)]);
    world.share(0, "For one.", Wish::JustListen, audience);
    world.settle();
    let cem = world.people[2].seen();
    let kept = cem.records.values().find(|kept| kept.kind == Kind::Note.number()).unwrap();
    assert_eq!(kept.content, None);
    let bytes = write(&Body::Open(kept.header.clone()));
    let bea = world.me(1);
    assert!(!bytes.windows(32).any(|window| window == bea.as_bytes()));
}
