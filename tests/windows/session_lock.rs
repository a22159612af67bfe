//! The computer sleeps, or its screen is locked, or nobody is there: the journal is locked first,
//! and what was half typed is kept.

use crate::display::Display;
use crate::logind::{Logind, Started};
use crate::person::{PAGE, PASSPHRASE, unlocks};
use crate::setting::Setting;
use crate::time::until;
use crate::window::{Window, home_of};
use hearthkeep_tests::sample::some_weeks;
use tempfile::TempDir;

struct Evening {
    window: Window,
    logind: Logind,
    // A window closes before its screen does.
    _display: Display,
    _folder: TempDir,
}

/// Somebody with some weeks of a journal, still locked.
fn sits_down(started: Started) -> Evening {
    let folder = tempfile::tempdir().expect("a folder");
    let profile = folder.path().join("ada");
    some_weeks(&profile, &home_of(&profile));
    let logind = Logind::start(folder.path(), started);
    let display = Display::start(folder.path());
    let setting = Setting { system_bus: Some(logind.address()), ..Setting::default() };
    let window = Window::open_with(&display, &profile, setting);
    Evening { window, logind, _display: display, _folder: folder }
}

/// Types like a hand, and waits only until the page has the letters, not until the disk has them.
fn begins_a_sentence(window: &Window, words: &str) {
    window.click(PAGE);
    window.keyboard(words);
    window.shows(words);
}

fn is_locked(window: &Window) {
    window.shows_page("lock.html");
    window.has("passphrase");
    for word in ["reservoir", "Dad’s table", "in the middle", "Ada"] {
        assert!(!window.sees(word), "{word} is seen while locked");
    }
}

#[test]
fn the_journal_is_locked_before_the_computer_sleeps_and_the_half_sentence_is_kept() {
    let Evening { window, logind, .. } = &sits_down(Started::InTheSession);
    unlocks(window);
    logind.is_to_wait();
    begins_a_sentence(window, "I was in the middle of a sen");
    logind.goes_to_sleep();
    assert_eq!(window.pages(), ["lock.html"], "the computer waits until the journal is closed");
    is_locked(window);
    window.remember("session-1-asleep");
    logind.wakes_up();
    logind.is_to_wait();
    is_locked(window);
    unlocks(window);
    window.shows("I was in the middle of a sen");
    begins_a_sentence(window, "And once more I wa");
    logind.goes_to_sleep();
    unlocks(window);
    window.shows("I was in the middle of a sen");
    window.shows("And once more I wa");
    window.warned_of_nothing();
}

#[test]
fn the_journal_is_locked_with_the_session_and_with_the_screen() {
    for started in [Started::InTheSession, Started::Beside] {
        let Evening { window, logind, .. } = &sits_down(started);
        unlocks(window);
        logind.is_heard();
        begins_a_sentence(window, "I was in the middle");
        logind.locks_the_session();
        is_locked(window);
        unlocks(window);
        window.shows("I was in the middle");
        begins_a_sentence(window, "And once more I wa");
        logind.screen_is_locked(true);
        is_locked(window);
        logind.screen_is_locked(false);
        unlocks(window);
        window.shows("And once more I wa");
        window.warned_of_nothing();
    }
}

#[test]
fn a_session_that_locks_in_the_moment_of_unlocking_leaves_one_locked_window() {
    let Evening { window, logind, .. } = &sits_down(Started::InTheSession);
    logind.is_heard();
    window.shows_page("lock.html");
    window.fill("passphrase", PASSPHRASE);
    window.click("open");
    until("the journal's window", || {
        window.pages().contains(&"index.html".to_owned()).then_some(())
    });
    logind.locks_the_session();
    is_locked(window);
    assert_eq!(window.pages(), ["lock.html"]);
    unlocks(window);
    window.has("editor");
}

#[test]
fn the_journal_is_locked_when_nobody_was_there_for_a_minute() {
    let Evening { window, .. } = &sits_down(Started::InTheSession);
    unlocks(window);
    window.click("place-settings");
    window.choose("lock-after", "1");
    window.click("place-today");
    begins_a_sentence(window, "I was in the middle of it");
    is_locked(window);
    window.remember("session-2-nobody-there");
    unlocks(window);
    window.shows("I was in the middle of it");
    window.warned_of_nothing();
}
