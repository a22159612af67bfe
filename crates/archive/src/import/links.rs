//! Pictures within Markdown: found where the parser finds them, and pointed elsewhere.

use hearthkeep_model::AttachmentId;
use pulldown_cmark::{Event, Parser, Tag};

/// What becomes of a picture in a text.
pub(crate) enum Fate {
    /// It is this attachment.
    Is(AttachmentId),
    /// It stays as it is written.
    Stays,
    /// Its words stay, the picture does not: it is not there.
    Gone,
}

/// Asks for each picture's destination what becomes of it, and rewrites the text.
pub(crate) fn repoint(text: &str, mut fate: impl FnMut(&str) -> Fate) -> String {
    let mut out = String::with_capacity(text.len());
    let mut after = 0;
    for (event, range) in Parser::new(text).into_offset_iter() {
        let Event::Start(Tag::Image { dest_url, .. }) = event else { continue };
        // A picture within another one's words was written with it.
        let (Some(between), Some(source)) = (text.get(after..range.start), text.get(range.clone()))
        else {
            continue;
        };
        let alt = words_of(source);
        let replaced = match fate(&dest_url) {
            Fate::Is(id) => format!("![{alt}](hk:{id})"),
            Fate::Gone => alt.to_owned(),
            Fate::Stays => continue,
        };
        out.push_str(between);
        out.push_str(&replaced);
        after = range.end;
    }
    out.push_str(text.get(after..).unwrap_or_default());
    out
}

fn words_of(source: &str) -> &str {
    let inner = source.strip_prefix("![").unwrap_or(source);
    let end = inner.rfind("](").or_else(|| inner.find(']')).unwrap_or(0);
    inner.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pictures_are_repointed_and_code_is_left_alone() {
        let id = AttachmentId::from_bytes([1; 16]);
        let text = "a ![the \\] lake](b.jpg \"t\") `![c](b.jpg)` ![gone](x) ![web](https://e/x.png)\n\n    ![d](b.jpg)\n";
        let out = repoint(text, |to| match to {
            "b.jpg" => Fate::Is(id),
            "x" => Fate::Gone,
            _ => Fate::Stays,
        });
        let expected = text.replacen("(b.jpg \"t\")", &format!("(hk:{id})"), 1).replacen(
            "![gone](x)",
            "gone",
            1,
        );
        assert_eq!(out, expected);
    }
}
