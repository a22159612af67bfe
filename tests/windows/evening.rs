//! Three people, three windows, one relay: they come together, one shares, one is heard.

use crate::display::Display;
use crate::person::{makes_a_vault, write_at_once};
use crate::relay::Relay;
use crate::window::Window;
use std::path::Path;
use tempfile::TempDir;

const BEFORE: &str = "I came home late.";
const THREE: [&str; 3] = ["We sat on the roof.", "The anger left slowly.", "Nobody asked me why."];
const AFTER: &str = "The rest is only for me.";

/// Somebody with a screen and a profile of their own.
struct Person {
    name: &'static str,
    window: Window,
    // A window closes before its screen does.
    _display: Display,
}

impl Person {
    fn sits_down(name: &'static str, folder: &Path) -> Self {
        let home = folder.join(name);
        std::fs::create_dir_all(&home).expect("a folder");
        let display = Display::start(&home);
        let window = Window::open(&display, &home.join("profile"));
        Self { name, window, _display: display }
    }

    /// Goes to the group.
    fn looks_at_the_group(&self) {
        self.window.click("place-group");
        self.window.has("feed");
    }
}

struct Evening {
    ada: Person,
    ben: Person,
    cleo: Person,
    _relay: Relay,
    _folder: TempDir,
}

#[test]
fn three_people_come_together_share_and_are_heard() {
    let evening = they_come_together();
    ada_shares_three_sentences(&evening);
    ben_shows_that_he_heard(&evening);
    for person in [&evening.ada, &evening.ben, &evening.cleo] {
        person.window.broke_no_policy();
    }
}

fn they_come_together() -> Evening {
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
    Evening { ada, ben, cleo, _relay: relay, _folder: folder }
}

fn founds(ada: &Person, relay: &Relay) {
    ada.window.click("place-new-group");
    ada.window.fill("group-name", "Thursday people");
    ada.window.fill("own-name", ada.name);
    ada.window.fill("relay-url", &relay.address());
    ada.window.fill("relay-token", &relay.token());
    ada.window.click("found-group");
    reads_that_nobody_watches(&ada.window);
}

fn invites(facilitator: &Window) -> String {
    facilitator.click("place-group");
    facilitator.click("open-members");
    facilitator.click("invite-somebody");
    let link = facilitator.value_of("invite-link");
    assert!(link.starts_with("hearthkeep://join#"), "the secret stays in the fragment");
    facilitator.press(&[], "\u{e00c}");
    facilitator.has_no("invite-link");
    link
}

/// Asks to come in; both compare the words; letting in without having compared is impossible.
fn comes_in(facilitator: &Person, newcomer: &Person) {
    let (door, outside) = (&facilitator.window, &newcomer.window);
    outside.fill("own-name", newcomer.name);
    outside.click("ask-to-join");
    outside.has("asked-words");
    door.click("see-request");
    let asked = outside.texts_of("[data-testid=asked-words] li");
    door.has("request-words");
    assert_eq!(door.texts_of("[data-testid=request-words] li"), asked, "both see the same words");
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

fn member_menu(window: &Window, name: &str) {
    window.click(&format!("[data-testid=member-menu][aria-label*={name}]"));
}

fn ada_shares_three_sentences(evening: &Evening) {
    let Evening { ada, ben, cleo, .. } = evening;
    ada.window.click("place-today");
    write_at_once(&ada.window, &[&[BEFORE], &THREE[..], &[AFTER]].concat().join("\u{e007}"));
    ada.window.click("place-journal");
    ada.window.click("entry-row");
    ada.window.click("share-entry");
    let column = "[data-testid=share-entry-text] p";
    ada.window.drag(&format!("{column}:nth-of-type(2)"), &format!("{column}:nth-of-type(4)"));
    ada.window.click("take-words");
    ada.window.click_one("reader", "Ben");
    ada.window.click_one("reader", "Cleo");
    let preview = ada.window.texts_of("[data-testid=share-preview] p");
    assert_eq!(preview, THREE, "exactly this is what the others will see");
    let exactly = ada.window.text_of("exactly");
    assert!(exactly.contains("Ben") && exactly.contains("Cleo"), "{exactly}");
    ada.window.remember("evening-3-exactly");
    ada.window.click("share-go");
    ada.window.has("[data-testid=reflection][data-state=waiting]");
    ada.window.remember("evening-4-ten-seconds");
    for reader in [ben, cleo] {
        reader.looks_at_the_group();
        assert!(!reader.window.has_now("reflection"), "nothing leaves during the ten seconds");
    }
    for reader in [ben, cleo] {
        reader.window.has("reflection");
        assert_eq!(reader.window.texts_of("[data-testid=note-text] p"), THREE);
        reader.window.remember(&format!("evening-5-{}-reads", reader.name));
    }
    ada.window.has("[data-testid=reflection][data-state=there]");
}

fn ben_shows_that_he_heard(evening: &Evening) {
    let Evening { ada, ben, cleo, .. } = evening;
    for reader in [ben, cleo] {
        assert!(!reader.window.has_now("answer-open"), "who wants to be heard gets no words back");
    }
    ben.window.click("react-heard");
    for person in [ada, cleo] {
        person.window.has("reacted");
        assert!(person.window.text_of("reacted").contains("Ben"));
    }
}
