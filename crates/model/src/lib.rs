//! The words of a recovery group as plain data: ids, time, entries, notes, people.
//!
//! Not here: input and output, async, sealing, serde. A type of this crate can be made, compared
//! and printed; what it means for a screen, a row or a wire is decided by the crate at that edge.

mod entry;
mod id;
mod kind;
mod note;
mod person;
mod time;

// The public interface is:
pub use entry::{EntryFields, EntryHead};
pub use id::{
    AccountId, AttachmentId, DeviceId, EntryId, GroupId, IdError, NoteId, RecordId, VersionId,
};
pub use kind::Kind;
pub use note::{Audience, ContentNote, Reaction, Wish};
pub use person::Role;
pub use time::{Day, Moment, TimeError, Timestamp};
