//! What went wrong, and the number that says so (docs/CLI.md, "Exit codes").

use hearthkeep_client::{ClientError, ErrorCode, Refusal};
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

/// A command that did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The core refuses.
    #[error(transparent)]
    Core(#[from] ClientError),
    /// A file that was named cannot be read or made.
    #[error("{path}: {source}")]
    File { path: String, source: io::Error },
    /// What came on standard input is not text.
    #[error("standard input is not UTF-8 text of at most 16 MiB")]
    Input,
    /// A file that should hold a passphrase or words holds something else.
    #[error("{path}: not UTF-8 text of at most 4096 bytes")]
    NotASecret { path: String },
    /// There is no profile at all.
    #[error("{0}: no profile is here")]
    NoProfile(String),
    /// The slot file is damaged, and its kept copy reads.
    #[error("{0}/slots is damaged; {0}/slots.kept is a whole copy: put it in its place")]
    SlotsKept(String),
    /// The passphrase of the vault is needed.
    #[error("--passphrase-file is needed")]
    NoPassphrase,
    /// The terminal or the runtime.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Something was found damaged, and said.
pub(crate) const DAMAGED: u8 = 5;

impl Failure {
    pub(crate) fn file(path: &Path, source: io::Error) -> Self {
        Self::File { path: path.display().to_string(), source }
    }

    /// Says it on standard error, and gives its exit code.
    pub(crate) fn told(&self) -> ExitCode {
        // There is nowhere to say that standard error is closed.
        writeln!(io::stderr(), "hearthkeep-cli: {self}").unwrap_or_default();
        ExitCode::from(self.code())
    }

    fn code(&self) -> u8 {
        match self {
            Self::Core(error) => code_of(Refusal::from(error).code),
            Self::File { source, .. } => code_of_file(source.kind()),
            Self::NoProfile(_) => 4,
            Self::SlotsKept(_) => DAMAGED,
            Self::Io(_) => 1,
            Self::Input | Self::NoPassphrase | Self::NotASecret { .. } => 2,
        }
    }
}

fn code_of_file(kind: io::ErrorKind) -> u8 {
    if kind == io::ErrorKind::NotFound {
        4
    } else if kind == io::ErrorKind::AlreadyExists {
        6
    } else {
        7
    }
}

#[allow(clippy::wildcard_enum_match_arm, reason = "what has no number of its own is a failure: 1")]
fn code_of(code: ErrorCode) -> u8 {
    match code {
        ErrorCode::Malformed
        | ErrorCode::TooLong
        | ErrorCode::TooLarge
        | ErrorCode::RefusedUpdate
        | ErrorCode::TooWeak
        | ErrorCode::NotAnImport => 2,
        ErrorCode::WrongPassphrase
        | ErrorCode::WrongWords
        | ErrorCode::WordCount
        | ErrorCode::WordUnknown
        | ErrorCode::WordOrder
        | ErrorCode::WrongBackupSecret
        | ErrorCode::PassphraseOnly => 3,
        ErrorCode::NotThere
        | ErrorCode::Missing
        | ErrorCode::NoVault
        | ErrorCode::NoBackupFolder => 4,
        ErrorCode::SlotsDamaged
        | ErrorCode::SlotsCost
        | ErrorCode::DamagedRow
        | ErrorCode::BackupDamaged
        | ErrorCode::NotABackup
        | ErrorCode::NotOurs
        | ErrorCode::TooMuchWork
        | ErrorCode::ReadBack => DAMAGED,
        ErrorCode::InUse | ErrorCode::Busy | ErrorCode::VaultExists | ErrorCode::Exists => 6,
        ErrorCode::DiskFull | ErrorCode::ReadOnly | ErrorCode::File => 7,
        ErrorCode::Stopped => 8,
        _ => 1,
    }
}
