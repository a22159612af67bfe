//! Whom the app speaks to: nobody, until a person names a relay, and then nobody else.

use crate::display::Display;
use crate::person::{makes_a_vault, unlocks, write_at_once};
use crate::relay::Relay;
use crate::setting::Setting;
use crate::together::founds_a_group;
use crate::window::Window;
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

const CONTROL: char = '\u{e009}';
const ESCAPE: &str = "\u{e00c}";
const F1: &str = "\u{e031}";

#[test]
fn nobody_is_spoken_to_but_the_relay_that_a_person_has_named() {
    let folder = tempfile::tempdir().unwrap();
    let relay = Relay::start(folder.path());
    let display = Display::start(folder.path());
    let asked = folder.path().join("asked");
    let setting = Setting { asked: Some(&asked), ..Setting::default() };
    let window = Window::open_with(&display, &folder.path().join("ada"), setting);

    makes_a_vault(&window);
    write_at_once(&window, "The bridge at night was quiet, and I walked home.");
    window.press(&[CONTROL], "k");
    window.fill("find-words", "bridge");
    window.shows("quiet, and I walked home");
    window.press(&[], ESCAPE);
    window.press(&[], F1);
    window.choose("country", "DE");
    window.has("help-line");
    window.press(&[], ESCAPE);
    window.click("place-backups");
    window.click("place-settings");
    window.click("lock");
    unlocks(&window);
    // The page is driven over an address of its own, which is the test's.
    let driver = window.environment().remove("WEBKIT_INSPECTOR_SERVER").expect("a driver");
    assert_eq!(spoken_to(&asked, &[&driver]), BTreeSet::new());

    founds_a_group(&window, &relay);
    window.has("[data-testid=light][data-light=sent]");
    window.end();
    let relay = relay.address().replace("http://", "");
    assert_eq!(spoken_to(&asked, &[&driver]), BTreeSet::from([relay]));
}

/// The addresses of the Internet that were spoken to, but for those that a test brings with it.
fn spoken_to(asked: &Path, but: &[&str]) -> BTreeSet<String> {
    let text = fs::read_to_string(asked).expect("what was written down");
    let between = |line: &str, from: &str, to: &str| {
        Some(line.split_once(from)?.1.split_once(to)?.0.to_owned())
    };
    let address = |line: &str| {
        let port = between(line, "_port=htons(", ")");
        let host = between(line, "inet_addr(\"", "\"");
        // What is written in a way that is not known here is not passed over.
        port.zip(host).map_or_else(|| line.to_owned(), |(port, host)| format!("{host}:{port}"))
    };
    let lines = text.lines().filter(|line| line.contains("AF_INET"));
    lines.map(address).filter(|address| !but.contains(&address.as_str())).collect()
}
