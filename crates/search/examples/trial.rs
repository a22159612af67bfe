//! A journal of 100,000 entries of 150 words: how long the index takes to build, to save, to open
//! and to answer, and how much memory it needs.
//!
//! `cargo run --release -p hearthkeep-search --example trial [ENTRIES]`
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::cast_possible_truncation,
    reason = "a measurement run by hand"
)]

use hearthkeep_crypto::ProfileKey;
use hearthkeep_model::{Day, EntryId, Timestamp};
use hearthkeep_search::{Facts, Filter, Index, Query, snippet};
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::time::{Duration, Instant};

const VOCABULARY: usize = 74_000;

fn main() {
    let entries: u64 = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(100_000);
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    let vocabulary: Vec<String> = (0..VOCABULARY).map(|_| word(&mut rng)).collect();
    let folder = tempfile::tempdir().unwrap();
    let profile = ProfileKey::generate();
    println!("before: {} MiB", memory());

    let (index, _) = Index::open_or_rebuild(folder.path(), profile.index_key()).unwrap();
    let started = Instant::now();
    let mut texts = Duration::ZERO;
    for number in 0..entries {
        let made = Instant::now();
        let text = text(&mut rng, &vocabulary);
        texts += made.elapsed();
        index.add(id(number), &text, &facts(number)).unwrap();
    }
    assert_eq!(index.len().unwrap(), entries);
    let built = started.elapsed() - texts;
    println!("built: {:.1?}, {:.0} entries/s", built, entries as f64 / built.as_secs_f64());
    println!("after building: {} MiB", memory());
    let started = Instant::now();
    index.save(entries).unwrap();
    println!("saved: {:.0?}, {:.1} MB", started.elapsed(), bytes(folder.path()) as f64 / 1e6);
    drop(index);

    let started = Instant::now();
    let (index, opened) = Index::open_or_rebuild(folder.path(), profile.index_key()).unwrap();
    println!("opened: {opened:?} in {:.0?}; {} MiB", started.elapsed(), memory());
    for (name, words, open) in [
        ("one word as typed", 1, true),
        ("two words as typed", 2, true),
        ("three words", 3, false),
        ("one letter", 0, true),
    ] {
        ask(&mut rng, &index, &vocabulary, (name, words, open));
    }
    one_entry(&mut rng, &index, &vocabulary, entries);
    let started = Instant::now();
    index.purge(entries).unwrap();
    println!("purged: {:.0?}; {} MiB", started.elapsed(), memory());
}

fn ask(rng: &mut ChaCha8Rng, index: &Index, vocabulary: &[String], how: (&str, usize, bool)) {
    let (name, words, open) = how;
    let mut times: Vec<Duration> = Vec::new();
    for _ in 0..300 {
        let mut typed: Vec<&str> = (0..words).map(|_| pick(rng, vocabulary)).collect();
        let last = typed.pop().unwrap_or_else(|| &pick(rng, vocabulary)[..1]);
        let cut = if open { (last.len() / 2).max(1) } else { last.len() };
        typed.push(&last[..cut]);
        let mut typed = typed.join(" ");
        if !open {
            typed.push(' ');
        }
        let query = Query::parse(&typed, Filter::default());
        let started = Instant::now();
        let _found = index.find(&query, 30).unwrap();
        times.push(started.elapsed());
    }
    times.sort();
    println!(
        "{name}: p50 {:.2?}, p99 {:.2?}",
        times[times.len() / 2],
        times[times.len() * 99 / 100]
    );
}

fn one_entry(rng: &mut ChaCha8Rng, index: &Index, vocabulary: &[String], entries: u64) {
    let changed = text(rng, vocabulary);
    let started = Instant::now();
    let _owed = index.put(id(entries / 2), &changed, &facts(entries / 2)).unwrap();
    let _found = index.find(&Query::parse("a", Filter::default()), 1).unwrap();
    println!("one entry changed and found: {:.1?}", started.elapsed());
    let started = Instant::now();
    index.save(entries + 1).unwrap();
    println!("and saved: {:.1?}", started.elapsed());
    let query = Query::parse(pick(rng, vocabulary), Filter::default());
    let started = Instant::now();
    for _ in 0..30 {
        let _pieces = snippet(&changed, &query);
    }
    println!("30 snippets: {:.2?}", started.elapsed());
}

fn word(rng: &mut ChaCha8Rng) -> String {
    let syllables = rng.random_range(1..5);
    let consonants = b"bcdfghklmnprstvwz";
    let vowels = b"aeiou";
    let mut word = String::new();
    for _ in 0..syllables {
        word.push(char::from(consonants[rng.random_range(0..consonants.len())]));
        word.push(char::from(vowels[rng.random_range(0..vowels.len())]));
    }
    word
}

/// Words as often as in a language: the n-th about one n-th as often as the first.
fn pick<'a>(rng: &mut ChaCha8Rng, vocabulary: &'a [String]) -> &'a str {
    let uniform: f64 = rng.random();
    let rank = (vocabulary.len() as f64).powf(uniform) - 1.0;
    &vocabulary[(rank as usize).min(vocabulary.len() - 1)]
}

fn text(rng: &mut ChaCha8Rng, vocabulary: &[String]) -> String {
    let words: Vec<&str> = (0..rng.random_range(50..250)).map(|_| pick(rng, vocabulary)).collect();
    words.join(" ")
}

fn id(number: u64) -> EntryId {
    let mut bytes = [0u8; 16];
    bytes[8..].copy_from_slice(&number.to_be_bytes());
    EntryId::from_bytes(bytes)
}

fn facts(number: u64) -> Facts {
    Facts {
        at: Timestamp(number as i64 * 60_000),
        day: Day((number / 10) as i32),
        tags: if number.is_multiple_of(7) { vec!["family".to_owned()] } else { Vec::new() },
        feelings: Vec::new(),
        shared: false,
        drawer: false,
    }
}

fn bytes(folder: &std::path::Path) -> u64 {
    let files = std::fs::read_dir(folder).unwrap();
    files.map(|file| file.unwrap().metadata().unwrap().len()).sum()
}

/// Resident memory in MiB, where the system tells it.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kib.unwrap_or(0) / 1024
}
