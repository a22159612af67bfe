//! Somebody comes back to a group that has shared much meanwhile: over a real relay, through the
//! one API, until all of it is opened, verified, kept and shown.
//!
//! `cargo build --release -p hearthkeep-relay`, then
//! `cargo run --release -p hearthkeep-client --example first_sync [NOTES]`
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::panic,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a measurement that fails stops"
)]

#[path = "../../search/examples/measure/mod.rs"]
mod measure;

use hearthkeep_client::view::{
    NoteState, ReflectionView, ShareRequest, Standing, SyncLight, WishView,
};
use hearthkeep_client::{Clock, Cost, Events, Hearthkeep, ManualClock};
use hearthkeep_model::Timestamp;
use measure::{Writer, figure, memory_mb};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Notify;

const PASSPHRASE: &str = "a long walk by the sea";
/// Shared at a time: each waits its ten seconds, which the clock passes for all of them. More would
/// make the outbox, which is kept whole at every step, longer than anybody's is.
const AT_ONCE: usize = 64;

#[tokio::main]
async fn main() {
    let notes: usize = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(10_000);
    let folder = tempfile::tempdir().unwrap();
    let relay = Relay::start(folder.path());
    let (amal, bea) = (Person::new(folder.path(), "Amal"), Person::new(folder.path(), "Bea"));
    for person in [&amal, &bea] {
        person.app.create_vault(PASSPHRASE).await.unwrap();
    }
    let group = meet(&amal, &bea, &relay).await;
    bea.app.lock().await.unwrap();
    let began = Instant::now();
    share(&amal, &group, notes).await;
    figure("share_per_s", per_second(notes, began.elapsed()));

    bea.app.unlock(PASSPHRASE).await.unwrap();
    let began = Instant::now();
    bea.until_sent().await;
    while bea.app.feed(&group).await.unwrap().len() < notes {
        bea.told.notified().await;
    }
    figure("first_sync_s", began.elapsed().as_secs_f64());
    figure("first_sync_mb", memory_mb("VmRSS"));
    assert_eq!(bea.app.alarms().await.unwrap(), []);
    let began = Instant::now();
    let shown = bea.app.feed(&group).await.unwrap();
    println!("a feed of {} notes is made in {:.0?}", shown.len(), began.elapsed());
}

fn per_second(count: usize, took: Duration) -> f64 {
    f64::from(u32::try_from(count).unwrap()) / took.as_secs_f64()
}

/// One founds a group, the other is invited and let in.
async fn meet(amal: &Person, bea: &Person, relay: &Relay) -> String {
    let app = &amal.app;
    let row = app.found_group("Tuesday", "Amal", &relay.url, &relay.token).await.unwrap();
    amal.until_sent().await;
    let link = app.invite(&row.id).await.unwrap();
    bea.app.open_invitation(&link).await.unwrap();
    let asked = bea.app.ask_to_join("Bea").await.unwrap();
    let request = loop {
        let waiting = app.group(&row.id).await.unwrap().requests;
        match waiting.into_iter().next() {
            Some(request) => break request,
            None => amal.told.notified().await,
        }
    };
    app.let_in(&row.id, &request.id, &asked.words).await.unwrap();
    while bea.app.group(&row.id).await.unwrap().row.standing != Standing::In {
        bea.told.notified().await;
    }
    bea.until_sent().await;
    row.id
}

async fn share(amal: &Person, group: &str, notes: usize) {
    let mut writer = Writer::new(1);
    let mut left = notes;
    while left > 0 {
        let now = left.min(AT_ONCE);
        for _ in 0..now {
            let request = ShareRequest {
                group: group.to_owned(),
                text: writer.text(),
                audience: Vec::new(),
                wish: WishView::JustListen,
                content_notes: Vec::new(),
                entry: None,
                shareable: false,
            };
            amal.app.share(request, None).await.unwrap();
        }
        // Ten seconds again and again are hours, in which nobody would be there.
        amal.app.activity();
        amal.clock.pass(Duration::from_secs(10));
        left -= now;
        while amal.app.feed(group).await.unwrap().iter().any(waits) {
            amal.told.notified().await;
        }
        amal.until_sent().await;
    }
}

fn waits(note: &ReflectionView) -> bool {
    matches!(note.state, NoteState::Waiting { .. })
}

struct Person {
    app: Hearthkeep,
    clock: Arc<ManualClock>,
    told: Arc<Notify>,
}

impl Person {
    fn new(folder: &Path, name: &str) -> Self {
        let told = Arc::new(Notify::new());
        let clock = Arc::new(ManualClock::new(Timestamp(1_795_550_640_000), 60));
        let here: Arc<dyn Clock> = clock.clone();
        let notify = Arc::clone(&told);
        let events = Events::to(move |_| notify.notify_one());
        let app = Hearthkeep::open_at_cost(&folder.join(name), here, events, Cost::Least).unwrap();
        Self { app, clock, told }
    }

    async fn until_sent(&self) {
        while self.app.light().unwrap() != SyncLight::Sent {
            self.told.notified().await;
        }
    }
}

/// A relay in a process of its own.
struct Relay {
    process: Child,
    url: String,
    token: String,
}

impl Relay {
    fn start(folder: &Path) -> Self {
        let program = std::env::current_exe().unwrap();
        let program = program.ancestors().nth(2).unwrap().join("hearthkeep-relay");
        let mut process = Command::new(program)
            .args(["serve", "--listen", "127.0.0.1:0", "--rate", "0", "--mebibytes", "10000"])
            .args([Path::new("--database"), &folder.join("relay.db")])
            .args([Path::new("--token-file"), &folder.join("token")])
            .stdout(Stdio::piped())
            .spawn()
            .expect("cargo build --release -p hearthkeep-relay");
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("listening on ").unwrap();
        let token = std::fs::read_to_string(folder.join("token")).unwrap().trim().to_owned();
        Self { url: format!("http://{address}"), token, process }
    }
}

impl Drop for Relay {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
