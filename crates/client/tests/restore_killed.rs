//! The process is killed while a backup comes back, at random moments and at every write point. The
//! profile is still empty then and takes the backup at the next try, or all of it is there: never
//! half of a journal that opens.
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
use hearthkeep_store::{ProfileFolder, WritePoint};
use hearthkeep_tests::canonical::canonical;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

const PROFILE: &str = "HEARTHKEEP_TEST_PROFILE";
const BACKUP: &str = "HEARTHKEEP_TEST_BACKUP";
const DIES_AT: &str = "HEARTHKEEP_TEST_DIES_AT";
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

/// At each of these somebody must have died.
const KINDS: [WritePoint; 19] = [
    WritePoint::SlotsNew,
    WritePoint::SlotsKept,
    WritePoint::SlotsRenamed,
    WritePoint::AttachmentNew,
    WritePoint::AttachmentRenamed,
    WritePoint::Begin,
    WritePoint::Row,
    WritePoint::BeforeCommit,
    WritePoint::AfterCommit,
    WritePoint::Checkpoint,
    WritePoint::Unlink,
    WritePoint::SetAside,
    WritePoint::AttachmentsCleared,
    WritePoint::AttachmentsAdopted,
    WritePoint::DatabaseAdopted,
    WritePoint::Adopted,
    WritePoint::DatabaseTakenBack,
    WritePoint::AttachmentsTakenBack,
    WritePoint::AsideForgotten,
];

/// Not a test of its own: the process that is killed.
#[tokio::test]
async fn the_one_that_is_killed() {
    let Ok(profile) = env::var(PROFILE) else { return };
    let mut folder = ProfileFolder::open(Path::new(&profile)).unwrap();
    if let Ok(dies_at) = env::var(DIES_AT) {
        folder = folder.with_hook(dies_at_point(dies_at.parse().unwrap()));
    }
    let person = Person::of(folder);
    // Without a backup it only starts, and removes what was left.
    let Ok(backup) = env::var(BACKUP) else { return };
    restore(&person, Path::new(&backup)).await;
    // Locking may be cut off too.
    person.app.lock().await.unwrap();
}

/// Says where it dies, for the test to count the kinds.
fn dies_at_point(dies_at: u32) -> impl Fn(WritePoint) + Send + Sync {
    let passed = AtomicU32::new(0);
    move |point| {
        if passed.fetch_add(1, Ordering::Relaxed) == dies_at {
            println!("died at {point:?}");
            std::process::abort();
        }
    }
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
    let lost = Lost::computer(place.path(), 40).await;
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

#[tokio::test]
async fn killed_at_every_write_point_of_a_restore_the_profile_is_empty_or_whole() {
    let place = tempfile::tempdir().unwrap();
    let lost = Lost::computer(place.path(), 1).await;
    let (mut empty, mut there, mut kinds) = (0, 0, BTreeSet::new());
    for dies_at in 0.. {
        let profile = place.path().join(format!("killed at {dies_at}"));
        let older = Older::database_without_slots(&profile, &place.path().join("old"));
        let Some(point) = dies(&profile, Some(&lost.backup), dies_at) else { break };
        kinds.insert(point.clone());
        // The start that removes what was left is killed as well, once at each of its points.
        let starts = (0..).map_while(|dies_at| dies(&profile, None, dies_at));
        kinds.extend(starts);
        older.is_there_once(&profile, &point);
        older.is_alone_or_the_vault_is_there(&profile, &point);
        match lost.is_empty_or_whole(&profile).await {
            ProfileState::New => empty += 1,
            ProfileState::Locked | ProfileState::Unlocked => there += 1,
        }
        older.is_there_once(&profile, &point);
        fs::remove_dir_all(&profile).unwrap();
    }
    println!("{empty} times empty, {there} times whole: {kinds:?}");
    for kind in KINDS {
        assert!(kinds.contains(&format!("{kind:?}")), "nobody died at {kind:?}: {kinds:?}");
    }
    assert!(empty > 20 && there > 2, "{empty} times empty, {there} times whole");
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

/// Lets a process die at this point, and says which it was; none when it came to its end before.
fn dies(profile: &Path, backup: Option<&Path>, dies_at: u32) -> Option<String> {
    let mut child = Command::new(env::current_exe().unwrap());
    child.args(["--exact", "the_one_that_is_killed", "--nocapture"]);
    child.env(PROFILE, profile).env(DIES_AT, dies_at.to_string());
    if let Some(backup) = backup {
        child.env(BACKUP, backup);
    }
    let output = child.output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let point = said.lines().find_map(|line| line.split_once("died at ")).map(|(_, at)| at.into());
    assert_eq!(point.is_none(), output.status.success(), "{said}");
    point
}

/// A database whose slots were lost, with a log: whoever finds the slots wants both.
struct Older([(&'static str, Vec<u8>); 2]);

impl Older {
    fn database_without_slots(profile: &Path, of: &Path) -> Self {
        fs::create_dir(profile).unwrap();
        let parts = [("", fs::read(of.join("vault.db")).unwrap()), ("-wal", b"a log".to_vec())];
        for (part, bytes) in &parts {
            fs::write(profile.join(format!("vault.db{part}")), bytes).unwrap();
        }
        Self(parts)
    }

    /// Each part is there under one name, and there is no second database set aside.
    fn is_there_once(&self, profile: &Path, point: &str) {
        for (part, bytes) in &self.0 {
            let names = [format!("vault.db{part}"), format!("vault.db.aside{part}")];
            let holds = |name: &&String| fs::read(profile.join(name)).is_ok_and(|is| is == *bytes);
            assert_eq!(names.iter().filter(holds).count(), 1, "{point}: vault.db{part}");
        }
        assert!(!profile.join("vault.db.aside2").exists(), "{point}");
    }

    /// Of a vault that did not come into being nothing lies about.
    fn is_alone_or_the_vault_is_there(&self, profile: &Path, point: &str) {
        if profile.join("slots").exists() {
            return;
        }
        let [(_, database), _] = &self.0;
        let lies = fs::read(profile.join("vault.db"));
        assert!(lies.is_err() || lies.is_ok_and(|lies| lies == *database), "{point}");
        let attachments = fs::read_dir(profile.join("attachments")).unwrap();
        assert_eq!(attachments.count(), 0, "{point}");
        assert!(!profile.join("restoring").exists(), "{point}");
    }
}

/// What is left of a computer: a backup, and what was in the journal.
struct Lost {
    backup: PathBuf,
    lived: BTreeMap<String, String>,
}

impl Lost {
    async fn computer(place: &Path, nights: u32) -> Self {
        let (person, _) = Person::new(&place.join("old")).await;
        lived_in(&person, place).await;
        for night in 0..nights {
            let text = format!("Night {night}. The kettle, the radio, the dog next door.");
            let row = person.app.add_entry(&text, FieldsPatch::default()).await.unwrap();
            if night % 3 == 0 {
                let bytes = [b"\x89PNG\r\n\x1a\n", text.as_bytes()].concat();
                let picture = person.app.attach(&row.id, "night.png", bytes).await.unwrap();
                let with = format!("{text}\n\n![the night](hk:{picture})\n");
                person.app.replace_markdown(&row.id, &with, FieldsPatch::default()).await.unwrap();
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
