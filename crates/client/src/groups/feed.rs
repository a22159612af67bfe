//! The feed of a group as a screen shows it.

use super::on_hold::OnHold;
use super::share::{HOLD, content_of};
use super::views;
use crate::ClientError;
use crate::hearthkeep::Hearthkeep;
use crate::view::{AnswerView, NoteState, ReactionRow, ReflectionView};
use hearthkeep_group::{
    Group, Leaving, NoteContent, Reply, Shared, SharedState, Standing, allowed_reactions,
};
use hearthkeep_model::{AccountId, Audience, GroupId, NoteId};

impl Hearthkeep {
    /// All reflections that can be read here, newest first.
    ///
    /// # Errors
    /// [`ClientError::NoSuchGroup`].
    pub async fn feed(&self, group: &str) -> Result<Vec<ReflectionView>, ClientError> {
        let id: GroupId = group.parse()?;
        let session = self.session()?;
        let mut feed = self
            .look_at(id, |group| {
                group.feed().iter().map(|note| reflection(group, note)).collect::<Vec<_>>()
            })
            .await?;
        let day = self.clock().moment().day.to_string();
        let elapsed = self.clock().elapsed();
        let room = self.room(id).await?;
        if let Some(group) = room.group.as_ref() {
            for (note, held) in &*session.groups.shares.lock() {
                if held.group == id {
                    feed.push(on_hold(group, *note, held, elapsed, &day));
                }
            }
        }
        feed.reverse();
        Ok(feed)
    }
}

fn name(group: &Group, account: &AccountId) -> String {
    group.name_of(account).unwrap_or_default().to_owned()
}

fn readers(group: &Group, content: &NoteContent) -> Vec<String> {
    match &content.audience {
        Audience::Group => Vec::new(),
        Audience::Some(readers) => readers.iter().map(|account| name(group, account)).collect(),
    }
}

fn reflection(group: &Group, note: &Shared) -> ReflectionView {
    let mine = note.author == group.me();
    let content = note.content.as_ref();
    let (state, removed_by, removal_asked) = match &note.state {
        SharedState::There(Leaving::Sent) => (NoteState::There, Vec::new(), 0),
        SharedState::There(Leaving::Outbox) => (NoteState::Outbox, Vec::new(), 0),
        SharedState::Newer => (NoteState::Newer, Vec::new(), 0),
        SharedState::NotTakenBack { perhaps } => {
            (NoteState::NotTakenBack { perhaps: *perhaps }, Vec::new(), 0)
        }
        SharedState::TakenBack(by) => {
            let names = by.removed_by.iter().map(|account| name(group, account)).collect();
            (NoteState::TakenBack, names, by.asked)
        }
    };
    let there = state == NoteState::There;
    let wish = content.map_or(hearthkeep_model::Wish::JustListen, |content| content.wish);
    // One hears others, not oneself.
    let may_react = there && !mine && content.is_some() && group.standing() == Standing::In;
    let reactions = if may_react { allowed_reactions(wish) } else { &[] };
    ReflectionView {
        id: note.id.to_string(),
        author: note.author.to_string(),
        author_name: name(group, &note.author),
        mine,
        day: note.day.to_string(),
        text: content.map(|content| content.text.clone()).unwrap_or_default(),
        wish: views::wish(wish),
        content_notes: content
            .map(|content| content.content_notes.iter().map(views::content_note).collect())
            .unwrap_or_default(),
        readers: content.map(|content| readers(group, content)).unwrap_or_default(),
        corrected: note.corrected,
        state,
        reactions: note
            .reactions
            .iter()
            .map(|(member, reaction)| ReactionRow {
                member: member.to_string(),
                name: name(group, member),
                reaction: views::reaction(*reaction),
            })
            .collect(),
        answers: note.replies.iter().map(|reply| answer(group, reply)).collect(),
        may_answer: if there { group.words_left(note.id) } else { None },
        may_react: reactions.iter().map(|reaction| views::reaction(*reaction)).collect(),
        removed_by,
        removal_asked,
    }
}

fn answer(group: &Group, reply: &Reply) -> AnswerView {
    AnswerView {
        id: reply.id.to_string(),
        author: reply.author.to_string(),
        author_name: name(group, &reply.author),
        mine: reply.author == group.me(),
        day: reply.day.to_string(),
        text: reply.text.clone(),
        corrected: reply.corrected,
        waits: reply.leaving == Leaving::Outbox,
    }
}

fn on_hold(
    group: &Group,
    note: NoteId,
    held: &OnHold,
    elapsed: std::time::Duration,
    day: &str,
) -> ReflectionView {
    let left = HOLD.saturating_sub(elapsed.saturating_sub(held.since));
    let seconds = u16::try_from(left.as_millis().div_ceil(1_000)).unwrap_or(u16::MAX);
    let content = content_of(&held.request).ok();
    ReflectionView {
        id: note.to_string(),
        author: group.me().to_string(),
        author_name: group.own_name().to_owned(),
        mine: true,
        day: day.to_owned(),
        text: held.request.text.clone(),
        wish: held.request.wish,
        content_notes: held.request.content_notes.clone(),
        readers: content.map(|content| readers(group, &content)).unwrap_or_default(),
        corrected: false,
        state: NoteState::Waiting { seconds },
        reactions: Vec::new(),
        answers: Vec::new(),
        may_answer: None,
        may_react: Vec::new(),
        removed_by: Vec::new(),
        removal_asked: 0,
    }
}
