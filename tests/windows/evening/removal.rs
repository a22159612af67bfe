//! Somebody is removed: told kindly, left with their own words, and given nothing more.

use super::advice::{ASKED, answers, reads_an_answer};
use super::together::member_menu;
use super::weather::{FOR_HERSELF, KITCHEN};
use super::{Evening, Person};

const AFTERWARDS: &str = "Tell us how it went.";

/// Ada removes Cleo, and Cleo's window says so.
pub(super) fn cleo_is_removed_and_told_so(evening: &Evening) {
    let Evening { ada, cleo, .. } = evening;
    ada.window.click("open-members");
    member_menu(&ada.window, "Cleo");
    ada.window.click("remove-member");
    ada.window.has("remove-ask");
    ada.window.remember("evening-17-Ada-removes-Cleo");
    ada.window.click("remove-ask-act");
    cleo.window.has("standing");
    cleo.window.shows("You are no longer in Thursday people. What you wrote here is still yours");
    cleo.window.has_no("share-something");
    cleo.window.has("[data-testid=light][data-light=saved]");
    cleo.finds(KITCHEN);
    for act in ["answer-open", "reactions", "correct", "correct-answer", "take-back"] {
        cleo.window.has_no(act);
    }
    cleo.window.remember("evening-18-Cleo-is-told");
    cleo.window.click("place-journal");
    cleo.window.click_one("entry-row", FOR_HERSELF);
    cleo.window.has("reader");
    assert!(cleo.window.text_of("reader").contains(FOR_HERSELF), "her journal is hers");
    cleo.looks_at_the_group();
}

/// What is written afterwards reaches the two who are left.
pub(super) fn the_two_go_on(evening: &Evening) {
    let Evening { ada, ben, cleo, .. } = evening;
    for person in [ada, ben] {
        person.window.click("place-group");
        person.window.shows("Two people can read this");
    }
    answers(ada, ASKED, AFTERWARDS, "");
    reads_an_answer(ben, ASKED, AFTERWARDS);
    for person in [ada, ben] {
        person.has_sent_all();
        person.has_no_alarm();
    }
    ben.window.remember("evening-19-the-two-go-on");
    cleo_reads_nothing_of_it(cleo);
}

/// The group is read anew, and Cleo's own words are there.
pub(super) fn cleo_reads_nothing_of_it(cleo: &Person) {
    cleo.window.click("place-today");
    cleo.looks_at_the_group();
    cleo.finds(KITCHEN);
    assert!(!cleo.reads().iter().any(|words| words == AFTERWARDS), "nothing newer comes to her");
}
