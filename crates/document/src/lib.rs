//! A text as a CRDT: check, apply, merge, snapshot, lines, Markdown.
//!
//! A document is one flat text named `t`. What a line is (heading, list item, quote …) is said by
//! the attributes of its `\n`; marks are formats of the text; pictures are embeds. What this
//! version does not know is carried unchanged.
//!
//! Not here: who may write (group), where it is kept (store), undo (only the editor has it, because
//! an undo stack would pin deleted words). This is the only crate that knows yrs.

mod build;
mod check;
mod document;
mod json;
mod line;
mod markdown;
mod refused;
mod words;

// The public interface is:
pub use check::{Limits, check_update};
pub use document::{Author, Change, Document};
pub use json::{lines_from_json, lines_to_json};
pub use line::{Attrs, Content, Kind, Line, ListKind, Piece, picture};
pub use markdown::{lines_from_markdown, markdown_of};
pub use refused::{Fault, Refused, Stage};
pub use serde_json::Value;
pub use words::{first_words, pictures, plain_text, word_count};
