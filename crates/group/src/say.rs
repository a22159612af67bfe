//! What a member says: reflections, answers, corrections, taking back, leaving.
//!
//! Each is only noted down here, sealed at rest with everything else. Its place, epoch and
//! signature are given just before it is sent (send).

use crate::audience::AUDIENCE_MAX;
use crate::bytes::{Bytes, read_open, write};
use crate::changes::Effect;
use crate::content::{
    ANSWER_MAX, LeaveContent, NoteContent, QUESTIONS_MAX, ReactionContent, TextContent,
    WithdrawContent, allowed_reactions, allowed_words, reaction_number,
};
use crate::entropy::Entropy;
use crate::error::GroupError;
use crate::group::{Group, day_of};
use crate::policy::LeaveProof;
use crate::state::{Say, Standing, To, Want, What};
use hearthkeep_crypto::AccountSecret;
use hearthkeep_model::{AccountId, Audience, Day, Kind, NoteId, Reaction, Role, Timestamp, Wish};

/// Characters that a reflection may have.
pub const NOTE_CHARS_MAX: u32 = 20_000;

/// Words of one's own that no relay has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unsent {
    /// A reflection.
    Note(NoteContent),
    /// An answer to this note.
    Answer(NoteId, String),
}

/// What leaving waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Going {
    /// Another's device sees it and completes it.
    Soon,
    /// The last facilitator stays until somebody else is one.
    OnceSomebodyLeads,
}

impl Group {
    /// Shares a reflection. It is on its way from now on; the ten seconds lie before.
    ///
    /// # Errors
    /// [`GroupError::Length`], [`GroupError::Audience`], [`GroupError::NoSuchMember`].
    pub fn share(
        &mut self,
        id: NoteId,
        note: &NoteContent,
        day: Day,
        shareable: bool,
        entropy: &mut Entropy,
    ) -> Result<(), GroupError> {
        let to = self.check_share(note)?;
        let key = (to != To::Group).then(|| Bytes(entropy.next_32()));
        let shareable = shareable && to == To::Group;
        let say = Say {
            record: Bytes(entropy.next_16()),
            kind: Kind::Note.number(),
            object: id.into(),
            target: None,
            day: day.0,
            shareable,
            content: note.to_bytes(),
            to,
            key,
        };
        self.queue(What::Say(say), entropy);
        Ok(())
    }

    /// Whether a reflection could be shared as it is.
    ///
    /// # Errors
    /// As for [`Self::share`].
    pub fn may_share(&self, note: &NoteContent) -> Result<(), GroupError> {
        self.check_share(note).map(drop)
    }

    fn check_share(&self, note: &NoteContent) -> Result<To, GroupError> {
        self.inside()?;
        if !note.is_whole() {
            return Err(GroupError::Length { most: NOTE_CHARS_MAX });
        }
        let to = match &note.audience {
            Audience::Group => To::Group,
            Audience::Some(readers) => {
                if readers.is_empty() || readers.len() > AUDIENCE_MAX {
                    return Err(GroupError::Audience { most: AUDIENCE_MAX });
                }
                for reader in readers {
                    self.member(reader)?;
                }
                To::Some(readers.iter().map(|reader| Bytes::from(*reader)).collect())
            }
        };
        Ok(to)
    }

    /// Answers a note in words.
    ///
    /// # Errors
    /// [`GroupError::NotWished`] when its author does not wish for words, or for no more of them.
    pub fn answer(
        &mut self,
        note: NoteId,
        text: &str,
        day: Day,
        entropy: &mut Entropy,
    ) -> Result<NoteId, GroupError> {
        let note_id = Bytes::from(note);
        let (author, wish) = self.may_answer(&note_id)?;
        let own = author == self.me();
        let most = if own { ANSWER_MAX } else { allowed_words(wish).unwrap_or(0) };
        let count = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        if text.trim().is_empty() || count > most {
            return Err(GroupError::Length { most });
        }
        // A number for calling back is for the author alone.
        let (to, key) = if wish == Wish::PleaseCallMe && !own {
            (To::Some(vec![author.into()]), Some(Bytes(entropy.next_32())))
        } else {
            (To::LikeTarget, None)
        };
        let content = write(&TextContent { text: text.to_owned() });
        let object = Bytes(entropy.next_16());
        let target = Some(note_id);
        self.say(Kind::Comment, object, target, day, content, (to, key), entropy);
        Ok(object.into())
    }

    fn may_answer(&self, note: &Bytes<16>) -> Result<(AccountId, Wish), GroupError> {
        self.inside()?;
        let (author, wish) = self.wish_of(note)?;
        if author == self.me() {
            return Ok((author, wish));
        }
        // Counting looks at every record, so only where it matters.
        let enough = wish == Wish::AskMe && self.questions_asked(note) >= QUESTIONS_MAX;
        if allowed_words(wish).is_none() || enough {
            return Err(GroupError::NotWished { wish });
        }
        Ok((author, wish))
    }

    /// Answers of one's own to a note, those on their way among them.
    fn questions_asked(&self, note: &Bytes<16>) -> usize {
        let said = self.answers_by(note, &self.core.account);
        let says = self.core.sent.iter().chain(self.waiting_to_leave());
        let waiting =
            says.filter(|say| say.kind == Kind::Comment.number() && say.target == Some(*note));
        said.saturating_add(waiting.count())
    }

    // Who wrote a note, and how it wishes to be answered.
    fn wish_of(&self, note: &Bytes<16>) -> Result<(AccountId, Wish), GroupError> {
        if let Some((kept, content)) = self.note(note) {
            return Ok((kept.account.into(), content.wish));
        }
        let own = self.on_its_way(note).and_then(|say| NoteContent::from_bytes(&say.content));
        let own = own.ok_or(GroupError::NoSuchNote)?;
        Ok((self.me(), own.wish))
    }

    /// A note or answer of one's own that was not read back yet.
    pub(crate) fn on_its_way(&self, object: &Bytes<16>) -> Option<&Say> {
        self.core.sent.iter().chain(self.waiting_to_leave()).find(|say| say.begins(object))
    }

    /// What one has said and no relay has.
    pub(crate) fn waiting_to_leave(&self) -> impl Iterator<Item = &Say> {
        self.core.todos.iter().filter_map(|todo| todo.what.as_say())
    }

    /// What one has written and no relay has. For who is out, it will never have left.
    #[must_use]
    pub fn unsent(&self) -> Vec<Unsent> {
        let words = |say: &Say| match (NoteContent::from_bytes(&say.content), say.target) {
            (Some(note), None) => Some(Unsent::Note(note)),
            (_, Some(target)) => {
                let text = read_open::<TextContent>(&say.content)?.text;
                Some(Unsent::Answer(target.into(), text))
            }
            (None, None) => None,
        };
        let begins = self.waiting_to_leave().filter(|say| say.begins(&say.object));
        begins.filter_map(words).collect()
    }

    // Where a note or answer of one's own waits that has not even been sealed.
    fn unsealed(&self, object: &Bytes<16>) -> Option<usize> {
        let flying = self.core.flight.as_ref().map(|flight| flight.todo);
        self.core.todos.iter().position(|todo| {
            let begins = todo.what.as_say().is_some_and(|say| say.begins(object));
            begins && Some(todo.id) != flying
        })
    }

    /// Characters of an answer that this member may still give to a note; none: no words.
    #[must_use]
    pub fn words_left(&self, note: NoteId) -> Option<u32> {
        let (author, wish) = self.may_answer(&note.into()).ok()?;
        if author == self.me() { Some(ANSWER_MAX) } else { allowed_words(wish) }
    }

    /// Gives a reaction, or takes it back.
    ///
    /// # Errors
    /// [`GroupError::NotWished`] when the note's author does not wish for it.
    pub fn react(
        &mut self,
        note: NoteId,
        reaction: Reaction,
        on: bool,
        day: Day,
        entropy: &mut Entropy,
    ) -> Result<(), GroupError> {
        self.inside()?;
        let target = Bytes::from(note);
        let (_, wish) = self.wish_of(&target)?;
        if !allowed_reactions(wish).contains(&reaction) {
            return Err(GroupError::NotWished { wish });
        }
        let content = write(&ReactionContent { reaction: reaction_number(reaction), on });
        let object = Bytes(entropy.next_16());
        let to = (To::LikeTarget, None);
        self.say(Kind::Reaction, object, Some(target), day, content, to, entropy);
        Ok(())
    }

    /// Corrects one's own note or answer. What has not been sent yet is only written anew.
    ///
    /// # Errors
    /// [`GroupError::NotYours`] when another wrote it; [`GroupError::Length`].
    pub fn correct(
        &mut self,
        note: NoteId,
        text: &str,
        day: Day,
        entropy: &mut Entropy,
    ) -> Result<(), GroupError> {
        self.inside()?;
        let object = Bytes::from(note);
        self.own_object(&object)?;
        let most = self.most_letters(&object);
        let count = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        if text.trim().is_empty() || count > most {
            return Err(GroupError::Length { most });
        }
        let text = TextContent { text: text.to_owned() };
        if let Some(todo) = self.unsealed(&object).and_then(|at| self.core.todos.get_mut(at)) {
            if let What::Say(say) = &mut todo.what {
                say.content = match NoteContent::from_bytes(&say.content) {
                    Some(note) => NoteContent { text: text.text, ..note }.to_bytes(),
                    None => write(&text),
                };
            }
            return Ok(());
        }
        let to = (To::LikeTarget, None);
        self.say(Kind::Correction, object, Some(object), day, write(&text), to, entropy);
        Ok(())
    }

    // An answer stays as short as its note wishes.
    fn most_letters(&self, object: &Bytes<16>) -> u32 {
        let kept = self.objects.get(object).and_then(|place| self.records.get(place));
        let target = match kept {
            Some(kept) => kept.target,
            None => self.on_its_way(object).and_then(|say| say.target),
        };
        match target.map(|note| self.wish_of(&note)) {
            Some(Ok((author, _))) if author == self.me() => ANSWER_MAX,
            Some(Ok((_, wish))) => allowed_words(wish).unwrap_or(0),
            Some(Err(_)) => ANSWER_MAX,
            None => NOTE_CHARS_MAX,
        }
    }

    fn own_object(&self, object: &Bytes<16>) -> Result<(), GroupError> {
        if self.core.withdrawing.contains(object) {
            return Err(GroupError::NoSuchNote);
        }
        if self.on_its_way(object).is_some() {
            return Ok(());
        }
        let place = self.objects.get(object).ok_or(GroupError::NoSuchNote)?;
        let kept = self.records.get(place).ok_or(GroupError::NoSuchNote)?;
        if kept.account != self.core.account {
            return Err(GroupError::NotYours);
        }
        if kept.erased { Err(GroupError::NoSuchNote) } else { Ok(()) }
    }

    /// Takes back one's own note or answer. What has not been sent yet is only forgotten.
    ///
    /// # Errors
    /// [`GroupError::NotYours`] when another wrote it.
    pub fn take_back(
        &mut self,
        note: NoteId,
        day: Day,
        entropy: &mut Entropy,
    ) -> Result<(), GroupError> {
        let object = Bytes::from(note);
        self.own_object(&object)?;
        if self.unsealed(&object).is_some() {
            // With what one has said below it.
            let about = |say: &Say| say.object == object || say.target == Some(object);
            self.core.todos.retain(|todo| !todo.what.as_say().is_some_and(about));
            return Ok(());
        }
        self.inside()?;
        self.core.withdrawing.push(object);
        // The records are named when this is sealed: the note itself may still be on its way.
        let to = (To::Group, None);
        let content = write(&WithdrawContent { records: Vec::new() });
        let id = Bytes(entropy.next_16());
        self.say(Kind::Withdraw, id, Some(object), day, content, to, entropy);
        Ok(())
    }

    /// Leaves the group: said to all, signed; another's commit completes it. Who is alone is out
    /// at once.
    ///
    /// # Errors
    /// [`GroupError::LastFacilitator`] when others would be left without one.
    pub fn leave(
        &mut self,
        secret: &AccountSecret,
        entropy: &mut Entropy,
        now: Timestamp,
    ) -> Result<Vec<Effect>, GroupError> {
        self.inside()?;
        let me = self.me();
        if !self.leaves.values().any(|leaf| leaf.account != me) {
            return Ok(self.end_place(Standing::Left));
        }
        if !self.led_without(&me) {
            return Err(GroupError::LastFacilitator);
        }
        let account = secret.account_key(self.id().as_bytes(), self.core.account_n);
        let proof = LeaveProof::sign(&account, self.id());
        let content = write(&LeaveContent { proof });
        let object = Bytes(entropy.next_16());
        self.core.left_proof_sent = true;
        self.say(Kind::Leave, object, None, day_of(now), content, (To::Group, None), entropy);
        Ok(vec![Effect::Members])
    }

    /// Whether one has asked to leave and is still inside, and what it waits for.
    #[must_use]
    pub fn going(&self) -> Option<Going> {
        if !self.core.left_proof_sent || self.core.standing != Standing::In {
            return None;
        }
        Some(if self.led_without(&self.me()) { Going::Soon } else { Going::OnceSomebodyLeads })
    }

    /// Whether there is a facilitator beside this person.
    pub(crate) fn led_without(&self, account: &AccountId) -> bool {
        self.leaves.values().any(|leaf| {
            leaf.account != *account && self.role_of(&leaf.account) == Role::Facilitator
        })
    }

    /// Removes a person with all their devices. One facilitator suffices.
    ///
    /// # Errors
    /// [`GroupError::NotFacilitator`], [`GroupError::NoSuchMember`].
    pub fn remove(&mut self, account: AccountId, entropy: &mut Entropy) -> Result<(), GroupError> {
        self.facilitates()?;
        self.member(&account)?;
        if account == self.me() {
            return Err(GroupError::NoSuchMember);
        }
        self.want(Want::Remove(account.into()), entropy);
        Ok(())
    }

    /// Makes a member a facilitator.
    ///
    /// # Errors
    /// [`GroupError::NotFacilitator`], [`GroupError::NoSuchMember`].
    pub fn make_facilitator(
        &mut self,
        account: AccountId,
        entropy: &mut Entropy,
    ) -> Result<(), GroupError> {
        self.facilitates()?;
        self.member(&account)?;
        self.want(Want::Promote(account.into()), entropy);
        Ok(())
    }

    pub(crate) fn want(&mut self, want: Want, entropy: &mut Entropy) {
        let known = self
            .core
            .todos
            .iter()
            .any(|todo| matches!(&todo.what, What::Commit(waiting) if *waiting == want));
        if !known {
            self.queue(What::Commit(want), entropy);
        }
    }

    pub(crate) fn facilitates(&self) -> Result<(), GroupError> {
        self.inside()?;
        if self.role() == Role::Facilitator { Ok(()) } else { Err(GroupError::NotFacilitator) }
    }

    fn member(&self, account: &AccountId) -> Result<(), GroupError> {
        let inside = self.leaves.values().any(|leaf| leaf.account == *account);
        if inside { Ok(()) } else { Err(GroupError::NoSuchMember) }
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of a record, each once")]
    pub(crate) fn say(
        &mut self,
        kind: Kind,
        object: Bytes<16>,
        target: Option<Bytes<16>>,
        day: Day,
        content: Vec<u8>,
        to: (To, Option<Bytes<32>>),
        entropy: &mut Entropy,
    ) {
        let say = Say {
            record: Bytes(entropy.next_16()),
            kind: kind.number(),
            object,
            target,
            day: day.0,
            shareable: false,
            content,
            to: to.0,
            key: to.1,
        };
        self.queue(What::Say(say), entropy);
    }
}
