//! An entry: private writing. Its text is a document; these are the fields beside it.

use crate::{EntryId, Moment, Timestamp};

/// What an entry has beside its text. Each field is kept by its last writer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryFields {
    /// When it was lived.
    pub moment: Moment,
    /// The member's own title; empty when there is none.
    pub title: String,
    /// Tags in the order they were given.
    pub tags: Vec<String>,
    /// Feelings in the member's own words.
    pub feelings: Vec<String>,
}

/// What a list shows of an entry without opening its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryHead {
    /// Which entry.
    pub id: EntryId,
    /// Its fields.
    pub fields: EntryFields,
    /// The first line that has words, shortened to 120 characters.
    pub first_line: String,
    /// Words of the text.
    pub words: u32,
    /// Pictures in the text.
    pub pictures: u16,
    /// Whether an excerpt of it was shared.
    pub shared: bool,
    /// When it was laid into the drawer, if it lies there.
    pub trashed: Option<Timestamp>,
    /// When text or fields last changed.
    pub changed: Timestamp,
}
