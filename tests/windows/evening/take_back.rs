//! Taking back while somebody is away: it goes when they are here again, and that is told.

use super::share::THREE;
use super::{Evening, Person};
use crate::time::until;

/// Ada sees who has removed it, one after the other.
pub(super) fn ada_takes_back_what_cleo_has_while_cleo_is_away(evening: Evening) -> Evening {
    let Evening { ada, ben, cleo, relay, folder } = evening;
    let away = cleo.loses_power();
    let note = ada.finds(THREE[0]);
    ada.window.click(&format!("{note} [data-testid=take-back]"));
    ada.window.has("take-back-ask");
    ada.window.remember("evening-13-Ada-asks-it-back");
    ada.window.click("take-back-ask-act");
    ada.window.has(&format!("{note}[data-state=takenBack]"));
    is_told(&ada, "Two devices were asked to remove it. Removed by Ben. Each answers when it");
    ada.window.remember("evening-14-Ben-has-removed-it");
    has_no_words_of_it(&ben);

    let cleo = away.comes_back();
    cleo.looks_at_the_group();
    has_no_words_of_it(&cleo);
    is_told(&ada, "Removed by Ben and Cleo. Somebody may remember or have copied it.");
    ada.window.remember("evening-15-both-have-removed-it");
    cleo.window.remember("evening-16-it-is-gone-at-Cleo");
    for person in [&ada, &ben, &cleo] {
        person.has_no_alarm();
    }
    Evening { ada, ben, cleo, relay, folder }
}

fn is_told(author: &Person, words: &str) {
    until(words, || author.window.text_of("receipts").contains(words).then_some(()));
}

fn has_no_words_of_it(person: &Person) {
    until(&format!("the words to be gone at {}", person.name), || {
        let reads = person.reads();
        (!reads.is_empty() && !reads.iter().any(|words| words.contains(THREE[0]))).then_some(())
    });
}
