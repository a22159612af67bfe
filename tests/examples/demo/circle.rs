//! The three of them in one group, and how they live a day of it.

use crate::month::Day;
use hearthkeep_client::view::{NoteState, ShareRequest, Standing, SyncLight};
use hearthkeep_client::{Clock, Cost, Events, Hearthkeep, ManualClock};
use hearthkeep_model::Timestamp;
use hearthkeep_tests::sample::{PASSPHRASE, instant};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

const GROUP: &str = "Thursday people";
/// How long a reflection can still be stopped.
const HOLD: Duration = Duration::from_secs(10);
/// How long anything may take to come about.
const PATIENCE: Duration = Duration::from_secs(60);

/// Who it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Name {
    Ada,
    Ben,
    Noor,
}

const EVERYBODY: [Name; 3] = [Name::Ada, Name::Ben, Name::Noor];

struct Member {
    name: Name,
    app: Hearthkeep,
    happened: Arc<Notify>,
}

pub(crate) struct Circle {
    members: [Member; 3],
    clock: Arc<ManualClock>,
    group: String,
}

impl Circle {
    /// Ada founds the group a month ago, and the others come in.
    pub(crate) async fn founded(folder: &Path, relay: &str, token: &str) -> Self {
        let clock = Arc::new(ManualClock::new(at(29, "19:00"), 60));
        let members = EVERYBODY.map(|name| Member::at(folder, name, &clock));
        for member in &members {
            member.app.unlock(PASSPHRASE).await.expect("it opens");
        }
        let [ada, others @ ..] = &members;
        let row = ada.app.found_group(GROUP, "Ada", relay, token).await.expect("a group");
        ada.sends_all().await;
        for guest in others {
            comes_in(ada, guest, &row.id).await;
        }
        for member in &members {
            member.app.watch_note_read(&row.id).await.expect("it was read");
        }
        Self { members, clock, group: row.id }
    }

    /// One evening: somebody shares, the others answer in their words and without.
    pub(crate) async fn lives(&self, day: &Day) {
        self.moves_to(at(day.ago, day.hour)).await;
        let note = self.shares(day).await;
        for (who, reaction) in day.reactions {
            self.passes(Duration::from_secs(240));
            let app = &self.member(*who).app;
            app.react(&self.group, &note, *reaction, true).await.expect("a reaction");
            self.arrives(|seen| seen.reactions.len(), &note).await;
        }
        for (who, words) in day.answers {
            self.passes(Duration::from_secs(480));
            self.member(*who).app.answer(&self.group, &note, words).await.expect("an answer");
            self.arrives(|seen| seen.answers.len(), &note).await;
        }
    }

    /// Everything is with everybody, and the journals are locked.
    pub(crate) async fn goes_home(&self) {
        for member in &self.members {
            member.sends_all().await;
            member.app.lock().await.expect("locked");
        }
    }

    fn member(&self, name: Name) -> &Member {
        self.members.iter().find(|member| member.name == name).expect("one of the three")
    }

    fn passes(&self, time: Duration) {
        self.clock.pass(time);
        // Nobody fell asleep meanwhile.
        self.members.iter().for_each(|member| member.app.activity());
    }

    /// Another day. A clock that jumps locks an open journal, so they are closed meanwhile.
    async fn moves_to(&self, time: Timestamp) {
        for member in &self.members {
            member.sends_all().await;
            member.app.lock().await.expect("locked");
        }
        self.clock.jump(time);
        for member in &self.members {
            member.app.unlock(PASSPHRASE).await.expect("it opens");
        }
    }

    async fn shares(&self, day: &Day) -> String {
        let author = self.member(day.author);
        let request = ShareRequest {
            group: self.group.clone(),
            text: day.words.to_owned(),
            audience: Vec::new(),
            wish: day.wish,
            content_notes: day.notes.to_vec(),
            entry: None,
            shareable: true,
        };
        let held = author.app.share(request, None).await.expect("it waits its ten seconds");
        self.passes(HOLD);
        author
            .until("the reflection to leave", async || {
                let feed = author.app.feed(&self.group).await.unwrap_or_default();
                let waits = |state: &NoteState| matches!(state, NoteState::Waiting { .. });
                feed.iter().any(|note| note.id == held && !waits(&note.state))
            })
            .await;
        for member in &self.members {
            member
                .until("the reflection", async || {
                    let feed = member.app.feed(&self.group).await.unwrap_or_default();
                    feed.iter().any(|note| note.id == held && note.state == NoteState::There)
                })
                .await;
        }
        held
    }

    /// Waits until everybody has as much of something as who has most.
    async fn arrives(
        &self,
        count: impl Fn(&hearthkeep_client::view::ReflectionView) -> usize,
        note: &str,
    ) {
        let counted = async |member: &Member| {
            let feed = member.app.feed(&self.group).await.unwrap_or_default();
            feed.iter().find(|one| one.id == note).map_or(0, &count)
        };
        let mut most = 0;
        for member in &self.members {
            most = most.max(counted(member).await);
        }
        for member in &self.members {
            member.until("an answer", async || counted(member).await >= most).await;
        }
    }
}

impl Member {
    fn at(folder: &Path, name: Name, clock: &Arc<ManualClock>) -> Self {
        let happened = Arc::new(Notify::new());
        let told = Arc::clone(&happened);
        let clock: Arc<dyn Clock> = Arc::clone(clock) as Arc<dyn Clock>;
        let profile = folder.join(format!("{name:?}"));
        let events = Events::to(move |_| told.notify_one());
        let app = Hearthkeep::open_at_cost(&profile, clock, events, Cost::Least);
        Self { name, app: app.expect("a profile"), happened }
    }

    async fn sends_all(&self) {
        self.until("all to be sent", async || {
            self.app.light().is_ok_and(|light| matches!(light, SyncLight::Sent | SyncLight::Saved))
        })
        .await;
    }

    async fn until(&self, what: &str, mut holds: impl AsyncFnMut() -> bool) {
        let comes_about = async {
            while !holds().await {
                // An event says that it is worth looking; some things have none, hence the limit.
                let event = self.happened.notified();
                drop(tokio::time::timeout(Duration::from_millis(100), event).await);
            }
        };
        let waited = tokio::time::timeout(PATIENCE, comes_about).await;
        assert!(waited.is_ok(), "{:?} waited in vain for {what}", self.name);
    }
}

/// One is invited, asks, is compared with by words, and let in.
async fn comes_in(host: &Member, guest: &Member, group: &str) {
    let link = host.app.invite(group).await.expect("a link");
    guest.app.open_invitation(&link).await.expect("it opens");
    let asked = guest.app.ask_to_join(&format!("{:?}", guest.name)).await.expect("a request");
    let mut request = None;
    host.until("somebody to ask", async || {
        let view = host.app.group(group).await;
        request = view.ok().and_then(|view| view.requests.into_iter().next());
        request.is_some()
    })
    .await;
    let request = request.expect("somebody asks");
    assert_eq!(request.words, asked.words, "both see the same words");
    host.app.let_in(group, &request.id, &request.words).await.expect("let in");
    guest
        .until("being let in", async || {
            let view = guest.app.group(group).await;
            view.is_ok_and(|view| view.row.standing == Standing::In)
        })
        .await;
}

fn at(days_ago: i64, hour: &str) -> Timestamp {
    Timestamp(instant(days_ago, hour).as_millisecond())
}
