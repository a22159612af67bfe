//! Attacks, each as a story: it is refused, or it is noticed. Names begin with the ids of the list
//! in PROTOCOL ("Attacks").
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "numbers of a test are small, and it names what it looks for"
)]

#[path = "../../tests/world/mod.rs"]
mod world;

mod copied;
mod insider;
mod invitation;
mod relay;
mod removed;

use crate::bytes::{Bytes, write};
use crate::changes::AlarmKind;
use crate::forge::{content_of, forge, forge_commit, handshake_of, header, open_body};
use crate::group::Group;
use crate::record::Header;
use hearthkeep_crypto::record::{MailboxClass, context, seal_handshake};
use hearthkeep_model::Kind;
use hearthkeep_wire::MailboxId;
use world::World;

/// Puts a blob into a log as only a relay, or an insider with its help, can.
fn slip_in(world: &mut World, mailbox: MailboxId, blob: &[u8]) {
    world.relay.mailboxes.get_mut(&mailbox).unwrap().push(blob, None);
}

fn alarms(world: &World, who: usize) -> Vec<AlarmKind> {
    world.people[who].alarms.iter().map(|alarm| alarm.kind).collect()
}

/// Stages a commit without asking the rules, and puts it into the log.
fn commit_anyway(world: &mut World, who: usize, plan: crate::mls::Plan) {
    let group = world.people[who].group();
    let signer = group.signer();
    let staged = group.mls.stage(&signer, plan).expect("the library stages it");
    let blob = forge_commit(group, &staged.commit);
    group.mls.forget_pending().unwrap();
    let mailbox = handshake_of(group);
    world.people[who].keep();
    slip_in(world, mailbox, &blob);
}

/// Sends everything that somebody has, reading nothing.
fn send_all(world: &mut World, who: usize) {
    while world.send(who) {}
}

fn read_all(world: &mut World, who: usize) {
    for (mailbox, _) in world.people[who].seen().watched() {
        world.read(who, mailbox);
        world.read(who, mailbox);
    }
}

/// How many blobs of a log open to a key that somebody has.
fn opens(world: &World, who: usize, log: &MailboxId) -> usize {
    let group = world.people[who].seen();
    let ctx = context(group.id().as_bytes(), MailboxClass::Content);
    let opens = |blob: &Vec<u8>| {
        let mut secrets = group.epochs.values().filter_map(Group::epoch_secret);
        secrets.any(|secret| hearthkeep_crypto::record::open(&secret, &ctx, blob).is_ok())
    };
    let blobs = world.relay.mailboxes[log].entries.iter().filter_map(|kept| kept.blob.as_ref());
    blobs.filter(|blob| opens(blob)).count()
}

/// The note that a commit of this group would carry.
fn note(group: &Group) -> crate::policy::CommitNote {
    let generation = group.generation().unwrap();
    crate::policy::CommitNote {
        version: 1,
        day: group.core.day,
        generation: generation.number,
        cut: generation.content_read,
        last: Vec::new(),
        approvals: Vec::new(),
        leaves: Vec::new(),
    }
}
