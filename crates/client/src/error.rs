//! Everything that can be refused, and the code by which the screen finds its sentence.

use hearthkeep_archive::ArchiveError;
use hearthkeep_crypto::passphrase::SlotsError;
use hearthkeep_crypto::words::WordsError;
use hearthkeep_group::{GroupError, LinkError};
use hearthkeep_model::{IdError, TimeError};
use hearthkeep_search::SearchError;
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
    #[error("the text: {0}")]
    Document(#[from] hearthkeep_document::Refused),
    /// The store refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The index refuses. The entries are safe.
    #[error(transparent)]
    Search(#[from] SearchError),
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
    /// An import, an export or a backup refuses.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// Another import, export or backup is not done yet.
    #[error("another import, export or backup is not done yet")]
    Busy,
    /// No backup folder was chosen yet.
    #[error("no backup folder was chosen")]
    NoBackupFolder,
    /// A long task was asked to stop, or the program ends.
    #[error("stopped")]
    Stopped,
    /// The group refuses.
    #[error(transparent)]
    Group(#[from] GroupError),
    /// There is no such group here.
    #[error("there is no such group")]
    NoSuchGroup,
    /// No invitation was opened.
    #[error("no invitation was opened")]
    NoInvitation,
    /// One is in this group already.
    #[error("one is in this group already")]
    AlreadyInside,
    /// What was given is no operator's token.
    #[error("not a relay's token")]
    NoToken,
    /// A relay is reached by `https://`, or on this very computer.
    #[error("not an address of a relay that may be spoken to")]
    RelayAddress,
    /// It has left already.
    #[error("it has left already")]
    TooLate,
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
    /// A file or folder is not there; `what` has its name.
    Missing,
    /// Something of this name is there already; `what` has it.
    Exists,
    /// Not a Hearthkeep backup; `what` has the file.
    NotABackup,
    /// A backup does not open with this passphrase or these words.
    WrongBackupSecret,
    /// A one-file backup opens with its passphrase only.
    PassphraseOnly,
    /// A backup asks for more work than is allowed.
    TooMuchWork,
    /// A backup is damaged or cut short; `what` has where.
    BackupDamaged,
    /// A backup was put together by somebody else.
    NotOurs,
    /// What came back from the disk was not what was sent; `what` has the file.
    ReadBack,
    /// Nothing that can be imported; `what` has the file.
    NotAnImport,
    /// Another import, export or backup is not done yet.
    Busy,
    /// No backup folder was chosen yet.
    NoBackupFolder,
    /// Stopped.
    Stopped,
    /// There is no such group.
    NoSuchGroup,
    /// No invitation was opened.
    NoInvitation,
    /// One is in this group already.
    AlreadyInside,
    /// Not a relay's token.
    NoToken,
    /// Not an address of a relay that may be spoken to.
    RelayAddress,
    /// It has left already: it can be taken back.
    TooLate,
    /// Not an invitation.
    NotAnInvitation,
    /// An invitation that is cut short or mistyped.
    InvitationDamaged,
    /// An invitation that has expired.
    InvitationExpired,
    /// This device is not in the group.
    NotInside,
    /// Only a facilitator may do it.
    NotFacilitator,
    /// There is no such member.
    NoSuchMember,
    /// There is no such note, or it was taken back.
    NoSuchNote,
    /// Nobody asks with this request.
    NoSuchRequest,
    /// The words that were confirmed are others.
    OtherWords,
    /// The author wishes to be answered in another way.
    NotWished,
    /// Somebody else wrote it.
    NotYours,
    /// Empty, or too long; `what` has the most characters it may have.
    TextLength,
    /// Too many people for a note for some; `what` has the most.
    AudienceSize,
    /// A group needs a facilitator: hand over first.
    LastFacilitator,
    /// A name is needed, or it is too long.
    NameNeeded,
    /// The answer to a request did not come from whom the link names.
    OtherInviter,
    /// Key agreement, a commit or a kept row of the group refuses.
    GroupState,
    /// A window could not be opened.
    Window,
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
            ClientError::Search(SearchError::Disk(_)) => {
                (ErrorCode::File, Some("index".to_owned()))
            }
            ClientError::Search(SearchError::NotPurged) => (ErrorCode::EraseWaits, None),
            ClientError::Search(_) => (ErrorCode::Database, Some("index".to_owned())),
            ClientError::TooLong { field, .. } => (ErrorCode::TooLong, Some((*field).to_owned())),
            ClientError::NotAPicture => (ErrorCode::NotAPicture, None),
            ClientError::Archive(error) => of_archive(error),
            ClientError::Busy => (ErrorCode::Busy, None),
            ClientError::NoBackupFolder => (ErrorCode::NoBackupFolder, None),
            ClientError::Stopped => (ErrorCode::Stopped, None),
            ClientError::Group(error) => of_group(error),
            ClientError::NoSuchGroup => (ErrorCode::NoSuchGroup, None),
            ClientError::NoInvitation => (ErrorCode::NoInvitation, None),
            ClientError::AlreadyInside => (ErrorCode::AlreadyInside, None),
            ClientError::NoToken => (ErrorCode::NoToken, None),
            ClientError::RelayAddress => (ErrorCode::RelayAddress, None),
            ClientError::TooLate => (ErrorCode::TooLate, None),
        };
        Self { code, what }
    }
}

impl From<ClientError> for Refusal {
    fn from(error: ClientError) -> Self {
        Self::from(&error)
    }
}

fn of_archive(error: &ArchiveError) -> (ErrorCode, Option<String>) {
    match error {
        ArchiveError::Missing { file } => (ErrorCode::Missing, Some(file.clone())),
        ArchiveError::NotWritable { file } => (ErrorCode::ReadOnly, Some(file.clone())),
        ArchiveError::NoSpace { .. } => (ErrorCode::DiskFull, None),
        ArchiveError::Io { file, .. } => (ErrorCode::File, Some(file.clone())),
        ArchiveError::NotABackup { file } => (ErrorCode::NotABackup, Some(file.clone())),
        ArchiveError::WrongSecret { .. } => (ErrorCode::WrongBackupSecret, None),
        ArchiveError::WrongKindOfSecret { .. } => (ErrorCode::PassphraseOnly, None),
        ArchiveError::TooMuchWork { .. } => (ErrorCode::TooMuchWork, None),
        ArchiveError::Damaged { file, .. }
        | ArchiveError::TooMany { file, .. }
        | ArchiveError::Expands { file, .. }
        | ArchiveError::ManifestMissing { file } => (ErrorCode::BackupDamaged, Some(file.clone())),
        ArchiveError::Member { file, member, .. }
        | ArchiveError::ManifestDiffers { file, member } => {
            (ErrorCode::BackupDamaged, Some(format!("{file}: {member}")))
        }
        ArchiveError::NotOurs { .. } => (ErrorCode::NotOurs, None),
        ArchiveError::Newer { .. } => (ErrorCode::Newer, None),
        ArchiveError::ReadBack { file, .. } => (ErrorCode::ReadBack, Some(file.clone())),
        ArchiveError::NotAnImport { file } => (ErrorCode::NotAnImport, Some(file.clone())),
        ArchiveError::Exists { file } => (ErrorCode::Exists, Some(file.clone())),
        ArchiveError::Stopped => (ErrorCode::Stopped, None),
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

fn of_group(error: &GroupError) -> (ErrorCode, Option<String>) {
    let code = match error {
        GroupError::Agreement(_) | GroupError::Commit(_) | GroupError::Certificate(_) => {
            ErrorCode::GroupState
        }
        GroupError::Row => ErrorCode::GroupState,
        GroupError::Link(LinkError::NotOurs) => ErrorCode::NotAnInvitation,
        GroupError::Link(LinkError::Damaged) => ErrorCode::InvitationDamaged,
        GroupError::Link(LinkError::Newer) => ErrorCode::Newer,
        GroupError::NotInside => ErrorCode::NotInside,
        GroupError::NotFacilitator => ErrorCode::NotFacilitator,
        GroupError::NoSuchMember => ErrorCode::NoSuchMember,
        GroupError::NoSuchNote => ErrorCode::NoSuchNote,
        GroupError::NoSuchRequest => ErrorCode::NoSuchRequest,
        GroupError::Expired => ErrorCode::InvitationExpired,
        GroupError::OtherWords => ErrorCode::OtherWords,
        GroupError::NotWished { .. } => ErrorCode::NotWished,
        GroupError::NotYours => ErrorCode::NotYours,
        GroupError::Length { most } => return (ErrorCode::TextLength, Some(most.to_string())),
        GroupError::Audience { most } => return (ErrorCode::AudienceSize, Some(most.to_string())),
        GroupError::LastFacilitator => ErrorCode::LastFacilitator,
        GroupError::Name { .. } => ErrorCode::NameNeeded,
        GroupError::NoToken => ErrorCode::NoToken,
        GroupError::OtherInviter => ErrorCode::OtherInviter,
    };
    (code, None)
}
