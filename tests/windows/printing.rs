//! The sheet of 24 words, printed through the system's own dialog.

use crate::display::Display;
use crate::person::{PASSPHRASE, the_words, types_three_words_back};
use crate::time::until;
use crate::window::{Window, home_of};
use hearthkeep_tests::legible::Marks;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

#[test]
fn the_printed_sheet_has_the_words_and_they_stay_on_the_screen() {
    let folder = tempfile::tempdir().expect("a folder");
    let profile = folder.path().join("ada");
    let papers = has_a_folder_for_papers(&home_of(&profile));
    let display = Display::start(folder.path());
    let window = Window::open(&display, &profile);
    window.shows_page("lock.html");
    window.fill("new-passphrase", PASSPHRASE);
    window.fill("again", PASSPHRASE);
    window.click("[data-testid=make-vault]:not([aria-disabled])");
    let words = the_words(&window);
    window.click("print");
    window.prints_to_a_file();

    // The name that the system's dialog proposes.
    let sheet = papers.join("output.pdf");
    let numbered: Vec<String> =
        words.iter().enumerate().map(|(at, word)| format!("{} {word}", at + 1)).collect();
    until("all 24 words on the sheet", || {
        let text = text_of(&sheet)?;
        numbered.iter().all(|word| text.contains(&format!(" {word} "))).then_some(())
    });
    window.shows("is not sealed. Paper is better.");
    assert_eq!(the_words(&window), words, "they are shown until they are on paper");
    types_three_words_back(&window, || ());
    window.broke_no_policy();
    window.end();

    let printed = Marks::words(&["%PDF-", "%!PS-"]).found_below(folder.path());
    let printed: Vec<_> = printed.iter().map(|(path, _)| path.as_path()).collect();
    assert_eq!(printed, [sheet.as_path()], "no other copy is left");
    let left = fs::read_dir(home_of(&profile).join("tmp")).expect("the folder for what passes");
    assert_eq!(left.count(), 0, "nothing is left in the folder for what passes");
}

/// Where the print dialog writes a file when nobody says otherwise.
fn has_a_folder_for_papers(home: &Path) -> PathBuf {
    let papers = home.join("papers");
    let settings = home.join(".config");
    fs::create_dir_all(&papers).expect("a folder");
    fs::create_dir_all(&settings).expect("a folder");
    fs::write(settings.join("user-dirs.dirs"), "XDG_DOCUMENTS_DIR=\"$HOME/papers\"\n")
        .expect("a setting of the system");
    papers
}

/// The words of a sheet, each with one space before and behind it; none while it is being written.
fn text_of(sheet: &Path) -> Option<String> {
    let read = Command::new("pdftotext").arg("-layout").arg(sheet).arg("-").output();
    let read = read.expect("./dev test installs it");
    let text = read.status.success().then(|| String::from_utf8(read.stdout).ok()).flatten()?;
    Some(text.split_whitespace().fold(" ".to_owned(), |all, word| all + word + " "))
}
