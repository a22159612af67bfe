//! What a group looks like to its member: people, reflections, answers, what was taken back.

use crate::bytes::{Bytes, read_open};
use crate::content::{NoteContent, ReactionContent, TextContent, reaction};
use crate::group::Group;
use crate::kept::Kept;
use crate::state::Say;
use hearthkeep_model::{AccountId, Day, Kind, NoteId, Reaction, Role};
use std::collections::BTreeMap;

/// Where something of one's own stands on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaving {
    /// In the outbox.
    Outbox,
    /// In the group's log.
    Sent,
}

/// A person in the group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub account: AccountId,
    /// The name told inside the group.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Devices in the tree.
    pub devices: u16,
}

/// What has become of a note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SharedState {
    /// Readable; of one's own, how far it has come.
    There(Leaving),
    /// Taken back by its author.
    TakenBack(Withdrawn),
    /// One's own, whose taking back was under way when one's place in the group ended.
    NotTakenBack {
        /// It had left, and may have arrived.
        perhaps: bool,
    },
    /// Made by a newer version.
    Newer,
}

/// Who has removed what was taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawn {
    /// Who says so, in the order in which they did.
    pub removed_by: Vec<AccountId>,
    /// Devices that were asked.
    pub asked: u16,
}

/// A reflection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    /// Which.
    pub id: NoteId,
    /// Who wrote it.
    pub author: AccountId,
    /// The day as lived.
    pub day: Day,
    /// Its content, corrections in it; none once it was taken back.
    pub content: Option<NoteContent>,
    /// It was corrected.
    pub corrected: bool,
    /// What has become of it.
    pub state: SharedState,
    /// Reactions in the order in which they came, one of a kind for each person.
    pub reactions: Vec<(AccountId, Reaction)>,
    /// Answers in words.
    pub replies: Vec<Reply>,
}

/// An answer in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Which.
    pub id: NoteId,
    /// Who wrote it.
    pub author: AccountId,
    /// The day as lived.
    pub day: Day,
    /// Its text.
    pub text: String,
    /// It was corrected.
    pub corrected: bool,
    /// How far it has come.
    pub leaving: Leaving,
}

impl Group {
    /// Everybody who is inside.
    #[must_use]
    pub fn members(&self) -> Vec<Member> {
        let mut members: BTreeMap<AccountId, Member> = BTreeMap::new();
        for leaf in self.leaves.values() {
            let role = self.role_of(&leaf.account);
            let member = members.entry(leaf.account).or_insert_with(|| Member {
                account: leaf.account,
                name: leaf.name.clone(),
                role,
                devices: 0,
            });
            member.devices = member.devices.saturating_add(1);
        }
        members.into_values().collect()
    }

    /// The name that somebody has or had in the group.
    #[must_use]
    pub fn name_of(&self, account: &AccountId) -> Option<&str> {
        let inside = self.leaves.values().find(|leaf| leaf.account == *account);
        if let Some(leaf) = inside {
            return Some(&leaf.name);
        }
        let account = Bytes::from(*account);
        self.epochs.values().rev().find_map(|epoch| {
            let line = epoch.roster.iter().find(|line| line.account == account);
            line.map(|line| line.name.as_str())
        })
    }

    /// All reflections that this device can read, oldest first, one's own on their way at the end.
    #[must_use]
    pub fn feed(&self) -> Vec<Shared> {
        let mut records: Vec<&Kept> = self.records.values().filter(|kept| !kept.refused).collect();
        records.sort_by_key(|kept| (kept.generation, kept.n));
        let mut feed = Feed { group: self, notes: Vec::new(), at: BTreeMap::new() };
        for kept in records {
            feed.take(kept);
        }
        for say in &self.core.sent {
            feed.take_own(say, Leaving::Sent);
        }
        for say in self.waiting_to_leave() {
            feed.take_own(say, Leaving::Outbox);
        }
        for (note, perhaps) in &self.core.not_taken_back {
            feed.keep_own((*note).into(), *perhaps);
        }
        let taken_back = |note: &Bytes<16>| self.core.taken_back.iter().any(|t| t.note == *note);
        for note in self.core.withdrawing.iter().filter(|note| !taken_back(note)) {
            feed.forget_own((*note).into());
        }
        feed.notes
    }

    /// Whether something came that was not read.
    #[must_use]
    pub fn unread(&self) -> bool {
        let me = self.core.account;
        self.records.values().any(|kept| {
            let kind = Kind::from_number(kept.kind);
            matches!(kind, Kind::Note | Kind::Comment | Kind::Reaction)
                && kept.account != me
                && kept.content.is_some()
                && !kept.refused
                && (kept.generation, kept.n) > self.core.read_up_to
        })
    }

    /// Everything that is here has been read.
    pub fn read_all(&mut self) {
        let last = self.records.values().map(|kept| (kept.generation, kept.n)).max();
        if let Some(last) = last {
            self.core.read_up_to = self.core.read_up_to.max(last);
        }
    }
}

struct Feed<'a> {
    group: &'a Group,
    notes: Vec<Shared>,
    at: BTreeMap<NoteId, usize>,
}

impl Feed<'_> {
    fn note(&mut self, id: NoteId) -> Option<&mut Shared> {
        self.at.get(&id).copied().and_then(|at| self.notes.get_mut(at))
    }

    fn put(&mut self, note: Shared) {
        self.at.insert(note.id, self.notes.len());
        self.notes.push(note);
    }

    fn take(&mut self, kept: &Kept) {
        let leaving = Leaving::Sent;
        let parts = Parts {
            kind: Kind::from_number(kept.kind),
            object: kept.object.into(),
            target: kept.target.map(NoteId::from),
            author: kept.account.into(),
            day: Day(kept.day),
            leaving,
        };
        if let Kind::Newer(_) = parts.kind {
            let state = SharedState::Newer;
            self.put(parts.shared(None, state));
        } else if let Some(content) = &kept.content {
            self.take_parts(&parts, content);
        } else if parts.kind == Kind::Note && parts.author == self.group.me() {
            self.take_taken_back(&parts);
        }
    }

    fn take_own(&mut self, say: &Say, leaving: Leaving) {
        let parts = Parts {
            kind: Kind::from_number(say.kind),
            object: say.object.into(),
            target: say.target.map(NoteId::from),
            author: self.group.me(),
            day: Day(say.day),
            leaving,
        };
        self.take_parts(&parts, &say.content);
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "no other kind shows in the feed")]
    fn take_parts(&mut self, parts: &Parts, content: &[u8]) {
        match parts.kind {
            Kind::Note => {
                if let Some(note) = NoteContent::from_bytes(content) {
                    self.put(parts.shared(Some(note), SharedState::There(parts.leaving)));
                }
            }
            Kind::Comment => self.take_reply(parts, content),
            Kind::Correction => self.take_correction(parts, content),
            Kind::Reaction => self.take_reaction(parts, content),
            _ => {}
        }
    }

    fn take_reply(&mut self, parts: &Parts, content: &[u8]) {
        let Some(content) = read_open::<TextContent>(content) else { return };
        let reply = Reply {
            id: parts.object,
            author: parts.author,
            day: parts.day,
            text: content.text,
            corrected: false,
            leaving: parts.leaving,
        };
        if let Some(note) = parts.target.and_then(|target| self.note(target)) {
            note.replies.push(reply);
        }
    }

    fn take_correction(&mut self, parts: &Parts, content: &[u8]) {
        let Some(content) = read_open::<TextContent>(content) else { return };
        if let Some(note) = self.note(parts.object) {
            if let Some(inner) = note.content.as_mut() {
                inner.text = content.text;
                note.corrected = true;
            }
            return;
        }
        let mut replies = self.notes.iter_mut().flat_map(|note| &mut note.replies);
        if let Some(reply) = replies.find(|reply| reply.id == parts.object) {
            reply.text = content.text;
            reply.corrected = true;
        }
    }

    fn take_reaction(&mut self, parts: &Parts, content: &[u8]) {
        let Some(content) = read_open::<ReactionContent>(content) else { return };
        let Some(kind) = reaction(content.reaction) else { return };
        let Some(note) = parts.target.and_then(|target| self.note(target)) else { return };
        let given = (parts.author, kind);
        let known = note.reactions.contains(&given);
        if content.on && !known {
            note.reactions.push(given);
        } else if !content.on {
            note.reactions.retain(|reaction| *reaction != given);
        }
    }

    // One's own stays in its place, so that its author sees who has removed it; others' is gone.
    fn take_taken_back(&mut self, parts: &Parts) {
        let note = Bytes::from(parts.object);
        let taken = self.group.core.taken_back.iter().find(|taken| taken.note == note);
        let Some(taken) = taken else { return };
        let mut removed_by: Vec<AccountId> = Vec::new();
        for (_, account) in &taken.removed {
            let account = AccountId::from(*account);
            if !removed_by.contains(&account) {
                removed_by.push(account);
            }
        }
        let withdrawn = Withdrawn { removed_by, asked: taken.asked };
        self.put(parts.shared(None, SharedState::TakenBack(withdrawn)));
    }

    fn keep_own(&mut self, object: NoteId, perhaps: bool) {
        if let Some(note) = self.note(object)
            && let SharedState::There(_) = note.state
        {
            note.state = SharedState::NotTakenBack { perhaps };
        }
    }

    // Its author sees at once what was asked for, before any device has heard of it.
    fn forget_own(&mut self, object: NoteId) {
        for note in &mut self.notes {
            note.replies.retain(|reply| reply.id != object);
        }
        let Some(note) = self.note(object) else { return };
        if note.content.take().is_some() {
            note.state = SharedState::TakenBack(Withdrawn { removed_by: Vec::new(), asked: 0 });
            note.corrected = false;
            note.reactions.clear();
            note.replies.clear();
        }
    }
}

struct Parts {
    kind: Kind,
    object: NoteId,
    target: Option<NoteId>,
    author: AccountId,
    day: Day,
    leaving: Leaving,
}

impl Parts {
    fn shared(&self, content: Option<NoteContent>, state: SharedState) -> Shared {
        Shared {
            id: self.object,
            author: self.author,
            day: self.day,
            content,
            corrected: false,
            state,
            reactions: Vec::new(),
            replies: Vec::new(),
        }
    }
}
