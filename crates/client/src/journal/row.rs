//! Between what is kept of an entry and what a screen is shown.

use crate::view::EntryRow;
use hearthkeep_document::{Document, first_words, pictures, word_count};
use hearthkeep_model::{EntryFields, EntryHead, EntryId, Moment, Timestamp};

/// Characters of the first line that a list shows.
const FIRST_LINE: usize = 120;

/// What a list shows of an entry with this text.
pub(crate) fn head_of(
    id: EntryId,
    fields: EntryFields,
    document: &Document,
    changed: Timestamp,
) -> EntryHead {
    let lines = document.lines();
    EntryHead {
        id,
        fields,
        first_line: first_words(&lines, FIRST_LINE),
        words: word_count(&lines),
        pictures: u16::try_from(pictures(&lines).len()).unwrap_or(u16::MAX),
        shared: false,
        trashed: None,
        changed,
    }
}

/// A row of a list.
pub(crate) fn entry_row(head: &EntryHead) -> EntryRow {
    let moment = &head.fields.moment;
    let at = |at: Timestamp| Moment::new(at, moment.offset_min).rfc3339();
    EntryRow {
        id: head.id.to_string(),
        at: moment.rfc3339(),
        day: moment.day.to_string(),
        title: head.fields.title.clone(),
        first_line: head.first_line.clone(),
        tags: head.fields.tags.clone(),
        feelings: head.fields.feelings.clone(),
        words: head.words,
        pictures: head.pictures,
        shared: head.shared,
        trashed: head.trashed.map(at),
    }
}
