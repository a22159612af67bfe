//! An evening without a mouse.

use crate::display::Display;
use crate::person::{PASSPHRASE, asked_back, the_words};
use crate::relay::Relay;
use crate::time::until;
use crate::window::Window;

// Keys as WebDriver names them.
const TAB: &str = "\u{e004}";
const ENTER: &str = "\u{e007}";
const SPACE: &str = " ";
const ESCAPE: &str = "\u{e00c}";
const DOWN: &str = "\u{e015}";
const SHIFT: char = '\u{e008}';
const CONTROL: char = '\u{e009}';
const ALT: char = '\u{e00a}';
const HOME: &str = "\u{e011}";
const F1: &str = "\u{e031}";
const F10: &str = "\u{e03a}";

#[test]
fn a_whole_evening_goes_without_a_mouse() {
    let folder = tempfile::tempdir().unwrap();
    let relay = Relay::start(folder.path());
    let display = Display::start(folder.path());
    let window = Window::open(&display, &folder.path().join("ada"));
    makes_a_vault_by_keys(&window);
    writes_and_formats(&window);
    locks_and_comes_back(&window);
    finds_and_lays_away(&window);
    founds_a_group(&window, &relay);
    window.broke_no_policy();
    window.end();
}

fn makes_a_vault_by_keys(window: &Window) {
    window.shows_page("lock.html");
    window.has("new-passphrase");
    window.press(&[], F1);
    window.has("country");
    window.press(&[], F1);
    window.has("new-passphrase");
    goes_to(window, "new-passphrase");
    window.press(&[], PASSPHRASE);
    goes_to(window, "again");
    window.press(&[], PASSPHRASE);
    window.press(&[], ENTER);
    let words = the_words(window);
    goes_to(window, "have-words");
    window.press(&[], ENTER);
    for (place, word) in asked_back(window, &words) {
        goes_to(window, &place);
        window.press(&[], &word);
    }
    window.press(&[], ENTER);
    window.shows_page("index.html");
}

fn writes_and_formats(window: &Window) {
    window.has("editor");
    is_on_the_page(window);
    let before = window.stored();
    window.press(&[], "No mouse tonight.");
    window.press(&[SHIFT], HOME);
    window.press(&[CONTROL], "b");
    window.is_stored_after(before);
    window.has("[data-testid=editor] strong");
    // The bar of forms and back to the words.
    window.press(&[ALT], F10);
    until("the bar", || window.read("document.activeElement.closest('[role=toolbar]') && true"));
    window.press(&[], ESCAPE);
    is_on_the_page(window);
    goes_to(window, "facts-open");
    window.press(&[], ENTER);
    window.remember("keyboard-1-written");
}

fn locks_and_comes_back(window: &Window) {
    window.press(&[CONTROL], "l");
    window.shows_page("lock.html");
    goes_to(window, "passphrase");
    window.press(&[], "not this one");
    window.press(&[], ENTER);
    window.shows("That does not open it.");
    window.press(&[CONTROL], "a");
    window.press(&[], PASSPHRASE);
    window.press(&[], ENTER);
    window.shows_page("index.html");
}

fn finds_and_lays_away(window: &Window) {
    window.has("editor");
    window.press(&[CONTROL], "k");
    window.has("find-words");
    window.press(&[], "mouse");
    window.has("hit");
    window.press(&[], ENTER);
    window.has("entry-menu");
    window.shows("No mouse tonight.");
    window.press(&[CONTROL], ENTER);
    window.has_no("entry-menu");
    window.press(&[CONTROL], "2");
    window.has("entry-row");
    goes_to(window, "entry-row");
    window.press(&[], DOWN);
    window.press(&[], ENTER);
    window.has("entry-menu");
    goes_to(window, "entry-menu");
    window.press(&[], ENTER);
    goes_down_to(window, "to-drawer");
    window.press(&[], ENTER);
    window.has("[data-testid=entries][data-total='0']");
    window.remember("keyboard-2-laid-away");
}

fn founds_a_group(window: &Window, relay: &Relay) {
    goes_to(window, "place-new-group");
    window.press(&[], ENTER);
    window.has("group-name");
    let fields = [
        ("group-name", "Thursday people"),
        ("own-name", "Ada"),
        ("relay-url", &relay.address()),
        ("relay-token", &relay.token()),
    ];
    for (place, words) in fields {
        goes_to(window, place);
        window.press(&[], words);
    }
    window.press(&[], ENTER);
    window.has("watch-note");
    goes_to(window, "watch-read");
    window.press(&[], ENTER);
    window.has_no("watch-note");
    goes_to(window, "open-members");
    window.press(&[], ENTER);
    goes_to(window, "invite-somebody");
    window.press(&[], SPACE);
    assert!(window.value_of("invite-link").starts_with("hearthkeep://join#"));
    window.remember("keyboard-3-invited");
    window.press(&[], ESCAPE);
    window.has_no("invite-link");
}

fn is_on_the_page(window: &Window) {
    until("the caret on the page", || {
        window.read("document.activeElement.isContentEditable || null")
    });
}

/// Walks with Tab until something has the focus.
fn goes_to(window: &Window, place: &str) {
    window.has(place);
    walks_to(window, place, TAB);
}

/// Walks down a menu.
fn goes_down_to(window: &Window, place: &str) {
    window.has(place);
    walks_to(window, place, DOWN);
}

fn walks_to(window: &Window, place: &str, key: &str) {
    let look = format!("document.activeElement?.dataset.testid === '{place}' || null");
    let there = (0..60).any(|_| {
        let there = window.read(&look).is_some();
        if !there {
            window.press(&[], key);
        }
        there
    });
    assert!(there, "{place} is not reached");
}
