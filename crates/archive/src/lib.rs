//! Backups, exports and imports as streams.
//!
//! This is the only crate that knows age, tar and other apps' formats. Not here: where entries are
//! kept (store), when a backup is made (client). Everything that is read here may have been made
//! by anybody: it is bounded, and refused by a typed error that names what and where.

mod error;
mod item;
mod limits;
mod markdown;
mod seal;

pub mod backup;
pub mod export;
pub mod import;

// The public interface is these modules, and:
pub use error::{ArchiveError, MemberFault};
pub use item::{
    AttachmentItem, Counts, EntryItem, ErasedItem, GroupItem, GroupRow, NoteText, Proof,
    VersionItem,
};
pub use limits::Limits;
pub use seal::{BackupPassphrase, SealCost, seal_identity};
