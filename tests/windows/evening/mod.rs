//! Three people, three windows, one relay: an evening from the founding to a removal.
//!
//! One story, told in turn by the files beside this one: coming together takes the longest, and
//! everything after it needs three people who have.

mod advice;
mod removal;
mod share;
mod swapped;
mod take_back;
mod together;
mod weather;

use crate::display::Display;
use crate::person::unlocks;
use crate::relay::Relay;
use crate::time::until;
use crate::window::Window;
use serde_json::json;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// Somebody with a screen and a profile of their own.
struct Person {
    name: &'static str,
    profile: PathBuf,
    window: Window,
    // A window closes before its screen does.
    display: Display,
}

/// Somebody whose computer is off.
struct Away {
    name: &'static str,
    profile: PathBuf,
    display: Display,
}

impl Person {
    fn sits_down(name: &'static str, folder: &Path) -> Self {
        let home = folder.join(name);
        std::fs::create_dir_all(&home).expect("a folder");
        let display = Display::start(&home);
        let profile = home.join("profile");
        let window = Window::open(&display, &profile);
        Self { name, profile, window, display }
    }

    /// The power goes.
    fn loses_power(self) -> Away {
        self.window.cut_the_power();
        Away { name: self.name, profile: self.profile, display: self.display }
    }

    /// Goes to the group.
    fn looks_at_the_group(&self) {
        self.window.click("place-group");
        self.window.has("feed");
    }

    /// Waits for the reflection with these words; the answer is where it stands.
    fn finds(&self, words: &str) -> String {
        let look = format!(
            "[...document.querySelectorAll('[data-testid=reflection]')]
                .find(one => one.querySelector('[data-testid=note-text]')?.innerText.includes({}))
                ?.dataset.note ?? null",
            json!(words)
        );
        let note = until(&format!("{words:?} in {}'s window", self.name), || {
            self.window.read(&look)?.as_str().map(str::to_owned)
        });
        format!("[data-note='{note}']")
    }

    /// All words of others and one's own in the group, as they stand there.
    fn reads(&self) -> Vec<String> {
        self.window.texts_of("[data-testid=note-text], [data-testid=answer] .prose")
    }

    /// Waits until all that was written has gone out.
    fn has_sent_all(&self) {
        self.window.has("[data-testid=light][data-light=sent]");
    }

    /// Nothing was found that needs a person.
    fn has_no_alarm(&self) {
        assert!(!self.window.has_now("alarm"), "{} is alarmed", self.name);
    }
}

impl Away {
    /// The power is back.
    fn comes_back(self) -> Person {
        let window = Window::open(&self.display, &self.profile);
        unlocks(&window);
        Person { name: self.name, profile: self.profile, window, display: self.display }
    }
}

struct Evening {
    ada: Person,
    ben: Person,
    cleo: Person,
    relay: Relay,
    folder: TempDir,
}

impl Evening {
    fn people(&self) -> [&Person; 3] {
        [&self.ada, &self.ben, &self.cleo]
    }
}

#[test]
fn three_people_come_together_share_answer_take_back_and_part() {
    let mut evening = together::they_come_together();
    share::ada_shares_three_sentences(&evening);
    share::ben_shows_that_he_heard(&evening);
    advice::ben_asks_for_advice_and_gets_it(&evening);
    advice::ben_corrects_a_word(&evening);
    weather::all_write_on_while_the_relay_is_away(&mut evening);
    weather::everything_arrives_once_and_in_one_order(&mut evening);
    let mut evening = take_back::ada_takes_back_what_cleo_has_while_cleo_is_away(evening);
    removal::cleo_is_removed_and_told_so(&evening);
    removal::the_two_go_on(&evening);
    swapped::another_asks_in_cleos_name(&mut evening);
}
