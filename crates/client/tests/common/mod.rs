//! People with a profile each, and a clock that the test moves.
#![allow(dead_code, unreachable_pub, reason = "each test file uses a part of this")]

use hearthkeep_client::{Cost, Event, Events, Hearthkeep, ManualClock};
use hearthkeep_model::Timestamp;
use std::path::Path;
use std::sync::{Arc, Mutex};

pub const PASSPHRASE: &str = "a long walk by the sea";

/// 2026-11-24, 21:04 in Vienna.
pub const TONIGHT: Timestamp = Timestamp(1_795_550_640_000);

pub struct Person {
    pub app: Hearthkeep,
    pub clock: Arc<ManualClock>,
    pub heard: Arc<Mutex<Vec<Event>>>,
}

impl Person {
    /// Opens a profile as it lies there.
    pub fn at(profile: &Path) -> Self {
        let clock = Arc::new(ManualClock::new(TONIGHT, 60));
        let heard = Arc::new(Mutex::new(Vec::new()));
        let events = Events::to({
            let heard = Arc::clone(&heard);
            move |event| heard.lock().unwrap().push(event)
        });
        let clock_here: Arc<dyn hearthkeep_client::Clock> = clock.clone();
        let app = Hearthkeep::open_at_cost(profile, clock_here, events, Cost::Least).unwrap();
        Self { app, clock, heard }
    }

    /// Somebody with a new vault.
    pub async fn new(profile: &Path) -> (Self, String) {
        let person = Self::at(profile);
        let words = person.app.create_vault(PASSPHRASE).await.unwrap();
        (person, words.words.join(" "))
    }

    pub fn heard(&self, event: &Event) -> bool {
        self.heard.lock().unwrap().contains(event)
    }
}
