//! What can keep a relay from running.

use std::{io, path::PathBuf};

/// Why the relay does not start, or stops.
#[derive(Debug, thiserror::Error)]
pub enum RelayError {
    /// Another relay owns the file.
    #[error("another relay already runs on {path}")]
    InUse {
        /// Which file.
        path: PathBuf,
    },
    /// A file cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The address cannot be listened to.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// Which address.
        address: String,
        /// Why.
        source: io::Error,
    },
    /// The certificate or its key is not usable.
    #[error("{path} is not a usable certificate or key")]
    Tls {
        /// Which file.
        path: PathBuf,
    },
    /// A token file does not hold a token.
    #[error("{path} does not hold a token of 64 hexadecimal characters")]
    TokenFile {
        /// Which file.
        path: PathBuf,
    },
    /// The database fails.
    #[error("database: {0}")]
    Database(#[from] DatabaseError),
    /// No randomness from the system.
    #[error("the system gives no random bytes")]
    Randomness,
}

/// How the database fails.
#[derive(Debug, thiserror::Error)]
pub enum DatabaseError {
    /// A statement failed.
    #[error(transparent)]
    Sql(#[from] sqlx::Error),
    /// A row holds what this relay never wrote.
    #[error("a row of {table} is damaged")]
    Damaged {
        /// Which table.
        table: &'static str,
    },
    /// A setting that durability rests on was not taken.
    #[error("the setting {name} was not taken")]
    Setting {
        /// Which.
        name: &'static str,
    },
}
