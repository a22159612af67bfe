//! Sharing: an excerpt of an entry that is only to be heard, and what is written for the group.

use super::{Evening, Person};
use crate::person::write_at_once;

const BEFORE: &str = "I came home late.";
pub(super) const THREE: [&str; 3] =
    ["We sat on the roof.", "The anger left slowly.", "Nobody asked me why."];
const AFTER: &str = "The rest is only for me.";
const PREVIEW: &str = "[data-testid=share-preview] [contenteditable=true]";

/// Three sentences of an entry, for Ben and Cleo.
pub(super) fn ada_shares_three_sentences(evening: &Evening) {
    let Evening { ada, ben, cleo, .. } = evening;
    ada.window.click("place-today");
    write_at_once(&ada.window, &[&[BEFORE], &THREE[..], &[AFTER]].concat().join("\u{e007}"));
    ada.window.click("place-journal");
    ada.window.click("entry-row");
    ada.window.click("share-entry");
    let column = "[data-testid=share-entry-text] p";
    ada.window.drag(&format!("{column}:nth-of-type(2)"), &format!("{column}:nth-of-type(4)"));
    ada.window.click("take-words");
    ada.window.click_one("reader", "Ben");
    ada.window.click_one("reader", "Cleo");
    let preview = ada.window.texts_of("[data-testid=share-preview] p");
    assert_eq!(preview, THREE, "exactly this is what the others will see");
    let exactly = ada.window.text_of("exactly");
    assert!(exactly.contains("Ben") && exactly.contains("Cleo"), "{exactly}");
    ada.window.remember("evening-3-exactly");
    ada.window.click("share-go");
    ada.window.has("[data-testid=reflection][data-state=waiting]");
    ada.window.remember("evening-4-ten-seconds");
    for reader in [ben, cleo] {
        reader.looks_at_the_group();
        assert!(!reader.window.has_now("reflection"), "nothing leaves during the ten seconds");
    }
    for reader in [ben, cleo] {
        reader.window.has("reflection");
        assert_eq!(reader.window.texts_of("[data-testid=note-text] p"), THREE);
        reader.window.remember(&format!("evening-5-{}-reads", reader.name));
    }
    ada.window.has("[data-testid=reflection][data-state=there]");
}

/// Who wishes to be heard gets no words back, and is heard.
pub(super) fn ben_shows_that_he_heard(evening: &Evening) {
    let Evening { ada, ben, cleo, .. } = evening;
    for reader in [ben, cleo] {
        assert!(!reader.window.has_now("answer-open"), "who wants to be heard gets no words back");
    }
    ben.window.click("react-heard");
    for person in [ada, cleo] {
        person.window.has("reacted");
        assert!(person.window.text_of("reacted").contains("Ben"));
    }
}

/// Writes something for everybody, with a wish. It waits its ten seconds from then on.
pub(super) fn shares_with_everybody(author: &Person, words: &str, wish: &str) {
    author.looks_at_the_group();
    author.window.click("share-something");
    author.window.fill(PREVIEW, words);
    author.window.click("everybody");
    author.window.click_one("[data-testid=wish] [role=radio]", wish);
    author.window.click("share-go");
    author.finds(words);
}
