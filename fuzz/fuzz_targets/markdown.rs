//! Any text is read as Markdown, and what was read is written so that it reads the same.
#![no_main]

use hearthkeep_document::{Document, lines_from_markdown, markdown_of, plain_text};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let lines = lines_from_markdown(text);
    if !text.contains('\0') {
        assert_eq!(lines_from_markdown(&markdown_of(&lines)), lines);
    }
    if let Ok(document) = Document::from_lines(&lines) {
        assert_eq!(document.plain_text(), plain_text(&lines));
    }
});
