//! Somebody goes: not before another facilitator is there, not before the others have seen it, and
//! with their own words.

use crate::friend::Friend;
use crate::time::until;
use crate::together::{ada_with_a_group, lets_in};
use crate::window::Window;
use hearthkeep_client::view::WishView;

const ASKED: &str = "I want to ring my sister.";
const ANSWER: &str = "I write down the first sentence.";

#[test]
fn who_leaves_is_out_once_another_has_seen_it_and_keeps_their_own_words() {
    let folder = tempfile::tempdir().unwrap();
    let (_display, mut relay, window) = ada_with_a_group(folder.path());
    let bea = Friend::at(&folder.path().join("bea"));
    lets_in(&window, &bea, "Bea");
    bea.shares(ASKED, WishView::AdviceIsWelcome, Vec::new());
    window.click("answer-open");
    window.fill("answer-text", ANSWER);
    window.click("answer-send");
    window.has_no("answer-box");

    leaves(&window);
    window.shows("You are the last facilitator. Make somebody else one first.");
    window.click("[data-testid=member-menu][aria-label*=Bea]");
    window.click("make-facilitator");
    until("a second facilitator", || {
        let rows = window.texts_of("member");
        (rows.iter().filter(|row| row.contains("facilitator")).count() == 2).then_some(())
    });
    window.has("[data-testid=light][data-light=sent]");

    relay.goes_away();
    leaves(&window);
    window.click("place-group");
    window.has("going");
    window.shows("It is done as soon as another member’s computer has seen it.");
    window.remember("leaving-1-waits-for-the-others");
    window.click("open-members");
    window.has("going");
    window.has_no("leave");
    relay.come_back();
    window.click("place-group");
    window.has("standing");
    window.shows("You have left Thursday people. Coming back needs an invitation");
    window.has_no("share-something");
    window.shows(ANSWER);
    window.remember("leaving-2-left");
    window.broke_no_policy();
    window.end();
}

#[test]
fn who_is_alone_leaves_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let (_display, _relay, window) = ada_with_a_group(folder.path());
    leaves(&window);
    window.shows("You have left Thursday people.");
    window.has_no("going");
    window.end();
}

fn leaves(window: &Window) {
    window.click("place-group");
    window.click("open-members");
    window.click("leave");
    window.has("leave-ask");
    window.click("leave-ask-act");
}
