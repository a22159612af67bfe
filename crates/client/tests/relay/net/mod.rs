//! A relay in a process of its own, a proxy in front of it that can be as bad as a relay can be,
//! and people who are in a group over both.

pub(crate) mod proxy;

use std::{
    io::{BufRead, BufReader},
    net::SocketAddr,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::{Duration, Instant},
};

use hearthkeep_client::{
    Clock, Cost, Events, Hearthkeep, ManualClock,
    view::{GroupView, NoteState, ReflectionView, ShareRequest, Standing, SyncLight, WishView},
};
use hearthkeep_model::Timestamp;
use hearthkeep_relay::{Allowance, Bounds, Clock as RelayClock, Config, Relay, token_of_file};
use proxy::Proxy;
use tokio::sync::Notify;

const FOLDER: &str = "HEARTHKEEP_TEST_RELAY";
pub(crate) const PASSPHRASE: &str = "a long walk by the sea";
/// 2026-11-24, 21:04 in Vienna.
const TONIGHT: Timestamp = Timestamp(1_795_550_640_000);
/// How long a reflection can still be stopped.
const HOLD: Duration = Duration::from_secs(10);

/// The other half of [`RelayProcess`]: this very test program, asked to be a relay. Does nothing
/// unless it is asked.
#[tokio::test]
async fn relay_child() {
    let Ok(folder) = std::env::var(FOLDER) else { return };
    let folder = PathBuf::from(folder);
    let open = hearthkeep_relay::Rate { per_second: 0.0, burst: 0.0 };
    let config = Config {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        database: folder.join("relay.db"),
        tls: None,
        behind_proxy: false,
        bounds: Bounds { per_block: open, per_mailbox: open, ..Bounds::default() },
        clock: RelayClock::system(),
    };
    let relay = Relay::start(config).await.unwrap();
    let allows = Allowance { mailboxes: 1_000, bytes: 1 << 30, expires_at: None };
    token_of_file(&folder.join("relay.db"), &folder.join("token"), allows).await.unwrap();
    std::fs::write(folder.join("address.new"), relay.address().to_string()).unwrap();
    std::fs::rename(folder.join("address.new"), folder.join("address")).unwrap();
    eprintln!("listening");
    std::future::pending::<()>().await;
}

/// A relay in a process of its own, which can be killed as one kills a process.
pub(crate) struct RelayProcess {
    child: Option<Child>,
    pub(crate) folder: tempfile::TempDir,
}

impl RelayProcess {
    pub(crate) fn start() -> Self {
        let mut relay = Self { child: None, folder: tempfile::tempdir().unwrap() };
        relay.start_again();
        relay
    }

    pub(crate) fn start_again(&mut self) {
        drop(std::fs::remove_file(self.folder.path().join("address")));
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["net::relay_child", "--exact", "--nocapture"])
            .env(FOLDER, self.folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        assert!(lines.any(|line| line.unwrap() == "listening"));
        self.child = Some(child);
    }

    pub(crate) fn address(&self) -> SocketAddr {
        let text = std::fs::read_to_string(self.folder.path().join("address")).unwrap();
        text.parse().unwrap()
    }

    pub(crate) fn token(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("token")).unwrap().trim().to_owned()
    }

    pub(crate) fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }
}

impl Drop for RelayProcess {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Somebody with a profile.
pub(crate) struct Person {
    pub(crate) app: Hearthkeep,
    pub(crate) name: &'static str,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) profile: tempfile::TempDir,
    happened: Arc<Notify>,
}

impl Person {
    pub(crate) async fn new(name: &'static str) -> Self {
        let profile = tempfile::tempdir().unwrap();
        let person = Self::at(name, profile);
        person.app.create_vault(PASSPHRASE).await.unwrap();
        person
    }

    /// Somebody whose profile lies there, still locked, or is still to be made.
    pub(crate) fn at(name: &'static str, profile: tempfile::TempDir) -> Self {
        let happened = Arc::new(Notify::new());
        let told = Arc::clone(&happened);
        let clock = Arc::new(ManualClock::new(TONIGHT, 60));
        let here: Arc<dyn Clock> = clock.clone();
        let events = Events::to(move |_| told.notify_one());
        let app = Hearthkeep::open_at_cost(profile.path(), here, events, Cost::Least).unwrap();
        Self { app, name, clock, profile, happened }
    }

    /// Closes the app, as one closes it, and opens it again.
    pub(crate) async fn starts_again(&self) {
        self.app.lock().await.unwrap();
        self.app.unlock(PASSPHRASE).await.unwrap();
    }

    /// Waits for something that comes about by itself.
    pub(crate) async fn until(&self, what: &str, mut holds: impl AsyncFnMut() -> bool) {
        let end = Instant::now() + Duration::from_secs(60);
        while !holds().await {
            let now = Instant::now();
            if now >= end {
                let light = self.app.light();
                panic!("{}: never came about: {what}; the light is {light:?}", self.name);
            }
            // An event says that it is worth looking; some things have none, hence the limit.
            drop(tokio::time::timeout(Duration::from_millis(200), self.happened.notified()).await);
        }
    }

    pub(crate) async fn until_light(&self, light: SyncLight) {
        let what = format!("the light {light:?}");
        self.until(&what, async || self.app.light().unwrap() == light).await;
    }

    pub(crate) async fn view(&self, group: &str) -> GroupView {
        self.app.group(group).await.unwrap()
    }

    pub(crate) async fn standing(&self, group: &str) -> Standing {
        self.view(group).await.row.standing
    }

    pub(crate) async fn feed(&self, group: &str) -> Vec<ReflectionView> {
        self.app.feed(group).await.unwrap()
    }

    /// Shares with everybody what everybody may answer, and lets the ten seconds pass.
    pub(crate) async fn shares(&self, group: &str, text: &str) -> String {
        self.shares_so(request(group, text, &[], WishView::AdviceIsWelcome)).await
    }

    /// Shares, and lets the ten seconds pass.
    pub(crate) async fn shares_so(&self, request: ShareRequest) -> String {
        let group = request.group.clone();
        let id = self.app.share(request, None).await.unwrap();
        self.clock.pass(HOLD);
        self.until("the reflection leaves", async || {
            let feed = self.feed(&group).await;
            let here = feed.iter().find(|note| note.id == id);
            here.is_some_and(|note| !matches!(note.state, NoteState::Waiting { .. }))
        })
        .await;
        id
    }

    /// One reflection as this person sees it.
    pub(crate) async fn note(&self, group: &str, id: &str) -> Option<ReflectionView> {
        self.feed(group).await.into_iter().find(|note| note.id == id)
    }

    /// Waits until a reflection can be read here.
    pub(crate) async fn gets(&self, group: &str, id: &str) {
        self.until("the reflection arrives", async || self.note(group, id).await.is_some()).await;
    }

    /// Waits until a reflection stands here as it came from the relay, also one's own.
    pub(crate) async fn may_answer(&self, group: &str, id: &str) {
        let stands = async || self.note(group, id).await.is_some_and(|n| n.may_answer.is_some());
        self.until("the reflection may be answered", stands).await;
    }

    /// Another member, as this one knows them.
    pub(crate) async fn id_of(&self, group: &str, name: &str) -> String {
        let members = self.view(group).await.members;
        members.into_iter().find(|member| member.name == name).unwrap().id
    }

    /// All that is in the feed, in its order, as one can compare it between people.
    pub(crate) async fn reads(&self, group: &str) -> Vec<String> {
        let mut read = Vec::new();
        for note in self.feed(group).await {
            read.push(format!("{}: {} {:?}", note.author_name, note.text, note.state));
            for answer in note.answers {
                read.push(format!("  {}: {}", answer.author_name, answer.text));
            }
            for reaction in note.reactions {
                read.push(format!("  {} {:?}", reaction.name, reaction.reaction));
            }
        }
        read
    }

    pub(crate) async fn has_no_alarm(&self) {
        assert_eq!(self.app.alarms().await.unwrap(), [], "{} has an alarm", self.name);
    }
}

/// What one shares: a text, with whom, and how it may be answered.
pub(crate) fn request(group: &str, text: &str, readers: &[String], wish: WishView) -> ShareRequest {
    ShareRequest {
        group: group.to_owned(),
        text: text.to_owned(),
        audience: readers.to_vec(),
        wish,
        content_notes: Vec::new(),
        entry: None,
        shareable: false,
    }
}

/// People in one group, over a proxy in front of a real relay.
pub(crate) struct Circle {
    pub(crate) relay: RelayProcess,
    pub(crate) proxy: Proxy,
    pub(crate) group: String,
    pub(crate) people: Vec<Person>,
}

impl Circle {
    /// The first founds, the others are invited and let in, one after another.
    pub(crate) async fn of(names: &[&'static str]) -> Self {
        let relay = RelayProcess::start();
        let proxy = Proxy::start(relay.address()).await;
        let mut people = Vec::new();
        for name in names {
            people.push(Person::new(name).await);
        }
        let founder = &people[0];
        let row = founder
            .app
            .found_group("Tuesday", founder.name, &proxy.url(), &relay.token())
            .await
            .unwrap();
        let group = row.id;
        founder.until_light(SyncLight::Sent).await;
        for guest in &people[1..] {
            comes_in(founder, guest, &group).await;
        }
        for person in &people {
            let everybody = people.len();
            person
                .until("everybody is in", async || {
                    person.view(&group).await.members.len() == everybody
                })
                .await;
            person.until_light(SyncLight::Sent).await;
        }
        Self { relay, proxy, group, people }
    }

    /// Everybody reads the same, in the same order, and nobody is alarmed.
    pub(crate) async fn agrees(&self) {
        let first = &self.people[0];
        for person in &self.people {
            person.until_light(SyncLight::Sent).await;
        }
        for other in &self.people[1..] {
            let mut both = (Vec::new(), Vec::new());
            let same = async || {
                both = (first.reads(&self.group).await, other.reads(&self.group).await);
                both.0 == both.1
            };
            other.until("both read the same", same).await;
        }
        for person in &self.people {
            person.has_no_alarm().await;
        }
    }
}

/// One is invited, asks, is compared with by words, and let in.
pub(crate) async fn comes_in(host: &Person, guest: &Person, group: &str) {
    let link = host.app.invite(group).await.unwrap();
    guest.app.open_invitation(&link).await.unwrap();
    let asked = guest.app.ask_to_join(guest.name).await.unwrap();
    let mut request = None;
    host.until("somebody asks", async || {
        request = host.view(group).await.requests.into_iter().find(|r| r.name == guest.name);
        request.is_some()
    })
    .await;
    let request = request.unwrap();
    assert_eq!(request.words, asked.words, "both see the same words");
    host.app.let_in(group, &request.id, &request.words).await.unwrap();
    guest
        .until("one is let in", async || guest.view(group).await.row.standing == Standing::In)
        .await;
}
