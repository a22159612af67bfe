//! Somebody brings a year from another app, and finds a sentence of March in it.

use crate::display::Display;
use crate::person::makes_a_vault;
use crate::picker::Picker;
use crate::time::until;
use crate::window::{Window, home_of};
use hearthkeep_tests::year::{self, SENTENCE, Year};
use std::path::Path;

const SEED: u64 = 20_261_128;
const ENTER: &str = "\u{e007}";

#[test]
fn a_year_comes_in_whole_and_a_sentence_of_march_is_found_and_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let profile = folder.path().join("ada");
    let export = home_of(&profile).join("Export - Journal.zip");
    let year = year::write(&export, SEED).expect("a year");
    let display = Display::start(folder.path());
    let window = Window::open(&display, &profile);
    makes_a_vault(&window);
    sees_what_would_come(&window, &export, &year);
    brings_it_here(&window, &year);
    finds_the_sentence(&window, &year);
    looks_at_the_last_picture(&window, &year);
    brings_it_once_more(&window, &export, &year);
    window.broke_no_policy();
    window.end();
}

fn pictures_of(year: &Year) -> usize {
    year.entries.iter().filter(|entry| entry.picture.is_some()).count()
}

fn sees_what_would_come(window: &Window, export: &Path, year: &Year) {
    window.click("first-import");
    window.click("import-file");
    window.picks(Picker::OpenFile, export);
    window.has("import-preview");
    let says = window.text_of("import-preview");
    let (entries, pictures) = (year.entries.len(), pictures_of(year));
    let counts = format!("a Day One export, with {entries} entries and {pictures} pictures");
    assert!(says.contains(&counts), "{says}");
    is_named(window, year);
    window.remember("moving-in-1-preview");
}

fn is_named(window: &Window, year: &Year) {
    window.shows("One thing cannot be read.");
    let named = window.texts_of("[data-testid=unreadable] li");
    assert!(matches!(&*named, [one] if one.starts_with(year.damaged)), "{named:?}");
    window.shows("it has no time, or none that can be read");
}

fn brings_it_here(window: &Window, year: &Year) {
    window.begins_to_hear("import-go");
    window.click("import-go");
    window.has("imported");
    let heard = window.heard();
    let (entries, pictures) = (year.entries.len(), pictures_of(year));
    let of = format!("of {entries}");
    assert!(heard.iter().any(|text| text.ends_with(&of)), "it told how far it is: {heard:?}");
    let came = format!("{entries} entries came, with {pictures} pictures.");
    window.shows(&came);
    is_named(window, year);
    window.remember("moving-in-2-here");
    window.click("to-journal");
    window.has(&format!("[data-testid=entries][data-total='{entries}']"));
}

fn finds_the_sentence(window: &Window, year: &Year) {
    let mut written = year.entries.iter().filter(|entry| entry.words.contains(SENTENCE));
    let entry = written.next().expect("one entry has it");
    assert!(written.next().is_none() && entry.at.contains("-03-"), "one entry of March has it");
    window.click("find");
    window.fill("find-words", &format!("\"{}\"", SENTENCE.trim_end_matches('.')));
    let hit = until("the one hit", || {
        let hits = window.texts_of("hit");
        (hits.len() == 1).then(|| hits.concat())
    });
    assert!(hit.contains("Mar 2026"), "{hit}");
    window.remember("moving-in-3-found");
    window.press(&[], ENTER);
    window.has("entry-menu");
    window.shows(SENTENCE);
    let hour = entry.at.get(11..16).expect("hours and minutes");
    // As it was lived, in its own zone.
    window.shows(hour);
    window.remember("moving-in-4-read");
}

fn looks_at_the_last_picture(window: &Window, year: &Year) {
    let place = year.entries.iter().rev().position(|entry| entry.picture.is_some());
    window.click("place-journal");
    window.click(&format!("[data-at='{}']", place.expect("there are pictures")));
    until("the picture, opened and drawn", || {
        let wide = "document.querySelector('[data-testid=reader] img[src]')?.naturalWidth || null";
        window.read(wide).filter(|wide| *wide == 32.0)
    });
    window.remember("moving-in-5-picture");
}

fn brings_it_once_more(window: &Window, export: &Path, year: &Year) {
    window.click("place-settings");
    window.click("open-import");
    window.click("import-file");
    window.picks(Picker::OpenFile, export);
    let all =
        format!("{} of them are here already and will not be added again.", year.entries.len());
    window.shows(&all);
    window.click("import-go");
    window.shows(&format!("Nothing new came. {} were here already.", year.entries.len()));
    window.click("place-journal");
    window.has(&format!("[data-testid=entries][data-total='{}']", year.entries.len()));
}
