//! What another app allowed beside an entry and Hearthkeep does not goes into the entry's text:
//! no word is cut off.

use crate::journal::{TITLE, WORD, WORDS};
use hearthkeep_model::EntryFields;

/// Makes the fields as short as a member could have typed them; the text takes what is too long.
pub(super) fn fit(fields: &mut EntryFields, markdown: &mut String) {
    fields.title = fields.title.trim().to_owned();
    if fields.title.chars().count() > TITLE {
        *markdown = format!("{}\n\n{markdown}", fields.title);
        fields.title = shortened(&fields.title);
    }
    let mut left = Vec::new();
    for words in [&mut fields.tags, &mut fields.feelings] {
        let (fits, rest) = sorted_out(std::mem::take(words));
        *words = fits;
        left.extend(rest);
    }
    if !left.is_empty() {
        *markdown = format!("{markdown}\n\n{}", left.join(", "));
    }
}

fn shortened(title: &str) -> String {
    let mut short: String = title.chars().take(TITLE.saturating_sub(1)).collect();
    short.push('…');
    short
}

/// Words that may stand beside an entry, each once, and those that are too long or too many.
fn sorted_out(words: Vec<String>) -> (Vec<String>, Vec<String>) {
    let (mut fits, mut left) = (Vec::<String>::new(), Vec::new());
    for word in words {
        let word = word.trim();
        if word.is_empty() || fits.iter().any(|one| one == word) {
            continue;
        }
        let fitting = word.chars().count() <= WORD && fits.len() < WORDS;
        if fitting { &mut fits } else { &mut left }.push(word.to_owned());
    }
    (fits, left)
}

#[cfg(test)]
mod tests {
    use super::*;
    use hearthkeep_model::Moment;

    fn fields(title: &str, tags: Vec<String>) -> EntryFields {
        let moment = Moment::parse_rfc3339("2026-03-04T21:05:00+01:00").unwrap();
        EntryFields { moment, title: title.to_owned(), tags, feelings: Vec::new() }
    }

    #[test]
    fn a_title_too_long_to_be_one_stands_whole_in_the_text() {
        let long = "walking ".repeat(60);
        let mut fields = fields(&long, Vec::new());
        let mut text = "And home.".to_owned();
        fit(&mut fields, &mut text);
        assert_eq!(fields.title.chars().count(), TITLE);
        assert!(text.starts_with(long.trim()) && text.ends_with("And home."), "{text}");
    }

    #[test]
    fn tags_too_long_or_too_many_stand_in_the_text() {
        let long = "x".repeat(200);
        let mut tags = vec![long.clone(), " night ".to_owned(), "night".to_owned()];
        tags.extend((0..70).map(|number| format!("tag {number}")));
        let mut fields = fields("", tags);
        let mut text = "Words.".to_owned();
        fit(&mut fields, &mut text);
        assert_eq!(fields.tags.len(), WORDS);
        assert_eq!(fields.tags.first().map(String::as_str), Some("night"));
        assert!(text.contains(&long) && text.contains("tag 69"));
    }

    #[test]
    fn what_fits_is_left_as_it_is() {
        let mut fields = fields("A day", vec!["night".to_owned()]);
        let mut text = "Words.".to_owned();
        fit(&mut fields, &mut text);
        assert_eq!((fields.title.as_str(), text.as_str()), ("A day", "Words."));
    }
}
