//! Help lines on the worst night: the journal locked, the relay away.

use crate::display::Display;
use crate::person::{PASSPHRASE, the_words};
use crate::together::ada_with_a_group;
use crate::window::Window;
use serde_json::Value;

const ESCAPE: &str = "\u{e00c}";
const F1: &str = "\u{e031}";
const LINES: &str = include_str!("../../ui/src/text/data/helplines.json");

#[test]
fn help_lines_open_locked_and_unlocked_with_the_relay_away_each_with_its_source() {
    let folder = tempfile::tempdir().unwrap();
    let (_display, mut relay, window) = ada_with_a_group(folder.path());
    window.has("[data-testid=light][data-light=sent]");
    relay.goes_away();
    window.click("lock");
    window.shows_page("lock.html");
    window.fill("passphrase", "half a passphr");

    window.press(&[], F1);
    window.has("help-lines");
    window.choose("country", "DE");
    every_line_of_is_honest(&window, "DE");
    window.remember("help-1-locked");
    window.press(&[], ESCAPE);
    window.has_no("help-lines");
    assert_eq!(window.value_of("passphrase"), "half a passphr", "what was typed is still there");
    assert_eq!(focused(&window), "passphrase", "and can be typed on");
    for word in ["reservoir", "Dad’s table", "Thursday people", "Ada"] {
        assert!(!window.sees(word), "{word} is seen while locked");
    }

    window.fill_anew("passphrase", PASSPHRASE);
    window.click("open");
    window.shows_page("index.html");
    window.has("[data-testid=light][data-light=unreachable]");
    window.click("place-journal");
    window.press(&[], F1);
    every_line_of_is_honest(&window, "DE");
    window.remember("help-2-unlocked");
    window.press(&[], ESCAPE);
    window.has("entry-row");
    window.broke_no_policy();
    window.end();
}

#[test]
fn words_that_are_shown_once_are_still_there_after_a_look_at_the_help_lines() {
    let folder = tempfile::tempdir().unwrap();
    let display = Display::start(folder.path());
    let window = Window::open(&display, &folder.path().join("ada"));
    window.shows_page("lock.html");
    window.fill("new-passphrase", PASSPHRASE);
    window.fill("again", PASSPHRASE);
    window.press(&[], F1);
    window.has("country");
    window.press(&[], ESCAPE);
    window.click("make-vault");
    let words = the_words(&window);
    window.press(&[], F1);
    window.has("country");
    window.press(&[], ESCAPE);
    window.has_no("country");
    assert_eq!(the_words(&window), words);
    window.end();
}

/// Every line of this country stands there, with its ways to be reached, its first source, and
/// that nobody has checked it yet.
fn every_line_of_is_honest(window: &Window, country: &str) {
    let all: Value = serde_json::from_str(LINES).expect("the list is JSON");
    let at = |value: &Value, key: &str| value.get(key).cloned().unwrap_or_default();
    let list = |value: Value| value.as_array().cloned().unwrap_or_default();
    let countries = list(at(&all, "countries"));
    let here = countries.iter().find(|one| at(one, "country") == country).expect("it has lines");
    window.has("help-line");
    let shown = window.texts_of("help-line");
    let lines = list(at(here, "lines"));
    assert_eq!(shown.len(), lines.len(), "no line is missing: {shown:?}");
    for (line, shown) in lines.iter().zip(&shown) {
        let ways = list(at(line, "contacts"));
        let mut wanted: Vec<String> = ways.iter().map(|way| text(&at(way, "value"))).collect();
        wanted.extend([text(&at(line, "name")), "Not yet checked by a person.".to_owned()]);
        let unknown = at(&at(line, "hours"), "say");
        wanted.extend(unknown.as_str().map(str::to_owned));
        let first = text(list(at(line, "sources")).first().expect("a source"));
        let source = at(&at(&all, "sources"), &first);
        wanted.push(if first == "K" {
            "what is publicly known".to_owned()
        } else {
            let title = text(&at(&source, "title"));
            let named = title.split([';', ',', '(']).next().expect("a first part").trim();
            format!("Found in: {named}")
        });
        for words in wanted {
            assert!(shown.contains(&words), "{words:?} is missing in {shown:?}");
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn focused(window: &Window) -> String {
    let focused = window.read("document.activeElement?.dataset.testid || null");
    focused.as_ref().map(text).unwrap_or_default()
}
