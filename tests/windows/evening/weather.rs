//! The relay goes away in the middle of the evening, and comes back.

use super::advice::{ASKED, answers, reads_an_answer};
use super::share::shares_with_everybody;
use super::{Evening, Person};
use crate::person::write_at_once;
use crate::time::until;
use std::collections::BTreeSet;

pub(super) const KITCHEN: &str = "The kitchen is warm and nobody asks.";
pub(super) const FOR_HERSELF: &str = "What I keep for myself tonight.";
const FROM_ADA: &str = "I rang mine from a bench.";
const FROM_BEN: &str = "Then I will sit on the stairs.";

/// Nothing keeps anybody from writing, and the light says what is so.
pub(super) fn all_write_on_while_the_relay_is_away(evening: &mut Evening) {
    evening.relay.goes_away();
    let Evening { ada, ben, cleo, .. } = &*evening;
    shares_with_everybody(cleo, KITCHEN, "Just listen, please");
    answers(ada, ASKED, FROM_ADA, "");
    answers(ben, ASKED, FROM_BEN, "");
    cleo.window.click("place-today");
    write_at_once(&cleo.window, FOR_HERSELF);
    cleo.looks_at_the_group();
    let kitchen = cleo.finds(KITCHEN);
    cleo.window.has(&format!("{kitchen}[data-state=outbox]"));
    cleo.window.shows("Waits here, sealed, until it can leave.");
    for person in evening.people() {
        person.window.has("[data-testid=light][data-light=unreachable]");
        person.window.shows("Saved here. Waiting for the relay.");
        person.window.has("relay-away");
    }
    reads_an_answer(ada, ASKED, FROM_ADA);
    for other in [ada, ben] {
        assert!(!other.reads().iter().any(|words| words == KITCHEN), "nothing went out");
    }
    cleo.window.remember("evening-10-Cleo-waits-for-the-relay");
    ben.window.remember("evening-11-Ben-waits-for-the-relay");
}

/// The relay comes back with the same address and database.
pub(super) fn everything_arrives_once_and_in_one_order(evening: &mut Evening) {
    evening.relay.come_back();
    for person in evening.people() {
        asks_the_relay_again(person);
    }
    let all = until("the same words in all three windows", || {
        let [ada, ben, cleo] = evening.people().map(Person::reads);
        let whole =
            [KITCHEN, FROM_ADA, FROM_BEN].iter().all(|words| ada.iter().any(|one| one == words));
        (whole && ada == ben && ada == cleo).then_some(ada)
    });
    for person in evening.people() {
        person.has_sent_all();
        person.window.has_no("relay-away");
        person.has_no_alarm();
        // Nothing comes a second time with what was sent again.
        assert_eq!(person.reads(), all, "{}", person.name);
    }
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), all.len(), "each stands once: {all:?}");
    evening.ada.window.remember("evening-12-Ada-has-everything");
}

/// One that has come back by itself is not asked any more.
fn asks_the_relay_again(person: &Person) {
    until("the relay, asked again or back by itself", || {
        if person.window.has_now("[data-testid=light][data-light=unreachable]") {
            person.window.clicks_now("ask-relay");
            return None;
        }
        Some(())
    });
}
