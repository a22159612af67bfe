//! Stems, compared when a question is asked: no guess of a language, no second field.

use tantivy::tokenizer::{Language, RawTokenizer, Stemmer, TextAnalyzer};

/// The languages whose endings are known. Each is tried: a journal may be written in several.
const LANGUAGES: [Language; 8] = [
    Language::English,
    Language::German,
    Language::French,
    Language::Spanish,
    Language::Italian,
    Language::Portuguese,
    Language::Dutch,
    Language::Swedish,
];

/// Letters that a word shares with its other forms.
const SHARED: usize = 4;

/// A word and its stem in each language.
pub(crate) struct Stems {
    word: String,
    stems: Vec<Option<String>>,
}

impl Stems {
    pub(crate) fn of(word: &str) -> Self {
        let stem = |language: &Language| {
            Some(stem_of(word, *language)).filter(|stem| stem.chars().count() >= SHARED)
        };
        Self { word: word.to_owned(), stems: LANGUAGES.iter().map(stem).collect() }
    }

    /// Whether another word is a form of this one.
    pub(crate) fn fit(&self, other: &str) -> bool {
        if other == self.word {
            return true;
        }
        LANGUAGES.iter().zip(&self.stems).any(|(language, stem)| {
            stem.as_ref().is_some_and(|stem| {
                other.starts_with(head(stem)) && stem_of(other, *language) == *stem
            })
        })
    }

    /// What every form begins with, shortest first; empty when the word has no stem.
    pub(crate) fn heads(&self) -> Vec<String> {
        let mut heads: Vec<String> =
            self.stems.iter().flatten().map(|stem| head(stem).to_owned()).collect();
        heads.sort();
        heads.dedup();
        heads
    }
}

fn head(stem: &str) -> &str {
    let end = stem.char_indices().nth(SHARED).map_or(stem.len(), |(at, _)| at);
    stem.get(..end).unwrap_or(stem)
}

fn stem_of(word: &str, language: Language) -> String {
    let mut analyzer =
        TextAnalyzer::builder(RawTokenizer::default()).filter(Stemmer::new(language)).build();
    let mut stream = analyzer.token_stream(word);
    if stream.advance() { stream.token().text.clone() } else { String::new() }
}
