//! Somebody chooses a place for backups, makes one in a folder and one in a file, and proves both;
//! then the tools that others wrote open them.

use crate::display::Display;
use crate::person::{unlocks, write_at_once};
use crate::picker::Picker;
use crate::stock;
use crate::time::until;
use crate::window::{Window, home_of};
use hearthkeep_tests::legible::Marks;
use hearthkeep_tests::sample::{BACKUP_PASSPHRASE, some_weeks_without_a_backup};
use std::path::Path;

const FILE_PASSPHRASE: &str = "for the drawer at my sister’s";
const TONIGHT: &str = "Tonight I put a copy of all this where I can find it.";

#[test]
fn a_folder_and_a_file_are_backed_up_into_proved_and_opened_by_stock_tools() {
    let folder = tempfile::tempdir().expect("a folder");
    let profile = folder.path().join("ada");
    let home = home_of(&profile);
    some_weeks_without_a_backup(&profile, &home);
    let (stick, file) = (home.join("Blue stick"), home.join("All of it.age"));
    std::fs::create_dir(&stick).expect("a stick");
    let display = Display::start(folder.path());
    let window = Window::open(&display, &profile);
    unlocks(&window);
    chooses(&window, &stick);
    backs_up_what_is_new(&window);
    makes_one_file(&window, &file);
    proves_the_file(&window, &file);
    leaves_no_trace(&home);
    window.broke_no_policy();
    window.end();

    let (by_folder, by_file) = (folder.path().join("by folder"), folder.path().join("by file"));
    stock::opens_a_folder(&stick, BACKUP_PASSPHRASE, &by_folder);
    stock::opens_a_file(&file, FILE_PASSPHRASE, &by_file);
    for out in [&by_folder, &by_file] {
        let words = stock::words_in(out);
        assert!(words.contains("cutting bread turned out") && words.contains(TONIGHT), "{words}");
        let picture = std::fs::read(home.join("reservoir.png")).expect("the picture");
        let pictures = out.join("attachments");
        let there = std::fs::read_dir(&pictures).expect("pictures").flatten();
        let there: Vec<_> = there.map(|one| std::fs::read(one.path()).expect("one")).collect();
        assert_eq!(there, [picture], "the one picture is there");
    }
}

fn chooses(window: &Window, stick: &Path) {
    window.click("place-backups");
    window.shows("No backup yet");
    window.click("choose-backup-folder");
    window.picks(Picker::SelectFolder, stick);
    window.has("backup-secret");
    window.fill("backup-passphrase", BACKUP_PASSPHRASE);
    window.fill("backup-again", BACKUP_PASSPHRASE);
    window.shows("lifetime");
    window.remember("backups-1-passphrase");
    window.begins_to_hear("[aria-busy=true]");
    window.click("backup-secret-go");
    window.shows("The last backup opens");
    let heard = window.heard();
    assert!(heard.iter().any(|text| text.contains("of 18")), "it told how far it is: {heard:?}");
    says_proved(window, "18 entries, 1 picture. All of it was there.");
    window.shows("Nothing has changed since.");
    window.remember("backups-2-first");
}

fn says_proved(window: &Window, counts: &str) {
    until(counts, || window.text_of("backup-proof").contains(counts).then_some(()));
}

fn backs_up_what_is_new(window: &Window) {
    window.click("place-today");
    write_at_once(window, TONIGHT);
    window.click("place-backups");
    window.shows("The last backup opens");
    assert!(!window.text_of("backup-proof").contains("Nothing has changed"), "something has");
    window.click("backup-now");
    says_proved(window, "19 entries, 1 picture. All of it was there.");
    window.click("prove-folder");
    says_in_one_sentence(window);
    window.remember("backups-3-proved");
}

fn says_in_one_sentence(window: &Window) {
    let sentence = "It opens, and all of it is there: 19 entries, 1 picture.";
    assert_eq!(window.text_of("proof"), sentence);
}

fn makes_one_file(window: &Window, file: &Path) {
    window.click("backup-file");
    window.picks(Picker::SaveFile, file);
    window.fill("backup-passphrase", FILE_PASSPHRASE);
    window.fill("backup-again", FILE_PASSPHRASE);
    window.click("backup-secret-go");
    window.has("backup-made");
    let says = window.text_of("backup-made");
    assert!(says.starts_with("It is written, opened and compared: 19 entries, "), "{says}");
}

fn proves_the_file(window: &Window, file: &Path) {
    window.has("proof");
    window.click("prove-file");
    window.picks(Picker::OpenFile, file);
    window.fill("backup-passphrase", "not this one");
    window.click("backup-secret-go");
    window.shows("That does not open this backup.");
    window.has_no("proof");
    window.click("prove-file");
    window.picks(Picker::OpenFile, file);
    window.fill("backup-passphrase", FILE_PASSPHRASE);
    window.click("backup-secret-go");
    says_in_one_sentence(window);
    window.remember("backups-4-file-proved");
}

/// Nothing beside the chosen things themselves says where backups are: no list of recent files, no
/// settings of a dialog.
fn leaves_no_trace(home: &Path) {
    let list = home.join(".local/share/recently-used.xbel");
    assert!(list.exists(), "the system keeps a list of recent files");
    let names = ["Blue stick", "Blue%20stick", "All of it", "All%20of%20it"];
    let marks = Marks::words(&names);
    // The list is written, and what was ours is taken out of it, a moment after a dialog has closed.
    until("nothing to tell where backups are", || {
        let told = |folder: &str| !marks.found_below(&home.join(folder)).is_empty();
        (![".cache", ".config", ".local", "tmp"].into_iter().any(told)).then_some(())
    });
}
