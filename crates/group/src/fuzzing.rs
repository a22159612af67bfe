//! Doors for the fuzzer, in its builds only: what in use lies under a seal and a signature, as an
//! insider who means harm could have written it.

use crate::audience::Body;
use crate::bytes::{Bytes, read, read_open, write};
use crate::changes::Outgoing;
use crate::content::{
    InviteContent, KeepingContent, LeaveContent, NoteContent, ReactionContent, ReceiptContent,
    TextContent, WithdrawContent,
};
use crate::forge::{content_of, forge, forge_commit, handshake_of, header, open_body};
use crate::group::Group;
use crate::identity::Certificate;
use crate::kept::{Epoch, Kept};
use crate::mls::package_facts;
use crate::policy::CommitNote;
use crate::record::Header;
use crate::rules::Rules;
use crate::state::Core;
use hearthkeep_model::Kind;
use hearthkeep_wire::MailboxId;

/// Reads bytes as everything that this crate reads from records, certificates, commits and rows.
/// What has one form must be written in the same bytes again.
pub fn read_as_all(group: &Group, bytes: &[u8]) {
    if let Some(header) = read::<Header>(bytes) {
        assert_eq!(write(&header), bytes);
    }
    if let Some(note) = read::<CommitNote>(bytes) {
        assert_eq!(write(&note), bytes);
    }
    if let Some(note) = NoteContent::from_bytes(bytes) {
        assert_eq!(NoteContent::from_bytes(&note.to_bytes()), Some(note));
    }
    if let Some(rules) = Rules::from_bytes(bytes) {
        assert_eq!(Rules::from_bytes(&rules.to_bytes()), Some(rules));
    }
    drop(read::<Body>(bytes));
    drop(read_open::<TextContent>(bytes));
    drop(read_open::<ReactionContent>(bytes));
    drop(read_open::<WithdrawContent>(bytes));
    drop(read_open::<ReceiptContent>(bytes));
    drop(read_open::<LeaveContent>(bytes));
    drop(read_open::<InviteContent>(bytes));
    drop(read_open::<KeepingContent>(bytes));
    drop(read_open::<Core>(bytes));
    drop(read_open::<Epoch>(bytes));
    drop(read_open::<Kept>(bytes));
    drop(read_open::<Outgoing>(bytes));
    drop(Certificate::verify(bytes, group.id()));
    drop(package_facts(&group.mls, bytes));
}

/// The next record of this device, of any kind, about the one object that the fuzzer knows.
#[must_use]
pub fn record(group: &Group, kind: u16, answers: bool, body: RecordBody<'_>) -> Vec<u8> {
    let mut header = header(group, Kind::from_number(kind));
    let last = group.last_of(&header.device);
    header.seq = last.seq.saturating_add(1);
    header.prev = (last.seq > 0).then_some(last.hash);
    header.target = answers.then_some(header.object);
    if answers {
        header.object = Bytes(last.hash.0.first_chunk::<16>().copied().unwrap_or_default());
    }
    let body = match body {
        RecordBody::Raw(bytes) => bytes.to_vec(),
        RecordBody::Open(content) => open_body(content),
    };
    forge(group, &group.signer(), &header, &body)
}

/// What stands in a record.
#[derive(Debug, Clone, Copy)]
pub enum RecordBody<'a> {
    /// Bytes in the place of a body.
    Raw(&'a [u8]),
    /// A body for everybody that holds these bytes.
    Open(&'a [u8]),
}

/// A handshake message as it is, sealed as one of this epoch.
#[must_use]
pub fn handshake(group: &Group, message: &[u8]) -> Vec<u8> {
    forge_commit(group, message)
}

/// The mailboxes of records and of handshakes.
#[must_use]
pub fn mailboxes(group: &Group) -> [MailboxId; 2] {
    [content_of(group), handshake_of(group)]
}
