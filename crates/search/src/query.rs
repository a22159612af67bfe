//! What is searched for.

use crate::fold::{Token, composed, tokens};
use hearthkeep_model::Day;

/// How a question is narrowed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// From this day on.
    pub from: Option<Day>,
    /// Up to and with this day.
    pub to: Option<Day>,
    /// With this tag.
    pub tag: Option<String>,
    /// With this feeling.
    pub feeling: Option<String>,
    /// Only what was shared from.
    pub shared: bool,
    /// What lies in the drawer, instead of the journal.
    pub drawer: bool,
}

/// A question.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    pub(crate) parts: Vec<Part>,
    pub(crate) filter: Filter,
}

/// One thing that must be in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// These words, one behind the other.
    Phrase(Vec<String>),
    /// A word in any of its forms.
    Word(String),
    /// The beginning of a word: it is still being typed.
    Prefix(String),
}

impl Query {
    /// Reads what was typed. Words in quotes are a phrase; the last word may still go on.
    #[must_use]
    pub fn parse(typed: &str, filter: Filter) -> Self {
        let typed = composed(typed);
        let mut parts = Vec::new();
        let quote = |c: char| matches!(c, '"' | '“' | '”' | '„' | '«' | '»');
        let count = typed.split(quote).count();
        for (number, piece) in typed.split(quote).enumerate() {
            if number % 2 == 1 {
                parts.extend(phrase(piece));
            } else {
                let ends = number.saturating_add(1) == count;
                let open = ends && piece.chars().next_back().is_some_and(|c| !c.is_whitespace());
                words(piece, open, &mut parts);
            }
        }
        Self { parts, filter }
    }

    /// Nothing was typed: only the filter counts.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }
}

fn phrase(piece: &str) -> Option<Part> {
    let found = tokens(piece);
    let mut words: Vec<String> = Vec::new();
    for (at, token) in found.iter().enumerate() {
        // The pair before holds the last character of a run already, and in the text the run may go
        // on. Where another word follows it has ended there, too.
        let last = at.saturating_add(1) == found.len();
        if !(last && token.tail && pair_before(&found, at)) {
            words.push(token.text.clone());
        }
    }
    match words.as_slice() {
        [] => None,
        [word] if found.iter().any(|token| token.tail) && word.chars().count() == 1 => {
            Some(Part::Prefix(word.clone()))
        }
        _ => Some(Part::Phrase(words)),
    }
}

/// The token before belongs to the same run.
fn pair_before(found: &[Token], at: usize) -> bool {
    let before = at.checked_sub(1).and_then(|at| found.get(at));
    let here = found.get(at);
    match (before, here) {
        (Some(before), Some(here)) => before.paired && !before.tail && before.at.end >= here.at.end,
        _ => false,
    }
}

fn words(piece: &str, open: bool, parts: &mut Vec<Part>) {
    let found = tokens(piece);
    let mut run: Vec<String> = Vec::new();
    for (at, token) in found.iter().enumerate() {
        let last = at.saturating_add(1) == found.len();
        match (token.paired, token.tail) {
            (true, false) => run.push(token.text.clone()),
            (true, true) if run.is_empty() => parts.push(Part::Prefix(token.text.clone())),
            (true, true) => parts.push(Part::Phrase(std::mem::take(&mut run))),
            (false, _) if last && open => parts.push(Part::Prefix(token.text.clone())),
            (false, _) => parts.push(Part::Word(token.text.clone())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(typed: &str) -> Vec<Part> {
        Query::parse(typed, Filter::default()).parts
    }

    fn word(text: &str) -> Part {
        Part::Word(text.to_owned())
    }

    fn prefix(text: &str) -> Part {
        Part::Prefix(text.to_owned())
    }

    fn phrase(words: &[&str]) -> Part {
        Part::Phrase(words.iter().map(|word| (*word).to_owned()).collect())
    }

    #[test]
    fn the_last_word_may_still_go_on() {
        assert_eq!(parts("calm mor"), [word("calm"), prefix("mor")]);
        assert_eq!(parts("calm mor "), [word("calm"), word("mor")]);
        assert_eq!(parts(""), []);
    }

    #[test]
    fn quoted_words_are_a_phrase() {
        assert_eq!(parts("\"one day\" at"), [phrase(&["one", "day"]), prefix("at")]);
        assert_eq!(parts("„ein Tag“ nach"), [phrase(&["ein", "tag"]), prefix("nach")]);
        assert_eq!(parts("at \"one da"), [word("at"), phrase(&["one", "da"])]);
        assert_eq!(parts("\"東京 bus\""), [phrase(&["東京", "京", "bus"])]);
        assert_eq!(parts("\"bus 東京\""), [phrase(&["bus", "東京"])]);
    }

    #[test]
    fn a_run_without_spaces_is_a_phrase_of_its_pairs() {
        assert_eq!(parts("今天我"), [phrase(&["今天", "天我"])]);
        assert_eq!(parts("今"), [prefix("今")]);
        assert_eq!(parts("\"今\""), [prefix("今")]);
    }
}
