//! Reads Markdown into lines.

use super::rows::SourceRows;
use super::tag::{self, Tag};
use super::{QUOTE_MOST, canonical};
use crate::line::{Attrs, Line, line_break, picture};
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag as Block, TagEnd};
use serde_json::{Value, json};

/// Reads Markdown. A single line end within a paragraph stays a break, as journals write them.
#[must_use]
pub fn lines_from_markdown(text: &str) -> Vec<Line> {
    let source = text.replace("\r\n", "\n");
    let options = Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut reader = Reader::new(&source);
    for (event, range) in Parser::new_ext(&source, options).into_offset_iter() {
        reader.event(event, range.start);
    }
    reader.finish()
}

/// An item that is being read.
struct Item {
    start: usize,
    /// No line was made of it yet.
    fresh: bool,
}

/// A list that is being read.
struct List {
    /// The number of its first item; `None` for bullets.
    number: Option<u64>,
    first: bool,
}

struct Reader {
    rows: SourceRows,
    lines: Vec<Line>,
    line: Option<Line>,
    marks: Vec<(String, Value)>,
    lists: Vec<List>,
    items: Vec<Item>,
    quote: u8,
    /// Attributes that a comment gave to the line that follows.
    given: Option<Attrs>,
    code: Option<(String, String)>,
    image: Option<(String, String)>,
    /// The row up to which blank rows have been counted.
    counted: Option<usize>,
}

impl Reader {
    fn new(source: &str) -> Self {
        Self {
            rows: SourceRows::of(source),
            lines: Vec::new(),
            line: None,
            marks: Vec::new(),
            lists: Vec::new(),
            items: Vec::new(),
            quote: 0,
            given: None,
            code: None,
            image: None,
            counted: None,
        }
    }

    fn event(&mut self, event: Event<'_>, at: usize) {
        match event {
            Event::Start(block) => self.start(block, at),
            Event::End(end) => self.end(end, at),
            Event::Text(text) => self.text(&text, at),
            Event::Code(text) => {
                self.marks.push(("code".to_owned(), Value::Bool(true)));
                self.text(&text, at);
                self.marks.pop();
            }
            Event::Html(html) | Event::InlineHtml(html) => self.html(&html, at),
            Event::SoftBreak | Event::HardBreak => self.embed(line_break(), at),
            Event::Rule => {
                self.begin(at, &[("t", json!("rule"))]);
                self.close();
            }
            Event::TaskListMarker(done) => self.task(done, at),
            // Extensions that are not switched on.
            Event::InlineMath(text) | Event::DisplayMath(text) | Event::FootnoteReference(text) => {
                self.text(&text, at);
            }
        }
    }

    fn start(&mut self, block: Block<'_>, at: usize) {
        match block {
            Block::Paragraph => self.begin(at, &[]),
            Block::Heading { level, .. } => {
                self.begin(at, &[("t", json!("heading")), ("level", json!(number_of(level)))]);
            }
            Block::BlockQuote(_) => {
                self.close();
                self.quote = self.quote.saturating_add(1);
            }
            Block::CodeBlock(kind) => {
                self.close();
                let lang = match kind {
                    CodeBlockKind::Fenced(lang) => lang.to_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.gap(at);
                self.code = Some((lang, String::new()));
            }
            Block::List(number) => {
                self.close();
                self.lists.push(List { number, first: true });
            }
            Block::Item => {
                self.close();
                self.items.push(Item { start: at, fresh: true });
            }
            Block::Emphasis => self.mark("em", Value::Bool(true)),
            Block::Strong => self.mark("strong", Value::Bool(true)),
            Block::Strikethrough => self.mark("strike", Value::Bool(true)),
            Block::Link { dest_url, .. } => self.mark("link", json!({ "href": &*dest_url })),
            Block::Image { dest_url, .. } => {
                self.need(at);
                self.image = Some((dest_url.to_string(), String::new()));
            }
            Block::HtmlBlock
            | Block::FootnoteDefinition(_)
            | Block::DefinitionList
            | Block::DefinitionListTitle
            | Block::DefinitionListDefinition
            | Block::Table(_)
            | Block::TableHead
            | Block::TableRow
            | Block::TableCell
            | Block::Superscript
            | Block::Subscript
            | Block::MetadataBlock(_) => {}
        }
    }

    fn end(&mut self, end: TagEnd, at: usize) {
        match end {
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::HtmlBlock => self.close(),
            TagEnd::BlockQuote(_) => {
                self.close();
                self.quote = self.quote.saturating_sub(1);
            }
            TagEnd::CodeBlock => self.end_code(at),
            TagEnd::List(_) => {
                self.close();
                self.lists.pop();
            }
            TagEnd::Item => self.end_item(),
            TagEnd::Emphasis => self.unmark("em"),
            TagEnd::Strong => self.unmark("strong"),
            TagEnd::Strikethrough => self.unmark("strike"),
            TagEnd::Link => self.unmark("link"),
            TagEnd::Image => self.end_image(at),
            TagEnd::FootnoteDefinition
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition
            | TagEnd::Table
            | TagEnd::TableHead
            | TagEnd::TableRow
            | TagEnd::TableCell
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::MetadataBlock(_) => {}
        }
    }

    /// Counts the blank rows before a block: all but the one that separates are empty lines.
    fn gap(&mut self, at: usize) {
        let row = self.rows.row_of(at);
        if self.counted.is_some_and(|counted| counted >= row) {
            return;
        }
        self.counted = Some(row);
        let separators = usize::from(!self.lines.is_empty());
        for quote in self.rows.blank_before(row).into_iter().skip(separators) {
            self.lines.push(empty_line(quote));
        }
    }

    /// Begins a line at a block, or at the bare text of an item.
    fn begin(&mut self, at: usize, attrs: &[(&str, Value)]) {
        self.close();
        self.gap(at);
        let mut line = Line::default();
        if let Some(given) = self.given.take() {
            line.attrs = given;
        } else {
            line.attrs =
                attrs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
            self.place(&mut line.attrs);
        }
        self.line = Some(line);
    }

    /// Says in which quotes and lists a line stands.
    fn place(&mut self, attrs: &mut Attrs) {
        let depth = self.items.len();
        let fresh = self.items.last().is_some_and(|item| item.fresh);
        if fresh {
            attrs.clear();
            attrs.insert("t".to_owned(), json!("item"));
            if let Some(list) = self.lists.last_mut() {
                if let Some(number) = list.number {
                    attrs.insert("kind".to_owned(), json!("number"));
                    if list.first && number != 1 {
                        attrs.insert("start".to_owned(), json!(number));
                    }
                }
                list.first = false;
            }
            self.items.iter_mut().for_each(|item| item.fresh = false);
        }
        let indent = if fresh { depth.saturating_sub(1) } else { depth };
        if indent > 0 {
            attrs.insert("indent".to_owned(), json!(indent));
        }
        if self.quote > 0 {
            attrs.insert("quote".to_owned(), json!(self.quote.min(QUOTE_MOST)));
        }
    }

    /// Makes sure that a line is open.
    fn need(&mut self, at: usize) -> &mut Line {
        if self.line.is_none() {
            self.begin(at, &[]);
        }
        self.line.get_or_insert_default()
    }

    fn close(&mut self) {
        if let Some(line) = self.line.take() {
            self.lines.push(canonical(&line));
            self.marks.clear();
        }
    }

    fn text(&mut self, text: &str, at: usize) {
        if let Some((_, code)) = &mut self.code {
            code.push_str(text);
            return;
        }
        if let Some((_, alt)) = &mut self.image {
            alt.push_str(text);
            return;
        }
        let marks = self.marks_now();
        let line = self.need(at);
        for (number, part) in text.split('\n').enumerate() {
            if number > 0 {
                line.push_embed(line_break(), &marks);
            }
            line.push_text(part, &marks);
        }
    }

    fn embed(&mut self, embed: Value, at: usize) {
        if let Some((_, alt)) = &mut self.image {
            alt.push(' ');
            return;
        }
        let marks = self.marks_now();
        self.need(at).push_embed(embed, &marks);
    }

    fn marks_now(&self) -> Attrs {
        self.marks.iter().cloned().collect()
    }

    fn mark(&mut self, name: &str, value: Value) {
        self.marks.push((name.to_owned(), value));
    }

    fn unmark(&mut self, name: &str) {
        if let Some(at) = self.marks.iter().rposition(|(mark, _)| mark == name) {
            self.marks.remove(at);
        }
    }

    /// Tags of ours do what they say; those of others stay as text, for a word may stand in them.
    fn html(&mut self, html: &str, at: usize) {
        match tag::parse(html) {
            Some(Tag::Open(name, value)) => {
                self.need(at);
                self.mark(&name, value);
            }
            Some(Tag::Close(Some(name))) => self.unmark(name),
            Some(Tag::Close(None)) => {
                self.marks.pop();
            }
            Some(Tag::Embed(embed)) => self.embed(embed, at),
            Some(Tag::Break) => self.embed(line_break(), at),
            Some(Tag::Nothing) => {}
            Some(Tag::Line(attrs)) => {
                self.gap(at);
                self.given = Some(attrs);
            }
            Some(Tag::EmptyLine(attrs)) => {
                self.close();
                self.gap(at);
                self.lines.push(canonical(&Line { attrs, pieces: Vec::new() }));
            }
            None => self.text(html.trim_end_matches('\n'), at),
        }
    }

    fn task(&mut self, done: bool, at: usize) {
        let line = self.need(at);
        line.attrs.insert("t".to_owned(), json!("check"));
        line.attrs.remove("kind");
        line.attrs.remove("start");
        if done {
            line.attrs.insert("done".to_owned(), Value::Bool(true));
        }
    }

    fn end_code(&mut self, at: usize) {
        let Some((lang, code)) = self.code.take() else { return };
        if self.items.last().is_some_and(|item| item.fresh) {
            self.begin(at, &[]);
            self.close();
        }
        let mut attrs = Attrs::from([("t".to_owned(), json!("code"))]);
        if !lang.is_empty() {
            attrs.insert("lang".to_owned(), json!(lang));
        }
        self.place(&mut attrs);
        if code.is_empty() {
            return;
        }
        for text in code.strip_suffix('\n').unwrap_or(&code).split('\n') {
            let mut line = Line { attrs: attrs.clone(), pieces: Vec::new() };
            line.push_text(text, &Attrs::new());
            self.lines.push(line);
        }
    }

    fn end_item(&mut self) {
        self.close();
        if let Some(Item { start, fresh: true }) = self.items.last() {
            let start = *start;
            self.begin(start, &[]);
            self.close();
        }
        self.items.pop();
    }

    /// A picture of ours becomes one; any other stays a link, for nothing is fetched.
    fn end_image(&mut self, at: usize) {
        let Some((target, alt)) = self.image.take() else { return };
        let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        match target.strip_prefix("hk:") {
            Some(id) if id.len() == 32 && id.bytes().all(hex) => self.embed(picture(id, &alt), at),
            _ => {
                let words = if alt.is_empty() { target.clone() } else { alt };
                self.mark("link", json!({ "href": target }));
                self.text(&words, at);
                self.unmark("link");
            }
        }
    }

    fn finish(mut self) -> Vec<Line> {
        self.close();
        for quote in self.rows.blank_at_end() {
            self.lines.push(empty_line(quote));
        }
        self.lines
    }
}

fn empty_line(quote: u8) -> Line {
    let mut line = Line::default();
    if quote > 0 {
        line.attrs.insert("quote".to_owned(), json!(quote.min(QUOTE_MOST)));
    }
    line
}

fn number_of(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}
