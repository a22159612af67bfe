//! Writes the pieces of one line.

use super::tag;
use crate::line::{Content, Line, Piece, as_picture, is_break};
use serde_json::Value;

/// Marks from the outside to the inside.
const ORDER: [&str; 5] = ["code", "strike", "em", "strong", "link"];

/// Where a line stands: what comes before its further rows, and whether it may have some.
pub(super) struct Rows<'a> {
    /// Written after each break.
    pub(super) prefix: &'a str,
    /// A heading cannot be broken.
    pub(super) one: bool,
}

/// Writes the pieces of a line behind `out`.
pub(super) fn write(out: &mut String, line: &Line, rows: &Rows<'_>) {
    let stacks: Vec<Vec<Mark<'_>>> = line.pieces.iter().map(marks_of).collect();
    let mut open: Vec<(Mark<'_>, Sign)> = Vec::new();
    let mut row_start = true;
    for (at, (piece, stack)) in line.pieces.iter().zip(&stacks).enumerate() {
        let same = open.iter().zip(stack).take_while(|((mark, _), other)| mark == *other).count();
        close(out, &mut open, same);
        for depth in same..stack.len() {
            let Some(mark) = stack.get(depth) else { break };
            let sign = sign_for(mark, &line.pieces, &stacks, at, depth, out);
            out.push_str(&sign.open);
            open.push((*mark, sign));
        }
        let last = at.saturating_add(1) == line.pieces.len();
        let raw = open.last().is_some_and(|(_, sign)| sign.raw);
        match &piece.content {
            Content::Text(text) if raw => out.push_str(text),
            Content::Text(text) => {
                let after_break = at.checked_sub(1).and_then(|before| line.pieces.get(before));
                let first = at == 0 || after_break.is_some_and(breaks);
                let next = line.pieces.get(at.saturating_add(1));
                let end = last || next.is_some_and(breaks);
                escape(out, text, Edges { first: first && row_start, start: first, end });
            }
            Content::Embed(embed) if is_break(embed) && !last && !rows.one => {
                out.push_str("\\\n");
                out.push_str(rows.prefix);
                row_start = true;
                continue;
            }
            Content::Embed(embed) => match as_picture(embed) {
                Some((id, alt)) => {
                    out.push_str("![");
                    escape(out, alt, Edges { first: false, start: true, end: true });
                    out.push_str(&format!("](hk:{id})"));
                }
                None => out.push_str(&tag::embed(embed)),
            },
        }
        row_start = false;
    }
    close(out, &mut open, 0);
}

type Mark<'a> = (&'a str, &'a Value);

/// How a mark is written.
struct Sign {
    open: String,
    close: String,
    /// The text between is taken as it stands.
    raw: bool,
}

fn breaks(piece: &Piece) -> bool {
    matches!(&piece.content, Content::Embed(embed) if is_break(embed))
}

fn marks_of(piece: &Piece) -> Vec<Mark<'_>> {
    let mut marks: Vec<Mark<'_>> =
        piece.marks.iter().map(|(name, value)| (name.as_str(), value)).collect();
    let rank = |name: &str| ORDER.iter().position(|known| *known == name).unwrap_or(usize::MAX);
    marks.sort_by(|(a, _), (b, _)| rank(b).cmp(&rank(a)).then(a.cmp(b)));
    marks
}

fn close(out: &mut String, open: &mut Vec<(Mark<'_>, Sign)>, keep: usize) {
    while open.len() > keep {
        if let Some((_, sign)) = open.pop() {
            out.push_str(&sign.close);
        }
    }
}

/// Chooses Markdown's own sign where it is certain to be read as one, else a tag.
fn sign_for(
    mark: &Mark<'_>,
    pieces: &[Piece],
    stacks: &[Vec<Mark<'_>>],
    from: usize,
    depth: usize,
    out: &str,
) -> Sign {
    let outer = stacks.get(from).and_then(|stack| stack.get(..=depth)).unwrap_or_default();
    let rest = stacks.get(from..).unwrap_or_default();
    let length = rest.iter().take_while(|stack| stack.starts_with(outer)).count();
    let run = pieces.get(from..from.saturating_add(length)).unwrap_or_default();
    if mark.0 == "link" {
        return link(mark);
    }
    if mark.0 == "code" && *mark.1 == Value::Bool(true) && is_plain_code(run) && !out.ends_with('`')
    {
        return Sign { open: "`".to_owned(), close: "`".to_owned(), raw: true };
    }
    let alone = stands_alone(mark, stacks, from, from.saturating_add(length).saturating_sub(1));
    let sign = match mark.0 {
        "strong" => "**",
        "em" => "*",
        "strike" => "~~",
        _ => "",
    };
    if !sign.is_empty() && *mark.1 == Value::Bool(true) && alone && has_firm_edges(run) {
        return Sign { open: sign.to_owned(), close: sign.to_owned(), raw: false };
    }
    tagged(mark)
}

fn tagged(mark: &Mark<'_>) -> Sign {
    let (open, close) = tag::around(mark.0, mark.1);
    Sign { open, close: close.to_owned(), raw: false }
}

fn link(mark: &Mark<'_>) -> Sign {
    let href = mark.1.as_object().filter(|map| map.len() == 1).and_then(|map| map.get("href"));
    let Some(href) =
        href.and_then(Value::as_str).filter(|href| !href.chars().any(char::is_control))
    else {
        return tagged(mark);
    };
    let plain = |c: char| c.is_alphanumeric() || "-._~:/?#@!$+,;=%".contains(c);
    let target = if !href.is_empty() && href.chars().all(plain) {
        href.to_owned()
    } else {
        let mut target = String::from("<");
        for c in href.chars() {
            if matches!(c, '<' | '>' | '\\' | '&') {
                target.push('\\');
            }
            target.push(c);
        }
        target.push('>');
        target
    };
    Sign { open: "[".to_owned(), close: format!("]({target})"), raw: false }
}

fn is_plain_code(run: &[Piece]) -> bool {
    let [Piece { content: Content::Text(text), .. }] = run else { return false };
    let edge = |c: Option<char>| c.is_none_or(char::is_whitespace);
    !edge(text.chars().next())
        && !edge(text.chars().next_back())
        && !text.chars().any(|c| matches!(c, '`' | '[' | ']') || c.is_control())
}

/// No other mark begins or ends where this one does: else signs could run together.
fn stands_alone(mark: &Mark<'_>, stacks: &[Vec<Mark<'_>>], first: usize, last: usize) -> bool {
    let at = |index: Option<usize>| {
        index.and_then(|index| stacks.get(index)).map(Vec::as_slice).unwrap_or_default()
    };
    let differ_by_it = |inside: &[Mark<'_>], outside: &[Mark<'_>]| {
        let without = inside.iter().filter(|other| *other != mark);
        inside.len() == outside.len().saturating_add(1) && without.eq(outside.iter())
    };
    differ_by_it(at(Some(first)), at(first.checked_sub(1)))
        && differ_by_it(at(Some(last)), at(last.checked_add(1)))
}

/// The run begins and ends with a letter or digit, so its signs open and close for certain.
fn has_firm_edges(run: &[Piece]) -> bool {
    let text = |piece: Option<&Piece>| match piece.map(|piece| &piece.content) {
        Some(Content::Text(text)) => text.clone(),
        _ => String::new(),
    };
    text(run.first()).chars().next().is_some_and(char::is_alphanumeric)
        && text(run.last()).chars().next_back().is_some_and(char::is_alphanumeric)
}

/// What a text's ends touch.
#[derive(Clone, Copy)]
struct Edges {
    /// It begins a row of Markdown, where some signs make a block.
    first: bool,
    /// White space at its start would be dropped.
    start: bool,
    /// White space at its end would be dropped.
    end: bool,
}

fn escape(out: &mut String, text: &str, edges: Edges) {
    let chars: Vec<char> = text.chars().collect();
    let digits = chars.iter().take_while(|c| c.is_ascii_digit()).count();
    let near = |at: Option<usize>| at.and_then(|at| chars.get(at)).copied();
    for (at, &c) in chars.iter().enumerate() {
        let next = near(at.checked_add(1));
        let previous = near(at.checked_sub(1));
        let at_start = at == 0 && edges.start;
        let at_end = next.is_none() && edges.end;
        let blocks = match c {
            '#' | '>' | '+' | '-' | '=' => at == 0,
            '.' | ')' => at == digits && digits > 0,
            _ => false,
        };
        let signs = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '~' => true,
            '_' => !(is_word(previous) && is_word(next)),
            '&' => next.is_none_or(|next| next == '#' || next.is_ascii_alphanumeric()),
            '!' => next.is_none(),
            '#' => at_end,
            _ => false,
        };
        match c {
            '\0' => out.push('\u{fffd}'),
            ' ' if at_start || at_end => out.push_str("&#32;"),
            c if c.is_control() && (c != '\t' || at_start || at_end) => {
                out.push_str(&format!("&#{};", u32::from(c)));
            }
            c => {
                if signs || (blocks && edges.first) {
                    out.push('\\');
                }
                out.push(c);
            }
        }
    }
}

fn is_word(c: Option<char>) -> bool {
    c.is_some_and(char::is_alphanumeric)
}
