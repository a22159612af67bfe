//! Writes lines as blocks of Markdown.

use super::inline::{self, Rows};
use super::{QUOTE_MOST, canonical, tag};
use crate::line::{Content, Kind, Line, ListKind};
use serde_json::Value;

/// The lines as Markdown.
#[must_use]
pub fn markdown_of(lines: &[Line]) -> String {
    let lines: Vec<Line> = lines.iter().map(canonical).collect();
    let mut writer = Writer::default();
    let mut rest = lines.as_slice();
    while let Some((line, after)) = rest.split_first() {
        if is_gap(line) {
            writer.gap.push(line.quote());
            rest = after;
        } else if is_code(line) {
            let same = |other: &&Line| is_code(other) && other.attrs == line.attrs;
            let count = rest.iter().take_while(same).count();
            let (block, after) = rest.split_at(count);
            writer.code(block);
            rest = after;
        } else {
            writer.line(line);
            rest = after;
        }
    }
    writer.finish()
}

/// An empty line, which is written as a blank row.
fn is_gap(line: &Line) -> bool {
    line.pieces.is_empty() && has_only(line, &["quote"]) && line.quote() <= QUOTE_MOST
}

/// A line that can stand in a fenced block.
fn is_code(line: &Line) -> bool {
    let plain = |text: &str| !text.chars().any(|c| c.is_control() && c != '\t');
    let text = match line.pieces.as_slice() {
        [] => true,
        [piece] => match &piece.content {
            Content::Text(text) => piece.marks.is_empty() && plain(text),
            Content::Embed(_) => false,
        },
        _ => false,
    };
    let word = |lang: &str| {
        !lang.is_empty() && lang.chars().all(|c| c.is_ascii_alphanumeric() || "+#.-".contains(c))
    };
    let lang = line.attrs.get("lang").is_none_or(|lang| lang.as_str().is_some_and(word));
    text && lang
        && line.kind() == Kind::Code
        && has_only(line, &["t", "lang", "quote"])
        && line.quote() <= QUOTE_MOST
}

/// The line has no other attributes, and counts are whole numbers.
fn has_only(line: &Line, names: &[&str]) -> bool {
    line.attrs.iter().all(|(name, value)| {
        names.contains(&name.as_str())
            && match name.as_str() {
                "indent" | "quote" => value.as_u64().is_some_and(|n| (1..=200).contains(&n)),
                "level" => value.as_u64().is_some_and(|n| (1..=6).contains(&n)),
                "start" => value.as_u64().is_some_and(|n| n <= 999_999_999),
                "done" => value.is_boolean(),
                "kind" => value == "number",
                _ => true,
            }
    })
}

/// One level of the list that is open.
struct Level {
    kind: ListKind,
    /// The column at which the item's text begins.
    column: usize,
    number: u64,
}

/// What the block before was, as far as the next one cares.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    Nothing,
    Item { empty: bool },
    Other,
}

struct Writer {
    out: String,
    /// Quotes of the empty lines that wait for the next block.
    gap: Vec<u8>,
    levels: Vec<Level>,
    quote: u8,
    before: Before,
}

impl Default for Writer {
    fn default() -> Self {
        Self {
            out: String::new(),
            gap: Vec::new(),
            levels: Vec::new(),
            quote: 0,
            before: Before::Nothing,
        }
    }
}

impl Writer {
    fn line(&mut self, line: &Line) {
        let quote = line.quote();
        if quote != self.quote || self.gap.iter().any(|gap| *gap != quote) {
            self.levels.clear();
        }
        let kind = line.kind();
        let indent = usize::from(line.indent());
        let in_list = indent <= self.levels.len()
            && !(indent > 0 && self.before == Before::Item { empty: true });
        let fits = quote <= QUOTE_MOST
            && match kind {
                Kind::Paragraph => {
                    has_only(line, &["quote", "indent"]) && in_list && !line.pieces.is_empty()
                }
                Kind::Heading(_) => {
                    has_only(line, &["t", "level", "quote"]) && line.attrs.contains_key("level")
                }
                Kind::Item(ListKind::Bullet) => {
                    has_only(line, &["t", "indent", "quote"]) && in_list
                }
                Kind::Item(ListKind::Number) => {
                    let opens = self.opens(ListKind::Number, indent);
                    let start = line.attrs.get("start").and_then(Value::as_u64);
                    has_only(line, &["t", "kind", "start", "indent", "quote"])
                        && start.is_none_or(|start| opens && start != 1)
                        && in_list
                }
                Kind::Check { .. } => has_only(line, &["t", "done", "indent", "quote"]) && in_list,
                Kind::Rule => has_only(line, &["t", "quote"]) && line.pieces.is_empty(),
                Kind::Code | Kind::Unknown(_) => false,
            };
        match kind {
            _ if !fits => self.marked(line),
            Kind::Item(_) | Kind::Check { .. } => self.item(line, kind, indent),
            Kind::Heading(level) => self.heading(line, level),
            Kind::Rule => {
                self.levels.clear();
                self.block(quote, false);
                self.out.push_str("***\n");
            }
            Kind::Paragraph | Kind::Code | Kind::Unknown(_) => self.paragraph(line, indent),
        }
    }

    /// Writes what separates this block from the one before, and the quote's signs.
    fn block(&mut self, quote: u8, tight: bool) {
        let gap = std::mem::take(&mut self.gap);
        if self.before != Before::Nothing && !(tight && gap.is_empty()) {
            self.blank(self.quote.min(quote));
        }
        for empty in gap {
            self.blank(empty);
        }
        self.out.push_str(&"> ".repeat(usize::from(quote)));
        self.quote = quote;
        self.before = Before::Other;
    }

    fn blank(&mut self, quote: u8) {
        self.out.push_str("> ".repeat(usize::from(quote)).trim_end());
        self.out.push('\n');
    }

    fn paragraph(&mut self, line: &Line, indent: usize) {
        self.levels.truncate(indent);
        let column = self.levels.last().map_or(0, |level| level.column);
        self.block(line.quote(), false);
        self.out.push_str(&" ".repeat(column));
        self.pieces(line, column, false);
    }

    fn heading(&mut self, line: &Line, level: u8) {
        self.levels.clear();
        self.block(line.quote(), false);
        self.out.push_str(&"#".repeat(usize::from(level)));
        if line.pieces.is_empty() {
            self.out.push('\n');
        } else {
            self.out.push(' ');
            self.pieces(line, 0, true);
        }
    }

    /// Whether an item of this kind at this depth begins a list.
    fn opens(&self, kind: ListKind, indent: usize) -> bool {
        self.levels.get(indent).is_none_or(|level| level.kind != kind)
    }

    fn item(&mut self, line: &Line, kind: Kind<'_>, indent: usize) {
        let kind = if let Kind::Item(kind) = kind { kind } else { ListKind::Bullet };
        let opens = self.opens(kind, indent);
        let start = line.attrs.get("start").and_then(Value::as_u64).unwrap_or(1);
        let number = match self.levels.get(indent) {
            Some(level) if !opens => level.number.saturating_add(1),
            _ => start,
        };
        let sign = match kind {
            ListKind::Bullet => "-".to_owned(),
            ListKind::Number => format!("{number}."),
        };
        self.levels.truncate(indent);
        let outer = self.levels.last().map_or(0, |level| level.column);
        let tight = matches!(self.before, Before::Item { .. })
            && self.quote == line.quote()
            && (!opens || indent > 0 && may_interrupt(line, kind, start));
        self.block(line.quote(), tight);
        let column = outer.saturating_add(sign.len()).saturating_add(1);
        self.out.push_str(&" ".repeat(outer));
        self.out.push_str(&sign);
        self.levels.push(Level { kind, column, number });
        if let Kind::Check { done } = line.kind() {
            self.out.push_str(if done { " [x]" } else { " [ ]" });
        }
        let check = matches!(line.kind(), Kind::Check { .. });
        if line.pieces.is_empty() {
            self.out.push_str(if check { " <!-- -->\n" } else { "\n" });
        } else {
            self.out.push(' ');
            self.pieces(line, column, false);
        }
        self.before = Before::Item { empty: line.pieces.is_empty() };
    }

    /// A line that Markdown cannot say: its attributes as a comment, its words below.
    fn marked(&mut self, line: &Line) {
        self.levels.clear();
        let quote = line.quote().min(QUOTE_MOST);
        self.block(quote, false);
        if line.pieces.is_empty() {
            self.out.push_str(&tag::empty_line(&line.attrs));
            self.out.push('\n');
        } else {
            self.out.push_str(&tag::line(&line.attrs));
            self.out.push('\n');
            self.out.push_str(&"> ".repeat(usize::from(quote)));
            self.pieces(line, 0, false);
        }
    }

    fn pieces(&mut self, line: &Line, column: usize, one: bool) {
        let mut prefix = "> ".repeat(usize::from(self.quote));
        prefix.push_str(&" ".repeat(column));
        inline::write(&mut self.out, line, &Rows { prefix: &prefix, one });
        self.out.push('\n');
    }

    fn code(&mut self, lines: &[Line]) {
        let Some(first) = lines.first() else { return };
        self.levels.clear();
        self.block(first.quote(), false);
        let quotes = "> ".repeat(usize::from(first.quote()));
        let texts: Vec<&str> = lines.iter().map(text_of).collect();
        let ticks = texts.iter().map(|text| longest_ticks(text)).max().unwrap_or(0);
        let fence = "`".repeat(ticks.saturating_add(1).max(3));
        self.out.push_str(&fence);
        self.out.push_str(first.attrs.get("lang").and_then(Value::as_str).unwrap_or(""));
        self.out.push('\n');
        for text in texts {
            self.out.push_str(&quotes);
            self.out.push_str(text);
            self.out.push('\n');
        }
        self.out.push_str(&quotes);
        self.out.push_str(&fence);
        self.out.push('\n');
    }

    fn finish(mut self) -> String {
        for quote in std::mem::take(&mut self.gap) {
            self.blank(quote);
        }
        self.out
    }
}

/// A nested list may stand right under its parent's text only when it begins with 1, and with words.
fn may_interrupt(line: &Line, kind: ListKind, start: u64) -> bool {
    !line.pieces.is_empty() && (kind == ListKind::Bullet || start == 1)
}

fn text_of(line: &Line) -> &str {
    match line.pieces.first().map(|piece| &piece.content) {
        Some(Content::Text(text)) => text,
        _ => "",
    }
}

fn longest_ticks(text: &str) -> usize {
    let (mut run, mut most) = (0usize, 0usize);
    for c in text.chars() {
        run = if c == '`' { run.saturating_add(1) } else { 0 };
        most = most.max(run);
    }
    most
}
