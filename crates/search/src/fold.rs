//! Cuts a text into folded words: without case, accents and the spelling of apostrophes.

use std::borrow::Cow;
use std::ops::Range;
use unicode_normalization::char::{canonical_combining_class, is_combining_mark};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Characters of a word that count. What is longer is a number or a key, not a word.
const WORD_MOST: usize = 64;

/// A folded word and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// The folded word.
    pub(crate) text: String,
    /// Its bytes in the composed text.
    pub(crate) at: Range<usize>,
    /// The last character of a run without spaces, which stands for nothing but itself.
    pub(crate) tail: bool,
    /// Part of a run of a script without spaces.
    pub(crate) paired: bool,
}

/// The text with composed characters, in which tokens are counted.
pub(crate) fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfc().collect())
    }
}

/// The folded words of a composed text, in their order.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let mut cut = Cut::default();
    for (at, c) in text.char_indices() {
        cut.char(at, c);
    }
    cut.word();
    cut.pairs();
    cut.tokens
}

#[derive(Default)]
struct Cut {
    tokens: Vec<Token>,
    word: String,
    chars: usize,
    from: usize,
    to: usize,
    /// A run of a script without spaces.
    run: Vec<(usize, char)>,
}

impl Cut {
    fn char(&mut self, at: usize, c: char) {
        let end = at.saturating_add(c.len_utf8());
        if is_unspaced(c) {
            self.word();
            self.run.push((at, c));
        } else if c.is_alphanumeric() || (is_combining_mark(c) && !self.word.is_empty()) {
            self.pairs();
            if self.word.is_empty() {
                self.from = at;
            }
            self.to = end;
            self.chars = self.chars.saturating_add(1);
            if self.chars <= WORD_MOST {
                fold(c, &mut self.word);
            }
        } else if !is_apostrophe(c) {
            self.word();
            self.pairs();
        }
    }

    fn word(&mut self) {
        self.chars = 0;
        if !self.word.is_empty() {
            let text = std::mem::take(&mut self.word);
            self.tokens.push(Token { text, at: self.from..self.to, tail: false, paired: false });
        }
    }

    /// Pairs that overlap, and the last character alone, so that each begins some token.
    fn pairs(&mut self) {
        let run = std::mem::take(&mut self.run);
        let mut rest = run.as_slice();
        while let Some((&(at, c), after)) = rest.split_first() {
            let next = after.first();
            let (last, to) = next.map_or((c, at), |&(at, c)| (c, at));
            let text: String = std::iter::once(c).chain(next.map(|&(_, c)| c)).collect();
            let at = at..to.saturating_add(last.len_utf8());
            self.tokens.push(Token { text, at, tail: next.is_none(), paired: true });
            rest = after;
        }
    }
}

/// Apostrophes are dropped, whichever of them was typed: `don't` and `don’t` are one word.
fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2018}' | '\u{2019}' | '\u{02bc}' | '\u{ff07}')
}

/// Scripts that write words without spaces between them.
fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c),
        0x0e00..=0x0eff // Thai, Lao
        | 0x1000..=0x109f // Myanmar
        | 0x1780..=0x17ff // Khmer
        | 0x3005..=0x3007 | 0x3040..=0x30fa | 0x30fc..=0x30ff | 0x31f0..=0x31ff // Kana
        | 0x3100..=0x312f // Bopomofo
        | 0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff | 0x2_0000..=0x3_ffff // Han
        | 0xac00..=0xd7a3 // Hangul
        | 0xff66..=0xff9f) // narrow Kana
        && c.is_alphanumeric()
}

fn fold(c: char, into: &mut String) {
    if c.is_ascii() {
        into.push(c.to_ascii_lowercase());
        return;
    }
    for part in std::iter::once(c).nfkd() {
        if canonical_combining_class(part) != 0 {
            continue;
        }
        for lower in part.to_lowercase() {
            match lower {
                'ß' => into.push_str("ss"),
                'æ' => into.push_str("ae"),
                'œ' => into.push_str("oe"),
                'ø' => into.push('o'),
                'ł' => into.push('l'),
                'đ' | 'ð' => into.push('d'),
                'ı' => into.push('i'),
                'þ' => into.push_str("th"),
                other if canonical_combining_class(other) != 0 => {}
                other => into.push(other),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folded(text: &str) -> String {
        let words: Vec<String> =
            tokens(&composed(text)).into_iter().map(|token| token.text).collect();
        words.join(" ")
    }

    #[test]
    fn case_accents_and_apostrophes_fall_away() {
        assert_eq!(folded("Füße über Straße café Łódź"), "fusse uber strasse cafe lodz");
        assert_eq!(folded("cafe\u{301} İstanbul ısı"), "cafe istanbul isi");
        assert_eq!(folded("don't don’t CAN‘T"), "dont dont cant");
        assert_eq!(folded("well-being, 3.5 e-mail"), "well being 3 5 e mail");
        assert_eq!(folded("שָׁלוֹם"), folded("שלום"));
    }

    #[test]
    fn scripts_without_spaces_are_cut_into_pairs() {
        assert_eq!(folded("今天我去"), "今天 天我 我去 去");
        assert_eq!(folded("東京へ abc"), "東京 京へ へ abc");
        assert_eq!(folded("か\u{3099}く"), folded("がく"));
    }

    #[test]
    fn ranges_point_at_the_words() {
        let text = "Ein Café, 今天!";
        let found: Vec<&str> =
            tokens(text).iter().map(|token| text.get(token.at.clone()).unwrap()).collect();
        assert_eq!(found, ["Ein", "Café", "今天", "天"]);
    }
}
