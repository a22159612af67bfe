//! What other apps wrote, read entry by entry. What cannot be read is named, and the rest comes.

mod dayone;
mod elements;
mod front;
mod jrnl;
mod links;
mod markdown;
mod picture;
mod twins;
mod zipped;

use crate::ArchiveError;
use crate::error::shown;
use hearthkeep_crypto::hash::Hasher;
use hearthkeep_model::{AttachmentId, EntryFields, EntryId};
use jiff::tz::TimeZone;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// A format that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportFormat {
    /// A Day One export: a zip of JSON and pictures.
    DayOne,
    /// A folder of Markdown files.
    Markdown,
    /// A jrnl export in JSON.
    Jrnl,
}

/// How much of a foreign file is read.
#[derive(Debug, Clone, Copy)]
pub struct ImportLimits {
    /// Entries in all.
    pub entries: u32,
    /// Bytes of one entry's source.
    pub entry: u64,
    /// Bytes of one picture.
    pub picture: u64,
    /// Bytes of a JSON file, unpacked.
    pub json: u64,
    /// Bytes of one JSON file or picture for each byte that is packed, beyond a megabyte.
    pub expansion: u64,
    /// Folders within folders.
    pub depth: u8,
}

impl ImportLimits {
    /// What a lifetime of writing fits into.
    pub const STANDARD: Self = Self {
        entries: 1_000_000,
        entry: 16 << 20,
        picture: 64 << 20,
        json: 4 << 30,
        expansion: 200,
        depth: 32,
    };
}

/// An entry as another app had it.
#[derive(Debug, Clone, PartialEq)]
pub struct ImportedEntry {
    /// The same at every repetition, on any device.
    pub id: EntryId,
    /// Time, title, tags, feelings.
    pub fields: EntryFields,
    /// Its text; a picture is `![alt](hk:<id>)`.
    pub markdown: String,
    /// Its pictures, as far as they are there.
    pub pictures: Vec<ImportedPicture>,
}

/// A picture of an imported entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedPicture {
    /// The same at every repetition.
    pub id: AttachmentId,
    /// Its file name.
    pub name: String,
    /// Bytes, as its container says.
    pub size: u64,
    pub(crate) source: Source,
}

/// Where a picture's bytes are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    Zipped(String),
    File(PathBuf),
}

/// Something that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnreadableItem {
    /// Which entry, file or picture.
    pub what: String,
    /// Why.
    pub why: Unfit,
}

/// Why something could not be read. Shown as its code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// It has no time, or one that is none.
    #[error("no_time")]
    Time,
    /// It does not have the shape of an entry.
    #[error("not_an_entry")]
    Shape,
    /// It is not text.
    #[error("not_text")]
    NotText,
    /// It is larger than anything that was written by hand.
    #[error("too_large")]
    TooLarge,
    /// It unpacks to far more than was packed.
    #[error("expands")]
    Expands,
    /// It is not there, though an entry names it.
    #[error("missing")]
    Missing,
    /// It leads out of the folder, or is a link.
    #[error("outside")]
    Outside,
    /// It is no picture of a kind that can be shown.
    #[error("not_a_picture")]
    NotAPicture,
    /// It ends early, or its checksum is wrong.
    #[error("damaged")]
    Damaged,
    /// There are more entries than are read.
    #[error("too_many")]
    TooMany,
}

/// What was found while reading.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// An entry.
    Entry(ImportedEntry),
    /// Something that could not be read.
    Unreadable(UnreadableItem),
}

/// Who is told what was found, and may stop the reading.
pub type Sink<'a> = dyn FnMut(Found) -> ControlFlow<()> + 'a;

/// An import that was recognised.
#[derive(Debug)]
pub struct Import {
    path: PathBuf,
    format: ImportFormat,
    limits: ImportLimits,
}

impl Import {
    /// Recognises what lies at a path, by its content and not by its name.
    ///
    /// # Errors
    /// [`ArchiveError::NotAnImport`] when it is nothing that can be read.
    pub fn open(path: &Path, limits: ImportLimits) -> Result<Self, ArchiveError> {
        let format = detect(path)?;
        Ok(Self { path: path.to_owned(), format, limits })
    }

    /// The format.
    #[must_use]
    pub const fn format(&self) -> ImportFormat {
        self.format
    }

    /// Reads everything, telling the sink of each entry and of each thing that cannot be read.
    /// `zone` is where times without a zone were lived.
    ///
    /// # Errors
    /// What the system says; [`ArchiveError::Stopped`] when the sink stopped it.
    pub fn read(&self, zone: &TimeZone, sink: &mut Sink<'_>) -> Result<(), ArchiveError> {
        let mut twins = twins::Twins::default();
        let mut apart = |found| match found {
            Found::Entry(entry) => sink(Found::Entry(twins.told_apart(entry))),
            Found::Unreadable(_) => sink(found),
        };
        match self.format {
            ImportFormat::DayOne => dayone::read(&self.path, &self.limits, &mut apart),
            ImportFormat::Markdown => markdown::read(&self.path, &self.limits, zone, &mut apart),
            // Its ids are made of all that an entry says: there are no two of one.
            ImportFormat::Jrnl => jrnl::read(&self.path, &self.limits, zone, sink),
        }
    }

    /// A second door to the same import, for its pictures.
    ///
    /// # Errors
    /// What the system says.
    pub fn pictures(&self) -> Result<Pictures, ArchiveError> {
        let zip = match self.format {
            ImportFormat::DayOne => Some(zipped::Zip::open(&self.path, &self.limits)?),
            ImportFormat::Markdown | ImportFormat::Jrnl => None,
        };
        Ok(Pictures { zip, limits: self.limits })
    }
}

/// The pictures of an import.
#[derive(Debug)]
pub struct Pictures {
    zip: Option<zipped::Zip>,
    limits: ImportLimits,
}

impl Pictures {
    /// Reads a picture whole: its media type by its content, and its bytes.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub fn read(&mut self, picture: &ImportedPicture) -> Result<(&'static str, Vec<u8>), Unfit> {
        let bytes = match (&picture.source, self.zip.as_mut()) {
            (Source::Zipped(name), Some(zip)) => zip.bytes(name, self.limits.picture)?,
            (Source::File(path), _) => picture::file_bytes(path, self.limits.picture)?,
            (Source::Zipped(_), None) => return Err(Unfit::Missing),
        };
        Ok((picture::media_of(&bytes).ok_or(Unfit::NotAPicture)?, bytes))
    }
}

fn detect(path: &Path) -> Result<ImportFormat, ArchiveError> {
    let refuse = |error| ArchiveError::io(path, error);
    let facts = std::fs::metadata(path).map_err(refuse)?;
    if facts.is_dir() {
        return Ok(ImportFormat::Markdown);
    }
    if !facts.is_file() {
        // A pipe might never say anything.
        return Err(ArchiveError::NotAnImport { file: shown(path) });
    }
    let mut start = Vec::new();
    let file = std::fs::File::open(path).map_err(refuse)?;
    file.take(4096).read_to_end(&mut start).map_err(refuse)?;
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&start);
    match text.iter().find(|byte| !byte.is_ascii_whitespace()) {
        Some(b'P') if start.starts_with(b"PK") => Ok(ImportFormat::DayOne),
        Some(b'{') => Ok(ImportFormat::Jrnl),
        _ => Err(ArchiveError::NotAnImport { file: shown(path) }),
    }
}

/// The first 16 bytes of SHA-256 over the format and what names a thing in it, each after its
/// length, so that no two lists of parts run into the same bytes.
fn stable_id(format: &str, parts: &[&str]) -> [u8; 16] {
    let mut hash = Hasher::default();
    for part in std::iter::once(&format).chain(parts) {
        hash.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part.as_bytes());
    }
    let mut id = [0; 16];
    for (byte, from) in id.iter_mut().zip(hash.finish()) {
        *byte = from;
    }
    id
}

fn tell(sink: &mut Sink<'_>, found: Found) -> Result<(), ArchiveError> {
    match sink(found) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(ArchiveError::Stopped),
    }
}

fn unreadable(
    sink: &mut Sink<'_>,
    what: impl Into<String>,
    why: Unfit,
) -> Result<(), ArchiveError> {
    tell(sink, Found::Unreadable(UnreadableItem { what: what.into(), why }))
}
