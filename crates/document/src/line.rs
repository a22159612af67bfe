//! A line of a document: its pieces, and the attributes of its end.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Attributes of a line's end, or marks of a piece.
pub type Attrs = BTreeMap<String, Value>;

/// One line.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Line {
    /// What the line is. Unknown names are carried.
    pub attrs: Attrs,
    /// What stands in it.
    pub pieces: Vec<Piece>,
}

/// A run of text with the same marks, or one embedded thing.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// The text or the thing.
    pub content: Content,
    /// Its marks: `strong`, `em`, `code`, `strike`, `link`, and what is not known.
    pub marks: Attrs,
}

/// What a piece holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    /// Text without line ends.
    Text(String),
    /// A picture, a break within the line, or something that is not known.
    Embed(Value),
}

/// What a line is, as far as this version knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind<'a> {
    /// Plain text.
    Paragraph,
    /// A heading of level 1 to 6.
    Heading(u8),
    /// An item of a list.
    Item(ListKind),
    /// A check box.
    Check {
        /// Ticked.
        done: bool,
    },
    /// A line of code.
    Code,
    /// A rule across the page.
    Rule,
    /// Made by a newer version.
    Unknown(&'a str),
}

/// What stands before an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListKind {
    /// A bullet.
    Bullet,
    /// A number.
    Number,
}

impl Piece {
    /// Text without marks.
    #[must_use]
    pub fn text(text: &str) -> Self {
        Self { content: Content::Text(text.to_owned()), marks: Attrs::new() }
    }
}

/// The embed that stands for a sealed picture.
#[must_use]
pub fn picture(id: &str, alt: &str) -> Value {
    json!({ "hk": "picture", "id": id, "alt": alt })
}

/// The embed that stands for a break within a line.
pub(crate) fn line_break() -> Value {
    json!({ "hk": "break" })
}

/// The id and the description of a picture, when the embed is exactly one.
pub(crate) fn as_picture(embed: &Value) -> Option<(&str, &str)> {
    let map = named(embed, "picture", 3)?;
    let id = map.get("id")?.as_str()?;
    let alt = map.get("alt")?.as_str()?;
    let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    (id.len() == 32 && id.bytes().all(hex)).then_some((id, alt))
}

pub(crate) fn is_break(embed: &Value) -> bool {
    named(embed, "break", 1).is_some()
}

fn named<'a>(embed: &'a Value, name: &str, keys: usize) -> Option<&'a Map<String, Value>> {
    let map = embed.as_object()?;
    (map.len() == keys && map.get("hk")?.as_str()? == name).then_some(map)
}

impl Line {
    /// What the line is.
    #[must_use]
    pub fn kind(&self) -> Kind<'_> {
        let Some(name) = self.attrs.get("t") else { return Kind::Paragraph };
        match name.as_str() {
            Some("heading") => Kind::Heading(self.small("level").clamp(1, 6)),
            Some("item") if self.attrs.get("kind").and_then(Value::as_str) == Some("number") => {
                Kind::Item(ListKind::Number)
            }
            Some("item") => Kind::Item(ListKind::Bullet),
            Some("check") => Kind::Check { done: self.flag("done") },
            Some("code") => Kind::Code,
            Some("rule") => Kind::Rule,
            Some(other) => Kind::Unknown(other),
            None => Kind::Unknown(""),
        }
    }

    /// How far the line is set in.
    #[must_use]
    pub fn indent(&self) -> u8 {
        self.small("indent")
    }

    /// How many quotes the line stands in.
    #[must_use]
    pub fn quote(&self) -> u8 {
        self.small("quote")
    }

    /// Adds text, joining it to a piece with the same marks.
    pub(crate) fn push_text(&mut self, text: &str, marks: &Attrs) {
        if text.is_empty() {
            return;
        }
        if let Some(Piece { content: Content::Text(last), marks: same }) = self.pieces.last_mut()
            && same == marks
        {
            last.push_str(text);
            return;
        }
        self.pieces.push(Piece { content: Content::Text(text.to_owned()), marks: marks.clone() });
    }

    pub(crate) fn push_embed(&mut self, embed: Value, marks: &Attrs) {
        self.pieces.push(Piece { content: Content::Embed(embed), marks: marks.clone() });
    }

    fn small(&self, name: &str) -> u8 {
        let number = self.attrs.get(name).and_then(Value::as_u64).unwrap_or(0);
        u8::try_from(number).unwrap_or(u8::MAX)
    }

    fn flag(&self, name: &str) -> bool {
        self.attrs.get(name).and_then(Value::as_bool).unwrap_or(false)
    }
}
