//! The process is killed while a backup comes back. The profile is still empty then and takes the
//! backup at the next try, or all of it is there: never half of a journal that opens.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    reason = "a test may stop when its own ground gives way, and prints its seed"
)]

mod common;

use common::{Person, lived_in};
use hearthkeep_client::view::{FieldsPatch, ProfileState, RestoreSecret};
use hearthkeep_tests::canonical::canonical;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

const PROFILE: &str = "HEARTHKEEP_TEST_PROFILE";
const BACKUP: &str = "HEARTHKEEP_TEST_BACKUP";
const BACKUP_PASSPHRASE: &str = "seven quiet lanterns";
const NEW_PASSPHRASE: &str = "another long passphrase";
const ROUNDS_AN_AIM: u32 = 3;

/// What the blow waits for: once this file is there it falls, a random while later. In the order
/// in which they come: the vault is made aside, then its parts take their places.
const AIMS: [&str; 7] = [
    "",
    "restoring/vault.db",
    "restoring/slots",
    "restoring/ballast",
    "vault.db",
    "slots",
    "slots.kept",
];

/// Not a test of its own: the process that is killed.
#[tokio::test]
async fn the_one_that_is_killed() {
    let (Ok(profile), Ok(backup)) = (env::var(PROFILE), env::var(BACKUP)) else { return };
    let person = Person::at(Path::new(&profile));
    restore(&person, Path::new(&backup)).await;
    // Locking may be cut off too.
    person.app.lock().await.unwrap();
}

async fn restore(person: &Person, backup: &Path) {
    let secret = RestoreSecret::Passphrase(BACKUP_PASSPHRASE.into());
    person.app.restore(backup, secret, NEW_PASSPHRASE, |_| {}).await.unwrap();
}

#[tokio::test]
async fn killed_at_random_moments_of_a_restore_the_profile_is_empty_or_whole() {
    let seed: u64 = env::var("SEED").map_or(20_261_128, |seed| seed.parse().unwrap());
    println!("SEED={seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let place = tempfile::tempdir().unwrap();
    let lost = Lost::computer(place.path()).await;
    let whole = lost.comes_back(&place.path().join("untouched")).await;
    let (mut empty, mut there) = (0, 0);
    for aim in AIMS {
        for round in 0..ROUNDS_AN_AIM {
            let name = format!("{} {round}", aim.replace('/', " "));
            let profile = place.path().join(name);
            let mut child = lost.begins_to_come_back(&profile);
            let at_most = if aim.is_empty() { whole } else { Duration::from_millis(15) };
            let after = random.random_range(Duration::ZERO..at_most);
            falls(&mut child, &profile.join(aim), after);
            match lost.is_empty_or_whole(&profile).await {
                ProfileState::New => empty += 1,
                ProfileState::Locked | ProfileState::Unlocked => there += 1,
            }
            fs::remove_dir_all(&profile).unwrap();
        }
    }
    println!("{empty} times empty, {there} times whole");
    assert!(
        empty > 0 && there > 0,
        "{empty} times empty, {there} times whole: all blows fell alike"
    );
}

/// Waits for the file, then a while, then kills.
fn falls(child: &mut Child, file: &Path, after: Duration) {
    while !file.exists() && child.try_wait().unwrap().is_none() {
        thread::yield_now();
    }
    thread::sleep(after);
    // It may have come to its end meanwhile: then all is there.
    child.kill().ok();
    child.wait().unwrap();
}

/// What is left of a computer: a backup, and what was in the journal.
struct Lost {
    backup: PathBuf,
    lived: BTreeMap<String, String>,
}

impl Lost {
    async fn computer(place: &Path) -> Self {
        let (person, _) = Person::new(&place.join("old")).await;
        lived_in(&person, place).await;
        for night in 0..40 {
            let text = format!("Night {night}. The kettle, the radio, the dog next door.");
            let row = person.app.add_entry(&text, FieldsPatch::default()).await.unwrap();
            if night % 3 == 0 {
                let bytes = [b"\x89PNG\r\n\x1a\n", text.as_bytes()].concat();
                let picture = person.app.attach(&row.id, "night.png", bytes).await.unwrap();
                let with = format!("{text}\n\n![the night](hk:{picture})\n");
                person.app.replace_markdown(&row.id, &with).await.unwrap();
            }
        }
        let mut settings = person.app.settings().await.unwrap();
        settings.words_rehearsed = true;
        person.app.set_settings(&settings).await.unwrap();
        let backup = place.join("stick");
        fs::create_dir(&backup).unwrap();
        person.app.choose_backup_folder(&backup, BACKUP_PASSPHRASE).await.unwrap();
        person.app.backup_now(|_| {}).await.unwrap();
        Self { backup, lived: canonical(&person.app).await.unwrap() }
    }

    fn begins_to_come_back(&self, profile: &Path) -> Child {
        fs::create_dir(profile).unwrap();
        Command::new(env::current_exe().unwrap())
            .args(["--exact", "the_one_that_is_killed", "--nocapture"])
            .env(PROFILE, profile)
            .env(BACKUP, &self.backup)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap()
    }

    /// How long it takes when nobody disturbs it.
    async fn comes_back(&self, profile: &Path) -> Duration {
        let started = Instant::now();
        assert!(self.begins_to_come_back(profile).wait().unwrap().success());
        let whole = started.elapsed();
        assert_eq!(self.is_empty_or_whole(profile).await, ProfileState::Locked);
        whole
    }

    /// Which of the two it was.
    async fn is_empty_or_whole(&self, profile: &Path) -> ProfileState {
        let person = Person::at(profile);
        let state = person.app.profile().state;
        assert!(!profile.join("restoring").exists(), "what was cut off is gone");
        match state {
            ProfileState::New => restore(&person, &self.backup).await,
            ProfileState::Locked | ProfileState::Unlocked => {
                person.app.unlock(NEW_PASSPHRASE).await.unwrap();
            }
        }
        assert_eq!(canonical(&person.app).await.unwrap(), self.lived, "{state:?}");
        let settings = person.app.settings().await.unwrap();
        assert!(!settings.words_rehearsed, "nobody has tried the new words");
        let check = person.app.check().await.unwrap();
        assert!(check.damaged.is_empty() && check.database_sound, "{state:?}: {check:?}");
        person.app.lock().await.unwrap();
        state
    }
}
