//! Markdown both ways.
//!
//! Whatever a document holds survives the way out and back: what Markdown has no sign for is
//! written as a comment before the line or as a tag around the words, which every reader of
//! Markdown hides. An empty line is one more blank line than the separator needs.

mod inline;
mod read;
mod rows;
mod tag;
mod write;

use crate::line::{Content, Kind, Line, as_picture, is_break};
use serde_json::Value;
use std::collections::BTreeSet;

pub use read::lines_from_markdown;
pub use write::markdown_of;

/// Quotes deeper than this are not written as `>`.
const QUOTE_MOST: u8 = 8;

const KNOWN_MARKS: [&str; 5] = ["strong", "em", "strike", "code", "link"];
const KNOWN_ATTRS: [&str; 8] = ["t", "level", "kind", "start", "done", "lang", "indent", "quote"];

/// The line without attributes that say what is so anyhow.
pub(crate) fn canonical(line: &Line) -> Line {
    let mut line = line.clone();
    line.attrs.retain(|name, value| match name.as_str() {
        "indent" | "quote" => value.as_u64() != Some(0),
        "done" => value.as_bool() != Some(false),
        "kind" => value.as_str() != Some("bullet"),
        _ => !value.is_null(),
    });
    line
}

/// Names of marks, line attributes and embeds that this version does not know.
pub(crate) fn unknown_names(lines: &[Line]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for line in lines {
        if let Kind::Unknown(name) = line.kind() {
            names.insert(name.to_owned());
        }
        let attrs = line.attrs.keys().filter(|name| !KNOWN_ATTRS.contains(&name.as_str()));
        names.extend(attrs.cloned());
        for piece in &line.pieces {
            let marks = piece.marks.keys().filter(|name| !KNOWN_MARKS.contains(&name.as_str()));
            names.extend(marks.cloned());
            if let Content::Embed(embed) = &piece.content
                && as_picture(embed).is_none()
                && !is_break(embed)
            {
                names.insert(embed.get("hk").and_then(Value::as_str).unwrap_or("").to_owned());
            }
        }
    }
    names
}
