//! The disk has damaged one row while the app was closed.

use crate::display::Display;
use crate::person::unlocks;
use crate::sqlite::turns_a_bit;
use crate::time::until;
use crate::window::{Window, home_of};
use hearthkeep_tests::sample::some_weeks;

// The entry that was written last; its text is not in what the list keeps.
const TITLE: &str = "Slept through";
const LAST: &str = "SELECT rowid, sealed FROM body ORDER BY change DESC LIMIT 1";
const WRITE: &str = "UPDATE body SET sealed = ? WHERE rowid = ?";

#[test]
fn a_damaged_entry_is_named_and_all_others_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let profile = folder.path().join("ada");
    some_weeks(&profile, &home_of(&profile));
    turns_a_bit(&profile.join("vault.db"), LAST, WRITE);

    let display = Display::start(folder.path());
    let window = Window::open(&display, &profile);
    unlocks(&window);
    window.has("editor");
    window.click("place-journal");
    window.click_one("entry-row", TITLE);
    window.has("not-readable");
    window.shows("This could not be opened: it is damaged on the disk.");
    window.shows("One thing could not be opened. The rest is fine.");
    window.remember("damage-1-entry");
    window.click("damaged");
    let named = window.texts_of("damaged-thing");
    assert!(matches!(&*named, [one] if one.contains(TITLE)), "it is named: {named:?}");
    window.remember("damage-2-list");
    window.click("damaged-close");
    window.has_no("damaged-thing");
    assert!(!window.has_now("change-entry"), "nobody is asked to write over what is damaged");

    let total =
        window.read("Number(document.querySelector('[data-testid=entries]').dataset.total)");
    assert!(total.and_then(|all| all.as_f64()).is_some_and(|all| all > 10.0), "the list is whole");
    let rows = window.texts_of("entry-row").len();
    for row in (0..rows).filter(|row| *row != damaged_row(&window)) {
        reads_row(&window, row);
    }
    window.broke_no_policy();
    window.end();
}

/// The place of the damaged entry in the list.
fn damaged_row(window: &Window) -> usize {
    let rows = window.texts_of("entry-row");
    rows.iter().position(|row| row.contains(TITLE)).expect("it is in the list")
}

fn reads_row(window: &Window, row: usize) {
    window.read(&format!("document.querySelectorAll('[data-testid=entry-row]')[{row}].click()"));
    until("the entry's words", || {
        let words = window.texts_of("[data-testid=reader] [role=textbox]");
        (!words.concat().is_empty() && !window.has_now("not-readable")).then_some(())
    });
}
