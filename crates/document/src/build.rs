//! Writes a fresh document from lines, as one v1 update of one writer.
//!
//! It is written here and not by the library, because the library's order of marks is random:
//! the same import on two computers must give the same blocks, or the two could never be merged.

use crate::line::{Attrs, Content, Line};
use serde_json::Value;

/// The client id under which documents are built. Editors take ids of at least 1024.
pub(crate) const BUILDER: u64 = 1;

const STRING: u8 = 4;
const EMBED: u8 = 5;
const FORMAT: u8 = 6;
const HAS_LEFT: u8 = 0x80;

/// The update that makes a document hold these lines and nothing else: written by `client`, and
/// taking away what the others wrote, up to their clocks in `known`.
pub(crate) fn update_of(lines: &[Line], client: u64, known: &[(u64, u64)]) -> Vec<u8> {
    let mut build = Build { client, ..Build::default() };
    for line in lines {
        for piece in &line.pieces {
            match &piece.content {
                Content::Text(text) => build.text(text, &piece.marks),
                Content::Embed(embed) => build.embed(embed, &piece.marks),
            }
        }
        build.text("\n", &line.attrs);
    }
    build.finish(known)
}

#[derive(Default)]
struct Build {
    client: u64,
    body: Vec<u8>,
    blocks: u64,
    clock: u64,
    marks: Attrs,
    open: String,
}

impl Build {
    fn text(&mut self, text: &str, marks: &Attrs) {
        self.switch_to(marks);
        self.open.push_str(text);
    }

    fn embed(&mut self, embed: &Value, marks: &Attrs) {
        self.switch_to(marks);
        self.close_text();
        self.block(EMBED, 1);
        put_text(&mut self.body, &embed.to_string());
    }

    /// Writes the marks that differ from those in force. `null` ends one.
    fn switch_to(&mut self, marks: &Attrs) {
        if self.marks == *marks {
            return;
        }
        self.close_text();
        let before = std::mem::replace(&mut self.marks, marks.clone());
        for name in before.keys().filter(|name| !marks.contains_key(*name)) {
            self.format(name, &Value::Null);
        }
        for (name, value) in marks.iter().filter(|(name, value)| before.get(*name) != Some(*value))
        {
            self.format(name, value);
        }
    }

    fn format(&mut self, name: &str, value: &Value) {
        self.block(FORMAT, 1);
        put_text(&mut self.body, name);
        put_text(&mut self.body, &value.to_string());
    }

    fn close_text(&mut self) {
        if self.open.is_empty() {
            return;
        }
        let text = std::mem::take(&mut self.open);
        self.block(STRING, text.encode_utf16().count() as u64);
        put_text(&mut self.body, &text);
    }

    /// The head of a block: the first lies in the text `t`, each other right of the one before.
    fn block(&mut self, kind: u8, length: u64) {
        match self.clock.checked_sub(1) {
            None => {
                self.body.extend_from_slice(&[kind, 1]);
                put_text(&mut self.body, "t");
            }
            Some(left) => {
                self.body.push(kind | HAS_LEFT);
                put_number(&mut self.body, self.client);
                put_number(&mut self.body, left);
            }
        }
        self.blocks = self.blocks.saturating_add(1);
        self.clock = self.clock.saturating_add(length);
    }

    fn finish(mut self, known: &[(u64, u64)]) -> Vec<u8> {
        self.switch_to(&Attrs::new());
        self.close_text();
        let mut update = Vec::new();
        if self.blocks == 0 {
            update.push(0);
        } else {
            update.push(1);
            for number in [self.blocks, self.client, 0] {
                put_number(&mut update, number);
            }
            update.append(&mut self.body);
        }
        put_number(&mut update, known.len() as u64);
        for &(client, end) in known {
            for number in [client, 1, 0, end] {
                put_number(&mut update, number);
            }
        }
        update
    }
}

fn put_number(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(low_bits(number) | 0x80);
        number >>= 7;
    }
    bytes.push(low_bits(number));
}

fn low_bits(number: u64) -> u8 {
    number.to_le_bytes()[0] & 0x7f
}

fn put_text(bytes: &mut Vec<u8>, text: &str) {
    put_number(bytes, text.len() as u64);
    bytes.extend_from_slice(text.as_bytes());
}
