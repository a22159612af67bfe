//! Every screen over the real core, light and dark: no hurdle for anybody (axe). With
//! `HEARTHKEEP_SCREENS` set to a folder, each is also taken as a picture there.

use crate::display::Display;
use crate::friend::Friend;
use crate::person::{PASSPHRASE, types_three_words_back, unlocks, write_at_once};
use crate::relay::Relay;
use crate::time::until;
use crate::together::fills_in_a_group;
use crate::window::{Window, home_of};
use hearthkeep_client::view::{ContentNoteView, ReactionView, WishView};
use hearthkeep_tests::sample::some_weeks;
use std::path::{Path, PathBuf};
use std::{env, fs};

const AXE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/node_modules/axe-core/axe.min.js");
const ESCAPE: &str = "\u{e00c}";
const F1: &str = "\u{e031}";

#[test]
fn the_first_evening_s_screens_have_no_hurdle() {
    let walk = Walk::start("ada");
    let window = &walk.window;
    window.shows_page("lock.html");
    window.click("have-invitation");
    window.click("new-passphrase");
    walk.look("begin-empty");
    window.fill("new-passphrase", PASSPHRASE);
    window.shows("lifetime");
    walk.see("begin-passphrase", &[NARROW]);
    window.click("have-backup");
    walk.see("restore", &[NARROW]);
    window.click("restore-back");
    window.fill_anew("new-passphrase", PASSPHRASE);
    window.fill("again", PASSPHRASE);
    window.click("make-vault");
    window.has("words");
    walk.see("begin-words", &[NARROW]);
    types_three_words_back(window, || walk.see("begin-try", &[]));
    window.has("first-import");
    walk.see("first-day", &[]);
    window.click("place-journal");
    walk.look("journal-empty");
    window.click("place-backups");
    walk.see("backups-none", &[]);
    window.click("place-new-group");
    walk.see("new-group", &[]);
    walk.ends();
}

#[test]
fn the_journal_s_screens_have_no_hurdle() {
    let walk = Walk::start_with("ada", some_weeks);
    let window = &walk.window;
    window.shows_page("lock.html");
    window.click("passphrase");
    walk.see("lock", &[NARROW]);
    window.press(&[], F1);
    window.has("help-lines");
    walk.see("plan-locked", &[NARROW]);
    window.press(&[], F1);
    window.click("another-way");
    walk.see("another-way", &[]);
    window.click("to-passphrase");
    unlocks(window);
    walk.writes_today();
    walk.reads_the_journal();
    walk.opens_an_entry();
    walk.finds();
    walk.sets();
    walk.ends();
}

#[test]
fn the_group_s_screens_have_no_hurdle() {
    let walk = Walk::start_with("ada", some_weeks);
    let relay = Relay::start(walk.folder.path());
    unlocks(&walk.window);
    walk.founds(&relay);
    let noor = walk.lets_in("Noor", true);
    let tomasz = walk.lets_in("Tomasz", false);
    walk.reads(&noor, &tomasz);
    walk.shares_some_of_an_entry(&noor);
    walk.looks_after_the_group();
    walk.window.broke_no_policy();
    walk.window.end();
}

const WIDE: (u32, u32) = (1280, 800);
const NARROW: (u32, u32) = (900, 600);
/// What is left of a window at twice the size.
const SMALL: (u32, u32) = (640, 480);

/// One walk through the app.
struct Walk {
    window: Window,
    pictures: Option<PathBuf>,
    axe: String,
    _display: Display,
    folder: tempfile::TempDir,
}

impl Walk {
    fn start(name: &str) -> Self {
        Self::start_with(name, |_, _| ())
    }

    fn start_with(name: &str, prepare: impl Fn(&Path, &Path)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let profile = folder.path().join(name);
        prepare(&profile, &home_of(&profile));
        let display = Display::start(folder.path());
        let window = Window::open(&display, &profile);
        let pictures = env::var_os("HEARTHKEEP_SCREENS").map(PathBuf::from);
        if let Some(folder) = &pictures {
            fs::create_dir_all(folder).expect("a folder for pictures");
        }
        let axe = fs::read_to_string(AXE).expect("./dev test fetches it");
        window.resize(WIDE);
        Self { window, pictures, axe, _display: display, folder }
    }

    fn ends(self) {
        self.window.broke_no_policy();
        self.window.end();
    }

    /// Looks at what is there now, without a picture of it.
    fn look(&self, screen: &str) {
        for theme in ["light", "dark"] {
            self.window.wears(theme);
            self.window.settles();
            self.has_no_hurdle(screen, theme);
        }
        self.window.wears("light");
    }

    /// Looks at what is there now: axe in light and dark, and a picture of each where one is asked
    /// for, at the full size and at `sizes`.
    fn see(&self, screen: &str, sizes: &[(u32, u32)]) {
        let Self { window, .. } = self;
        for theme in ["light", "dark"] {
            window.wears(theme);
            window.settles();
            self.has_no_hurdle(screen, theme);
            self.take(&format!("{screen}-{theme}"), WIDE);
        }
        for size in sizes {
            window.resize(*size);
            window.wears("light");
            window.settles();
            self.reads_without_sideways_scrolling(screen);
            if *size != SMALL {
                self.take(&format!("{screen}-{}-light", size.0), *size);
            }
            window.resize(WIDE);
        }
        window.wears("light");
        window.settles();
    }

    /// The same from right to left, as in Arabic or Hebrew.
    fn see_mirrored(&self, screen: &str) {
        let turn = |way: &str| {
            self.window.read(&format!("(document.documentElement.dir = '{way}', null)"))
        };
        turn("rtl");
        self.window.settles();
        self.has_no_hurdle(screen, "mirrored");
        self.reads_without_sideways_scrolling(screen);
        self.take(&format!("{screen}-mirrored-light"), WIDE);
        turn("ltr");
    }

    fn take(&self, name: &str, size: (u32, u32)) {
        if let Some(folder) = &self.pictures {
            self.window.picture(&folder.join(format!("{name}.png")), size);
        }
    }

    fn has_no_hurdle(&self, screen: &str, theme: &str) {
        let found = self.window.run(&format!(
            "const tell = arguments[arguments.length - 1]; {};
             axe.run(document, {{ resultTypes: ['violations'] }}).then(
                 all => tell(all.violations.map(one => one.id + ': ' +
                     one.nodes.map(node => node.target.join(' ') + ' ' + node.failureSummary).join('; '))),
                 error => tell([String(error)]))",
            self.axe
        ));
        let found: Vec<_> = found.as_array().expect("a list").iter().collect();
        assert!(found.is_empty(), "hurdles on {screen} ({theme}): {found:#?}");
    }

    fn reads_without_sideways_scrolling(&self, screen: &str) {
        let wide = self.window.read(
            "document.documentElement.scrollWidth > innerWidth + 1 ? document.documentElement.scrollWidth : null",
        );
        assert_eq!(wide, None, "{screen} scrolls sideways");
    }

    fn writes_today(&self) {
        let window = &self.window;
        window.has("memory");
        self.see("today-fresh", &[NARROW]);
        write_at_once(
            window,
            "The bridge at night. I stood there for a while, then I rang my sister and walked home. \
             It was the first evening in weeks that felt like mine.",
        );
        window.click("facts-open");
        self.see("today", &[NARROW, SMALL]);
        self.see_mirrored("today");
        window.click("close-page");
        write_at_once(window, "Slept badly. Made the appointment all the same.");
        // It would lie over some pictures, and over others not.
        window.has_no("toast");
    }

    fn reads_the_journal(&self) {
        let window = &self.window;
        window.click("place-journal");
        window.has("entry-row");
        window.click_one("entry-row", "Dad’s table");
        window.shows("cutting bread turned out");
        self.see("journal", &[NARROW, SMALL]);
        self.see_mirrored("journal");
        window.click_one("entry-row", "By the reservoir");
        window.shows("Walked round it once");
        self.see("journal-picture", &[]);
        window.click("narrow");
        self.look("journal-narrowed");
        window.click("show-drawer");
        self.look("drawer-empty");
        window.click("show-drawer");
        window.click("narrow");
    }

    fn opens_an_entry(&self) {
        let window = &self.window;
        window.click_one("entry-row", "What the evenings are for");
        window.shows("Ringing somebody");
        window.click("change-entry");
        window.has("editor");
        window.shows("Ringing somebody");
        window.click("formatting");
        self.see("entry-formatted", &[NARROW]);
        window.click("back-to-journal");
        window.click_one("entry-row", "Dad’s table");
        window.shows("cutting bread turned out");
        window.click("change-entry");
        window.shows("cutting bread turned out");
        self.see("entry", &[NARROW]);
        window.click("open-versions");
        window.click("version");
        window.has("compared");
        self.see("versions", &[NARROW]);
        window.click("open-versions");
        window.click("entry-menu");
        self.look("entry-menu");
        window.press(&[], ESCAPE);
        window.click("back-to-journal");
    }

    fn finds(&self) {
        let window = &self.window;
        window.click("find");
        self.look("find-empty");
        window.fill("find-words", "bridge");
        window.has("hit");
        self.see("find", &[NARROW]);
        window.fill_anew("find-words", "brigde");
        window.has("find-sheet");
        self.look("find-misspelt");
        window.press(&[], ESCAPE);
    }

    fn sets(&self) {
        let window = &self.window;
        window.click("place-plan");
        window.has("help-lines");
        self.see("plan", &[NARROW, SMALL]);
        window.click("place-backups");
        window.has("backups");
        self.see("backups", &[NARROW]);
        window.click("place-settings");
        self.see("settings", &[NARROW, SMALL]);
        window.click("open-change-passphrase");
        self.look("change-passphrase");
        window.press(&[], ESCAPE);
        window.click("open-replace-words");
        self.see("replace-words", &[]);
        window.fill("words-passphrase", PASSPHRASE);
        window.click("[data-testid=replace-words] button[type=submit]");
        window.has("words");
        self.see("new-words", &[]);
        window.press(&[], F1);
        window.has("help-over");
        self.look("help-over");
        window.press(&[], ESCAPE);
        window.click("have-words");
        self.look("new-words-try");
        window.click("try-later");
        window.click("open-import");
        self.see("import", &[]);
        window.click("place-settings");
        window.click("open-export");
        self.see("export", &[]);
    }

    fn founds(&self, relay: &Relay) {
        let window = &self.window;
        fills_in_a_group(window, relay, "Thursdays", "Kas");
        self.see("new-group", &[NARROW]);
        window.click("found-group");
        window.has("watch-note");
        self.see("watch-note", &[]);
        window.click("watch-read");
        window.has_no("watch-note");
        self.see("group-empty", &[]);
    }

    fn lets_in(&self, name: &str, looks: bool) -> Friend {
        let window = &self.window;
        let friend = Friend::at(&self.folder.path().join(name));
        window.click("open-members");
        window.click("invite-somebody");
        let link = until("a link", || {
            window.read("document.querySelector('#invite-link')?.value || null")
        });
        if looks {
            self.see("invite", &[]);
        }
        window.press(&[], ESCAPE);
        friend.asks(link.as_str().expect("a link"), name);
        window.click("see-request");
        window.has("request-words");
        if looks {
            self.see("request", &[NARROW]);
        }
        window.click("words-heard");
        window.click("let-in");
        friend.is_in();
        until("the new member's row", || {
            window.texts_of("member").iter().any(|row| row.contains(name)).then_some(())
        });
        window.click_one("nav .place", "Thursdays");
        friend
    }

    fn reads(&self, noor: &Friend, tomasz: &Friend) {
        let window = &self.window;
        noor.shares(
            "Day ten. I nearly rang him.\n\nI put the kettle on instead, and it was a near thing.",
            WishView::AdviceIsWelcome,
            Vec::new(),
        );
        tomasz.shares(
            "It is a year since the funeral. I bought the good bread.",
            WishView::JustListen,
            vec![ContentNoteView::Death],
        );
        window.shows("Day ten.");
        window.has("folded");
        tomasz.reacts("Day ten.", ReactionView::MeToo);
        tomasz.answers("Day ten.", "I leave the telephone in the hall after nine.");
        window.shows("telephone in the hall");
        self.see("group", &[NARROW, SMALL]);
        self.see_mirrored("group");
        window.click("answer-open");
        window.fill("answer-text", "Ring me instead, any hour.");
        self.see("group-answer", &[]);
        window.click("answer-send");
        window.shows("Ring me instead");
    }

    fn shares_some_of_an_entry(&self, noor: &Friend) {
        let window = &self.window;
        window.click("place-journal");
        window.click_one("entry-row", "The bridge, the bus");
        window.shows("turning up a radio");
        window.click("share-entry");
        window.click("take-all");
        window.click_one("reader", "Noor");
        self.see("share", &[NARROW, SMALL]);
        self.see_mirrored("share");
        window.click("share-go");
        window.has("stop-sharing");
        self.see("group-waiting", &[]);
        window.has("[data-testid=reflection][data-state=there] [data-testid=take-back]");
        noor.reacts("turning up a radio", ReactionView::Heard);
        window.shows("Noor: heard you");
        self.see("group-shared", &[]);
        window.click("[data-testid=reflection][data-state=there] [data-testid=correct]");
        window.has("correct-text");
        self.see("group-correct", &[]);
        window.click("correct-send");
        window.click("[data-testid=reflection][data-state=there] [data-testid=take-back]");
        self.see("take-back", &[]);
        window.click("take-back-ask-act");
        window.shows("asked to remove it");
        self.see("group-taken-back", &[]);
    }

    fn looks_after_the_group(&self) {
        let window = &self.window;
        window.click("open-members");
        window.has("member");
        self.see("members", &[NARROW]);
        window.click("open-check");
        window.has("check-words");
        self.see("members-check", &[NARROW]);
        window.click("check-same");
        window.press(&[], ESCAPE);
        window.click("member-menu");
        self.look("member-menu");
        window.click("remove-member");
        self.see("remove-member", &[]);
        window.press(&[], ESCAPE);
        window.click("leave");
        self.see("leave-group", &[]);
        window.press(&[], ESCAPE);
    }
}
