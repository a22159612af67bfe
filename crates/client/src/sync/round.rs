//! The loop itself.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use hearthkeep_model::GroupId;
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::{AbortHandle, JoinSet},
    time::{Instant, sleep_until},
};

use super::{
    groups::{Groups, Trouble},
    light::{OfGroup, of_all},
    lookout::look_out,
    pace::Pace,
    turn::{TurnError, Turned, turn},
};
use crate::{
    relay::{Listen, RelayAddress, RelayLink},
    view::SyncLight,
};

/// Events that may wait. A lost one costs nothing: every event says no more than "look".
const INBOX: usize = 256;
/// When nothing at all is due.
const IDLE: Duration = Duration::from_secs(3_600);

/// All that can begin something.
#[derive(Debug)]
enum Event {
    /// Groups were founded, joined or left.
    GroupsChanged,
    /// Something new is in a group's outbox.
    Outbox(GroupId),
    /// The relay has something.
    Woken(GroupId),
    /// A person asks, or the network is back.
    Now,
    /// The vault is about to be locked. Answered when nothing moves any more.
    End(oneshot::Sender<()>),
}

/// What came back from a task.
enum Came {
    Turned(GroupId, Result<Turned, TurnError>),
    LookoutEnded,
}

/// The loop, as the rest of the client sees it.
#[derive(Debug)]
pub(crate) struct Sync {
    inbox: mpsc::Sender<Event>,
    light: Arc<Mutex<SyncLight>>,
    task: AbortHandle,
}

impl Drop for Sync {
    /// A session that goes without having been locked takes its loop with it.
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Sync {
    /// Starts. `on_light` is called when the light has changed.
    pub(crate) fn start<G: Groups>(
        groups: G,
        on_light: impl Fn() + Send + std::marker::Sync + 'static,
    ) -> Self {
        let (inbox, events) = mpsc::channel(INBOX);
        let light = Arc::new(Mutex::new(SyncLight::Saved));
        let round = Round {
            groups,
            inbox: inbox.clone(),
            light: Arc::clone(&light),
            on_light: Box::new(on_light),
            known: BTreeMap::new(),
            tasks: JoinSet::new(),
        };
        let task = tokio::spawn(round.run(events)).abort_handle();
        Self { inbox, light, task }
    }

    /// Groups were founded, joined or left.
    pub(crate) fn groups_changed(&self) {
        self.say(Event::GroupsChanged);
    }

    /// Something new is in the outbox of a group, and is kept.
    pub(crate) fn outbox(&self, group: GroupId) {
        self.say(Event::Outbox(group));
    }

    /// A person asks, or the network is back.
    pub(crate) fn now(&self) {
        self.say(Event::Now);
    }

    /// What the light shows.
    pub(crate) fn light(&self) -> SyncLight {
        self.light.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Ends, and returns when nothing is spoken to any relay any more.
    pub(crate) async fn end(&self) {
        let (ended, told) = oneshot::channel();
        if self.inbox.send(Event::End(ended)).await.is_ok() {
            // An error means that the loop is gone already.
            drop(told.await);
        }
    }

    /// When the inbox is full, a turn for everything that waits is under way already.
    fn say(&self, event: Event) {
        drop(self.inbox.try_send(event));
    }
}

struct Round<G> {
    groups: G,
    inbox: mpsc::Sender<Event>,
    light: Arc<Mutex<SyncLight>>,
    on_light: Box<dyn Fn() + Send + std::marker::Sync>,
    known: BTreeMap<GroupId, Known>,
    tasks: JoinSet<Came>,
}

/// A group, as the loop knows it.
struct Known {
    /// Nothing, while its address is one that is not spoken to.
    link: Option<Arc<RelayLink>>,
    positions: watch::Sender<Arc<Vec<Listen>>>,
    lookout: Option<AbortHandle>,
    turning: Option<AbortHandle>,
    /// Something came while a turn was under way.
    again: bool,
    due: Instant,
    pace: Pace,
    unreachable: bool,
}

impl<G: Groups> Round<G> {
    async fn run(mut self, mut events: mpsc::Receiver<Event>) {
        self.find_groups().await;
        self.show_light().await;
        loop {
            let due = self.next_due();
            tokio::select! {
                event = events.recv() => match event {
                    Some(Event::End(ended)) => {
                        self.tasks.shutdown().await;
                        // Whoever asked may have gone.
                        let _ = ended.send(());
                        return;
                    }
                    Some(event) => self.take(event).await,
                    None => return,
                },
                Some(came) = self.tasks.join_next(), if !self.tasks.is_empty() => {
                    if let Ok(Came::Turned(group, result)) = came {
                        self.turned(group, result).await;
                    }
                }
                () = sleep_until(due) => self.begin_due(),
            }
        }
    }

    async fn take(&mut self, event: Event) {
        match event {
            Event::GroupsChanged => {
                self.find_groups().await;
                self.show_light().await;
            }
            Event::Outbox(group) => {
                if !self.known.contains_key(&group) {
                    self.find_groups().await;
                }
                self.want(group);
                self.show_light().await;
            }
            Event::Woken(group) => {
                if let Some(known) = self.known.get_mut(&group) {
                    // The relay speaks, so it is there.
                    known.unreachable = false;
                    known.pace.forget();
                }
                self.want(group);
                self.show_light().await;
            }
            Event::Now => {
                let now = Instant::now();
                for known in self.known.values_mut() {
                    known.pace.forget();
                    known.due = now;
                    known.again = known.turning.is_some();
                }
                self.begin_due();
            }
            Event::End(_) => {}
        }
    }

    /// Begins a turn, or another after the one under way. A relay that does not answer is not asked
    /// more often because more is written.
    fn want(&mut self, group: GroupId) {
        let Some(known) = self.known.get_mut(&group) else { return };
        if known.turning.is_some() {
            known.again = true;
        } else if !known.unreachable {
            known.due = Instant::now();
            self.begin_due();
        }
    }

    async fn find_groups(&mut self) {
        let Ok(found) = self.groups.list().await else { return };
        let gone: Vec<GroupId> =
            self.known.keys().filter(|group| !found.contains(group)).copied().collect();
        for group in gone {
            if let Some(known) = self.known.remove(&group) {
                known.lookout.inspect(AbortHandle::abort);
                known.turning.inspect(AbortHandle::abort);
            }
        }
        for group in found {
            if !self.known.contains_key(&group)
                && let Ok(reading) = self.groups.reading(group).await
            {
                let link = RelayAddress::parse(&reading.relay)
                    .ok()
                    .and_then(|address| RelayLink::new(address).ok())
                    .map(Arc::new);
                let unreachable = link.is_none();
                let (positions, _) = watch::channel(Arc::default());
                self.known.insert(
                    group,
                    Known {
                        link,
                        positions,
                        lookout: None,
                        turning: None,
                        again: false,
                        due: Instant::now(),
                        pace: Pace::default(),
                        unreachable,
                    },
                );
            }
        }
        self.begin_due();
    }

    fn next_due(&self) -> Instant {
        let idle = Instant::now().checked_add(IDLE).unwrap_or_else(Instant::now);
        self.known
            .values()
            .filter(|known| known.turning.is_none() && known.link.is_some())
            .map(|known| known.due)
            .min()
            .unwrap_or(idle)
    }

    fn begin_due(&mut self) {
        let now = Instant::now();
        for (group, known) in &mut self.known {
            if known.turning.is_some() || known.due > now {
                continue;
            }
            let Some(link) = known.link.clone() else { continue };
            let (groups, group) = (self.groups.clone(), *group);
            let task = self
                .tasks
                .spawn(async move { Came::Turned(group, turn(&groups, &link, group).await) });
            known.turning = Some(task);
            known.again = false;
        }
    }

    async fn turned(&mut self, group: GroupId, result: Result<Turned, TurnError>) {
        let reading = self.groups.reading(group).await;
        let inbox = self.inbox.clone();
        let Some(known) = self.known.get_mut(&group) else { return };
        known.turning = None;
        let wait = match result {
            Ok(Turned::Whole) => {
                known.unreachable = false;
                known.pace.went_well()
            }
            Ok(Turned::NotYet) => {
                known.unreachable = false;
                known.pace.failed(None)
            }
            Err(TurnError::Here(Trouble::Closed)) => IDLE,
            Err(TurnError::Here(Trouble::NotKept)) => known.pace.failed(None),
            Err(TurnError::Link(error)) => {
                // A relay that is busy is there.
                known.unreachable = error.retry_ms().is_none();
                known.pace.failed(error.retry_ms())
            }
        };
        let now = Instant::now();
        known.due = now.checked_add(wait).unwrap_or(now);
        if known.again && result.is_ok() {
            known.due = now;
        }
        if let (Ok(reading), Ok(_)) = (reading, result) {
            let listens = reading.mailboxes.into_iter().map(|(mailbox, at, key)| Listen {
                mailbox,
                key,
                since: at.seq,
            });
            known.positions.send_replace(Arc::new(listens.collect()));
            if let (None, Some(link)) = (&known.lookout, known.link.clone()) {
                let woken = move || drop(inbox.try_send(Event::Woken(group)));
                let looking = look_out(link, known.positions.subscribe(), woken);
                let task = self.tasks.spawn(async move {
                    looking.await;
                    Came::LookoutEnded
                });
                known.lookout = Some(task);
            }
        }
        self.begin_due();
        self.show_light().await;
    }

    async fn show_light(&mut self) {
        let mut all = Vec::new();
        for (group, known) in &self.known {
            if let Ok(state) = self.groups.state(*group).await {
                all.push(OfGroup { group: *group, state, unreachable: known.unreachable });
            }
        }
        let light = of_all(&all);
        let changed = {
            let mut shown = self.light.lock().unwrap_or_else(PoisonError::into_inner);
            let changed = *shown != light;
            *shown = light;
            changed
        };
        if changed {
            (self.on_light)();
        }
    }
}
