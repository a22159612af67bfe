//! A journal as somebody might have it: some weeks, a year-old page, pictures, lists, other scripts.

use hearthkeep_client::view::{FieldsPatch, Look, Settings, Theme};
use hearthkeep_client::{Cost, Events, Hearthkeep, SystemClock};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

/// A passphrase that the strength line takes.
pub const PASSPHRASE: &str = "seven quiet rivers under one bridge";
/// A passphrase for backups.
pub const BACKUP_PASSPHRASE: &str = "a lamp in every second window";

/// What was written: how many days ago, when, title, tags, feelings, words.
pub type Page = (
    i64,
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
    &'static str,
);

const HOURS: [&str; 4] = ["06:10", "12:20", "17:30", "22:40"];

const PAGES: &[Page] = &[
    (
        731,
        "21:15",
        "The first night here",
        &["flat"],
        &["tired"],
        "Boxes to the ceiling. I found the kettle and the one good cup, and that was enough of a home.",
    ),
    (
        365,
        "20:40",
        "Under the rail bridge",
        &["evenings"],
        &["fond"],
        "Rain, and the four of us waiting it out under the bridge. Nobody was in a hurry to be funny. When it stopped we stayed a little longer.",
    ),
    (
        30,
        "19:10",
        "Shopping, and why I cried",
        &[],
        &["sad"],
        "It was the tea she used to buy. I bought it.",
    ),
    (
        27,
        "22:05",
        "",
        &["evenings"],
        &[],
        "The kettle, the radio, the dog next door. All of them did their work.",
    ),
    (
        24,
        "06:15",
        "Early",
        &["mornings"],
        &["clear"],
        "Frost on the allotments. I was there before the man with the leeks.",
    ),
    (
        21,
        "20:20",
        "What I told the doctor",
        &["doctor"],
        &["relieved"],
        "She asked about the bridges I take home and I said I take the other ones now.\n\n> You need not be brave here.\n\nI wrote that down so that it is somewhere.",
    ),
    (19, "23:40", "", &["nights"], &["shaky"], "Awake. Writing this instead of the other thing."),
    (
        17,
        "18:30",
        "Before the winter",
        &["home"],
        &["steady"],
        "- [x] Bleed the radiators\n- [x] Ring Marta back\n- [ ] The coat from the cleaner\n- [ ] Ask Piotr about Sunday\n\nTwo of four. The other two can wait until Thursday.",
    ),
    (
        15,
        "12:40",
        "Lunch on the steps",
        &["work"],
        &["light"],
        "Piotr asked if I was all right and I told him the truth, the short one.",
    ),
    (
        13,
        "21:02",
        "مساء هادئ",
        &["evenings"],
        &["هدوء"],
        "اليوم كان طويلًا، لكنّه انتهى بهدوء. شربتُ الشاي عند النافذة وكتبتُ هذه السطور.",
    ),
    (
        12,
        "20:00",
        "What the evenings are for",
        &["evenings", "plans"],
        &["hopeful"],
        "## What helps\n\n1. The long way home, by the lit street.\n2. Tea, and the radio *not too loud*.\n3. Ringing somebody **before** it is bad.\n\n### What does not\n\n- Counting the hours\n- The corner by the station\n\nThe list is from the [library's page](https://example.org/evenings) and from Noor.",
    ),
    (
        10,
        "07:30",
        "Slept through 🌙",
        &["nights"],
        &["rested"],
        "Seven hours. I keep checking whether that is true. 🙂 It is.",
    ),
    (
        8,
        "22:31",
        "After the meeting",
        &["evenings", "meeting"],
        &[],
        "Noor spoke about her brother. I said nothing, and it was the right amount.",
    ),
    (
        6,
        "23:12",
        "The bridge, the bus, the bakery",
        &["evenings", "bus"],
        &["shaky", "then steady"],
        "Twenty past nine and it came on the bus, the whole thing, like somebody turning up a radio. I got off two stops early because the next one is outside the shop.\n\nI did the five blue things. A door. A child’s boot. The stripe on the ambulance, which I nearly did not count. Somebody’s headscarf. The light over the bakery, which is not really blue, but I was the one counting.\n\nBy the fifth I was on the bridge and it had gone down to something I could carry. Eleven minutes, about.",
    ),
    (
        5,
        "18:20",
        "Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen",
        &[],
        &["silly"],
        "A word for Ewa’s collection, from the back of a museum ticket. We laughed until the tram came.",
    ),
    (
        3,
        "19:45",
        "By the reservoir",
        &["walks"],
        &["quiet"],
        "PICTURE\n\nWalked round it once. The water was so flat that the hills stood in it twice. I took this for the days on which I do not believe in evenings.",
    ),
    (
        2,
        "18:05",
        "Dad’s table, and the empty chair",
        &["family", "Sundays"],
        &["tender", "tired", "a bit proud"],
        "We set five places out of habit. Nobody said it and nobody took the plate away, so it sat there through the soup like somebody who had gone to wash their hands.\n\nI thought I would need to leave. I had the sentence ready: early shift, sorry, thank you, lovely. I had even put my keys in my coat. Then Ewa asked me to cut the bread, and cutting bread turned out to be long enough.\n\nWhat I want to keep: Dad laughed. Once, at his own joke, the one about the goat. It was not a brave laugh. It was just the ordinary one, from before.",
    ),
    (
        2,
        "07:50",
        "Slept through",
        &[],
        &["rested"],
        "Seven hours. I keep checking whether that is true.",
    ),
];

/// A new vault, made without a window.
///
/// # Panics
/// When it cannot be made.
pub async fn with_a_vault(profile: &Path) -> Hearthkeep {
    let clock = Arc::new(SystemClock::new());
    let app = Hearthkeep::open_at_cost(profile, clock, Events::unheard(), Cost::Least)
        .expect("a profile");
    app.create_vault(PASSPHRASE).await.expect("a vault");
    app
}

/// Opens a profile without a window, for what a person did before a story begins or after it.
///
/// # Panics
/// When it cannot be opened.
pub fn without_a_window<T>(profile: &Path, act: impl AsyncFnOnce(&Hearthkeep) -> T) -> T {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let clock = Arc::new(SystemClock::new());
        let app = Hearthkeep::open_at_cost(profile, clock, Events::unheard(), Cost::Least)
            .expect("a profile");
        let done = act(&app).await;
        app.lock().await.expect("locked");
        done
    })
}

/// Makes a profile with a vault and all of that in it; `home` is where a picture and a backup lie.
///
/// # Panics
/// When it cannot be made.
pub fn some_weeks(profile: &Path, home: &Path) {
    without_a_window(profile, async |app| {
        lives(app, home).await;
        let backups = home.join("backups");
        std::fs::create_dir_all(&backups).expect("a folder for backups");
        backs_up(app, &backups).await;
    });
}

/// The same without a backup; answers the 24 words.
///
/// # Panics
/// When it cannot be made.
pub fn some_weeks_without_a_backup(profile: &Path, home: &Path) -> Vec<String> {
    without_a_window(profile, async |app| lives(app, home).await)
}

async fn lives(app: &Hearthkeep, home: &Path) -> Vec<String> {
    let words = app.create_vault(PASSPHRASE).await.expect("a vault").words;
    write_pages(app, PAGES, home).await;
    settles_in(app).await;
    words
}

/// Chooses a folder and backs up into it.
///
/// # Panics
/// When that fails.
pub async fn backs_up(app: &Hearthkeep, folder: &Path) {
    app.choose_backup_folder(folder, BACKUP_PASSPHRASE).await.expect("a folder");
    app.backup_now(|_| ()).await.expect("a backup that opens");
}

/// Has typed the words back, and chosen a country.
///
/// # Panics
/// When the profile cannot be written.
pub async fn settles_in(app: &Hearthkeep) {
    let settings = Settings { words_rehearsed: true, ..app.settings().await.expect("settings") };
    app.set_settings(&settings).await.expect("settings are kept");
    let look = Look { theme: Theme::Light, country: Some("AT".to_owned()), ..app.profile().look };
    app.set_look(&look).expect("the look is kept");
}

/// Writes these pages, each on its day.
///
/// # Panics
/// When one cannot be written.
pub async fn write_pages(app: &Hearthkeep, pages: &[Page], home: &Path) {
    for page in pages {
        writes(app, page, home).await;
    }
}

async fn writes(app: &Hearthkeep, page: &Page, home: &Path) {
    let (ago, hour, title, tags, feelings, words) = *page;
    let texts = |all: &[&str]| Some(all.iter().map(|&one| one.to_owned()).collect());
    let fields = FieldsPatch {
        title: Some(title.to_owned()),
        tags: texts(tags),
        feelings: texts(feelings),
        at: Some(moment(ago, hour)),
    };
    let row = app.add_entry(words, fields).await.expect("an entry");
    if words.starts_with("PICTURE") {
        let picture = app.attach(&row.id, "reservoir.png", picture(home)).await.expect("a picture");
        let with =
            words.replace("PICTURE", &format!("![The reservoir in the evening](hk:{picture})"));
        app.replace_markdown(&row.id, &with, FieldsPatch::default())
            .await
            .expect("the picture stands in the text");
    }
    if title.starts_with("Dad") {
        // An earlier state, to compare with.
        let earlier = words.replace("It was just the ordinary one, from before.", "");
        app.replace_markdown(&row.id, &earlier, FieldsPatch::default())
            .await
            .expect("an earlier state");
        app.replace_markdown(&row.id, words, FieldsPatch::default())
            .await
            .expect("and the one of now");
    }
}

fn zone() -> TimeZone {
    TimeZone::get("Europe/Berlin").expect("a zone that every system knows")
}

/// When it was this hour, so many days ago.
///
/// # Panics
/// When there was no such hour.
#[must_use]
pub fn instant(days_ago: i64, hour: &str) -> Timestamp {
    let today = zone().to_datetime(Timestamp::now()).date();
    let day = today.checked_sub(days_ago.days()).expect("a day");
    let time: jiff::civil::Time = format!("{hour}:00").parse().expect("an hour");
    zone().to_timestamp(day.to_datetime(time)).expect("it existed")
}

fn moment(days_ago: i64, hour: &str) -> String {
    let at = instant(days_ago, hour);
    let offset = zone().to_offset(at).seconds() / 3600;
    format!("{}+{offset:02}:00", zone().to_datetime(at))
}

/// Hills that stand in the water twice.
fn picture(home: &Path) -> Vec<u8> {
    let file = home.join("reservoir.png");
    let drawn = Command::new("convert")
        .args(["-size", "640x180", "gradient:#e9c9a6-#8fa3b4"])
        .args([
            "-fill",
            "#5d7186",
            "-draw",
            "polygon 0,180 0,120 120,70 260,130 400,60 560,125 640,95 640,180",
        ])
        .args([
            "-fill",
            "#3f5263",
            "-draw",
            "polygon 0,180 0,160 180,120 330,165 480,130 640,170 640,180",
        ])
        .args(["(", "+clone", "-flip", "-modulate", "82,90", ")", "-append", "-colors", "64"])
        .arg(&file)
        .status();
    assert!(drawn.is_ok_and(|status| status.success()), "a picture is drawn");
    std::fs::read(&file).expect("the picture")
}

/// A journal with many short entries, six hours apart; number 0 is the oldest.
///
/// # Panics
/// When it cannot be made.
pub fn many_entries(profile: &Path, home: &Path, many: u32) {
    let entries: Vec<serde_json::Value> = (0..many)
        .zip(HOURS.iter().cycle())
        .map(|(number, hour)| {
            let ago = i64::from(many.saturating_sub(number).div_ceil(4)).saturating_add(1);
            let at = moment(ago, hour);
            let day = at.get(..10).expect("a date");
            serde_json::json!({
                "date": day, "time": hour, "title": "", "tags": [], "starred": false,
                "body": format!("An ordinary day, number {number}. It was long enough and it ended."),
            })
        })
        .collect();
    let file = home.join("many.json");
    let journal = serde_json::json!({ "tags": {}, "entries": entries });
    std::fs::write(&file, journal.to_string()).expect("a file to bring in");
    without_a_window(profile, async |app| {
        app.create_vault(PASSPHRASE).await.expect("a vault");
        let imported = app.import(&file, |_| ()).await.expect("they come in");
        assert_eq!(imported.added, many);
    });
}
