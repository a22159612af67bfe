//! The fold as the index engine wants it.

use crate::fold::{self, composed};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

#[derive(Clone)]
pub(crate) struct FoldTokenizer;

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
