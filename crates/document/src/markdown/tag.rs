//! Tags and comments for what Markdown has no sign for. JSON inside them has neither `<`, `>` nor
//! `'`, so that no value can end its tag early.

use crate::line::Attrs;
use serde_json::{Value, json};

/// A tag or comment that a reader may meet.
#[derive(Debug, PartialEq)]
pub(super) enum Tag {
    /// Opens a mark.
    Open(String, Value),
    /// Closes a mark of that name, or the last one that has no HTML name.
    Close(Option<&'static str>),
    /// Something embedded.
    Embed(Value),
    /// The closing half of an embed, or an empty comment.
    Nothing,
    /// Attributes of the line that follows.
    Line(Attrs),
    /// A whole line that is empty but for its attributes.
    EmptyLine(Attrs),
    /// A break within the line.
    Break,
}

/// Marks that have a name in HTML.
const NAMED: [(&str, &str); 7] = [
    ("strong", "strong"),
    ("b", "strong"),
    ("em", "em"),
    ("i", "em"),
    ("s", "strike"),
    ("del", "strike"),
    ("code", "code"),
];

/// The tag pair of a mark.
pub(super) fn around(name: &str, value: &Value) -> (String, &'static str) {
    match (name, value) {
        ("strong", Value::Bool(true)) => ("<strong>".to_owned(), "</strong>"),
        ("em", Value::Bool(true)) => ("<em>".to_owned(), "</em>"),
        ("strike", Value::Bool(true)) => ("<s>".to_owned(), "</s>"),
        ("code", Value::Bool(true)) => ("<code>".to_owned(), "</code>"),
        _ => (format!("<hk-mark v='{}'>", quiet(&json!([name, value]))), "</hk-mark>"),
    }
}

/// The closing half keeps a line that holds nothing else from being read as a block of HTML.
pub(super) fn embed(value: &Value) -> String {
    format!("<hk-embed v='{}'></hk-embed>", quiet(value))
}

pub(super) fn line(attrs: &Attrs) -> String {
    format!("<!-- hk {} -->", quiet(&attrs.clone().into_iter().collect()))
}

pub(super) fn empty_line(attrs: &Attrs) -> String {
    format!("<!-- hk-empty {} -->", quiet(&attrs.clone().into_iter().collect()))
}

fn quiet(value: &Value) -> String {
    let json = value.to_string();
    json.replace('<', "\\u003c").replace('>', "\\u003e").replace('\'', "\\u0027")
}

/// Reads one tag; `None` when it is not one of ours.
pub(super) fn parse(html: &str) -> Option<Tag> {
    let html = html.trim();
    if let Some(comment) = html.strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->")) {
        return comment_of(comment.trim());
    }
    let inner = html.strip_prefix('<')?.strip_suffix('>')?;
    if let Some(name) = inner.strip_prefix('/') {
        return match name {
            "hk-embed" => Some(Tag::Nothing),
            "hk-mark" => Some(Tag::Close(None)),
            _ => mark_of(name).map(|mark| Tag::Close(Some(mark))),
        };
    }
    if let Some(value) = inner.strip_prefix("hk-mark v='").and_then(|rest| rest.strip_suffix('\''))
    {
        let (name, value) = serde_json::from_str::<(String, Value)>(value).ok()?;
        return Some(Tag::Open(name, value));
    }
    if let Some(value) = inner.strip_prefix("hk-embed v='").and_then(|rest| rest.strip_suffix('\''))
    {
        let value = serde_json::from_str::<Value>(value).ok()?;
        return value.is_object().then_some(Tag::Embed(value));
    }
    match inner {
        "br" | "br/" | "br /" => Some(Tag::Break),
        name => mark_of(name).map(|mark| Tag::Open(mark.to_owned(), Value::Bool(true))),
    }
}

fn comment_of(comment: &str) -> Option<Tag> {
    let attrs = |json: &str| serde_json::from_str::<Attrs>(json).ok();
    match comment.split_once(' ') {
        Some(("hk", json)) => attrs(json).map(Tag::Line),
        Some(("hk-empty", json)) => attrs(json).map(Tag::EmptyLine),
        None if comment.is_empty() => Some(Tag::Nothing),
        _ => None,
    }
}

fn mark_of(name: &str) -> Option<&'static str> {
    NAMED.iter().find(|(html, _)| *html == name).map(|(_, mark)| *mark)
}
