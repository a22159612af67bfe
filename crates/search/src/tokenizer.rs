//! The fold as the index engine wants it: as words, and as what they begin with.

use crate::fold::{self, composed};
use std::collections::BTreeSet;
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

/// Letters of the longest beginning that is kept as such.
pub(crate) const BEGINNING: usize = 2;

#[derive(Clone)]
pub(crate) struct FoldTokenizer;

/// The first letters of each word, each once. Nearly every text has a word that begins with a given
/// one or two letters: joined from the words themselves, they would cost as much as the whole index.
#[derive(Clone)]
pub(crate) struct BeginningsTokenizer;

pub(crate) struct FoldStream {
    tokens: std::vec::IntoIter<fold::Token>,
    token: Token,
}

impl Tokenizer for FoldTokenizer {
    type TokenStream<'a> = FoldStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> FoldStream {
        let tokens = fold::tokens(&composed(text)).into_iter();
        FoldStream { tokens, token: Token::default() }
    }
}

impl Tokenizer for BeginningsTokenizer {
    type TokenStream<'a> = FoldStream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> FoldStream {
        let words = fold::tokens(&composed(text));
        let ends = |word: &str| {
            let ends = word.char_indices().take(BEGINNING);
            ends.map(|(at, c)| at.saturating_add(c.len_utf8())).collect::<Vec<_>>()
        };
        let begun: BTreeSet<&str> = words
            .iter()
            .flat_map(|word| ends(&word.text).into_iter().filter_map(|end| word.text.get(..end)))
            .collect();
        let token = |text: &str| fold::Token {
            text: text.to_owned(),
            at: 0..0,
            tail: false,
            paired: false,
        };
        let tokens: Vec<_> = begun.into_iter().map(token).collect();
        FoldStream { tokens: tokens.into_iter(), token: Token::default() }
    }
}

impl TokenStream for FoldStream {
    fn advance(&mut self) -> bool {
        let Some(next) = self.tokens.next() else { return false };
        self.token.position = self.token.position.wrapping_add(1);
        self.token.offset_from = next.at.start;
        self.token.offset_to = next.at.end;
        self.token.text = next.text;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
