//! They come together: founding, invitations, words that are compared, a second facilitator.

use super::{Evening, Person};
use crate::person::makes_a_vault;
use crate::relay::Relay;
use crate::together::fills_in_a_group;
use crate::window::Window;

const ESCAPE: &str = "\u{e00c}";

pub(super) fn they_come_together() -> Evening {
    let folder = tempfile::tempdir().expect("a folder");
    let relay = Relay::start(folder.path());
    let ada = Person::sits_down("Ada", folder.path());
    makes_a_vault(&ada.window);
    founds(&ada, &relay);

    // Ben has the link before he has a vault, and it outlives the set-up.
    let ben = Person::sits_down("Ben", folder.path());
    let link = invites(&ada.window);
    ben.window.shows_page("lock.html");
    ben.window.click("have-invitation");
    ben.window.fill("invitation-link", &link);
    ben.window.click("keep-invitation");
    ben.window.has("invitation-kept");
    makes_a_vault(&ben.window);
    ben.window.click("open-waiting-invitation");
    comes_in(&ada, &ben);

    let cleo = Person::sits_down("Cleo", folder.path());
    makes_a_vault(&cleo.window);
    let link = invites(&ada.window);
    cleo.window.click("first-invitation");
    cleo.window.fill("invitation-link", &link);
    cleo.window.click("open-invitation");
    comes_in(&ada, &cleo);

    ada.window.click("open-members");
    member_menu(&ada.window, "Ben");
    ada.window.click("make-facilitator");
    ben.window.click("open-members");
    ben.window.has("invite-somebody");
    ada.window.remember("evening-2-members");
    Evening { ada, ben, cleo, relay, folder }
}

fn founds(ada: &Person, relay: &Relay) {
    fills_in_a_group(&ada.window, relay, "Thursday people", ada.name);
    ada.window.click("found-group");
    reads_that_nobody_watches(&ada.window);
}

/// Makes an invitation; the answer is its link.
pub(super) fn invites(facilitator: &Window) -> String {
    facilitator.click("place-group");
    facilitator.click("open-members");
    facilitator.click("invite-somebody");
    let link = facilitator.value_of("invite-link");
    assert!(link.starts_with("hearthkeep://join#"), "the secret stays in the fragment");
    facilitator.press(&[], ESCAPE);
    facilitator.has_no("invite-link");
    link
}

/// Asks to come in with a link that was opened; the answer is the words to compare.
pub(super) fn asks(newcomer: &Person) -> Vec<String> {
    newcomer.window.fill("own-name", newcomer.name);
    newcomer.window.click("ask-to-join");
    newcomer.window.has("asked-words");
    newcomer.window.texts_of("[data-testid=asked-words] li")
}

/// Looks at the request that waits; the answer is its words.
pub(super) fn sees_the_request(facilitator: &Person) -> Vec<String> {
    facilitator.window.click("see-request");
    facilitator.window.has("request-words");
    facilitator.window.texts_of("[data-testid=request-words] li")
}

/// Asks to come in; both compare the words; letting in without having compared is impossible.
fn comes_in(facilitator: &Person, newcomer: &Person) {
    let (door, outside) = (&facilitator.window, &newcomer.window);
    let asked = asks(newcomer);
    assert_eq!(sees_the_request(facilitator), asked, "both see the same words");
    door.click("let-in");
    assert!(door.has_now("request-panel"), "nobody is let in before words are compared");
    door.remember(&format!("evening-1-{}-asks", newcomer.name));
    door.click("words-heard");
    door.click("let-in");
    door.has_no("request-panel");
    outside.click("place-group");
    reads_that_nobody_watches(outside);
    outside.has("share-something");
    door.click("place-group");
}

fn reads_that_nobody_watches(window: &Window) {
    window.has("watch-note");
    window.shows("Nobody watches here");
    window.click("watch-read");
    window.has_no("watch-note");
    // It is read once, not every time.
    window.click("place-today");
    window.click("place-group");
    window.has("feed");
    assert!(!window.has_now("watch-note"), "it is read once");
}

/// Opens what can be done for somebody.
pub(super) fn member_menu(window: &Window, name: &str) {
    window.click(&format!("[data-testid=member-menu][aria-label*={name}]"));
}
