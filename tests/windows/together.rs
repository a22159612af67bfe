//! A group in a window: founded, and joined by somebody who is elsewhere.

use crate::display::Display;
use crate::friend::Friend;
use crate::person::unlocks;
use crate::relay::Relay;
use crate::time::until;
use crate::window::{Window, home_of};
use hearthkeep_tests::sample::some_weeks;
use std::path::Path;

const ESCAPE: &str = "\u{e00c}";

/// Ada in front of some weeks of her journal, with a group of her own on a relay.
pub(crate) fn ada_with_a_group(folder: &Path) -> (Display, Relay, Window) {
    let profile = folder.join("ada");
    some_weeks(&profile, &home_of(&profile));
    let (relay, display) = (Relay::start(folder), Display::start(folder));
    let window = Window::open(&display, &profile);
    unlocks(&window);
    founds_a_group(&window, &relay);
    (display, relay, window)
}

/// Writes down what a group needs to be founded on a relay.
pub(crate) fn fills_in_a_group(window: &Window, relay: &Relay, group: &str, own_name: &str) {
    window.click("place-new-group");
    window.fill("group-name", group);
    window.fill("own-name", own_name);
    window.fill("relay-url", &relay.address());
    window.fill("relay-token", &relay.token());
}

/// Founds a group on a relay.
pub(crate) fn founds_a_group(window: &Window, relay: &Relay) {
    fills_in_a_group(window, relay, "Thursday people", "Ada");
    window.click("found-group");
    window.click("watch-read");
    window.has_no("watch-note");
}

/// Invites somebody, compares the words and lets them in.
pub(crate) fn lets_in(window: &Window, friend: &Friend, name: &str) {
    window.click("open-members");
    window.click("invite-somebody");
    let link = window.value_of("invite-link");
    window.press(&[], ESCAPE);
    window.has_no("invite-link");
    let words = friend.asks(&link, name);
    window.click("see-request");
    window.has("request-words");
    assert_eq!(window.texts_of("[data-testid=request-words] li"), words, "both see the same words");
    window.click("words-heard");
    window.click("let-in");
    friend.is_in();
    until("the new member's row", || {
        window.texts_of("member").iter().any(|row| row.contains(name)).then_some(())
    });
    window.click("place-group");
    window.has("feed");
}
