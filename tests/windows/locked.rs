//! What stays behind when the app is locked: nothing, in any of its processes.

use crate::display::Display;
use crate::memory::copies;
use crate::person::{PAGE, PASSPHRASE, makes_a_vault, unlocks};
use crate::window::Window;
use hearthkeep_tests::legible::Marks;

// Words that stand nowhere else on a computer.
const WORDS: [&str; 3] = ["zwergobst", "marillenknoedel", "quittenbrand"];

#[test]
fn no_typed_word_is_left_in_any_process_after_locking() {
    let folder = tempfile::tempdir().unwrap();
    let display = Display::start(folder.path());
    let window = Window::open(&display, &folder.path().join("ada"));
    makes_a_vault(&window);
    let before = window.stored();
    window.click(PAGE);
    window.keyboard(&WORDS.join(" "));
    window.is_stored_after(before);
    window.shows("quittenbrand");

    let before: usize = found(&window).iter().map(|(_, _, copies)| copies).sum();
    assert!(before > 0, "the search finds words while they are on the screen");

    locks_and_leaves_nothing(&window);

    // What the index reads from the disk, and what a search shows, is put away as well.
    unlocks(&window);
    window.shows("quittenbrand");
    window.press(&['\u{e009}'], "k");
    window.click("find-words");
    window.keyboard("marillen");
    window.shows("zwergobst");
    window.press(&[], "\u{e00c}");
    locks_and_leaves_nothing(&window);
    window.end();
    // Profile, home, the web view's own folders, temporary files, what the programs wrote out.
    let words = Marks::words(&[&WORDS[..], &[PASSPHRASE]].concat());
    assert_eq!(words.found_below(folder.path()), []);
}

fn locks_and_leaves_nothing(window: &Window) {
    window.click("lock");
    window.shows_page("lock.html");
    let left = found(window);
    assert_eq!(left.len(), 3, "the app and the lock page's two processes: {left:?}");
    assert!(left.iter().all(|(_, _, copies)| *copies == 0), "words stayed behind: {left:?}");
}

fn found(window: &Window) -> Vec<(&'static str, u32, usize)> {
    let count = |(name, id)| (name, id, copies(id, &WORDS));
    window.processes().into_iter().map(count).collect()
}
