//! An invitation from anywhere, and records, handshakes and rows as an insider could have made
//! them: a group that took them can still be kept, loaded and looked at.
#![no_main]

use hearthkeep_crypto::AccountSecret;
use hearthkeep_group::fuzzing::{self, RecordBody};
use hearthkeep_group::{Entropy, Founding, Group, InviteLink, Keepsake, Table};
use hearthkeep_model::Timestamp;
use hearthkeep_wire::{Content, Entry, MailboxId, Page, Token};
use libfuzzer_sys::fuzz_target;
use std::sync::OnceLock;

const NOW: Timestamp = Timestamp(1_900_000_000_000);

type Rows = Vec<(Table, Vec<u8>, Vec<u8>)>;

static FOUNDED: OnceLock<Rows> = OnceLock::new();

fuzz_target!(|input: &[u8]| {
    let Some((kind, bytes)) = input.split_first() else { return };
    match kind % 4 {
        0 => invitation(bytes),
        1 => fuzzing::read_as_all(&founded(), bytes),
        2 => records(bytes),
        _ => {
            let mut group = founded();
            let blob = fuzzing::handshake(&group, bytes);
            let [_, handshakes] = fuzzing::mailboxes(&group);
            take(&mut group, handshakes, &blob);
            look_at(group);
        }
    }
});

fn founded() -> Group {
    let rows = FOUNDED.get_or_init(|| {
        let founding = Founding {
            name: "Tuesday",
            own_name: "Amal",
            relay: "https://relay.example",
            token: Token([3; 32]),
        };
        let secret = AccountSecret::from_bytes([1; 32]);
        let mut entropy = Entropy::from_seed([2; 32]);
        let group = Group::found(&founding, &secret, &mut entropy, NOW);
        kept(&mut group.expect("the system has randomness"), Rows::new())
    });
    Group::load(rows.clone()).expect("what was kept loads")
}

fn invitation(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for link in [InviteLink::parse(&text), InviteLink::from_bytes(bytes)].into_iter().flatten() {
        let again = InviteLink::from_bytes(&link.to_bytes()).expect("it was written by us");
        assert_eq!(again.to_bytes(), link.to_bytes());
    }
    if let Some(keepsake) = Keepsake::from_bytes(bytes) {
        assert_eq!(keepsake.to_bytes(), bytes);
        let _door = keepsake.door();
    }
}

/// Records one after another: kind, how it stands, length, content.
fn records(mut bytes: &[u8]) {
    let mut group = founded();
    let [content, _] = fuzzing::mailboxes(&group);
    while let Some(([kind, how, length], rest)) = bytes.split_first_chunk::<3>() {
        let (body, rest) = rest.split_at(rest.len().min(usize::from(*length)));
        bytes = rest;
        let answers = how & 1 == 1;
        let body = if how & 2 == 0 { RecordBody::Open(body) } else { RecordBody::Raw(body) };
        let blob = fuzzing::record(&group, u16::from(*kind), answers, body);
        take(&mut group, content, &blob);
    }
    look_at(group);
}

/// The relay shows one more entry.
fn take(group: &mut Group, mailbox: MailboxId, blob: &[u8]) {
    let watched = group.watched().into_iter().find(|(watched, _)| *watched == mailbox);
    let Some((_, since)) = watched else { return };
    let content = Content::Blob(blob);
    let head = since.after(&content.hash());
    let entries = vec![Entry { seq: head.seq, link: head.link, content }];
    let mut entropy = Entropy::from_seed([4; 32]);
    let _effects = group.apply(&mailbox, since, &Page { entries, head }, &mut entropy, NOW);
}

/// What the screen shows before and after the vault was locked is the same.
fn look_at(mut group: Group) {
    let (feed, members) = (group.feed(), group.members());
    let rows = FOUNDED.get().cloned().unwrap_or_default();
    let again = Group::load(kept(&mut group, rows)).expect("what was kept loads");
    assert_eq!((again.feed(), again.members()), (feed, members));
}

fn kept(group: &mut Group, mut rows: Rows) -> Rows {
    for row in group.take_changes().rows {
        rows.retain(|(table, key, _)| (*table, key) != (row.table, &row.key));
        rows.extend(row.value.map(|value| (row.table, row.key, value)));
    }
    rows
}
