//! What goes into a backup and comes out of it, as plain data.

use hearthkeep_model::{AttachmentId, EntryFields, EntryId, GroupId, Moment, Timestamp, VersionId};

/// An entry with all that belongs to it but the pictures' bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryItem {
    /// Which entry.
    pub id: EntryId,
    /// Its fields.
    pub fields: EntryFields,
    /// Its text as Markdown; a picture is `![alt](hk:<id>)`.
    pub text: String,
    /// The whole document, where Markdown would not carry all of it.
    pub document: Option<Vec<u8>>,
    /// When text or fields last changed.
    pub changed: Timestamp,
    /// When it was laid into the drawer.
    pub drawer: Option<Timestamp>,
    /// Whether an excerpt was shared.
    pub shared: bool,
    /// Its pictures.
    pub attachments: Vec<AttachmentItem>,
    /// Its earlier states, oldest first.
    pub versions: Vec<VersionItem>,
}

/// What is known of a picture beside its bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachmentItem {
    /// Which picture.
    pub id: AttachmentId,
    /// Its file name as the person gave it; may be empty.
    pub name: String,
    /// Its media type.
    pub media: String,
    /// Its bytes.
    pub size: u64,
    /// SHA-256 of its bytes.
    pub sha256: [u8; 32],
}

/// An earlier state of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VersionItem {
    /// Which version.
    pub id: VersionId,
    /// When it was kept.
    pub at: Timestamp,
    /// Its text as Markdown.
    pub text: String,
    /// Its lines as they are kept, where Markdown would not carry all of them.
    pub lines: Option<serde_json::Value>,
}

/// An entry that was erased. Nothing else is kept of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErasedItem {
    /// Which entry it was.
    pub id: EntryId,
}

/// A group, as far as a backup keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupItem {
    /// Which group.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// The name that the person has in it.
    pub own_name: String,
    /// Where its relay is.
    pub relay: String,
}

/// A kept row of a group, byte for byte, and what a reader without us can read of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupRow {
    /// Name of its table.
    pub table: String,
    /// Its key.
    pub key: Vec<u8>,
    /// Its value.
    pub value: Vec<u8>,
    /// The same to be read, where it is words.
    pub note: Option<NoteText>,
}

/// A note to be read without us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NoteText {
    /// Who wrote it, by the name in the group.
    pub author: String,
    /// Whether the person wrote it; otherwise these are another's words.
    pub mine: bool,
    /// Its day, ISO 8601.
    pub day: String,
    /// What it is: note, comment, reaction.
    pub kind: String,
    /// Its words.
    pub text: String,
}

/// What a backup holds in all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Entries.
    pub entries: u32,
    /// Pictures.
    pub pictures: u32,
    /// Groups.
    pub groups: u32,
}

/// A backup that was read to its end and compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Name of the archive's file.
    pub name: String,
    /// When it was made.
    pub made: Moment,
    /// What it holds.
    pub counts: Counts,
    /// Bytes on the disk, its packs counted.
    pub bytes: u64,
    /// Pictures or packs that did not compare: which, and the code of the refusal.
    pub damaged: Vec<(String, &'static str)>,
}
