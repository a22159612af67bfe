//! Backups: written, read back, proved, restored. The form is that of FORMATS, "Backups".

mod ahead;
mod aside;
mod contents;
mod folder;
mod gzip;
mod json;
mod line;
mod manifest;
mod member;
mod name;
mod pack;
mod part;
mod prove;
mod read;
mod readme;
mod sink;
mod watch;
mod write;

// The public interface is:
pub use folder::{KeyFiles, archives, set_key_files};
pub(crate) use json::entry_bytes as entry_json;
pub(crate) use json::utc;
pub(crate) use name::picture as picture_name;
pub use pack::PackInfo;
pub use prove::{BackupSecret, Opened, open, prove};
pub use sink::RestoreSink;
pub use watch::{Step, Watch};
pub use write::{BackupWriter, FileTarget, FolderTarget, Written};
