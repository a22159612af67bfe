//! What the store can refuse.

use crate::Table;
use hearthkeep_crypto::passphrase::SlotsError;
use hearthkeep_model::{AttachmentId, EntryId, VersionId};
use std::io::ErrorKind;
use std::path::PathBuf;

/// Why the store refuses. Nothing was changed by a refused call.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another Hearthkeep holds this profile.
    #[error("another Hearthkeep has this profile open")]
    InUse,
    /// There is a vault already.
    #[error("the profile has a vault already")]
    Exists,
    /// There is no vault yet.
    #[error("the profile has no vault yet")]
    NoVault,
    /// The store was closed.
    #[error("the vault is locked")]
    Closed,
    /// The slot file refuses.
    #[error(transparent)]
    Slots(#[from] SlotsError),
    /// The key is right for the slot file, but the database belongs to another vault.
    #[error("the database belongs to another vault")]
    OtherVault,
    /// The database was made by a newer version.
    #[error("the database has format {got}, this version knows {known}")]
    Newer {
        /// Format of the file.
        got: i64,
        /// The newest format that this version knows.
        known: i64,
    },
    /// A setting of the database did not take: what is promised about durability or erasure would
    /// not hold.
    #[error("the database keeps {name} at {got}, {wanted} is needed")]
    Pragma {
        /// Which setting.
        name: &'static str,
        /// What was asked for.
        wanted: i64,
        /// What it is.
        got: i64,
    },
    /// A row was changed after it was sealed. The others are not touched by it.
    #[error("a row of {table} is damaged")]
    Damaged {
        /// Its table.
        table: Table,
        /// Its name on disk.
        row: Vec<u8>,
    },
    /// There is no such entry.
    #[error("there is no such entry")]
    NoEntry(EntryId),
    /// There is no such version.
    #[error("there is no such version")]
    NoVersion(VersionId),
    /// There is no such attachment.
    #[error("there is no such attachment")]
    NoAttachment(AttachmentId),
    /// A text or attachment is larger than any that is kept.
    #[error("{got} bytes are more than the {limit} that are kept")]
    TooLarge {
        /// Bytes that came.
        got: usize,
        /// The most that is kept.
        limit: usize,
    },
    /// The disk is full, and the ballast was not enough.
    #[error("the disk is full")]
    DiskFull,
    /// The folder cannot be written.
    #[error("{path} cannot be written")]
    ReadOnly {
        /// Which file or folder.
        path: PathBuf,
    },
    /// A file or folder cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// Which one.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The database refuses.
    #[error("the database refuses")]
    Database(#[source] sqlx::Error),
    /// Erased rows still stand in the log because something reads: told again after the next try.
    #[error("erasing waits for a reader")]
    EraseWaits,
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let database = error.as_database_error();
        let code = database.and_then(|error| error.code()).map(|code| code.into_owned());
        // Result codes of SQLite: 13 FULL; 8 READONLY with its extended forms.
        match code.as_deref().map(str::parse::<u32>) {
            Some(Ok(code)) if code & 0xff == 13 => Self::DiskFull,
            Some(Ok(code)) if code & 0xff == 8 => Self::ReadOnly { path: "vault.db".into() },
            _ => Self::Database(error),
        }
    }
}

impl StoreError {
    /// An error of the file system, with its path.
    pub(crate) fn file(path: &std::path::Path, source: std::io::Error) -> Self {
        let path = path.to_owned();
        let kind = source.kind();
        if matches!(kind, ErrorKind::StorageFull | ErrorKind::QuotaExceeded) {
            Self::DiskFull
        } else if matches!(kind, ErrorKind::ReadOnlyFilesystem | ErrorKind::PermissionDenied) {
            Self::ReadOnly { path }
        } else {
            Self::File { path, source }
        }
    }
}
