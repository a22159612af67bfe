//! The app is started once more on a profile that is open.

use crate::display::Display;
use crate::friend::Friend;
use crate::person::{makes_a_vault, unlocks};
use crate::relay::Relay;
use crate::time::until;
use crate::window::Window;

#[test]
fn a_second_start_brings_the_first_window_forward() {
    let folder = tempfile::tempdir().unwrap();
    let display = Display::with_a_desktop(folder.path());
    let profile = folder.path().join("ada");
    let window = Window::open(&display, &profile);
    window.shows_page("lock.html");
    let above = Window::open(&display, &folder.path().join("cleo"));
    above.shows_page("lock.html");
    until("the window above", || above.has_the_keyboard().then_some(()));
    assert!(window.is_started_again(&["--profile", &profile.display().to_string()]));
    until("the first window in front", || window.has_the_keyboard().then_some(()));
    window.remember("second-1-forward");
}

#[test]
fn a_link_that_a_second_start_was_given_waits_in_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let relay = Relay::start(folder.path());
    let ben = Friend::at(&folder.path().join("ben"));
    let link = ben.founds_and_invites(&relay, "Thursday people", "Ben");
    let display = Display::start(folder.path());
    let profile = folder.path().join("ada");
    let window = Window::open(&display, &profile);
    makes_a_vault(&window);

    // While it is open, the link is offered on the page, until somebody does something with it.
    let again = ["--profile", &profile.display().to_string(), &link];
    assert!(window.is_started_again(&again));
    window.click("open-waiting-invitation");
    window.shows(&relay.address());
    window.remember("second-2-invited");
    window.click("lock");
    unlocks(&window);
    window.click("open-waiting-invitation");
    window.click("forget-invitation");
    window.click("place-today");
    window.has("first-invitation");

    // While it is locked, only that one waits.
    window.click("lock");
    window.shows_page("lock.html");
    assert!(window.is_started_again(&again));
    window.shows("An invitation waits inside.");
    assert!(!window.sees(&relay.address()), "nothing of it is seen while locked");
    window.remember("second-3-locked");
    unlocks(&window);
    window.click("open-waiting-invitation");
    window.shows(&relay.address());
}

#[test]
fn a_profile_that_is_open_elsewhere_is_not_opened_twice() {
    let folder = tempfile::tempdir().unwrap();
    let display = Display::start(folder.path());
    let profile = folder.path().join("ada");
    let window = Window::open(&display, &profile);
    makes_a_vault(&window);
    // A window has a session bus of its own: the two know nothing of each other but the profile.
    let other = Window::open(&display, &profile);
    other.has("not-opened");
    other.shows("Hearthkeep is already open with this journal, in another window.");
    other.remember("second-4-open-elsewhere");
    window.end();
    // As soon as the first lets go of it, the second goes on.
    unlocks(&other);
    other.has("editor");
}
