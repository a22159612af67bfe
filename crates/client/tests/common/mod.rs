//! People with a profile each, and a clock that the test moves.
#![allow(dead_code, unreachable_pub, reason = "each test file uses a part of this")]

use hearthkeep_client::view::{EntryFilter, FieldsPatch};
use hearthkeep_client::{Cost, Event, Events, Hearthkeep, ManualClock};
use hearthkeep_model::Timestamp;
use hearthkeep_store::ProfileFolder;
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
        Self::of(ProfileFolder::open(profile).unwrap())
    }

    /// Opens a profile whose folder is held already.
    pub fn of(folder: ProfileFolder) -> Self {
        let clock = Arc::new(ManualClock::new(TONIGHT, 60));
        let heard = Arc::new(Mutex::new(Vec::new()));
        let events = Events::to({
            let heard = Arc::clone(&heard);
            move |event| heard.lock().unwrap().push(event)
        });
        let clock_here: Arc<dyn hearthkeep_client::Clock> = clock.clone();
        let app = Hearthkeep::of_folder(folder, clock_here, events, Cost::Least);
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

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n a small picture";

fn page(folder: &Path, name: &str, text: &str) {
    std::fs::write(folder.join(name), text).unwrap();
}

/// Gives somebody a journal with a picture, tags, feelings, one entry in the drawer, one erased.
pub async fn lived_in(person: &Person, scratch: &Path) {
    let folder = scratch.join("old app");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("lake.png"), PNG).unwrap();
    page(
        &folder,
        "a.md",
        "---\ndate: 2026-03-14T21:05:00-03:30\ntitle: The lake\ntags: [walk]\n---\nWe went.\n\n![the lake](lake.png)\n\n- [x] boots\n- [ ] coat\n",
    );
    page(
        &folder,
        "b.md",
        "---\ndate: 2026-05-01T08:00:00+09:00\n---\n# Morning\n\nA *quiet* one.\n",
    );
    page(&folder, "c.md", "---\ndate: 2026-06-01T08:00:00+01:00\n---\nNot this.\n");
    page(&folder, "d.md", "---\ndate: someday\n---\nNever read.\n");
    let imported = person.app.import(&folder, |_| {}).await.unwrap();
    assert_eq!((imported.added, imported.pictures, imported.unreadable.len()), (3, 1, 1));
    let rows = person.app.entries(&EntryFilter::default(), 0, 10).unwrap().rows;
    let by =
        |start: &str| rows.iter().find(|row| row.first_line.starts_with(start)).unwrap().id.clone();
    let patch = FieldsPatch { feelings: Some(vec!["tender".into()]), ..FieldsPatch::default() };
    person.app.set_fields(&by("We went"), patch).await.unwrap();
    person.app.to_drawer(&by("Morning")).await.unwrap();
    person.app.erase(&by("Not this")).await.unwrap();
    let mut settings = person.app.settings().await.unwrap();
    settings.lock_after_min = 7;
    person.app.set_settings(&settings).await.unwrap();
}
