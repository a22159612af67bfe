//! One line around the first match, with what was searched for marked.

use crate::fold::{Token, composed, tokens};
use crate::matching::Wanted;
use crate::query::Query;
use std::fmt;
use std::ops::Range;

/// Characters shown before the first match, and in all unless the match alone is longer.
const BEFORE: usize = 40;
const MOST: usize = 160;
/// The last word shown is whole when it begins within this many characters of the end.
const LAST_WORD: usize = 24;

/// A piece of a line, marked or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The text.
    pub text: String,
    /// It is what was searched for.
    pub found: bool,
}

/// Lines of what answers one question. What can be prepared of the question is prepared once.
pub struct Snippets(Vec<Sought>);

struct Sought {
    wanted: Wanted,
    /// With a slip, where one may be.
    near: Option<Wanted>,
}

impl fmt::Debug for Snippets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Snippets(…)")
    }
}

impl Snippets {
    /// Prepares a question.
    #[must_use]
    pub fn new(query: &Query) -> Self {
        let sought = |part| {
            let (wanted, mut near) = (Wanted::new(part), Wanted::new(part));
            near.allow_slip();
            let near = Some(near).filter(Wanted::may_slip);
            Sought { wanted, near }
        };
        Self(query.parts.iter().map(sought).collect())
    }

    /// The pieces of one line around the first match; the beginning of the text when there is none.
    #[must_use]
    pub fn of(&self, text: &str) -> Vec<Piece> {
        let text = composed(text);
        line(&text, &self.hits(&tokens(&text)))
    }

    /// The places of all parts in their order, those that overlap joined. A slip is forgiven where a
    /// part is not there as it was typed: otherwise the text would not have been found.
    fn hits(&self, tokens: &[Token]) -> Vec<Range<usize>> {
        let mut places: Vec<Range<usize>> = Vec::new();
        for Sought { wanted, near } in &self.0 {
            let before = places.len();
            places.extend(wanted.places(tokens));
            if let Some(near) = near.as_ref().filter(|_| places.len() == before) {
                places.extend(near.places(tokens));
            }
        }
        places.sort_by_key(|place| place.start);
        let mut hits: Vec<Range<usize>> = Vec::new();
        for place in places {
            match hits.last_mut() {
                Some(last) if place.start < last.end => last.end = last.end.max(place.end),
                _ => hits.push(place),
            }
        }
        hits
    }
}

fn line(text: &str, hits: &[Range<usize>]) -> Vec<Piece> {
    let first = hits.first().cloned().unwrap_or_default();
    let line = line_around(text, first.start);
    let from = beginning(text, &line, first.start);
    let to = ending(text, from..line.end, hits);
    let mut pieces: Vec<Piece> = Vec::new();
    if from > line.start {
        push(&mut pieces, Some("… "), false);
    }
    let mut at = from;
    for hit in hits.iter().filter(|hit| hit.start < to) {
        let end = hit.end.min(to);
        push(&mut pieces, text.get(at..hit.start), false);
        push(&mut pieces, text.get(hit.start..end), true);
        at = end;
    }
    push(&mut pieces, text.get(at..to), false);
    if to < line.end {
        push(&mut pieces, Some(" …"), false);
    }
    pieces
}

fn push(pieces: &mut Vec<Piece>, text: Option<&str>, found: bool) {
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        pieces.push(Piece { text: text.to_owned(), found });
    }
}

/// The bytes of the line that has this place in it.
fn line_around(text: &str, at: usize) -> Range<usize> {
    let before = text.get(..at).unwrap_or("");
    let start = before.rfind('\n').map_or(0, |at| at.saturating_add(1));
    let rest = text.get(at..).unwrap_or("");
    start..at.saturating_add(rest.find('\n').unwrap_or(rest.len()))
}

/// Where the shown part begins: at a word's beginning, not far before the first match.
fn beginning(text: &str, line: &Range<usize>, first: usize) -> usize {
    let lead = text.get(line.start..first).unwrap_or("");
    let skip = lead.chars().count().saturating_sub(BEFORE);
    if skip == 0 {
        return line.start;
    }
    let cut = lead.char_indices().nth(skip).map_or(0, |(at, _)| at);
    let rest = lead.get(cut..).unwrap_or("");
    let word = rest.find(' ').map_or(0, |at| at.saturating_add(1));
    line.start.saturating_add(cut).saturating_add(word)
}

/// Where the shown part ends: at a word's end, never within a match, and not before the first one's.
fn ending(text: &str, rest: Range<usize>, hits: &[Range<usize>]) -> usize {
    let (from, end) = (rest.start, rest.end);
    let shown = text.get(rest).unwrap_or("");
    let Some((most, _)) = shown.char_indices().nth(MOST) else { return end };
    let first = hits.first().map_or(from, |hit| hit.end.min(end));
    let cut = from.saturating_add(last_word(shown, most)).max(first);
    let within = hits.iter().skip(1).find(|hit| hit.start < cut && cut < hit.end);
    let cut = within.map_or(cut, |hit| hit.start);
    let shown = text.get(from..cut).unwrap_or("");
    from.saturating_add(shown.trim_end().len())
}

/// Where the last whole word before this place ends; the place itself in a script without spaces.
fn last_word(shown: &str, most: usize) -> usize {
    let (before, after) = shown.split_at_checked(most).unwrap_or((shown, ""));
    if after.starts_with(char::is_whitespace) {
        return most;
    }
    let mut near = before.char_indices().rev().take(LAST_WORD);
    near.find(|(_, c)| c.is_whitespace()).map_or(most, |(at, _)| at)
}
