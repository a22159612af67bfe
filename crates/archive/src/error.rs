//! What can be wrong with a backup, an import or an export. Each refusal names what and where.

use std::io;
use std::path::Path;

/// Why nothing was written or read.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// There is no such file or folder, or no archive in the folder.
    #[error("{file}: not there")]
    Missing {
        /// Which file.
        file: String,
    },
    /// The place cannot be written to.
    #[error("{file}: cannot be written")]
    NotWritable {
        /// Which file.
        file: String,
    },
    /// The disk is full.
    #[error("{file}: no space left")]
    NoSpace {
        /// Which file.
        file: String,
    },
    /// Something else that the system said.
    #[error("{file}: {source}")]
    Io {
        /// Which file.
        file: String,
        /// What the system said.
        source: io::Error,
    },
    /// Not an age file, or not a Hearthkeep archive within.
    #[error("{file}: not a Hearthkeep backup")]
    NotABackup {
        /// Which file.
        file: String,
    },
    /// The passphrase, the words or the identity do not open it.
    #[error("{file}: does not open with this")]
    WrongSecret {
        /// Which file.
        file: String,
    },
    /// It opens with another kind of secret: the one-file form has only its passphrase.
    #[error("{file}: opens with its passphrase only")]
    WrongKindOfSecret {
        /// Which file.
        file: String,
    },
    /// Opening would cost more work than is allowed.
    #[error("{file}: asks for work factor {cost}")]
    TooMuchWork {
        /// Which file.
        file: String,
        /// The work factor it asks for.
        cost: u8,
    },
    /// The cipher's own check failed, or the file ends early.
    #[error("{file}: damaged or cut short near byte {at}")]
    Damaged {
        /// Which file.
        file: String,
        /// How far it could be read.
        at: u64,
    },
    /// A member that must not be there, or not so.
    #[error("{file}: {member}: {fault}")]
    Member {
        /// Which file.
        file: String,
        /// Which member.
        member: String,
        /// What is wrong with it.
        fault: MemberFault,
    },
    /// More members than an archive may have.
    #[error("{file}: more than {limit} members")]
    TooMany {
        /// Which file.
        file: String,
        /// The limit.
        limit: u64,
    },
    /// It unpacks to more than an archive may.
    #[error("{file}: unpacks to more than {limit} bytes")]
    Expands {
        /// Which file.
        file: String,
        /// What was allowed up to there.
        limit: u64,
    },
    /// The stream ends without its manifest.
    #[error("{file}: ends without its manifest")]
    ManifestMissing {
        /// Which file.
        file: String,
    },
    /// A member, or a count, is not what the manifest says.
    #[error("{file}: {member} is not what the manifest says")]
    ManifestDiffers {
        /// Which file.
        file: String,
        /// Which member.
        member: String,
    },
    /// Put together by somebody who does not have the backup identity.
    #[error("{file}: was not made by the owner of this backup")]
    NotOurs {
        /// Which file.
        file: String,
    },
    /// Made by a newer Hearthkeep.
    #[error("{file}: has format version {version}")]
    Newer {
        /// Which file.
        file: String,
        /// The version it says.
        version: u32,
    },
    /// What came back from the disk is not what was sent.
    #[error("{file}: {member} came back from the disk changed")]
    ReadBack {
        /// Which file.
        file: String,
        /// Which member.
        member: String,
    },
    /// Nothing that can be imported.
    #[error("{file}: not a whole Day One export, a jrnl export or a folder of Markdown")]
    NotAnImport {
        /// Which file.
        file: String,
    },
    /// Something of this name is there already.
    #[error("{file}: is there already")]
    Exists {
        /// Which file.
        file: String,
    },
    /// The caller stopped it.
    #[error("stopped")]
    Stopped,
}

/// What is wrong with a member of an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MemberFault {
    /// A link, device, folder or extension instead of a file.
    #[error("not a regular file")]
    NotAFile,
    /// A name that leads elsewhere, is too long or has forbidden characters.
    #[error("not a permitted name")]
    Name,
    /// A name that no member of this form has.
    #[error("does not belong here")]
    Unknown,
    /// Out of its place.
    #[error("not in its place")]
    Order,
    /// The same name twice.
    #[error("is there twice")]
    Twice,
    /// Larger than such a member may be.
    #[error("too large")]
    TooLarge,
    /// Its content does not have the form that FORMATS gives it.
    #[error("does not have the form it should")]
    Form,
}

impl ArchiveError {
    /// The code of FORMATS, "Refusal".
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } => "missing",
            Self::NotWritable { .. } => "not_writable",
            Self::NoSpace { .. } => "no_space",
            Self::Io { .. } => "io",
            Self::NotABackup { .. } => "not_a_backup",
            Self::WrongSecret { .. } => "wrong_secret",
            Self::WrongKindOfSecret { .. } => "wrong_kind_of_secret",
            Self::TooMuchWork { .. } => "too_much_work",
            Self::Damaged { .. } => "damaged",
            Self::Member { .. } => "member",
            Self::TooMany { .. } => "too_many",
            Self::Expands { .. } => "expands",
            Self::ManifestMissing { .. } => "manifest_missing",
            Self::ManifestDiffers { .. } => "manifest_differs",
            Self::NotOurs { .. } => "not_ours",
            Self::Newer { .. } => "newer",
            Self::ReadBack { .. } => "read_back",
            Self::NotAnImport { .. } => "not_an_import",
            Self::Exists { .. } => "exists",
            Self::Stopped => "stopped",
        }
    }

    /// Why a stream broke: what the system says, a bound of ours, or damage.
    pub(crate) fn broken(file: &Path, error: io::Error) -> Self {
        if error.raw_os_error().is_some() {
            return Self::io(file, error);
        }
        // The inner readers wrap each other's errors: the cause may lie one deeper.
        match error.downcast::<Self>() {
            Ok(ours) => ours,
            Err(_) => Self::Damaged { file: shown(file), at: 0 },
        }
    }

    /// An error of the system about this file.
    pub(crate) fn io(path: &Path, source: io::Error) -> Self {
        let file = shown(path);
        // A half-written file has a name that the person never chose.
        let whole = file.strip_prefix('.').and_then(|name| name.strip_suffix(".part"));
        let file = whole.map(str::to_owned).unwrap_or(file);
        let kind = source.kind();
        if matches!(kind, io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) {
            Self::Missing { file }
        } else if matches!(
            kind,
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem
        ) {
            Self::NotWritable { file }
        } else if matches!(
            kind,
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge
        ) {
            Self::NoSpace { file }
        } else {
            Self::Io { file, source }
        }
    }

    /// Says how far a damaged file could be read.
    pub(crate) fn near(self, byte: u64) -> Self {
        if let Self::Damaged { file, .. } = self { Self::Damaged { file, at: byte } } else { self }
    }
}

/// The name under which a file is named to the person.
pub(crate) fn shown(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}
