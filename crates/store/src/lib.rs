//! Everything kept on this computer, sealed.
//!
//! A profile is a folder: the slots that wrap its key, a database whose rows enter and leave
//! sealed, and sealed attachments. What is written is durable before `commit` answers, and a
//! commit says what changed. Not here: what an entry's text means (document), what a group's rows
//! mean (group), when to lock (client).

mod attachment;
mod ballast;
mod change;
mod check;
mod damage;
mod database;
mod entry;
mod erase;
mod error;
mod folder;
mod head;
mod keys;
mod scrub;
mod settings;
mod store;
mod table;
mod thing;
mod tx;
mod version;

// The public interface is:
pub use attachment::AttachmentMeta;
pub use change::ChangeSet;
pub use check::Checked;
pub use damage::Damaged;
pub use entry::{ChangedEntries, Entry};
pub use error::StoreError;
pub use folder::{OpenFile, ProfileFolder, WritePoint};
pub use store::Store;
pub use table::Table;
pub use thing::Thing;
pub use tx::Tx;
pub use version::VersionHead;
