//! What an insider can seal with the keys that every member has, for attacks and for the fuzzer.
#![allow(clippy::unwrap_used, reason = "it is made for groups that one is inside of")]

use crate::audience::Body;
use crate::bytes::{Bytes, write};
use crate::group::Group;
use crate::record::Header;
use hearthkeep_crypto::SigningKey;
use hearthkeep_crypto::record::{MailboxClass, context, seal_handshake};
use hearthkeep_model::Kind;
use hearthkeep_wire::MailboxId;

/// The header that this device would write next.
pub(crate) fn header(group: &Group, kind: Kind) -> Header {
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

/// Seals a record that no honest client would.
pub(crate) fn forge(group: &Group, key: &SigningKey, header: &Header, body: &[u8]) -> Vec<u8> {
    let epoch = group.current_epoch().unwrap();
    group.in_epoch(epoch).unwrap().seal(key, header, body.to_vec())
}

/// Seals a handshake message as it is.
pub(crate) fn forge_commit(group: &Group, message: &[u8]) -> Vec<u8> {
    let secret = Group::epoch_secret(group.current_epoch().unwrap()).unwrap();
    let ctx = context(group.id().as_bytes(), MailboxClass::Handshake);
    seal_handshake(&secret, &ctx, message)
}

pub(crate) fn open_body(content: &[u8]) -> Vec<u8> {
    write(&Body::Open(content.to_vec()))
}

pub(crate) fn content_of(group: &Group) -> MailboxId {
    group.generation().unwrap().content
}

pub(crate) fn handshake_of(group: &Group) -> MailboxId {
    group.generation().unwrap().handshake
}
