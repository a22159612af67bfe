//! What `./dev demo` shows: two of three members, and the month that they have behind them.

use crate::display::Display;
use crate::person::unlocks;
use crate::process::built;
use crate::relay::Relay;
use crate::window::Window;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The size of a window as it first opens.
const SIZE: (u32, u32) = (1280, 800);

#[test]
fn two_members_have_a_month_behind_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let relay = Relay::start(folder.path());
    let filled = Command::new(built("examples/demo"))
        .arg(folder.path())
        .args([relay.address(), relay.token()])
        .status();
    assert!(filled.is_ok_and(|status| status.success()), "a month is lived");
    for name in ["Ada", "Ben"] {
        let display = Display::start(&folder.path().join(name));
        let window = Window::open(&display, &folder.path().join(name));
        unlocks(&window);
        pictured(&window, &format!("{name}-today"));
        window.click_one("nav .place", "Thursday people");
        window.shows("It is going to be a shelf.");
        window.shows("We want a picture of the jars");
        assert!(window.has_now("[data-testid=place-group][aria-current=page]"));
        pictured(&window, &format!("{name}-group"));
        window.end();
    }
}

/// Keeps a picture where `./dev demo` asks for it, else with those of the other journeys.
fn pictured(window: &Window, name: &str) {
    match std::env::var_os("HEARTHKEEP_DEMO").map(PathBuf::from) {
        Some(folder) => {
            window.settles();
            window.picture(&Path::new(&folder).join(format!("{name}.png")), SIZE);
        }
        None => window.remember(&format!("demo-{name}")),
    }
}
