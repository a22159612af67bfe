//! What people do in front of a window.

use crate::window::Window;

pub(crate) use hearthkeep_tests::sample::PASSPHRASE;

/// The page that one writes on.
pub(crate) const PAGE: &str = "[data-testid=editor] [contenteditable=true]";

/// Makes a vault in a window that was never used: passphrase, 24 words, three of them asked back.
pub(crate) fn makes_a_vault(window: &Window) {
    window.shows_page("lock.html");
    window.fill("new-passphrase", PASSPHRASE);
    window.fill("again", PASSPHRASE);
    // How strong it is comes from the core: until then the button waits, and takes no click.
    window.click("[data-testid=make-vault]:not([aria-disabled])");
    types_three_words_back(window, || ());
}

/// Writes the 24 words down and types three of them back; `looks` in between.
pub(crate) fn types_three_words_back(window: &Window, looks: impl Fn()) {
    let words = the_words(window);
    window.click("have-words");
    window.has("try-words");
    looks();
    for (place, word) in asked_back(window, &words) {
        window.fill(&place, &word);
    }
    window.click("try-words");
    window.shows_page("index.html");
}

/// The fields of the words that are asked back, and what belongs in them.
pub(crate) fn asked_back(window: &Window, words: &[String]) -> Vec<(String, String)> {
    window.has("try-words");
    let fields =
        "[...document.querySelectorAll('[data-testid^=word-]')].map(e => e.dataset.testid)";
    let fields = window.read(fields).expect("three words are asked back");
    let with_word = |field: &str| {
        let place: usize = field.trim_start_matches("word-").parse().expect("word-N");
        let word = place.checked_sub(1).and_then(|at| words.get(at)).expect("1 to 24");
        (field.to_owned(), word.clone())
    };
    let fields = fields.as_array().expect("a list").iter();
    fields.filter_map(|field| field.as_str()).map(with_word).collect()
}

/// The 24 words, as they are shown.
pub(crate) fn the_words(window: &Window) -> Vec<String> {
    window.has("words");
    let words = window.texts_of("[data-testid=words] li");
    assert_eq!(words.len(), 24, "24 words are shown");
    words
}

/// Opens a vault.
pub(crate) fn unlocks(window: &Window) {
    window.shows_page("lock.html");
    window.fill("passphrase", PASSPHRASE);
    window.click("open");
    window.shows_page("index.html");
}

/// Writes on the page of today, and waits until it is on the disk.
pub(crate) fn write_at_once(window: &Window, words: &str) {
    let before = window.stored();
    window.click(PAGE);
    window.fill(PAGE, words);
    window.is_stored_after(before);
}
