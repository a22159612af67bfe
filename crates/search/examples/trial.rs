//! The index alone, over a journal of entries of 150 words: how long it takes to build, to save, to
//! open and to answer, and how much memory it needs.
//!
//! `cargo run --release -p hearthkeep-search --example trial [ENTRIES]`
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    reason = "a measurement run by hand"
)]

mod measure;

use hearthkeep_crypto::ProfileKey;
use hearthkeep_model::{Day, EntryId, Timestamp};
use hearthkeep_search::{Facts, Filter, Index, Query, Snippets};
use measure::{Writer, figure, memory_mb, milliseconds, spread};
use std::time::{Duration, Instant};

fn main() {
    let entries: u64 = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(100_000);
    let mut writer = Writer::new(1);
    let folder = tempfile::tempdir().unwrap();
    let profile = ProfileKey::generate();
    let before = memory_mb("VmRSS");

    let (index, _) = Index::open_or_rebuild(folder.path(), profile.index_key()).unwrap();
    let started = Instant::now();
    let mut texts = Duration::ZERO;
    for number in 0..entries {
        let made = Instant::now();
        let text = writer.text();
        texts += made.elapsed();
        index.add(id(number), &text, &facts(number)).unwrap();
    }
    assert_eq!(index.len().unwrap(), entries);
    let built = started.elapsed() - texts;
    figure("index_build_per_s", entries as f64 / built.as_secs_f64());
    index.save(entries).unwrap();
    figure("index_mb", bytes(folder.path()) as f64 / 1e6);
    drop(index);

    let started = Instant::now();
    let (index, opened) = Index::open_or_rebuild(folder.path(), profile.index_key()).unwrap();
    figure("index_open_ms", milliseconds(started.elapsed()));
    println!(
        "opened: {opened:?}; {:.0} MB were used before, {:.0} now",
        before,
        memory_mb("VmRSS")
    );
    for (name, words) in [("index_letter", 0), ("index_one_word", 1), ("index_two_words", 2)] {
        ask(&mut writer, &index, name, words);
    }
    one_entry(&mut writer, &index, entries);
    let started = Instant::now();
    index.purge(entries).unwrap();
    figure("index_purge_ms", milliseconds(started.elapsed()));
}

fn ask(writer: &mut Writer, index: &Index, name: &str, words: usize) {
    let mut times: Vec<Duration> = Vec::new();
    for _ in 0..300 {
        let typed = match words {
            0 => writer.word().chars().take(1).collect(),
            words => writer.typed(words),
        };
        let query = Query::parse(&typed, Filter::default());
        let started = Instant::now();
        let _found = index.find(&query, 30).unwrap();
        times.push(started.elapsed());
    }
    spread(name, &mut times);
}

fn one_entry(writer: &mut Writer, index: &Index, entries: u64) {
    let changed = writer.text();
    let started = Instant::now();
    let _owed = index.put(id(entries / 2), &changed, &facts(entries / 2)).unwrap();
    let _found = index.find(&Query::parse("a", Filter::default()), 1).unwrap();
    figure("index_change_ms", milliseconds(started.elapsed()));
    index.save(entries + 1).unwrap();
    let query = Query::parse(writer.word(), Filter::default());
    let started = Instant::now();
    let snippets = Snippets::new(&query);
    for _ in 0..30 {
        let _pieces = snippets.of(&changed);
    }
    figure("index_30_snippets_ms", milliseconds(started.elapsed()));
}

fn id(number: u64) -> EntryId {
    let mut bytes = [0u8; 16];
    let (_, place) = bytes.split_at_mut(8);
    place.copy_from_slice(&number.to_be_bytes());
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
