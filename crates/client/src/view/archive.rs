//! Imports, exports and backups.

use serde::{Deserialize, Serialize};
use specta::Type;

/// A format that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ImportFormat {
    /// A Day One export: a zip of JSON and pictures.
    DayOne,
    /// A folder of Markdown files, with or without front matter.
    Markdown,
    /// A jrnl export in JSON.
    Jrnl,
}

/// Something that could not be read, named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Unreadable {
    /// Which entry or file.
    pub what: String,
    /// Why: a code of the import.
    pub why: String,
}

impl Unreadable {
    pub(crate) fn damaged(what: String) -> Self {
        Self { what, why: "damaged".to_owned() }
    }
}

/// What an import would bring.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ImportPreview {
    /// The format that was recognised.
    pub format: ImportFormat,
    /// Entries that can be read.
    pub entries: u32,
    /// Of those, entries that are here already.
    pub known: u32,
    /// Pictures that can be read.
    pub pictures: u32,
    /// First and last day, ISO 8601.
    pub days: Option<(String, String)>,
    /// What cannot be read.
    pub unreadable: Vec<Unreadable>,
}

/// What an import brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Imported {
    /// Entries that are new.
    pub added: u32,
    /// Entries that were here already.
    pub known: u32,
    /// Pictures that are new.
    pub pictures: u32,
    /// What could not be read.
    pub unreadable: Vec<Unreadable>,
    /// It was stopped half-way; what was added stays.
    pub cancelled: bool,
}

/// What a long task counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Counted {
    /// Entries, and pictures where those come one by one.
    Things,
    /// Parts of a file that is read and compared, a thousand in all.
    Compared,
}

/// How far a long task has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Progress {
    /// What is counted.
    pub counted: Counted,
    /// Done so far.
    pub done: u32,
    /// In all; 0 while unknown.
    pub total: u32,
}

/// How entries are written out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ExportFormat {
    /// A folder of Markdown with front matter, pictures beside it.
    Markdown,
    /// One JSON file, pictures beside it.
    Json,
}

/// What was written out, in clear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Exported {
    /// Entries written.
    pub entries: u32,
    /// Pictures written.
    pub pictures: u32,
}

/// How the backups stand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BackupStatus {
    /// The folder, if one was chosen.
    pub folder: Option<String>,
    /// The folder can be reached now.
    pub folder_there: bool,
    /// The last one that was read back and compared whole.
    pub last_good: Option<BackupProof>,
    /// The last try failed: its code.
    pub last_error: Option<String>,
    /// Nothing changed since the last proof.
    pub up_to_date: bool,
}

/// A backup that was opened and compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct BackupProof {
    /// File name, or the chosen path.
    pub name: String,
    /// When it was made, RFC 3339.
    pub made: String,
    /// When it was compared, RFC 3339.
    pub proved: String,
    /// Entries in it.
    pub entries: u32,
    /// Pictures in it.
    pub pictures: u32,
    /// Groups whose notes are in it.
    pub groups: u32,
    /// Bytes on the disk.
    pub bytes: f64,
    /// What did not compare, and what of the vault did not open and so is not in it; empty when all
    /// of it did.
    pub damaged: Vec<Unreadable>,
}

/// With what a backup is opened.
#[derive(Clone, Serialize, Deserialize, Type)]
#[serde(tag = "kind", content = "text", rename_all = "camelCase")]
pub enum RestoreSecret {
    /// The backup passphrase.
    Passphrase(String),
    /// The 24 words. They open a folder, not a single file.
    Words(String),
}

// It opens everything: it is not printed.
impl std::fmt::Debug for RestoreSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RestoreSecret(…)")
    }
}

/// What came back from a backup.
#[derive(Debug, Clone, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Restored {
    /// Entries.
    pub entries: u32,
    /// Pictures.
    pub pictures: u32,
    /// Groups to ask to come back to.
    pub groups: Vec<String>,
    /// The new vault's recovery words.
    pub words: super::NewWords,
    /// What did not open.
    pub damaged: Vec<Unreadable>,
}
