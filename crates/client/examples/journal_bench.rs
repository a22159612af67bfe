//! A journal of many entries through the one API: written by import in one process; unlocked, looked
//! at, searched and written into in another, as after a night.
//!
//! `journal_bench make ENTRIES FOLDER`, then `journal_bench live FOLDER`; `journal_bench pictures
//! COUNT FOLDER` adds pictures, `journal_bench guess PROFILE PASSPHRASE` tells what a guess costs, `journal_bench backup FOLDER TARGET` and `journal_bench verify
//! FOLDER TARGET` measure backups of it. Built by `./dev bench`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    reason = "a measurement that fails stops"
)]

#[path = "../../search/examples/measure/mod.rs"]
mod measure;

use hearthkeep_client::view::{EntryFilter, ExportFormat, Found, Question};
use hearthkeep_client::{Cost, Events, Hearthkeep, SystemClock};
use hearthkeep_crypto::random_bytes;
use hearthkeep_document::Document;
use hearthkeep_store::ProfileFolder;
use measure::{Writer, figure, memory_mb, milliseconds, spread};
use std::io::{BufWriter, Write};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

const PASSPHRASE: &str = "a long walk by the sea";
const BACKUP_PASSPHRASE: &str = "seven quiet lanterns on the water";
const PICTURE: usize = 2 << 20;

#[tokio::main]
async fn main() {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    match asked.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["make", entries, folder] => make(entries.parse().unwrap(), Path::new(folder)).await,
        ["guess", profile, passphrase] => figure("guess_ms", guess(Path::new(profile), passphrase)),
        ["live", folder] => live(Path::new(folder)).await,
        ["pictures", count, folder] => {
            pictures(count.parse().unwrap(), Path::new(folder)).await;
        }
        ["backup", folder, target] => back_up(Path::new(folder), Path::new(target)).await,
        ["verify", folder, target] => verify(Path::new(folder), Path::new(target)).await,
        _ => panic!("see the head of this file"),
    }
}

fn open(folder: &Path) -> Hearthkeep {
    let clock = Arc::new(SystemClock::new());
    let profile = folder.join("profile");
    Hearthkeep::open_at_cost(&profile, clock, Events::unheard(), Cost::Least).unwrap()
}

/// Writes a journal as jrnl exports one, and imports it. The words stay beside it for comparisons.
async fn make(entries: u32, folder: &Path) {
    std::fs::create_dir_all(folder).unwrap();
    let source = folder.join("journal.json");
    write_source(&source, entries);
    let app = open(folder);
    app.create_vault(PASSPHRASE).await.unwrap();
    let began = Instant::now();
    let imported = app.import(&source, |_| {}).await.unwrap();
    let took = began.elapsed();
    assert_eq!((imported.added, imported.unreadable.len()), (entries, 0));
    figure("import_per_s", f64::from(entries) / took.as_secs_f64());
    figure("import_most_mb", memory_mb("VmHWM"));
    until_whole(&app).await;
    figure("import_findable_s", began.elapsed().as_secs_f64());
    let began = Instant::now();
    app.lock().await.unwrap();
    figure("import_lock_ms", milliseconds(began.elapsed()));
}

fn write_source(path: &Path, entries: u32) {
    let mut writer = Writer::new(1);
    let mut out = BufWriter::new(std::fs::File::create(path).unwrap());
    out.write_all(b"{\"tags\":{},\"entries\":[\n").unwrap();
    for number in 0..entries {
        // Ten a day at most, so that many years are filled evenly.
        let (day, minute) = (number / 10, number % 10);
        let (year, month, of_month) = (1990 + day / 336, day / 28 % 12 + 1, day % 28 + 1);
        let title = writer.typed(3);
        let text = writer.text();
        let end = if number + 1 == entries { "" } else { "," };
        writeln!(
            out,
            "{{\"title\":\"{title}\",\"body\":\"{text}\",\"date\":\"{year}-{month:02}-{of_month:02}\",\
             \"time\":\"21:{minute:02}\",\"tags\":[],\"starred\":false}}{end}"
        )
        .unwrap();
    }
    out.write_all(b"]}\n").unwrap();
    out.flush().unwrap();
}

async fn ask(app: &Hearthkeep, words: String) -> Found {
    app.find(&Question { words, limit: 30, ..Question::default() }).await.unwrap()
}

/// Asks for what no entry holds until the index answers.
async fn until_whole(app: &Hearthkeep) {
    while ask(app, "\"zzz qqq\"".to_owned()).await.behind {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}

async fn live(folder: &Path) {
    let (app, _, first_screen) = unlock(folder).await;
    figure("live_unlock_ms", first_screen);
    let began = Instant::now();
    until_whole(&app).await;
    figure("live_findable_ms", milliseconds(began.elapsed()));
    figure("live_mb", memory_mb("VmRSS"));
    let mut writer = Writer::new(2);
    for (name, words) in [("live_find_one", 1), ("live_find_two", 2), ("live_find_three", 3)] {
        let mut took = Vec::new();
        for _ in 0..200 {
            let typed = writer.typed(words);
            let began = Instant::now();
            ask(&app, typed).await;
            took.push(began.elapsed());
        }
        spread(name, &mut took);
    }
    write(&app, &mut writer).await;
    figure("live_mb_after", memory_mb("VmRSS"));
    let began = Instant::now();
    app.lock().await.unwrap();
    figure("live_lock_ms", milliseconds(began.elapsed()));
    drop(app);
    beyond_the_guess(folder).await;
}

/// What a guess takes, and what unlocking takes until the first screen has its entries.
async fn unlock(folder: &Path) -> (Hearthkeep, f64, f64) {
    let guess = guess(&folder.join("profile"), PASSPHRASE);
    let app = open(folder);
    let began = Instant::now();
    app.unlock(PASSPHRASE).await.unwrap();
    let page = app.entries(&EntryFilter::default(), 0, 50).unwrap();
    app.today().await.unwrap();
    let took = milliseconds(began.elapsed());
    assert_eq!(page.rows.len(), 50);
    (app, guess, took)
}

/// A guess is most of an unlock, and takes a little longer or shorter each time: the middle of five.
async fn beyond_the_guess(folder: &Path) {
    let (mut guesses, mut beyond) = (Vec::new(), Vec::new());
    for _ in 0..5 {
        let (app, guess, took) = unlock(folder).await;
        until_whole(&app).await;
        app.lock().await.unwrap();
        guesses.push(guess);
        beyond.push(took - guess);
    }
    for (name, mut all) in [("live_kdf_ms", guesses), ("live_beyond_ms", beyond)] {
        all.sort_unstable_by(f64::total_cmp);
        figure(name, all[all.len() / 2]);
    }
}

/// What one guess at the passphrase costs, the middle of three.
fn guess(profile: &Path, passphrase: &str) -> f64 {
    let slots = ProfileFolder::open(profile).unwrap().read_slots().unwrap();
    let mut took: Vec<Duration> = Vec::new();
    for _ in 0..3 {
        let began = Instant::now();
        slots.open_with_passphrase(passphrase).unwrap();
        took.push(began.elapsed());
    }
    took.sort_unstable();
    took.into_iter().nth(1).map(milliseconds).unwrap()
}

/// New entries, each with a batch of words that is on the disk before it is answered.
async fn write(app: &Hearthkeep, writer: &mut Writer) {
    let mut took = Vec::new();
    for _ in 0..200 {
        let entry = app.new_entry().await.unwrap();
        let update = Document::from_markdown(&writer.text()).unwrap().snapshot();
        let began = Instant::now();
        app.save_text(&entry.id, 1, &update).await.unwrap();
        took.push(began.elapsed());
    }
    spread("live_save", &mut took);
}

/// Pictures of random bytes, as those of a camera look to gzip.
async fn pictures(count: usize, folder: &Path) {
    let app = open(folder);
    app.unlock(PASSPHRASE).await.unwrap();
    let page = app.entries(&EntryFilter::default(), 0, 500).unwrap();
    for (number, row) in page.rows.iter().cycle().take(count).enumerate() {
        let mut bytes = vec![0xff, 0xd8, 0xff, 0xe0];
        while bytes.len() < PICTURE {
            bytes.extend_from_slice(&random_bytes::<4_096>());
        }
        let name = format!("{number}.jpg");
        app.attach(&row.id, &name, bytes).await.unwrap();
    }
    until_whole(&app).await;
    app.export(&folder.join("export"), ExportFormat::Markdown, |_| {}).await.unwrap();
    app.lock().await.unwrap();
}

async fn back_up(folder: &Path, target: &Path) {
    let app = open(folder);
    app.unlock(PASSPHRASE).await.unwrap();
    std::fs::create_dir_all(target).unwrap();
    app.choose_backup_folder(target, BACKUP_PASSPHRASE).await.unwrap();
    until_whole(&app).await;
    let before = memory_mb("VmRSS");
    let began = Instant::now();
    let proof = app.backup_now(|_| {}).await.unwrap();
    figure("backup_create_s", began.elapsed().as_secs_f64());
    figure("backup_create_mb", memory_mb("VmHWM") - before);
    assert!(proof.damaged.is_empty());
    app.lock().await.unwrap();
}

async fn verify(folder: &Path, target: &Path) {
    let app = open(folder);
    app.unlock(PASSPHRASE).await.unwrap();
    until_whole(&app).await;
    let before = memory_mb("VmRSS");
    let began = Instant::now();
    let proof = app.prove_backup(target, None, |_| {}).await.unwrap();
    figure("backup_verify_s", began.elapsed().as_secs_f64());
    figure("backup_verify_mb", (memory_mb("VmHWM") - before).max(0.0));
    assert!(proof.damaged.is_empty());
}
