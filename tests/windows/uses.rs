//! What the journal's screens are for, done in a real window over the real core.

use crate::display::Display;
use crate::person::{PAGE, PASSPHRASE, unlocks, write_at_once};
use crate::time::until;
use crate::window::{Window, home_of};
use hearthkeep_tests::sample::{many_entries, some_weeks};

const ESCAPE: &str = "\u{e00c}";
const END: &str = "\u{e010}";
const F1: &str = "\u{e031}";
const NEW_PASSPHRASE: &str = "twelve slow lanterns along the canal";

fn opens(
    prepare: impl Fn(&std::path::Path, &std::path::Path),
) -> (tempfile::TempDir, Display, Window) {
    let folder = tempfile::tempdir().expect("a folder");
    let profile = folder.path().join("ada");
    prepare(&profile, &home_of(&profile));
    let display = Display::start(folder.path());
    let window = Window::open(&display, &profile);
    unlocks(&window);
    (folder, display, window)
}

fn reads(window: &Window, place: &str, words: &str) {
    window.click("place-journal");
    window.click_one("entry-row", place);
    window.shows(words);
}

fn editor_has(window: &Window, words: &str, there: bool) {
    until(&format!("{words:?} on the page: {there}"), || {
        let page = window.texts_of(PAGE).join(" ");
        (page.contains(words) == there).then_some(())
    });
}

#[test]
fn an_earlier_version_comes_back_onto_the_page_that_is_open() {
    let (_folder, _display, window) = opens(some_weeks);
    reads(&window, "Dad’s table", "cutting bread turned out");
    window.click("change-entry");
    editor_has(&window, "the ordinary one", true);
    window.click("open-versions");
    window.click("version");
    window.has("compared");
    window.click("bring-back");
    window.shows("It is back.");
    editor_has(&window, "the ordinary one", false);
    // The page goes on from there, without being opened again.
    write_at_once(&window, " And the goat.");
    window.click("back-to-journal");
    reads(&window, "Dad’s table", "And the goat.");
    window.end();
}

#[test]
fn boxes_are_checked_links_are_made_and_both_are_there_again() {
    let (_folder, _display, window) = opens(some_weeks);
    reads(&window, "Before the winter", "Two of four");
    window.click("change-entry");
    window.shows("Two of four");
    let before = window.stored();
    window.click("[data-testid=editor] [role=checkbox][aria-checked=false]");
    window.is_stored_after(before);
    window.click("formatting");
    window.click("[aria-label='A link']");
    window.fill("link-address", "example.org/coats");
    let before = window.stored();
    window.click("link-make");
    window.is_stored_after(before);
    window.click("back-to-journal");
    reads(&window, "Before the winter", "Two of four");
    let checked = "[data-testid=reader] [role=checkbox][aria-checked=true]";
    until("three checked boxes", || (window.texts_of(checked).len() == 3).then_some(()));
    window.has("[data-testid=reader] a[href='https://example.org/coats']");
    window.end();
}

#[test]
fn an_entry_is_laid_away_put_back_and_at_last_erased() {
    let (_folder, _display, window) = opens(some_weeks);
    reads(&window, "By the reservoir", "Walked round it once");
    window.click("change-entry");
    window.click("entry-menu");
    window.click("to-drawer");
    window.click("toast-act");
    reads(&window, "By the reservoir", "Walked round it once");
    window.click("change-entry");
    window.click("entry-menu");
    window.click("to-drawer");
    window.click("place-settings");
    window.click("open-drawer");
    window.click_one("entry-row", "By the reservoir");
    window.click("change-entry");
    window.click("entry-menu");
    window.click("erase");
    window.has("erase-ask");
    window.click("erase-ask-act");
    window.shows("It is erased from this computer.");
    window.click("find");
    window.fill("find-words", "hills stood in it twice");
    window.shows("Nothing with");
    window.end();
}

#[test]
fn prompts_and_memories_go_when_they_are_not_wanted() {
    let (folder, display, window) = opens(some_weeks);
    window.click("no-prompts");
    window.has_no("prompt");
    window.click("not-this-memory");
    window.has_no("memory");
    window.click("lock");
    unlocks(&window);
    window.has("editor");
    window.has_no("prompt");
    window.has_no("memory");
    window.end();
    let again = Window::open(&display, &folder.path().join("ada"));
    unlocks(&again);
    again.has("editor");
    again.has_no("memory");
    again.end();
}

#[test]
fn a_new_passphrase_opens_and_the_old_one_does_not() {
    let (_folder, _display, window) = opens(some_weeks);
    window.click("place-settings");
    window.click("open-change-passphrase");
    window.fill("old-passphrase", PASSPHRASE);
    window.fill("fresh-passphrase", NEW_PASSPHRASE);
    window.fill("fresh-again", NEW_PASSPHRASE);
    window.click("[data-testid=change-passphrase] button[type=submit]");
    window.has_no("change-passphrase");
    window.click("lock");
    window.shows_page("lock.html");
    window.fill("passphrase", PASSPHRASE);
    window.click("open");
    window.shows("That does not open it.");
    window.fill_anew("passphrase", NEW_PASSPHRASE);
    window.click("open");
    window.shows_page("index.html");
    window.end();
}

#[test]
fn new_words_open_and_those_of_before_do_not() {
    let (_folder, _display, window) = opens(some_weeks);
    window.click("place-settings");
    window.click("open-replace-words");
    window.fill("words-passphrase", PASSPHRASE);
    window.click("[data-testid=replace-words] button[type=submit]");
    window.has("words");
    let words = window.texts_of("[data-testid=words] li");
    assert_eq!(words.len(), 24);
    // The old ones open nothing any more: a slip of the hand does not take the new ones away.
    window.press(&[], ESCAPE);
    window.press(&['\u{e009}'], "1");
    window.has("words");
    // Help lines lie over them and can be used, and the words are there again.
    window.press(&[], F1);
    window.choose("[data-testid=help-over] [data-testid=country]", "DE");
    window.has("[data-testid=help-over] [data-testid=help-line]");
    window.click("[data-testid=help-over] [data-testid=close-plan]");
    window.has_no("help-over");
    assert_eq!(window.texts_of("[data-testid=words] li"), words);
    window.click("have-words");
    window.click("try-later");
    window.has_no("replace-words");
    window.click("lock");
    window.shows_page("lock.html");
    window.click("another-way");
    window.fill("recovery-words", &words.join(" "));
    window.click("open-with-words");
    window.shows_page("index.html");
    window.end();
}

#[test]
fn twelve_hundred_entries_are_a_list_of_a_few_rows() {
    let (_folder, _display, window) = opens(|profile, home| many_entries(profile, home, 1_200));
    window.click("place-journal");
    window.has("[data-testid=entries][data-total='1200']");
    window.click("entry-row");
    window.press(&[], END);
    window.shows("An ordinary day, number 0.");
    let rows = window.texts_of("entry-row").len();
    assert!((1..80).contains(&rows), "{rows} rows are in the page");
    window.press(&['\u{e009}'], "k");
    window.fill("find-words", "\"number 777\"");
    window.shows("number 777");
    window.end();
}
