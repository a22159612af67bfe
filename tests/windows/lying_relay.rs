//! A relay that lies, and what is seen of it: that something is wrong, what is safe, what to do.

use crate::display::Display;
use crate::friend::Friend;
use crate::person::{makes_a_vault, unlocks};
use crate::relay::Relay;
use crate::sqlite::turns_a_bit;
use crate::together::{founds_a_group, lets_in};
use crate::window::Window;
use hearthkeep_client::view::WishView;
use tempfile::TempDir;

// The newest record of the group's log.
const NEWEST: &str = "SELECT entry.rowid, entry.blob FROM entry
    JOIN mailbox ON mailbox.id = entry.mailbox
    WHERE mailbox.class = 1 AND mailbox.sealed_at IS NULL AND entry.blob IS NOT NULL
    ORDER BY entry.rowid DESC LIMIT 1";
const WRITE: &str = "UPDATE entry SET blob = ? WHERE rowid = ?";

struct Evening {
    window: Window,
    ben: Friend,
    relay: Relay,
    // A window closes before its screen does.
    _display: Display,
    _folder: TempDir,
}

/// Ada in a window and Ben elsewhere; she has read one reflection of his.
fn they_come_together() -> Evening {
    let folder = tempfile::tempdir().expect("a folder");
    let relay = Relay::start(folder.path());
    let display = Display::start(folder.path());
    let window = Window::open(&display, &folder.path().join("ada"));
    makes_a_vault(&window);
    founds_a_group(&window, &relay);
    let ben = Friend::at(&folder.path().join("ben"));
    lets_in(&window, &ben, "Ben");
    shares(&ben, "The first thing I said.");
    window.shows("The first thing I said.");
    Evening { window, ben, relay, _display: display, _folder: folder }
}

fn shares(ben: &Friend, words: &str) {
    ben.shares(words, WishView::AdviceIsWelcome, Vec::new());
    ben.has_sent(words);
}

#[test]
fn a_relay_that_was_set_back_is_seen_and_what_was_read_stays() {
    let mut evening = they_come_together();
    evening.relay.goes_away();
    let older = evening.relay.database_as_it_lies();
    evening.relay.come_back();
    shares(&evening.ben, "The second thing I said.");
    evening.window.shows("The second thing I said.");

    evening.relay.goes_away();
    evening.relay.is_set_back_to(&older);
    evening.relay.come_back();
    is_alarmed(&evening, "withheld", "The relay does not show everything that was written.");
    evening.window.remember("relay-1-set-back");
    for words in ["The first thing I said.", "The second thing I said."] {
        assert!(evening.window.sees(words), "what was read stays");
    }
    nothing_more_is_sent(&evening, "relay-2-read");
}

#[test]
fn a_record_that_was_changed_on_the_relay_is_never_shown() {
    let mut evening = they_come_together();
    evening.window.click("lock");
    evening.window.shows_page("lock.html");
    shares(&evening.ben, "The second thing I said.");
    evening.relay.goes_away();
    turns_a_bit(&evening.relay.database(), NEWEST, WRITE);
    evening.relay.come_back();

    unlocks(&evening.window);
    evening.window.has("[data-testid=light][data-light=forked]");
    evening.window.click("[data-testid=light] button");
    is_alarmed(&evening, "relayFork", "The relay shows two different pasts.");
    evening.window.remember("relay-3-changed");
    assert!(evening.window.sees("The first thing I said."), "what was read stays");
    assert!(!evening.window.sees("The second thing I said."), "what does not verify is not shown");
    nothing_more_is_sent(&evening, "relay-4-read");
}

/// The light and the alarm say the same thing, and what to do about it.
fn is_alarmed(evening: &Evening, kind: &str, says: &str) {
    let window = &evening.window;
    let light = if kind == "withheld" { "withheld" } else { "forked" };
    window.has(&format!("[data-testid=light][data-light={light}]"));
    window.has(&format!("[data-testid=alarm][data-kind={kind}]"));
    let alarm = window.text_of("alarm");
    for words in [says, "What you have read stays here."] {
        assert!(alarm.contains(words), "{words:?} is missing in {alarm:?}");
    }
    window.shows("Nothing more is sent in this group.");
    assert!(!window.has_now("share-something"), "nobody is asked to write what would not go");
}

/// What an alarm has said stays true after it was read.
fn nothing_more_is_sent(evening: &Evening, picture: &str) {
    let window = &evening.window;
    window.click("alarm-read");
    window.has_no("alarm");
    window.has("not-trusted");
    window.remember(picture);
    window.broke_no_policy();
}
