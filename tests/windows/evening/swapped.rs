//! A relay that hands on another's request in the place of the one that was made. Only who has the
//! link can make one: here it has got into the wrong hands as well.

use super::Evening;
use super::removal::cleo_reads_nothing_of_it;
use super::together::{asks, invites, sees_the_request};
use crate::friend::Friend;

/// Cleo asks to come back. What Ada is shown was made by somebody else, and the words say so.
pub(super) fn another_asks_in_cleos_name(evening: &mut Evening) {
    let Evening { ada, ben, cleo, relay, folder } = evening;
    let link = invites(&ada.window);
    let thief = Friend::at(&folder.path().join("thief"));
    thief.asks(&link, cleo.name);
    let shown = sees_the_request(ada);
    // From here on the relay keeps to itself what Cleo sends.
    relay.goes_away();
    cleo.window.click("place-new-group");
    cleo.window.click("have-invitation");
    cleo.window.fill("invitation-link", &link);
    cleo.window.click("open-invitation");
    let made = asks(cleo);
    assert_eq!(made.len(), shown.len());
    assert_ne!(made, shown, "whoever compares hears that somebody stands in between");
    cleo.window.has("[data-testid=light][data-light=unreachable]");
    cleo.window.remember("evening-20-Cleo-asks");
    ada.window.click("words-different");
    ada.window.shows("Nobody was let in.");
    ada.window.remember("evening-21-the-words-are-different");
    ada.window.click("turn-away");
    ada.window.has_no("request-panel");
    ada.window.has_no("see-request");
    assert_eq!(ada.window.texts_of("[data-testid=member] b").len(), 2, "nobody was let in");
    cleo_reads_nothing_of_it(cleo);
    for person in [ada, ben, cleo] {
        person.window.broke_no_policy();
    }
}
