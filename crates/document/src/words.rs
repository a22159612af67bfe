//! What a list, a count and an index want of a document: its words without marks.

use crate::line::{Content, Line, as_picture, is_break};

/// The text, one line each. A picture counts with its description.
#[must_use]
pub fn plain_text(lines: &[Line]) -> String {
    let mut text = String::new();
    for (number, line) in lines.iter().enumerate() {
        if number > 0 {
            text.push('\n');
        }
        push_line(&mut text, line);
    }
    text
}

fn push_line(text: &mut String, line: &Line) {
    for piece in &line.pieces {
        match &piece.content {
            Content::Text(words) => text.push_str(words),
            Content::Embed(embed) if is_break(embed) => text.push('\n'),
            Content::Embed(embed) => {
                if let Some((_, alt)) = as_picture(embed)
                    && !alt.is_empty()
                {
                    text.push(' ');
                    text.push_str(alt);
                    text.push(' ');
                }
            }
        }
    }
}

/// The first line that has words, at most `most` characters of it.
#[must_use]
pub fn first_words(lines: &[Line], most: usize) -> String {
    let text = plain_text(lines);
    let first = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("");
    first.chars().take(most).collect()
}

/// Words: runs of characters between white space that have a letter or a digit.
#[must_use]
pub fn word_count(lines: &[Line]) -> u32 {
    let text = plain_text(lines);
    let words = text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric));
    u32::try_from(words.count()).unwrap_or(u32::MAX)
}

/// The ids of the pictures, in their order.
#[must_use]
pub fn pictures(lines: &[Line]) -> Vec<String> {
    let pieces = lines.iter().flat_map(|line| &line.pieces);
    pieces
        .filter_map(|piece| match &piece.content {
            Content::Embed(embed) => as_picture(embed).map(|(id, _)| id.to_owned()),
            Content::Text(_) => None,
        })
        .collect()
}
