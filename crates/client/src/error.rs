//! Everything that can be refused, and the code by which the screen finds its sentence.

use hearthkeep_crypto::passphrase::SlotsError;
use hearthkeep_crypto::words::WordsError;
use hearthkeep_model::{IdError, TimeError};
use hearthkeep_store::StoreError;
use serde::{Deserialize, Serialize};
use specta::Type;

/// Why a call is refused. Nothing was changed by it.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The vault is locked.
    #[error("the vault is locked")]
    Locked,
    /// The passphrase is not the one of this vault.
    #[error("this passphrase does not open the vault")]
    WrongPassphrase,
    /// The words are not those of this vault.
    #[error("these words do not open the vault")]
    WrongWords,
    /// Too short to keep anybody out.
    #[error("the passphrase is too short")]
    TooWeak,
    /// What was given is no recovery phrase.
    #[error(transparent)]
    Words(#[from] WordsError),
    /// What was given is no id.
    #[error(transparent)]
    Id(#[from] IdError),
    /// What was given is no time.
    #[error(transparent)]
    Time(#[from] TimeError),
    /// A change of a text that cannot be taken: nothing of it was.
    #[error(transparent)]
    Document(#[from] hearthkeep_document::Refused),
    /// The store refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A title, tag or feeling is longer than any that is kept.
    #[error("{field} is longer than {limit} characters")]
    TooLong {
        /// Which field.
        field: &'static str,
        /// The most it may have.
        limit: usize,
    },
    /// A file that is not a picture of a known kind.
    #[error("not a picture of a known kind")]
    NotAPicture,
    /// A long task was asked to stop, or the program ends.
    #[error("stopped")]
    Stopped,
}

/// A code for the screen. It acts on the code and never reads English.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ErrorCode {
    /// The vault is locked.
    Locked,
    /// Wrong passphrase.
    WrongPassphrase,
    /// The words are words, but another vault's.
    WrongWords,
    /// Not 24 words; `what` has their count.
    WordCount,
    /// A word that is not on the list; `what` has its place.
    WordUnknown,
    /// The words do not belong together in this order.
    WordOrder,
    /// The passphrase is too short.
    TooWeak,
    /// There is no vault yet.
    NoVault,
    /// There is a vault already.
    VaultExists,
    /// The slot file is damaged.
    SlotsDamaged,
    /// The slot file asks for a cost outside the limits.
    SlotsCost,
    /// The database belongs to another vault.
    OtherVault,
    /// Made by a newer Hearthkeep.
    Newer,
    /// Another Hearthkeep has this profile open.
    InUse,
    /// The disk is full.
    DiskFull,
    /// The folder cannot be written; `what` has the path.
    ReadOnly,
    /// A file cannot be read or written; `what` has the path.
    File,
    /// The database refuses.
    Database,
    /// A row is damaged; `what` has its table.
    DamagedRow,
    /// There is no such entry, version, picture.
    NotThere,
    /// Too large to be kept.
    TooLarge,
    /// A field is too long; `what` has its name.
    TooLong,
    /// Not an id or a time: the screen's mistake.
    Malformed,
    /// A change of a text that cannot be taken.
    RefusedUpdate,
    /// Erasing waits for a reader, and is tried again at lock.
    EraseWaits,
    /// Not a picture of a known kind.
    NotAPicture,
    /// Stopped.
    Stopped,
}

/// What the screen receives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Refusal {
    /// The code.
    pub code: ErrorCode,
    /// What is to blame, where that can be named: a path, a place, a table.
    pub what: Option<String>,
}

impl From<&ClientError> for Refusal {
    fn from(error: &ClientError) -> Self {
        let (code, what) = match error {
            ClientError::Locked => (ErrorCode::Locked, None),
            ClientError::WrongPassphrase => (ErrorCode::WrongPassphrase, None),
            ClientError::WrongWords => (ErrorCode::WrongWords, None),
            ClientError::TooWeak => (ErrorCode::TooWeak, None),
            ClientError::Words(error) => of_words(*error),
            ClientError::Id(_) | ClientError::Time(_) => (ErrorCode::Malformed, None),
            ClientError::Document(_) => (ErrorCode::RefusedUpdate, None),
            ClientError::Store(error) => of_store(error),
            ClientError::TooLong { field, .. } => (ErrorCode::TooLong, Some((*field).to_owned())),
            ClientError::NotAPicture => (ErrorCode::NotAPicture, None),
            ClientError::Stopped => (ErrorCode::Stopped, None),
        };
        Self { code, what }
    }
}

impl From<ClientError> for Refusal {
    fn from(error: ClientError) -> Self {
        Self::from(&error)
    }
}

fn of_words(error: WordsError) -> (ErrorCode, Option<String>) {
    match error {
        WordsError::Count { got } => (ErrorCode::WordCount, Some(got.to_string())),
        WordsError::Unknown { place } => (ErrorCode::WordUnknown, Some(place.to_string())),
        WordsError::Checksum => (ErrorCode::WordOrder, None),
    }
}

fn of_store(error: &StoreError) -> (ErrorCode, Option<String>) {
    match error {
        StoreError::InUse => (ErrorCode::InUse, None),
        StoreError::Exists => (ErrorCode::VaultExists, None),
        StoreError::NoVault => (ErrorCode::NoVault, None),
        StoreError::Closed => (ErrorCode::Locked, None),
        StoreError::Slots(SlotsError::Cost { .. }) => (ErrorCode::SlotsCost, None),
        StoreError::Slots(SlotsError::Version { .. }) => (ErrorCode::Newer, None),
        StoreError::Slots(_) => (ErrorCode::SlotsDamaged, None),
        StoreError::OtherVault => (ErrorCode::OtherVault, None),
        StoreError::Newer { .. } => (ErrorCode::Newer, None),
        StoreError::Pragma { .. } | StoreError::Database(_) => (ErrorCode::Database, None),
        StoreError::Damaged { table, .. } => (ErrorCode::DamagedRow, Some(table.to_string())),
        StoreError::NoEntry(_) | StoreError::NoVersion(_) | StoreError::NoAttachment(_) => {
            (ErrorCode::NotThere, None)
        }
        StoreError::TooLarge { .. } => (ErrorCode::TooLarge, None),
        StoreError::DiskFull => (ErrorCode::DiskFull, None),
        StoreError::ReadOnly { path } => (ErrorCode::ReadOnly, Some(path.display().to_string())),
        StoreError::File { path, .. } => (ErrorCode::File, Some(path.display().to_string())),
        StoreError::EraseWaits => (ErrorCode::EraseWaits, None),
    }
}
