//! One person, one window.

use crate::display::Display;
use crate::person::{PASSPHRASE, makes_a_vault, unlocks, write_at_once};
use crate::window::Window;

#[test]
fn a_vault_is_made_and_an_entry_is_found_again_after_locking() {
    let folder = tempfile::tempdir().unwrap();
    let display = Display::start(folder.path());
    let window = Window::open(&display, &folder.path().join("ada"));
    makes_a_vault(&window);

    write_at_once(&window, "The bridge at night was quiet, and I walked home.");

    window.click("lock");
    window.shows_page("lock.html");
    window.fill("passphrase", "not the right one at all");
    window.click("open");
    window.shows("That does not open it.");
    window.fill_anew("passphrase", PASSPHRASE);
    window.click("open");
    window.shows_page("index.html");

    window.press(&['\u{e009}'], "k");
    window.fill("find-words", "bridge");
    window.shows("quiet, and I walked home");
    window.broke_no_policy();
    window.end();

    let again = Window::open(&display, &folder.path().join("ada"));
    unlocks(&again);
    again.shows("The bridge at night");
    again.end();
}
