//! Entries, their versions, the drawer, and what is found.

use serde::{Deserialize, Serialize};
use specta::Type;

/// What a list shows of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EntryRow {
    /// Entry id, hexadecimal.
    pub id: String,
    /// RFC 3339 with offset.
    pub at: String,
    /// The local date as lived, ISO 8601.
    pub day: String,
    /// The member's own title; may be empty.
    pub title: String,
    /// The first line that has words.
    pub first_line: String,
    /// Tags.
    pub tags: Vec<String>,
    /// Feelings.
    pub feelings: Vec<String>,
    /// Words of the text.
    pub words: u32,
    /// Pictures in it.
    pub pictures: u16,
    /// An excerpt of it was shared.
    pub shared: bool,
    /// When it was laid into the drawer, RFC 3339.
    pub trashed: Option<String>,
}

/// An entry with its whole text, for the command line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct WholeEntry {
    /// Entry id, hexadecimal.
    pub id: String,
    /// RFC 3339 with offset.
    pub at: String,
    /// The member's own title; may be empty.
    pub title: String,
    /// Tags.
    pub tags: Vec<String>,
    /// Feelings.
    pub feelings: Vec<String>,
    /// Its text as Markdown; a picture is `![alt](hk:<id>)`.
    pub text: String,
    /// Its pictures.
    pub attachments: Vec<WholeAttachment>,
}

/// What is known of a picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct WholeAttachment {
    /// Attachment id, hexadecimal.
    pub id: String,
    /// Its file name.
    pub name: String,
    /// Its bytes.
    pub size: u32,
    /// SHA-256 of its bytes, hexadecimal.
    pub sha256: String,
}

/// What a look at everything found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct CheckReport {
    /// Entries that open.
    pub entries: u32,
    /// Earlier states that open.
    pub versions: u32,
    /// Pictures that open and are what they were.
    pub attachments: u32,
    /// Other rows that open.
    pub rows: u32,
    /// What does not open.
    pub damaged: Vec<super::DamagedRow>,
    /// The database file itself is sound.
    pub database_sound: bool,
}

/// A part of the journal's list, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EntryPage {
    /// Entries that fit the filter.
    pub total: u32,
    /// Position of the first row in them.
    pub offset: u32,
    /// The rows.
    pub rows: Vec<EntryRow>,
}

/// Which entries a list shows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EntryFilter {
    /// From this day on, ISO 8601.
    pub from: Option<String>,
    /// Up to and with this day.
    pub to: Option<String>,
    /// With this tag.
    pub tag: Option<String>,
    /// With this feeling.
    pub feeling: Option<String>,
    /// Only what was shared from.
    pub shared: bool,
    /// What lies in the drawer, instead of the journal.
    pub drawer: bool,
}

/// One day of the calendar that has entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct DayMark {
    /// ISO 8601.
    pub day: String,
    /// Entries of that day.
    pub entries: u32,
}

/// The first screen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Today {
    /// The local date, ISO 8601.
    pub day: String,
    /// Today's entries, newest first.
    pub entries: Vec<EntryRow>,
    /// Entries of this day in earlier years, without those put away.
    pub on_this_day: Vec<EntryRow>,
    /// Entries in all, the drawer not counted.
    pub total: u32,
}

/// What can be changed beside the text. A field left out stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FieldsPatch {
    /// The title.
    pub title: Option<String>,
    /// All tags.
    pub tags: Option<Vec<String>>,
    /// All feelings.
    pub feelings: Option<Vec<String>>,
    /// When it was lived, RFC 3339 with offset.
    pub at: Option<String>,
}

/// The answer to a batch of keystrokes: it is on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Stored {
    /// Number of the batch that the screen sent.
    pub batch: u32,
}

/// An earlier state of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct VersionRow {
    /// Version id, hexadecimal.
    pub id: String,
    /// When it was kept, RFC 3339.
    pub at: String,
    /// Words in it.
    pub words: u32,
}

/// A line of a comparison between an earlier state and now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ComparedLine {
    /// Same, only then, only now.
    pub change: LineChange,
    /// The line's text.
    pub text: String,
}

/// How a line differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum LineChange {
    /// In both.
    Same,
    /// Only in the earlier state.
    Then,
    /// Only in the present one.
    Now,
}

/// What is searched for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Question {
    /// Words as typed; "in quotes" is a phrase.
    pub words: String,
    /// Narrowed as a list is.
    pub filter: EntryFilter,
    /// Hits to return, at most 200.
    pub limit: u32,
}

/// What was found, newest first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Found {
    /// Hits in all.
    pub total: u32,
    /// The first of them.
    pub hits: Vec<Hit>,
    /// The index is still catching up; a plain scan answered.
    pub behind: bool,
}

/// One entry that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Hit {
    /// The entry.
    pub entry: EntryRow,
    /// One line around the first match.
    pub line: Vec<Piece>,
}

/// A piece of a line, marked or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Piece {
    /// The text.
    pub text: String,
    /// It is what was searched for.
    pub found: bool,
}
