//! A computer is lost. On another one, with an empty home, the journal comes back from the stick:
//! with the passphrase of the backup, and another time with the 24 words.

use crate::display::Display;
use crate::person::{PASSPHRASE, the_words, types_three_words_back};
use crate::picker::Picker;
use crate::time::until;
use crate::window::{Window, home_of};
use hearthkeep_client::view::EntryFilter;
use hearthkeep_tests::canonical::canonical;
use hearthkeep_tests::sample::{
    BACKUP_PASSPHRASE, backs_up, some_weeks_without_a_backup, without_a_window,
};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const NEW_PASSPHRASE: &str = "twelve slow lanterns along the canal";

/// What is left of a computer.
struct Lost {
    folder: tempfile::TempDir,
    stick: PathBuf,
    words: Vec<String>,
    lived: BTreeMap<String, String>,
}

#[test]
fn a_lost_journal_comes_back_with_the_passphrase_of_its_backup() {
    let lost = a_computer_is_lost();
    let (display, profile) = another_computer(&lost);
    let window = Window::open(&display, &profile);
    chooses_the_stick(&window, &lost.stick);
    window.fill("restore-secret", "a lamp in every third window");
    chooses_a_passphrase(&window);
    window.remember("restored-1-asked");
    window.click("restore-go");
    window.shows("That does not open this backup. Nothing was changed.");
    window.remember("restored-2-not-this-one");
    window.fill_anew("restore-secret", BACKUP_PASSPHRASE);
    comes_back(&window);
    types_three_words_back(&window, || ());
    all_is_there(&window);
    window.broke_no_policy();
    window.end();
    is_as_it_was(&lost, &profile);
}

#[test]
fn a_lost_journal_comes_back_with_its_24_words() {
    let lost = a_computer_is_lost();
    let (display, profile) = another_computer(&lost);
    let window = Window::open(&display, &profile);
    chooses_the_stick(&window, &lost.stick);
    window.click_one("[data-testid=restore-how] [role=radio]", "The 24 words");
    let words = lost.words.join(" ");
    window.fill("restore-secret", &words);
    chooses_a_passphrase(&window);
    window.remember("restored-5-words");
    comes_back(&window);
    let new_words = the_words(&window).join(" ");
    types_three_words_back(&window, || ());
    window.click("lock");
    window.shows_page("lock.html");
    window.click("another-way");
    window.fill("recovery-words", &words);
    window.click("open-with-words");
    window.shows("These words belong to another journal.");
    window.fill_anew("recovery-words", &new_words);
    window.click("open-with-words");
    window.shows_page("index.html");
    all_is_there(&window);
    window.broke_no_policy();
    window.end();
    is_as_it_was(&lost, &profile);
}

fn a_computer_is_lost() -> Lost {
    let folder = tempfile::tempdir().expect("a folder");
    let (computer, stick) = (folder.path().join("old"), folder.path().join("Blue stick"));
    let profile = computer.join("ada");
    std::fs::create_dir(&stick).expect("a stick");
    let words = some_weeks_without_a_backup(&profile, &home_of(&profile));
    let lived = without_a_window(&profile, async |app| {
        app.unlock(PASSPHRASE).await.expect("it opens");
        let rows = app.entries(&EntryFilter::default(), 0, 100).expect("rows").rows;
        let early = rows.iter().find(|row| row.title == "Early").expect("an entry");
        app.to_drawer(&early.id).await.expect("it is laid away");
        backs_up(app, &stick).await;
        canonical(app).await.expect("all of it opens")
    });
    std::fs::remove_dir_all(computer).expect("it is gone");
    Lost { folder, stick, words, lived }
}

fn another_computer(lost: &Lost) -> (Display, PathBuf) {
    let computer = lost.folder.path().join("new");
    std::fs::create_dir(&computer).expect("a folder");
    (Display::start(&computer), computer.join("ada"))
}

fn chooses_the_stick(window: &Window, stick: &Path) {
    window.shows_page("lock.html");
    window.click("have-backup");
    window.click("restore-folder");
    window.picks(Picker::SelectFolder, stick);
    window.has("restore-path");
    assert!(window.text_of("restore-path").contains("Blue stick"));
}

fn chooses_a_passphrase(window: &Window) {
    window.fill("new-passphrase", NEW_PASSPHRASE);
    window.fill("again", NEW_PASSPHRASE);
    window.shows("Bring it back");
}

fn comes_back(window: &Window) {
    window.begins_to_hear("restore-go");
    window.click("restore-go");
    window.has("restored");
    let heard = window.heard();
    assert!(heard.iter().any(|text| text.contains("of 19")), "it told how far it is: {heard:?}");
    window.shows("18 entries and 1 picture came back.");
    window.remember("restored-3-back");
    window.click("restore-words");
}

fn all_is_there(window: &Window) {
    window.click("place-journal");
    window.has("[data-testid=entries][data-total='17']");
    window.click_one("entry-row", "By the reservoir");
    window.shows("Walked round it once");
    until("the picture, opened and drawn", || {
        let wide = "document.querySelector('[data-testid=reader] img[src]')?.naturalWidth || null";
        window.read(wide).filter(|wide| *wide == 640.0)
    });
    let facts = window.text_of("reader");
    assert!(facts.contains("walks") && facts.contains("quiet"), "a tag and a feeling: {facts}");
    window.remember("restored-4-picture");
    window.click_one("entry-row", "Dad’s table");
    window.shows("cutting bread turned out");
    window.click("change-entry");
    window.click("open-versions");
    window.click("version");
    window.has("compared");
    window.click("place-settings");
    window.click("open-drawer");
    window.click_one("entry-row", "Early");
    window.shows("Frost on the allotments.");
}

/// Compares the two journals, whole.
fn is_as_it_was(lost: &Lost, profile: &Path) {
    let back = without_a_window(profile, async |app| {
        app.unlock(NEW_PASSPHRASE).await.expect("it opens");
        canonical(app).await.expect("all of it opens")
    });
    assert_eq!(back, lost.lived);
}
