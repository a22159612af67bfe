//! People, a played relay, one clock, one seed. A history is replayed by its seed.
#![allow(
    dead_code,
    unreachable_pub,
    missing_debug_implementations,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "each test binary uses its part of the world; numbers here are small"
)]

pub mod relay;

use hearthkeep_crypto::AccountSecret;
use hearthkeep_group::{
    Alarm, Answer, Asking, Effect, Entropy, Founding, Group, GroupError, Held, InviteLink,
    NoteContent, Outgoing, Shared, SharedState, Standing, Table,
};
use hearthkeep_model::{AccountId, Audience, Day, NoteId, Timestamp, Wish};
use hearthkeep_wire::{MailboxId, Token};
use rand::{Rng, RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;
use relay::SimRelay;
use std::collections::BTreeMap;

pub const START: i64 = 1_900_000_000_000;
pub const DAY_MS: i64 = 86_400_000;

pub type Rows = BTreeMap<(Table, Vec<u8>), Vec<u8>>;

/// How bad the weather is: in so many of 1,000 steps something breaks.
#[derive(Debug, Clone, Copy, Default)]
pub struct Weather {
    pub crash: u32,
    pub lost_request: u32,
    pub lost_answer: u32,
}

pub struct Person {
    pub name: String,
    pub secret: AccountSecret,
    pub entropy: Entropy,
    pub rows: Rows,
    pub group: Option<Group>,
    pub alarms: Vec<Alarm>,
    pub effects: Vec<Effect>,
    pub away: bool,
}

pub struct World {
    pub relay: SimRelay,
    pub people: Vec<Person>,
    pub now: Timestamp,
    pub rng: ChaCha8Rng,
    pub weather: Weather,
    /// Also in fair weather: after so many chances to crash, this person takes the next one.
    pub crash_after: Option<(usize, u32)>,
    /// What happened, in order: printed when a history does not end as it must.
    pub story: Vec<String>,
}

impl Person {
    pub fn group(&mut self) -> &mut Group {
        self.group.as_mut().expect("is in a group")
    }

    pub fn seen(&self) -> &Group {
        self.group.as_ref().expect("is in a group")
    }

    pub fn inside(&self) -> bool {
        self.group.as_ref().is_some_and(|group| group.standing() == Standing::In)
    }

    /// One transaction.
    pub fn keep(&mut self) {
        let Some(group) = self.group.as_mut() else { return };
        for row in group.take_changes().rows {
            match row.value {
                Some(value) => drop(self.rows.insert((row.table, row.key), value)),
                None => drop(self.rows.remove(&(row.table, row.key))),
            }
        }
    }

    /// Everything in memory is gone; what was kept is loaded.
    pub fn crash(&mut self) {
        if self.rows.is_empty() {
            return;
        }
        let rows =
            self.rows.iter().map(|((table, key), value)| (*table, key.clone(), value.clone()));
        self.group = Some(Group::load(rows).expect("what was kept loads"));
    }

    pub fn note(&mut self, effects: Vec<Effect>) {
        for effect in &effects {
            if let Effect::Alarm(alarm) = effect {
                self.alarms.push(*alarm);
            }
        }
        self.effects.extend(effects);
    }
}

/// A story that ends badly is told whole.
impl Drop for World {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            return;
        }
        for line in &self.story {
            eprintln!("{line}");
        }
        for person in &self.people {
            let Some(group) = &person.group else { continue };
            eprintln!("{} ({:?}) is {group:?} and sees:", person.name, group.me());
            group.feed().iter().for_each(|note| eprintln!("  {:?} {}", note.id, line(note)));
        }
    }
}

impl World {
    pub fn new(seed: u64) -> Self {
        Self {
            relay: SimRelay::default(),
            people: Vec::new(),
            now: Timestamp(START),
            rng: ChaCha8Rng::seed_from_u64(seed),
            weather: Weather::default(),
            crash_after: None,
            story: Vec::new(),
        }
    }

    /// Notes down what somebody did, or what befell them.
    pub fn tell(&mut self, who: usize, what: impl std::fmt::Display) {
        let (name, day) = (&self.people[who].name, self.today().0);
        self.story.push(format!("day {day} {name}: {what}"));
    }

    pub fn person(&mut self, name: &str) -> usize {
        let (mut secret, mut seed) = ([0; 32], [0; 32]);
        self.rng.fill_bytes(&mut secret);
        self.rng.fill_bytes(&mut seed);
        self.people.push(Person {
            name: name.to_owned(),
            secret: AccountSecret::from_bytes(secret),
            entropy: Entropy::from_seed(seed),
            rows: Rows::new(),
            group: None,
            alarms: Vec::new(),
            effects: Vec::new(),
            away: false,
        });
        self.people.len() - 1
    }

    /// A group founded by the first person, with all others let in.
    pub fn with_group(seed: u64, names: &[&str]) -> Self {
        let mut world = Self::new(seed);
        for name in names {
            world.person(name);
        }
        world.found(0);
        for who in 1..names.len() {
            world.come_in(who, 0);
        }
        world
    }

    pub fn found(&mut self, who: usize) {
        let now = self.now;
        let person = &mut self.people[who];
        let founding = Founding {
            name: "Tuesday evening",
            own_name: &person.name.clone(),
            relay: "http://127.0.0.1:1",
            token: Token([5; 32]),
        };
        let group = Group::found(&founding, &person.secret, &mut person.entropy, now);
        person.group = Some(group.expect("founds"));
        person.keep();
        self.settle();
    }

    /// Invites, asks, compares words, lets in.
    pub fn come_in(&mut self, who: usize, by: usize) {
        let link = self.invite(by);
        self.ask(who, &link).expect("asks");
        self.settle();
        let words = self.people[who].seen().own_words().expect("asks").map(str::to_owned);
        let asking = self.asking(by);
        let asking = asking.iter().find(|a| a.words.iter().eq(words.iter())).expect("same words");
        let request = asking.request;
        let now = self.now;
        let person = &mut self.people[by];
        let entropy = &mut person.entropy;
        person.group.as_mut().unwrap().let_in(request, &words, entropy, now).expect("lets in");
        person.keep();
        self.settle();
    }

    pub fn invite(&mut self, by: usize) -> InviteLink {
        let now = self.now;
        let person = &mut self.people[by];
        let entropy = &mut person.entropy;
        let link = person.group.as_mut().unwrap().invite(entropy, now).expect("invites");
        person.keep();
        link
    }

    pub fn ask(&mut self, who: usize, link: &InviteLink) -> Result<(), GroupError> {
        let now = self.now;
        let person = &mut self.people[who];
        let entropy = &mut person.entropy;
        let group = Group::ask(link, &person.name, &person.secret, 0, entropy, now)?;
        person.rows.clear();
        person.group = Some(group);
        person.keep();
        Ok(())
    }

    pub fn asking(&self, by: usize) -> Vec<Asking> {
        self.people[by].seen().asking()
    }

    /// Somebody does something and it is kept.
    pub fn act<T>(
        &mut self,
        who: usize,
        act: impl FnOnce(&mut Group, &mut Entropy) -> Result<T, GroupError>,
    ) -> Result<T, GroupError> {
        let person = &mut self.people[who];
        let done = act(person.group.as_mut().expect("in a group"), &mut person.entropy);
        person.keep();
        done
    }

    pub fn share(&mut self, who: usize, text: &str, wish: Wish, audience: Audience) -> NoteId {
        let note = NoteContent { text: text.into(), wish, content_notes: Vec::new(), audience };
        let day = self.today();
        let id = NoteId::from_bytes(self.rng.random());
        self.act(who, |group, entropy| group.share(id, &note, day, false, entropy))
            .expect("shares");
        id
    }

    pub fn today(&self) -> Day {
        Day(i32::try_from(self.now.0 / DAY_MS).unwrap())
    }

    pub fn me(&self, who: usize) -> AccountId {
        self.people[who].seen().me()
    }

    fn breaks(&mut self, per_mille: u32) -> bool {
        per_mille > 0 && self.rng.random_ratio(per_mille.min(1_000), 1_000)
    }

    fn crashes(&mut self, who: usize) -> bool {
        if let Some((unlucky, chances)) = self.crash_after.filter(|(unlucky, _)| *unlucky == who) {
            self.crash_after = chances.checked_sub(1).map(|left| (unlucky, left));
            return self.crash_after.is_none();
        }
        let crash = self.weather.crash;
        self.breaks(crash)
    }

    fn may_crash(&mut self, who: usize) -> bool {
        let crashes = self.crashes(who);
        if crashes {
            self.people[who].crash();
            self.tell(who, "crashes");
        }
        crashes
    }

    /// One round of one person: read all mailboxes on, then send one request. Every line of it
    /// may be the last before a crash.
    pub fn round(&mut self, who: usize) {
        if self.people[who].away || self.people[who].group.is_none() {
            return;
        }
        let now = self.now;
        {
            let person = &mut self.people[who];
            let entropy = &mut person.entropy;
            person.group.as_mut().unwrap().tick(entropy, now);
        }
        if self.may_crash(who) {
            return;
        }
        self.people[who].keep();
        let mailboxes: Vec<MailboxId> =
            self.people[who].seen().watched().into_iter().map(|(mailbox, _)| mailbox).collect();
        for mailbox in mailboxes {
            if self.read(who, mailbox) {
                return;
            }
        }
        self.send(who);
    }

    /// Reads a mailbox on by one page. True: a crash ended it.
    pub fn read(&mut self, who: usize, mailbox: MailboxId) -> bool {
        let limit = if self.rng.random_ratio(1, 4) { 3 } else { 1_000 };
        self.read_page(who, mailbox, limit)
    }

    /// Reads on by a page of so many entries at most.
    pub fn read_page(&mut self, who: usize, mailbox: MailboxId, limit: usize) -> bool {
        let now = self.now;
        let watched = self.people[who].seen().watched();
        let Some((_, since)) = watched.into_iter().find(|(known, _)| *known == mailbox) else {
            return false;
        };
        let page = self.relay.fetch(&mailbox, since.seq, limit);
        let lost = self.weather.lost_answer;
        if self.breaks(lost) {
            return false;
        }
        let person = &mut self.people[who];
        let entropy = &mut person.entropy;
        let group = person.group.as_mut().unwrap();
        let effects = match &page {
            Some(page) => group.apply(&mailbox, since, &page.page(), entropy, now),
            None => Ok(group.missing(&mailbox, since, now)),
        };
        let effects = match effects {
            Ok(effects) => effects,
            Err(error) => panic!("{} could not apply: {error}", person.name),
        };
        let last = page.iter().flat_map(|page| &page.entries).last();
        let (from, to) = (since.seq, last.map_or(since.seq, |kept| kept.at.seq));
        if to > from {
            self.tell(who, format_args!("reads {} {from}..{to}: {effects:?}", short(&mailbox)));
        }
        // What a page said is known once it is kept.
        if self.crashes(who) {
            self.people[who].crash();
            self.tell(who, "crashes before it is kept");
            return true;
        }
        self.people[who].keep();
        self.people[who].note(effects);
        self.may_crash(who)
    }

    /// Sends the next request, if there is one. True: something was sent.
    pub fn send(&mut self, who: usize) -> bool {
        let now = self.now;
        let person = &mut self.people[who];
        let group = person.group.as_mut().unwrap();
        let outgoing = group.next_outgoing(&person.secret, &mut person.entropy, now);
        let outgoing = outgoing.unwrap_or_else(|error| panic!("{}: {error}", person.name));
        let Some(outgoing) = outgoing else {
            self.people[who].keep();
            return false;
        };
        if self.may_crash(who) {
            return true;
        }
        self.people[who].keep();
        if self.may_crash(who) {
            return true;
        }
        let lost = self.weather.lost_request;
        if self.breaks(lost) {
            return true;
        }
        let answer = self.relay.take(&outgoing);
        let what = format!("{:?}", outgoing.ask);
        let what: String = what.chars().take(24).collect();
        self.tell(who, format_args!("sends to {}: {what} → {answer:?}", short(&outgoing.mailbox)));
        let lost = self.weather.lost_answer;
        if self.breaks(lost) || self.may_crash(who) {
            return true;
        }
        self.answer(who, &outgoing, answer);
        self.may_crash(who);
        true
    }

    pub fn answer(&mut self, who: usize, outgoing: &Outgoing, answer: Answer) {
        let person = &mut self.people[who];
        let entropy = &mut person.entropy;
        let group = person.group.as_mut().unwrap();
        let effects = group.answered(outgoing.idem, answer, entropy).expect("takes the answer");
        if self.crashes(who) {
            self.people[who].crash();
            return;
        }
        self.people[who].keep();
        self.people[who].note(effects);
    }

    /// Fair weather, until nobody has anything left to do.
    pub fn settle(&mut self) {
        let weather = std::mem::take(&mut self.weather);
        for round in 0..2_000 {
            let before = self.busy();
            for who in 0..self.people.len() {
                self.round(who);
            }
            if !before && !self.busy() {
                self.weather = weather;
                return;
            }
            // Turns in line pass.
            if round % 8 == 7 {
                self.now.0 += 5_000;
            }
        }
        panic!("never comes to rest");
    }

    fn busy(&self) -> bool {
        self.people.iter().filter(|person| !person.away).any(|person| {
            let Some(group) = &person.group else { return false };
            let behind = group.watched().iter().any(|(mailbox, read)| {
                self.relay.head(mailbox).is_some_and(|head| head.seq > read.seq)
            });
            // Whoever waits until another is seen out, waits for a turn in line.
            let goes_on = matches!(group.held(), None | Some(Held::RemovalPending));
            behind || (group.has_outgoing() && goes_on && self.can_send(group))
        })
    }

    fn can_send(&self, group: &Group) -> bool {
        matches!(group.standing(), Standing::In | Standing::Asking)
    }

    /// What somebody sees, as lines that can be compared.
    pub fn screen(&self, who: usize) -> Vec<String> {
        let group = self.people[who].seen();
        group.feed().iter().map(line).collect()
    }

    /// Every member sees the same words and the same reflections for all.
    pub fn assert_one_past(&self, seed: u64) {
        let inside: Vec<usize> =
            (0..self.people.len()).filter(|who| self.people[*who].inside()).collect();
        let Some(first) = inside.first().copied() else { return };
        let words = self.people[first].seen().check_words().unwrap();
        for who in &inside {
            let person = &self.people[*who];
            assert_eq!(person.alarms, Vec::new(), "seed {seed}: an alarm at {}", person.name);
            assert_eq!(person.seen().check_words().unwrap(), words, "seed {seed}: {}", person.name);
            assert!(!person.seen().has_outgoing(), "seed {seed}: {} still waits", person.name);
        }
    }
}

/// A mailbox as it stands in a story.
pub fn short(mailbox: &MailboxId) -> String {
    mailbox.0.iter().take(3).map(|byte| format!("{byte:02x}")).collect()
}

/// One reflection as one line, without who reads it.
pub fn line(note: &Shared) -> String {
    let text = note.content.as_ref().map_or("-", |content| content.text.as_str());
    let state = match &note.state {
        SharedState::There(_) => "there".to_owned(),
        SharedState::TakenBack(by) => format!("taken back, removed by {}", by.removed_by.len()),
        SharedState::NotTakenBack { perhaps: false } => "not taken back".to_owned(),
        SharedState::NotTakenBack { perhaps: true } => "perhaps not taken back".to_owned(),
        SharedState::Newer => "newer".to_owned(),
    };
    let replies: Vec<&str> = note.replies.iter().map(|reply| reply.text.as_str()).collect();
    format!("{text} [{state}] {:?} {replies:?}", note.reactions.len())
}
