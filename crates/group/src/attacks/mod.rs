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

mod insider;
mod invitation;
mod relay;
mod removed;

use crate::bytes::{Bytes, write};
use crate::changes::AlarmKind;
use crate::group::Group;
use crate::record::{Header, InEpoch};
use hearthkeep_crypto::SigningKey;
use hearthkeep_crypto::record::{MailboxClass, context, seal_handshake};
use hearthkeep_model::Kind;
use hearthkeep_wire::MailboxId;
use world::World;

/// The header that this device would write next.
fn header(group: &Group, kind: Kind) -> Header {
    let generation = group.generation().unwrap();
    Header {
        version: 1,
        id: Bytes([9; 16]),
        device: group.core.device,
        seq: group.core.own.next,
        prev: group.core.own.last,
        supersedes: Vec::new(),
        seen: Vec::new(),
        generation: generation.number,
        log_head: generation.content_read,
        kind: kind.number(),
        object: Bytes([8; 16]),
        target: None,
        day: 1,
        shareable: false,
    }
}

/// Seals what no honest client would, with the keys that an insider has.
fn forge(group: &Group, key: &SigningKey, header: &Header, body: &[u8]) -> Vec<u8> {
    let epoch = group.current_epoch().unwrap();
    let secret = Group::epoch_secret(epoch).unwrap();
    let sealed_in = InEpoch {
        group: group.id(),
        epoch: epoch.number,
        authenticator: &epoch.authenticator,
        secret: &secret,
    };
    sealed_in.seal(key, header, body.to_vec())
}

fn open_body(content: &[u8]) -> Vec<u8> {
    write(&crate::audience::Body::Open(content.to_vec()))
}

fn content_of(group: &Group) -> MailboxId {
    group.generation().unwrap().content
}

fn handshake_of(group: &Group) -> MailboxId {
    group.generation().unwrap().handshake
}

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
    let secret = Group::epoch_secret(group.current_epoch().unwrap()).unwrap();
    let ctx = context(group.id().as_bytes(), MailboxClass::Handshake);
    let blob = seal_handshake(&secret, &ctx, &staged.commit);
    group.mls.forget_pending().unwrap();
    let mailbox = handshake_of(group);
    world.people[who].keep();
    slip_in(world, mailbox, &blob);
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
