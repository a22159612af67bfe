//! Advice where it is welcome, and a word that is corrected.

use super::share::shares_with_everybody;
use super::{Evening, Person};
use crate::time::until;

pub(super) const ASKED: &str = "I want to ring my sister on";
const ADVICE: &str = "I write down the first sentence.";
const BACKSPACE: &str = "\u{e003}";
const END: &str = "\u{e010}";
const CONTROL: char = '\u{e009}';

/// Ben asks, Cleo answers, all three read it.
pub(super) fn ben_asks_for_advice_and_gets_it(evening: &Evening) {
    let Evening { ada, ben, cleo, .. } = evening;
    shares_with_everybody(ben, &format!("{ASKED} Sunday"), "Advice is welcome");
    answers(cleo, ASKED, ADVICE, "evening-6-Cleo-answers");
    for person in [ada, ben] {
        reads_an_answer(person, ASKED, ADVICE);
    }
    ben.window.remember("evening-7-Ben-is-answered");
}

/// The others see the corrected word, and that it was corrected.
pub(super) fn ben_corrects_a_word(evening: &Evening) {
    let Evening { ada, ben, cleo, .. } = evening;
    let note = ben.finds(ASKED);
    ben.window.click(&format!("{note}[data-state=there] [data-testid=correct]"));
    ben.window.click("[data-testid=correct-text] [contenteditable=true]");
    ben.window.press(&[CONTROL], END);
    ben.window.press(&[], &BACKSPACE.repeat("Sunday".len()));
    ben.window.press(&[], "Monday");
    ben.window.remember("evening-8-Ben-corrects");
    ben.window.click("correct-send");
    ben.window.has_no("correct-box");
    for person in [ada, ben, cleo] {
        let note = person.finds(&format!("{ASKED} Monday"));
        let margin = person.window.text_of(&format!("{note} .m"));
        assert!(margin.contains("corrected"), "{margin}");
    }
    ada.window.remember("evening-9-Ada-reads-the-correction");
}

/// Answers the reflection with these words.
pub(super) fn answers(person: &Person, words: &str, answer: &str, picture: &str) {
    let note = person.finds(words);
    person.window.click(&format!("{note} [data-testid=answer-open]"));
    person.window.fill("answer-text", answer);
    if !picture.is_empty() {
        person.window.remember(picture);
    }
    person.window.click("answer-send");
    person.window.has_no("answer-box");
}

/// Waits until an answer stands below the reflection with these words.
pub(super) fn reads_an_answer(person: &Person, words: &str, answer: &str) {
    let note = person.finds(words);
    until(&format!("{answer:?} in {}'s window", person.name), || {
        let answers = person.window.texts_of(&format!("{note} [data-testid=answer]"));
        answers.iter().any(|one| one.contains(answer)).then_some(())
    });
}
