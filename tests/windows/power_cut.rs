//! The app is killed while somebody types: what it said was saved is there, and so is everything
//! but the last half second.

use crate::display::Display;
use crate::person::{PAGE, makes_a_vault, unlocks};
use crate::time::until;
use crate::window::Window;
use hearthkeep_tests::legible::Marks;
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};
use serde_json::Value;

const MOMENTS: usize = 20;
const SEED: u64 = 7;
const SENTENCE: [&str; 3] =
    ["the rain came over the roof", "I sat in the kitchen", "waited for it to end"];

// Told by the page's own clock: how many letters stood on the page and when, and how many the
// mark had claimed to be saved.
const WATCH: &str = "(() => {
    const place = document.querySelector('[data-testid=editor]');
    const page = place.querySelector('[contenteditable=true]');
    const count = () => page.textContent.length;
    const seen = window.seen = { letters: [], claimed: 0 };
    new MutationObserver(() => seen.letters.push([performance.now(), count()]))
        .observe(page, { characterData: true, childList: true, subtree: true });
    new MutationObserver(() => { if (place.dataset.owed === 'false') seen.claimed = count() })
        .observe(place, { attributes: true, attributeFilter: ['data-owed'] });
    window.half = () => Math.max(0, ...seen.letters
        .filter(([at]) => at < performance.now() - 500).map(([, count]) => count));
    return true;
})()";

#[test]
fn all_but_the_last_half_second_outlives_a_kill_at_twenty_moments() {
    let seed = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(SEED);
    eprintln!("seed {seed}: SEED={seed} types and kills at the same moments again");
    let folder = tempfile::tempdir().unwrap();
    let display = Display::start(folder.path());
    let profile = folder.path().join("ada");
    let window = Window::open(&display, &profile);
    makes_a_vault(&window);
    window.end();

    let mut random = StdRng::seed_from_u64(seed);
    let mut before: Option<Typed> = None;
    for moment in 0..MOMENTS {
        let window = Window::open(&display, &profile);
        unlocks(&window);
        if let Some(typed) = &before {
            typed.is_kept(&window);
        }
        before = Some(killed_while_typing(window, moment, &mut random));
        // What the blow left in profile, home and temporary files is sealed.
        assert_eq!(Marks::words(&SENTENCE).found_below(folder.path()), []);
    }
    let window = Window::open(&display, &profile);
    unlocks(&window);
    before.expect("twenty moments").is_kept(&window);
    window.remember("power_cut");
    window.end();
}

/// What was typed before a kill, and how much of it must be there.
#[derive(Debug)]
struct Typed {
    moment: usize,
    text: String,
    old_enough: usize,
    claimed: usize,
}

fn killed_while_typing(window: Window, moment: usize, random: &mut StdRng) -> Typed {
    let text = text_of(moment);
    // From the first letters that are half a second old to the last.
    let at = random.random_range(25..text.len());
    // Every second moment comes while nobody types: what the mark says then is said of every word.
    let rests = moment.is_multiple_of(2);
    window.click("place-today");
    window.click(PAGE);
    window.read(WATCH).expect("the page can be watched");
    let hand = window.begins_to_type(if rests { text.get(..at).expect("ASCII") } else { &text });
    until("the moment", || (letters(&window) >= at).then_some(()));
    if rests {
        window.has("[data-testid=editor][data-owed=false]");
    }
    let seen = window.read("[half(), seen.claimed]").expect("the page is still there");
    window.cut_the_power();
    drop(hand);
    let count = |which: usize| {
        seen.get(which).and_then(Value::as_u64).and_then(|count| count.try_into().ok())
    };
    let typed = Typed {
        moment,
        text,
        old_enough: count(0).expect("letters that are old enough"),
        claimed: count(1).expect("letters that the mark has claimed"),
    };
    eprintln!(
        "moment {moment}: killed after {at} letters, {} old enough, {} claimed",
        typed.old_enough, typed.claimed
    );
    assert!(!rests || typed.claimed == at, "the mark speaks of every letter: {typed:?}");
    typed
}

/// Something that no other moment types, without spaces at its ends.
fn text_of(moment: usize) -> String {
    let [first, second, third] = SENTENCE;
    format!("evening {moment}: {first}, {second} and {third}.")
}

fn letters(window: &Window) -> usize {
    window
        .read("(seen.letters.at(-1) ?? [0, 0])[1]")
        .and_then(|count| count.as_u64())
        .and_then(|count| count.try_into().ok())
        .unwrap_or_default()
}

impl Typed {
    fn is_kept(&self, window: &Window) {
        let Self { moment, text, old_enough, claimed } = self;
        let certain = *old_enough.max(claimed);
        let start = format!("evening {moment}:");
        window.click("place-journal");
        if certain == 0 {
            return;
        }
        window.click_one("entry-row", text.get(..certain.min(start.len())).expect("ASCII"));
        let kept = until("the words of before", || {
            let kept = window.text_of("[data-testid=reader] [role=textbox]");
            (!kept.trim().is_empty()).then(|| kept.trim_end().to_owned())
        });
        eprintln!("moment {moment}: {} letters kept", kept.len());
        assert!(text.starts_with(&kept), "moment {moment}: kept {kept:?} of {text:?}");
        let certain = text.get(..certain).expect("ASCII").trim_end();
        assert!(
            kept.len() >= certain.len(),
            "moment {moment}: kept {kept:?}, {certain:?} was certain"
        );
    }
}
