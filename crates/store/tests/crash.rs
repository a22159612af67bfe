//! Crashes: at every write point, by kill, and with a log that was cut or scribbled on.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::print_stdout,
    reason = "a test that fails may stop, and prints its seed"
)]

mod common;

use common::{PASSPHRASE, copy_profile, create, head, id, put, reopen, try_reopen};
use hearthkeep_crypto::passphrase::{KdfParams, SlotsError};
use hearthkeep_crypto::secrets::Secrets;
use hearthkeep_crypto::words::RecoveryPhrase;
use hearthkeep_model::{AttachmentId, Timestamp, VersionId};
use hearthkeep_store::{
    AttachmentMeta, ProfileFolder, Store, StoreError, Table, VersionHead, WritePoint,
};
use rand::{Rng, SeedableRng, rngs::StdRng};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What the vault had acknowledged when a copy was taken: text of each entry, `None` for erased.
type Told = BTreeMap<u32, Option<String>>;

/// One copy of the folder, what had been told by then, and what was being written.
struct Crash {
    point: WritePoint,
    folder: PathBuf,
    told: Told,
    underway: Told,
}

#[tokio::test]
async fn at_every_write_point_all_that_was_told_is_there_and_nothing_is_half() {
    let (place, copies) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (folder, store, secrets) = create(place.path()).await;
    store.close().await;
    drop((store, folder));
    let told: Arc<Mutex<(Told, Told)>> = Arc::default();
    let crashes: Arc<Mutex<Vec<Crash>>> = Arc::default();
    let folder = ProfileFolder::open(place.path()).unwrap().with_hook({
        let (from, to) = (place.path().to_owned(), copies.path().to_owned());
        let (told, crashes) = (Arc::clone(&told), Arc::clone(&crashes));
        move |point| {
            let mut crashes = crashes.lock().unwrap();
            let folder = to.join(crashes.len().to_string());
            copy_profile(&from, &folder);
            let (told, underway) = told.lock().unwrap().clone();
            crashes.push(Crash { point, folder, told, underway });
        }
    });
    let folder = Arc::new(folder);
    let key = folder.read_slots().unwrap().open_with_words(&secrets.phrase).unwrap();
    let store = Store::unlock(&folder, key).await.unwrap();
    evening(&store, &told).await;
    store.change_passphrase("another good walk", KdfParams::FLOOR).unwrap();
    store.close().await;
    let crashes = std::mem::take(&mut *crashes.lock().unwrap());
    let points: BTreeSet<_> = crashes.iter().map(|crash| crash.point).collect();
    assert_eq!(points.len(), 11, "every kind but those of adopting was passed: {points:?}");
    for crash in &crashes {
        check(crash, &secrets).await;
    }
}

/// Writes, rewrites, attaches, keeps a version, erases; says each thing as told once it was.
async fn evening(store: &Store, told: &Mutex<(Told, Told)>) {
    for round in 0..3u32 {
        for n in 0..3u32 {
            let text = format!("round {round} entry {n}");
            told.lock().unwrap().1 = BTreeMap::from([(n, Some(text.clone()))]);
            put(store, n, &text).await;
            told.lock().unwrap().0.insert(n, Some(text));
        }
    }
    let picture = AttachmentId::from_bytes([9; 16]);
    store.write_attachment(picture, b"picture").unwrap();
    let mut tx = store.begin().await.unwrap();
    tx.put_attachment(&AttachmentMeta::of(picture, id(2), "a", "image/png", b"picture"));
    let version = VersionHead {
        id: VersionId::from_bytes([7; 16]),
        entry: id(2),
        at: Timestamp(5),
        words: 3,
    };
    tx.put_version(&version, b"earlier").unwrap();
    tx.put(Table::Outbox, b"group", b"1", b"waits");
    tx.put(Table::GroupState, b"group", b"", b"state");
    tx.commit().await.unwrap();
    told.lock().unwrap().1 = BTreeMap::from([(2, None)]);
    let mut tx = store.begin().await.unwrap();
    tx.erase_entry(id(2)).await.unwrap();
    tx.commit().await.unwrap();
    store.wipe().await.unwrap();
    told.lock().unwrap().0.insert(2, None);
}

async fn check(crash: &Crash, secrets: &Secrets) {
    let at = crash.point;
    let store = reopen(&crash.folder, secrets).await;
    assert!(store.damaged().is_empty(), "{at:?}");
    for n in 0..3 {
        let found = match store.entry_text(id(n)).await {
            Ok(text) => Some(String::from_utf8(text.to_vec()).unwrap()),
            Err(StoreError::NoEntry(_)) => None,
            Err(error) => panic!("{at:?}: {error}"),
        };
        assert_eq!(found.is_some(), store.head(id(n)).is_some(), "{at:?}: header and text");
        let told = crash.told.get(&n).cloned().flatten();
        let coming = crash.underway.get(&n).cloned().flatten();
        assert!(found == told || found == coming, "{at:?}: {found:?}, told {told:?}");
    }
    // Rows of one transaction come together or not at all.
    let waits = store.get(Table::Outbox, b"group", b"1").await.unwrap();
    let state = store.get(Table::GroupState, b"group", b"").await.unwrap();
    assert_eq!(waits.is_some(), state.is_some(), "{at:?}");
    for meta in store.attachments().await.unwrap() {
        assert_eq!(store.read_attachment(meta.id).unwrap().as_slice(), b"picture", "{at:?}");
    }
    // A passphrase opens at every moment: the old one or the new one.
    let slots = ProfileFolder::read_slots(store.folder()).unwrap();
    if matches!(at, WritePoint::SlotsNew | WritePoint::SlotsKept | WritePoint::SlotsRenamed) {
        let old = slots.open_with_passphrase(PASSPHRASE);
        let new = slots.open_with_passphrase("another good walk");
        assert!(old.is_ok() != new.is_ok(), "{at:?}");
        assert_eq!(old.err().or(new.err()), Some(SlotsError::NoSlotOpens));
    }
}

const FOLDER: &str = "HEARTHKEEP_TEST_FOLDER";
const WORDS: &str = "HEARTHKEEP_TEST_WORDS";
const FROM: &str = "HEARTHKEEP_TEST_FROM";

/// Not a test of its own: the process that is killed. It says every entry once it is stored.
#[tokio::test]
async fn writer_that_is_killed() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let phrase = RecoveryPhrase::parse(&std::env::var(WORDS).unwrap()).unwrap();
    let secrets = Secrets { phrase, ..Secrets::generate() };
    let store = reopen(Path::new(&folder), &secrets).await;
    let from: u32 = std::env::var(FROM).unwrap().parse().unwrap();
    for n in from.. {
        put(&store, n, &format!("entry {n}")).await;
        println!("stored {n}");
    }
}

#[tokio::test]
async fn killed_at_random_moments_it_loses_nothing_that_was_told() {
    let seed: u64 = std::env::var("SEED").map_or(20_261_124, |seed| seed.parse().unwrap());
    println!("SEED={seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let place = tempfile::tempdir().unwrap();
    let (folder, store, secrets) = create(place.path()).await;
    store.close().await;
    drop((store, folder));
    let mut next = 0;
    for round in 0..20 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "writer_that_is_killed", "--nocapture"])
            .env(FOLDER, place.path())
            .env(WORDS, secrets.phrase.text().as_str())
            .env(FROM, next.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let stored = |line: &str| line.strip_prefix("stored ").and_then(|n| n.parse::<u32>().ok());
        // The blow falls some time after the first entry was told.
        let mut told = lines.by_ref().map_while(Result::ok).find_map(|line| stored(&line)).unwrap();
        std::thread::sleep(Duration::from_micros(random.random_range(0..60_000)));
        child.kill().unwrap();
        child.wait().unwrap();
        for line in lines.map_while(Result::ok) {
            told = stored(&line).unwrap_or(told);
        }
        let store = reopen(place.path(), &secrets).await;
        let count = u32::try_from(store.heads().len()).unwrap();
        assert!(count > told, "round {round}: told {told}, there are {count}");
        for n in next..count {
            let text = store.entry_text(id(n)).await.unwrap();
            assert_eq!(text.as_slice(), format!("entry {n}").as_bytes(), "round {round}");
        }
        assert!(store.damaged().is_empty(), "round {round}");
        store.close().await;
        next = count;
    }
    println!("{next} entries in 20 rounds");
}

#[tokio::test]
async fn a_log_that_was_cut_or_scribbled_on_opens_to_a_prefix() {
    let seed: u64 = std::env::var("SEED").map_or(7, |seed| seed.parse().unwrap());
    println!("SEED={seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let (place, copies) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (_folder, store, secrets) = create(place.path()).await;
    store.wipe().await.unwrap();
    for n in 0..40 {
        put(&store, n, &format!("entry {n}")).await;
    }
    let log = std::fs::read(place.path().join("vault.db-wal")).unwrap();
    assert!(log.len() > 500_000, "{}", log.len());
    let mut lengths = BTreeSet::new();
    for round in 0..120 {
        let copy = copies.path().join(round.to_string());
        copy_profile(place.path(), &copy);
        std::fs::remove_file(copy.join("vault.db-shm")).unwrap();
        let mut bad = log.clone();
        let at = random.random_range(0..log.len());
        if round % 2 == 0 {
            bad.truncate(at);
        } else {
            let end = (at + 512).min(log.len());
            random.fill(&mut bad[at..end]);
        }
        std::fs::write(copy.join("vault.db-wal"), bad).unwrap();
        let store = try_reopen(&copy, &secrets).await.expect("the vault opens");
        let count = u32::try_from(store.heads().len()).unwrap();
        for n in 0..count {
            let text = store.entry_text(id(n)).await.unwrap();
            assert_eq!(text.as_slice(), format!("entry {n}").as_bytes(), "round {round} at {at}");
        }
        assert!(store.damaged().is_empty() && store.check().await.unwrap().database_sound);
        assert_eq!(store.number(), u64::from(count) + 1, "round {round}: a prefix of the commits");
        lengths.insert(count);
        store.close().await;
        std::fs::remove_dir_all(copy).unwrap();
    }
    assert!(lengths.len() > 10, "the damage fell in many places: {lengths:?}");
}

#[tokio::test]
async fn every_flipped_byte_of_a_row_is_noticed() {
    let place = tempfile::tempdir().unwrap();
    let (_folder, store, _) = create(place.path()).await;
    put(&store, 1, "words").await;
    let tx = store.begin().await.unwrap();
    drop(tx);
    let length = raw_length(place.path()).await;
    for at in 1..=length {
        flip(place.path(), at).await;
        let refused = store.entry(id(1)).await;
        assert!(matches!(refused, Err(StoreError::Damaged { .. })), "byte {at}");
        flip(place.path(), at).await;
    }
    assert_eq!(store.entry(id(1)).await.unwrap().head, head(1, "title"));
}

async fn raw(folder: &Path) -> sqlx::SqliteConnection {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(folder.join("vault.db"));
    sqlx::ConnectOptions::connect(&options).await.unwrap()
}

async fn raw_length(folder: &Path) -> i64 {
    let sql = "SELECT length(sealed) FROM body";
    sqlx::query_scalar(sql).fetch_one(&mut raw(folder).await).await.unwrap()
}

async fn flip(folder: &Path, at: i64) {
    let mut connection = raw(folder).await;
    let mut sealed: Vec<u8> =
        sqlx::query_scalar("SELECT sealed FROM body").fetch_one(&mut connection).await.unwrap();
    sealed[usize::try_from(at - 1).unwrap()] ^= 0x10;
    sqlx::query("UPDATE body SET sealed = ?").bind(sealed).execute(&mut connection).await.unwrap();
}
