//! Which words answer a part of a question. Index and scan ask here, so that they cannot differ.

use crate::fold::Token;
use crate::query::Part;
use crate::stem::Stems;
use std::ops::Range;

/// A word found so seldom is looked for with one slip, too.
pub(crate) const SELDOM: usize = 5;
/// Only longer words: a slip in a short one is another word.
const SLIP_LETTERS: usize = 4;

/// A part of a question, ready to be compared.
pub(crate) enum Wanted {
    Phrase(Vec<String>),
    Word { text: String, prefix: bool, stems: Stems, slip: bool },
}

impl Wanted {
    pub(crate) fn new(part: &Part) -> Self {
        match part {
            Part::Phrase(words) => Self::Phrase(words.clone()),
            Part::Word(text) => Self::word(text, false),
            Part::Prefix(text) => Self::word(text, true),
        }
    }

    fn word(text: &str, prefix: bool) -> Self {
        Self::Word { text: text.to_owned(), prefix, stems: Stems::of(text), slip: false }
    }

    /// Whether a slip may be looked for at all.
    pub(crate) fn may_slip(&self) -> bool {
        match self {
            Self::Phrase(_) => false,
            Self::Word { text, .. } => text.chars().count() >= SLIP_LETTERS,
        }
    }

    pub(crate) fn allow_slip(&mut self) {
        if let Self::Word { slip, .. } = self {
            *slip = true;
        }
    }

    /// Whether a text that was cut into these words holds the part.
    pub(crate) fn is_in(&self, tokens: &[Token]) -> bool {
        self.places(tokens).next().is_some()
    }

    /// Where in the text the part stands: a phrase from its first word to its last.
    pub(crate) fn places<'a>(
        &'a self,
        tokens: &'a [Token],
    ) -> impl Iterator<Item = Range<usize>> + 'a {
        let length = match self {
            Self::Phrase(phrase) => phrase.len().max(1),
            Self::Word { .. } => 1,
        };
        let here = tokens.windows(length).filter(|window| self.fit_all(window));
        here.filter_map(|window| Some(window.first()?.at.start..window.last()?.at.end))
    }

    fn fit_all(&self, window: &[Token]) -> bool {
        match self {
            Self::Phrase(phrase) => window.iter().map(|token| &token.text).eq(phrase),
            Self::Word { .. } => window.iter().all(|token| self.fits(&token.text)),
        }
    }

    /// Whether one word answers; of a phrase none does.
    fn fits(&self, word: &str) -> bool {
        match self {
            Self::Phrase(_) => false,
            Self::Word { text, prefix, stems, slip } => {
                (*prefix && word.starts_with(text.as_str()))
                    || stems.fit(word)
                    || (*slip && is_near(text, word, *prefix))
            }
        }
    }
}

/// At most one letter differs, is missing, is too many, or two neighbours are swapped. With
/// `prefix` some beginning of the word is near.
fn is_near(text: &str, word: &str, prefix: bool) -> bool {
    let a: Vec<char> = text.chars().collect();
    let b: Vec<char> = word.chars().collect();
    if prefix {
        let lengths = a.len().saturating_sub(1)..=a.len().saturating_add(1).min(b.len());
        return lengths.into_iter().any(|length| b.get(..length).is_some_and(|b| near(&a, b)));
    }
    near(&a, &b)
}

fn near(a: &[char], b: &[char]) -> bool {
    let head = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (a.get(head..).unwrap_or_default(), b.get(head..).unwrap_or_default());
    match (a, b) {
        ([], [] | [_]) | ([_], []) => true,
        ([_, rest_a @ ..], [_, rest_b @ ..]) if rest_a == rest_b => true,
        ([_, rest_a @ ..], b) if rest_a == b => true,
        (a, [_, rest_b @ ..]) if a == rest_b => true,
        ([a1, a2, rest_a @ ..], [b1, b2, rest_b @ ..]) => a1 == b2 && a2 == b1 && rest_a == rest_b,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_is_near_and_two_are_not() {
        for word in ["garden", "gardn", "gaarden", "gsrden", "agrden"] {
            assert!(is_near("garden", word, false), "{word}");
        }
        for word in ["grdn", "gxrdxn", "gardens later", "rgadne"] {
            assert!(!is_near("garden", word, false), "{word}");
        }
        assert!(is_near("gadr", "garden", true));
    }

    #[test]
    fn forms_of_a_word_answer() {
        let wanted = Wanted::word("walking", false);
        assert!(wanted.fits("walked") && wanted.fits("walks") && wanted.fits("walk"));
        assert!(!wanted.fits("wall") && !wanted.fits("talking"));
    }
}
