//! One line around the first match, with what was searched for marked.

use crate::fold::{Token, composed, tokens};
use crate::matching::Wanted;
use crate::query::Query;

/// Characters shown before the first match, and in all.
const BEFORE: usize = 40;
const MOST: usize = 160;

/// A piece of a line, marked or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The text.
    pub text: String,
    /// It is what was searched for.
    pub found: bool,
}

/// The pieces of one line around the first match; the beginning of the text when there is none.
#[must_use]
pub fn snippet(text: &str, query: &Query) -> Vec<Piece> {
    let text = composed(text);
    let tokens = tokens(&text);
    let mut wanted: Vec<Wanted> = query.parts.iter().map(Wanted::new).collect();
    let mut hits = marked(&tokens, &wanted);
    if hits.is_empty() {
        wanted.iter_mut().filter(|wanted| wanted.may_slip()).for_each(Wanted::allow_slip);
        hits = marked(&tokens, &wanted);
    }
    let first = hits.first().map_or(0, |hit| hit.start);
    let (from, to) = window(&text, first);
    let mut pieces: Vec<Piece> = Vec::new();
    let mut at = from;
    for hit in hits.iter().filter(|hit| hit.start >= from && hit.end <= to) {
        if hit.start < at {
            continue;
        }
        push(&mut pieces, text.get(at..hit.start), false);
        push(&mut pieces, text.get(hit.start..hit.end), true);
        at = hit.end;
    }
    push(&mut pieces, text.get(at..to), false);
    let cut = |at: usize| text.get(..at).is_some_and(|before| !before.ends_with('\n'));
    if from > 0 && cut(from) {
        pieces.insert(0, Piece { text: "… ".to_owned(), found: false });
    }
    pieces
}

fn push(pieces: &mut Vec<Piece>, text: Option<&str>, found: bool) {
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        pieces.push(Piece { text: text.to_owned(), found });
    }
}

/// The places of the words that answer, overlapping pairs joined.
fn marked(tokens: &[Token], wanted: &[Wanted]) -> Vec<std::ops::Range<usize>> {
    let fits = |token: &&Token| wanted.iter().any(|wanted| wanted.fits(&token.text));
    let mut hits: Vec<std::ops::Range<usize>> = Vec::new();
    for token in tokens.iter().filter(fits) {
        match hits.last_mut() {
            Some(last) if token.at.start < last.end => last.end = last.end.max(token.at.end),
            _ => hits.push(token.at.clone()),
        }
    }
    hits
}

/// The bytes of the line around a place, from a word's beginning on.
fn window(text: &str, first: usize) -> (usize, usize) {
    let before = text.get(..first).unwrap_or("");
    let line = before.rfind('\n').map_or(0, |at| at.saturating_add(1));
    let lead = before.get(line..).unwrap_or("");
    let skip = lead.chars().count().saturating_sub(BEFORE);
    let from = if skip == 0 {
        line
    } else {
        let cut = lead.char_indices().nth(skip).map_or(0, |(at, _)| at);
        let word =
            lead.get(cut..).and_then(|rest| rest.find(' ')).map_or(0, |at| at.saturating_add(1));
        line.saturating_add(cut).saturating_add(word)
    };
    let rest = text.get(from..).unwrap_or("");
    let end = rest.find('\n').unwrap_or(rest.len());
    let most = rest.char_indices().nth(MOST).map_or(rest.len(), |(at, _)| at);
    (from, from.saturating_add(end.min(most)))
}
