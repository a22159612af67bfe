//! The journal: entries and their texts, versions, the drawer, memories.

mod attach;
mod drawer;
mod fields;
mod list;
mod memories;
mod open;
mod row;
mod text;
mod versions;
mod whole;

pub use attach::Picture;
pub(crate) use attach::picture_type;
pub(crate) use fields::{TITLE, WORD, WORDS};
pub(crate) use open::Open;
pub(crate) use row::{entry_row, head_of};

use hearthkeep_model::EntryId;
use std::collections::BTreeMap;

/// Texts that are open, by entry. One lock: a text has one writer at a time.
pub(crate) type OpenTexts = tokio::sync::Mutex<BTreeMap<EntryId, Open>>;
