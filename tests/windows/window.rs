//! A real window of the app, as the person in front of it has it.

use crate::display::Display;
use crate::process::{Tree, built, free_port, has_ended, kill};
use crate::setting::Setting;
use crate::time::until;
use crate::web_driver::{Session, listens};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The app with a profile, on a display, driven as by hands.
#[derive(Debug)]
pub(crate) struct Window {
    session: Session,
    tree: Tree,
    display: String,
}

impl Window {
    /// Starts the app with a profile.
    pub(crate) fn open(display: &Display, profile: &Path) -> Self {
        Self::open_with(display, profile, Setting::default())
    }

    /// Starts the app with a profile and a system set up in some way.
    pub(crate) fn open_with(display: &Display, profile: &Path, setting: Setting<'_>) -> Self {
        let home = home_of(profile);
        let port = free_port();
        let mut driver = Command::new("dbus-run-session");
        driver
            .args(["--", "WebKitWebDriver", "--host=127.0.0.1", &format!("--port={port}")])
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("HEARTHKEEP_CONSOLE", "1")
            .env("DISPLAY", display.name())
            .env("HOME", &home)
            .env("TMPDIR", home.join("tmp"))
            .env("LANG", "C.UTF-8")
            .env("TZ", "Europe/Berlin")
            .env("NO_AT_BRIDGE", "1")
            .env_remove("WAYLAND_DISPLAY")
            .env_remove("XDG_DATA_HOME")
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("XDG_CACHE_HOME");
        // Never the machine's own: what its logind says is no part of a test.
        let bus = setting.system_bus.unwrap_or("unix:path=/nonexistent");
        driver.env("DBUS_SYSTEM_BUS_ADDRESS", bus);
        let tree = Tree::start(&mut driver, home.join("app.log"));
        until("the driver", || listens(port).then_some(()));
        let arguments = ["--profile".to_owned(), profile.display().to_string()];
        let program = setting.program(&home);
        let session = Session::start(port, &program.display().to_string(), &arguments)
            .expect("the app opens a window");
        Self { session, tree, display: display.name().to_owned() }
    }

    /// Waits until the page with this file name is the window, and looks at it from then on.
    pub(crate) fn shows_page(&self, file: &str) {
        until(file, || {
            let handles = self.session.get("window/handles").ok()?;
            handles.as_array()?.iter().rev().find_map(|handle| {
                self.session.post("window", &json!({ "handle": handle })).ok()?;
                let url = self.session.get("url").ok()?;
                let url = url.as_str()?.trim_end_matches('/');
                // The first page's own name is left out of its address.
                let first = file == "index.html" && url.ends_with("localhost");
                (first || url.ends_with(file)).then_some(())
            })
        });
        until("the page's first word", || self.read("document.body.innerText.trim() || null"));
    }

    /// The files of all pages that are open now.
    pub(crate) fn pages(&self) -> Vec<String> {
        let handles = self.session.get("window/handles").expect("a list of windows");
        let page = |handle: &Value| {
            self.session.post("window", &json!({ "handle": handle })).ok()?;
            let url = self.session.get("url").ok()?;
            let file = url.as_str()?.trim_end_matches('/').rsplit('/').next()?.to_owned();
            // The first page's own name is left out of its address.
            Some(if file == "localhost" { "index.html".to_owned() } else { file })
        };
        handles.as_array().into_iter().flatten().filter_map(page).collect()
    }

    /// What a script answers. Only for looking, never for doing.
    pub(crate) fn read(&self, expression: &str) -> Option<Value> {
        let script = json!({ "script": format!("return {expression}"), "args": [] });
        match self.session.post("execute/sync", &script) {
            Ok(value) if !value.is_null() => Some(value),
            Ok(_) | Err(_) => None,
        }
    }

    /// What a script tells when it is done. Only for looking, never for doing.
    pub(crate) fn run(&self, script: &str) -> Value {
        let body = json!({ "script": script, "args": [] });
        self.session.post("execute/async", &body).expect("the script comes to an end")
    }

    /// Waits until the page has drawn twice and no movement is under way.
    pub(crate) fn settles(&self) {
        until("a quiet page", || {
            self.read("document.getAnimations().every(one => one.playState !== 'running') || null")
        });
        self.run(
            "const tell = arguments[arguments.length - 1];
             requestAnimationFrame(() => requestAnimationFrame(() => tell(true)))",
        );
    }

    /// Waits until a sentence or a part of one can be read.
    pub(crate) fn shows(&self, words: &str) {
        let expression = format!("document.body.innerText.includes({}) || null", json!(words));
        until(words, || self.read(&expression));
    }

    /// Whether a sentence or a part of one can be read now, or stands in a field.
    pub(crate) fn sees(&self, words: &str) -> bool {
        let look = format!(
            "[document.title, document.body.innerText,
              ...[...document.querySelectorAll('input, textarea')].map(one => one.value)]
                .some(text => text.includes({})) || null",
            json!(words)
        );
        self.read(&look).is_some()
    }

    /// Waits until something is there.
    pub(crate) fn has(&self, place: &str) {
        until(place, || self.find(place));
    }

    /// Whether something is there now.
    pub(crate) fn has_now(&self, place: &str) -> bool {
        self.find(place).is_some()
    }

    /// The text of something that is there.
    pub(crate) fn text_of(&self, place: &str) -> String {
        until(place, || {
            let element = self.find(place)?;
            let text = self.session.get(&format!("element/{element}/text")).ok()?;
            Some(text.as_str()?.to_owned())
        })
    }

    /// Clicks on something once it can be clicked.
    pub(crate) fn click(&self, place: &str) {
        let mut refused = None;
        until(&format!("a click on {place}"), || {
            let element = self.find(place)?;
            let clicked = self.session.post(&format!("element/{element}/click"), &json!({}));
            clicked.map_err(|error| told_once(&mut refused, place, &error)).ok()
        });
    }

    /// Clicks on something if it is there now.
    pub(crate) fn clicks_now(&self, place: &str) {
        if let Some(element) = self.find(place) {
            // It may have gone between the look and the click.
            drop(self.session.post(&format!("element/{element}/click"), &json!({})));
        }
    }

    /// Clicks on the one of several that has these words in it.
    pub(crate) fn click_one(&self, place: &str, words: &str) {
        let expression = format!(
            "[...document.querySelectorAll({})].find(one => one.innerText.includes({})) || null",
            json!(selector(place)),
            json!(words)
        );
        until(&format!("a click on {place} with {words:?}"), || {
            let found = self.read(&expression)?;
            let element = found.as_object()?.values().next()?.as_str()?.to_owned();
            self.session.post(&format!("element/{element}/click"), &json!({})).ok()
        });
    }

    /// Draws the mouse from the start of one thing to the end of another.
    pub(crate) fn drag(&self, from: &str, to: &str) {
        let edge = |place: &str, edge: &str| {
            let look = format!(
                "(() => {{ const box = document.querySelector({})?.getBoundingClientRect();
                return box ? [Math.round(box.{edge}), Math.round(box.top + box.height / 2)] : null }})()",
                json!(selector(place))
            );
            let at = until(place, || self.read(&look));
            let at = |which: usize| at.get(which).cloned().unwrap_or_default();
            json!({ "type": "pointerMove", "duration": 0, "x": at(0), "y": at(1) })
        };
        let button = |what: &str| json!({ "type": what, "button": 0 });
        let actions =
            [edge(from, "left"), button("pointerDown"), edge(to, "right"), button("pointerUp")];
        let mouse = json!({ "type": "pointer", "id": "mouse", "actions": actions });
        self.session.post("actions", &json!({ "actions": [mouse] })).expect("the mouse works");
    }

    /// Waits until none of something is there.
    pub(crate) fn has_no(&self, place: &str) {
        let look = format!("document.querySelector({}) === null || null", json!(selector(place)));
        until(&format!("no {place}"), || self.read(&look));
    }

    /// The texts of all that are there of something.
    pub(crate) fn texts_of(&self, place: &str) -> Vec<String> {
        let place = json!(selector(place));
        let look = format!("[...document.querySelectorAll({place})].map(one => one.textContent)");
        let texts = self.read(&look).expect("a list");
        let texts = texts.as_array().expect("a list").iter();
        texts.filter_map(|text| Some(text.as_str()?.trim().to_owned())).collect()
    }

    /// Begins to keep what something says, one text after the other.
    pub(crate) fn begins_to_hear(&self, place: &str) {
        let place = json!(selector(place));
        let script = format!(
            "(() => {{
                const heard = window.heard = [];
                const hear = () => {{
                    const says = document.querySelector({place})?.innerText;
                    if (says !== undefined && says !== heard.at(-1)) heard.push(says);
                }};
                const all = {{ childList: true, characterData: true, subtree: true }};
                new MutationObserver(hear).observe(document.body, all);
                return true;
            }})()"
        );
        self.read(&script).expect("the page can be listened to");
    }

    /// What was said since.
    pub(crate) fn heard(&self) -> Vec<String> {
        let heard = self.read("window.heard").expect("it was listened to");
        let heard = heard.as_array().expect("a list").iter();
        heard.filter_map(|text| text.as_str().map(str::to_owned)).collect()
    }

    /// The value of a field.
    pub(crate) fn value_of(&self, place: &str) -> String {
        let look = format!("document.querySelector({})?.value || null", json!(selector(place)));
        let value = until(place, || self.read(&look));
        value.as_str().expect("a field holds words").to_owned()
    }

    /// Types into something. A field is looked at afterwards, and typed into anew where a letter was
    /// lost or came twice: on a busy machine that happens while a page is being built.
    pub(crate) fn fill(&self, place: &str, words: &str) {
        until(&format!("a field {place}"), || {
            let element = self.find(place)?;
            let value = || self.session.get(&format!("element/{element}/property/value"));
            let before = value().ok()?;
            let typed = json!({ "text": words });
            let sent = self.session.post(&format!("element/{element}/value"), &typed).is_ok();
            let whole = match (before.as_str(), value().as_ref().map(Value::as_str)) {
                (Some(before), Ok(Some(value))) => value == format!("{before}{words}"),
                // A page to write on has no value; a field that is gone has been taken.
                _ => true,
            };
            if sent && whole {
                return Some(());
            }
            drop(self.session.post(&format!("element/{element}/clear"), &json!({})));
            None
        });
    }

    /// Chooses one of several, by its value.
    pub(crate) fn choose(&self, place: &str, value: &str) {
        self.click(&format!("{} option[value='{value}']", selector(place)));
    }

    /// Empties a field, then types into it.
    pub(crate) fn fill_anew(&self, place: &str, words: &str) {
        let element = until(place, || self.find(place));
        until("an empty field", || {
            self.session.post(&format!("element/{element}/clear"), &json!({})).ok()
        });
        self.fill(place, words);
    }

    /// Presses keys one after the other, wherever the caret is. `held` are held down meanwhile.
    pub(crate) fn press(&self, held: &[char], keys: &str) {
        let down = |key: char| json!({ "type": "keyDown", "value": key });
        let up = |key: char| json!({ "type": "keyUp", "value": key });
        let mut actions: Vec<Value> = held.iter().map(|key| down(*key)).collect();
        keys.chars().for_each(|key| actions.extend([down(key), up(key)]));
        actions.extend(held.iter().rev().map(|key| up(*key)));
        let body = json!({ "actions": [{ "type": "key", "id": "keys", "actions": actions }] });
        self.session.post("actions", &body).expect("keys reach the page");
    }

    /// Types with the keys of the display's own keyboard, as a hand does: what a driver types for
    /// the app passes through memory that no member's words ever see.
    pub(crate) fn keyboard(&self, words: &str) {
        assert!(
            self.hand(&["type", "--delay", "30", words]).status.success(),
            "the keyboard works"
        );
    }

    /// Does something with the display's own keyboard, mouse and windows, beside the driver.
    pub(crate) fn hand(&self, acts: &[&str]) -> Output {
        let mut hand = Command::new("xdotool");
        hand.env("DISPLAY", &self.display).args(acts).output().expect("./dev test installs it")
    }

    /// Begins to type like `keyboard`; the hand goes on until it is dropped.
    pub(crate) fn begins_to_type(&self, words: &str) -> Tree {
        let mut hand = Command::new("xdotool");
        hand.env("DISPLAY", &self.display).args(["type", "--delay", "30", words]);
        Tree::start(&mut hand, self.tree.log_beside("hand.log"))
    }

    /// How many batches of keystrokes are on the disk, as the core has told the page.
    pub(crate) fn stored(&self) -> u64 {
        self.read("Number(document.documentElement.dataset.stored)")
            .and_then(|stored| stored.as_f64())
            .map_or(0, |stored| format!("{stored:.0}").parse().unwrap_or(0))
    }

    /// Waits until a batch after `before` is on the disk and nothing waits any more.
    pub(crate) fn is_stored_after(&self, before: u64) {
        let owed = "document.querySelector('[data-owed=true]') === null || null";
        until("the words to be stored", || {
            (self.stored() > before).then(|| self.read(owed)).flatten()
        });
    }

    /// Fails when the page's policy refused anything so far.
    pub(crate) fn broke_no_policy(&self) {
        let broken = self.read("document.documentElement.dataset.violated || null");
        assert_eq!(broken, None, "the page asked for what its policy forbids");
        assert!(!self.tree.output().contains("Refused to"), "the policy refused something");
    }

    /// Fails when the app has warned of anything so far.
    pub(crate) fn warned_of_nothing(&self) {
        let output = self.tree.output();
        let mut warnings = output.lines().filter(|line| line.contains(" hearthkeep"));
        assert_eq!(warnings.next(), None, "the app warned of something");
    }

    /// Keeps a picture of the display in `target/tmp/windows`, for whoever wants to see what a
    /// journey has seen.
    pub(crate) fn remember(&self, name: &str) {
        self.settles();
        assert!(self.take_picture(name), "a picture of the display");
    }

    fn take_picture(&self, name: &str) -> bool {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("windows");
        let taken = std::fs::create_dir_all(&folder).is_ok().then(|| {
            Command::new("import")
                .args(["-display", &self.display, "-window", "root"])
                .arg(folder.join(format!("{name}.png")))
                .status()
        });
        taken.is_some_and(|taken| taken.is_ok_and(|status| status.success()))
    }

    /// The processes that could hold words: the app, its page's, its network's.
    pub(crate) fn processes(&self) -> Vec<(&'static str, u32)> {
        ["hearthkeep", "WebKitWebProcess", "WebKitNetworkProcess"]
            .into_iter()
            .flat_map(|name| self.tree.named(name).into_iter().map(move |id| (name, id)))
            .collect()
    }

    /// Whether what is typed on the display reaches this window.
    pub(crate) fn has_the_keyboard(&self) -> bool {
        let focused = Command::new("xdotool")
            .env("DISPLAY", &self.display)
            .args(["getwindowfocus", "getwindowpid"])
            .output();
        let id = |output: Output| String::from_utf8(output.stdout).ok();
        let id = focused.ok().and_then(id).and_then(|id| id.trim().parse().ok());
        id.is_some_and(|id| self.tree.named("hearthkeep").contains(&id))
    }

    /// Starts the app once more on the same desktop, with these arguments; tells whether that
    /// start ended well, with its work handed over.
    pub(crate) fn is_started_again(&self, arguments: &[&str]) -> bool {
        let mut again = Command::new(built("hearthkeep"));
        again.env_clear().envs(self.environment()).args(arguments).stdin(Stdio::null());
        let mut again = again.spawn().expect("the app starts again");
        until("the second start's end", || again.try_wait().ok().flatten()).success()
    }

    /// What the app was started with.
    pub(crate) fn environment(&self) -> BTreeMap<String, String> {
        let first = self.tree.named("hearthkeep").first().copied().expect("the app runs");
        let environment = std::fs::read(format!("/proc/{first}/environ")).expect("its environment");
        let pair = |pair| {
            let (name, value) = std::str::from_utf8(pair).ok()?.split_once('=')?;
            Some((name.to_owned(), value.to_owned()))
        };
        environment.split(|byte| *byte == 0).filter_map(pair).collect()
    }

    /// Kills the app, its page and all, as a power cut does.
    pub(crate) fn cut_the_power(mut self) {
        self.tree.kill();
    }

    /// Sets the window's size.
    pub(crate) fn resize(&self, (width, height): (u32, u32)) {
        let rect = json!({ "x": 0, "y": 0, "width": width, "height": height });
        self.session.post("window/rect", &rect).expect("a window can be resized");
        let there = format!("innerWidth === {width} && innerHeight === {height} || null");
        until("the window's size", || self.read(&there));
    }

    /// Shows the page in another theme, to look at it; the member's setting stays as it is.
    pub(crate) fn wears(&self, theme: &str) {
        self.read(&format!("(document.documentElement.dataset.theme = {}, null)", json!(theme)));
    }

    /// A picture of the display's corner in which the window stands.
    pub(crate) fn picture(&self, file: &Path, (width, height): (u32, u32)) {
        let taken = Command::new("import")
            .args(["-display", &self.display, "-window", "root", "-crop"])
            .args([&format!("{width}x{height}+0+0"), "+repage", "-strip", "-dither", "None"])
            .args(["-colors", "64", "-define", "png:compression-level=9"])
            .arg(format!("PNG8:{}", file.display()))
            .status();
        assert!(taken.is_ok_and(|status| status.success()), "a picture of the display");
    }

    /// Asks the app to end, as the system does, and waits for it.
    pub(crate) fn end(mut self) {
        let app = self.tree.named("hearthkeep");
        app.iter().for_each(|id| kill(*id, "TERM"));
        until("the app to end", || app.iter().all(|id| has_ended(*id)).then_some(()));
        self.tree.kill();
    }

    fn find(&self, place: &str) -> Option<String> {
        let wish = json!({ "using": "css selector", "value": selector(place) });
        let found = self.session.post("element", &wish).ok()?;
        Some(found.as_object()?.values().next()?.as_str()?.to_owned())
    }
}

/// What a journey saw last, when it did not come to its end.
impl Drop for Window {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let text = self.read("document.body.innerText").unwrap_or_default();
            eprintln!("── on the window stood ──\n{}", text.as_str().unwrap_or("nothing"));
            self.take_picture(&format!("failed-{}", self.display.trim_start_matches(':')));
        }
    }
}

/// Why something could not be clicked yet, told when it changes.
fn told_once(told: &mut Option<String>, place: &str, error: &std::io::Error) {
    let why = error.to_string();
    if told.as_ref() != Some(&why) {
        eprintln!("{place} cannot be clicked yet: {why}");
        *told = Some(why);
    }
}

/// A place is what the page calls it for tests, or a selector where that has more than a name.
fn selector(place: &str) -> String {
    let is_name = place.chars().all(|one| one.is_ascii_alphanumeric() || one == '-');
    if is_name { format!("[data-testid=\"{place}\"]") } else { place.to_owned() }
}

/// A home folder of its own beside the profile: nothing of the machine's is seen or touched.
pub(crate) fn home_of(profile: &Path) -> PathBuf {
    let name = profile.file_name().expect("a profile has a name");
    let home = profile.with_file_name("home").join(name);
    std::fs::create_dir_all(home.join("tmp")).expect("a home beside the profile");
    home
}
