//! What an accepted record means. Rules that everybody keeps to are kept to here as well: an
//! answer that was not wished for, or an act on what is another's, changes nothing
//! (PROTOCOL G34–G39).

use crate::bytes::{Bytes, read_open};
use crate::changes::{AlarmKind, Effect};
use crate::content::{
    InviteContent, KeepingContent, LeaveContent, NoteContent, QUESTIONS_MAX, ReactionContent,
    ReceiptContent, TextContent, WithdrawContent, allowed_reactions, allowed_words, reaction,
};
use crate::group::{Group, Place};
use crate::kept::Kept;
use crate::state::{Invite, TakenBack, Trust};
use hearthkeep_crypto::{InviteSecret, hash};
use hearthkeep_model::{Kind, NoteId, RecordId, Role, Wish};
use hearthkeep_wire::{Head, MailboxId};

/// What a record comes to.
enum Verdict {
    Shown,
    Quiet,
    NotWished,
    Alarm(AlarmKind),
}

impl Group {
    /// Makes what a kept record is about findable.
    pub(crate) fn index(&mut self, kept: &Kept) {
        let begins = matches!(Kind::from_number(kept.kind), Kind::Note | Kind::Comment);
        if begins && !kept.refused {
            self.objects.entry(kept.object).or_insert((kept.device, kept.seq));
        }
    }

    pub(crate) fn meaning(&mut self, place: Place, role: Role) -> Vec<Effect> {
        let Some(kept) = self.records.get(&place).cloned() else { return Vec::new() };
        let kind = Kind::from_number(kept.kind);
        let reads_only = matches!(kind, Kind::Receipt | Kind::Removed | Kind::Leave);
        let mut effects = Vec::new();
        let verdict = if role == Role::Reader && !reads_only {
            Verdict::Alarm(AlarmKind::Role)
        } else {
            self.verdict(&kept, kind, role, &mut effects)
        };
        match verdict {
            Verdict::Shown => effects.push(Effect::Feed),
            Verdict::Quiet => {}
            Verdict::NotWished => {
                self.refuse(place);
                effects.push(Effect::NotWished);
            }
            Verdict::Alarm(alarm) => {
                self.refuse(place);
                let member = Some(kept.account.into());
                effects.extend(self.alarm_once(alarm, member, kept.hash, kept.seq));
            }
        }
        if let Some(kept) = self.records.get(&place).cloned() {
            self.index(&kept);
        }
        effects
    }

    fn refuse(&mut self, place: Place) {
        if let Some(kept) = self.records.get_mut(&place) {
            kept.refused = true;
        }
        self.touch_record(place);
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "other kinds are kept as they are")]
    fn verdict(
        &mut self,
        kept: &Kept,
        kind: Kind,
        role: Role,
        effects: &mut Vec<Effect>,
    ) -> Verdict {
        match kind {
            Kind::Note => self.take_note(kept),
            Kind::Comment => self.take_comment(kept),
            Kind::Reaction => self.take_reaction(kept),
            Kind::Correction => self.take_correction(kept),
            Kind::Withdraw => self.take_withdraw(kept, effects),
            Kind::Removed => self.take_removed(kept),
            Kind::Receipt => self.take_receipt(kept, effects),
            Kind::Leave => self.take_leave(kept),
            Kind::Invite | Kind::Roster => self.take_keeping(kept, kind, role),
            // Kept with its bytes; shown as made by a newer Hearthkeep.
            Kind::Newer(_) => Verdict::Shown,
            _ => Verdict::Shown,
        }
    }

    fn taken_back(&self, object: &Bytes<16>) -> Option<&TakenBack> {
        self.core.taken_back.iter().find(|taken| taken.note == *object)
    }

    fn take_note(&mut self, kept: &Kept) -> Verdict {
        if self.objects.contains_key(&kept.object) {
            return Verdict::Alarm(AlarmKind::Malformed);
        }
        if self.taken_back(&kept.object).is_some() {
            self.erase_record((kept.device, kept.seq));
            return Verdict::Quiet;
        }
        match &kept.content {
            None => Verdict::Quiet,
            Some(content) if NoteContent::from_bytes(content).is_some() => Verdict::Shown,
            Some(_) => Verdict::Alarm(AlarmKind::Malformed),
        }
    }

    /// The note that a record is about, as far as this device can read it.
    pub(crate) fn note(&self, object: &Bytes<16>) -> Option<(&Kept, NoteContent)> {
        let kept = self.records.get(self.objects.get(object)?)?;
        let content = NoteContent::from_bytes(kept.content.as_deref()?)?;
        Some((kept, content))
    }

    fn take_comment(&mut self, kept: &Kept) -> Verdict {
        let Some(target) = kept.target else { return Verdict::Alarm(AlarmKind::Malformed) };
        let gone = self.taken_back(&target).is_some() || self.taken_back(&kept.object).is_some();
        if gone {
            if kept.account != self.core.account {
                self.erase_record((kept.device, kept.seq));
            }
            return Verdict::Quiet;
        }
        if self.objects.contains_key(&kept.object) {
            return Verdict::Alarm(AlarmKind::Malformed);
        }
        let Some(content) = &kept.content else { return Verdict::Quiet };
        let Some(text) = read_open::<TextContent>(content) else {
            return Verdict::Alarm(AlarmKind::Malformed);
        };
        let Some((note, note_content)) = self.note(&target) else { return Verdict::Quiet };
        // The author of a note may always answer below it.
        if note.account == kept.account {
            return Verdict::Shown;
        }
        let fits = self.words_fit(note_content.wish, &text.text);
        // Counting looks at every record, so only where it matters.
        let enough = note_content.wish == Wish::AskMe
            && self.answers_by(&target, &kept.account) > QUESTIONS_MAX;
        if fits && !enough { Verdict::Shown } else { Verdict::NotWished }
    }

    pub(crate) fn words_fit(&self, wish: Wish, text: &str) -> bool {
        let count = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
        allowed_words(wish).is_some_and(|most| count <= most) && !text.trim().is_empty()
    }

    /// How many answers in words somebody has given to a note.
    pub(crate) fn answers_by(&self, note: &Bytes<16>, account: &Bytes<32>) -> usize {
        let comment = Kind::Comment.number();
        self.records
            .values()
            .filter(|kept| {
                kept.kind == comment
                    && kept.target == Some(*note)
                    && kept.account == *account
                    && !kept.refused
                    && !kept.erased
            })
            .count()
    }

    fn take_reaction(&mut self, kept: &Kept) -> Verdict {
        let Some(target) = kept.target else { return Verdict::Alarm(AlarmKind::Malformed) };
        let Some(content) = &kept.content else { return Verdict::Quiet };
        let read = read_open::<ReactionContent>(content).and_then(|c| reaction(c.reaction));
        let Some(reaction) = read else { return Verdict::Alarm(AlarmKind::Malformed) };
        match self.note(&target) {
            None => Verdict::Quiet,
            Some((_, note)) if allowed_reactions(note.wish).contains(&reaction) => Verdict::Shown,
            Some(_) => Verdict::NotWished,
        }
    }

    fn take_correction(&mut self, kept: &Kept) -> Verdict {
        if self.taken_back(&kept.object).is_some() {
            self.erase_record((kept.device, kept.seq));
            return Verdict::Quiet;
        }
        let corrected = self.objects.get(&kept.object).and_then(|place| self.records.get(place));
        let Some(corrected) = corrected else { return Verdict::Quiet };
        if corrected.account != kept.account {
            return Verdict::Alarm(AlarmKind::Role);
        }
        let Some(content) = &kept.content else { return Verdict::Quiet };
        let Some(text) = read_open::<TextContent>(content) else {
            return Verdict::Alarm(AlarmKind::Malformed);
        };
        // An answer fits its note's wish also afterwards.
        match corrected.target.and_then(|target| self.note(&target)) {
            Some((note, wished)) if note.account != kept.account => {
                let fits = self.words_fit(wished.wish, &text.text);
                if fits { Verdict::Shown } else { Verdict::NotWished }
            }
            Some(_) | None => Verdict::Shown,
        }
    }

    fn take_withdraw(&mut self, kept: &Kept, effects: &mut Vec<Effect>) -> Verdict {
        let content = kept.content.as_deref().and_then(read_open::<WithdrawContent>);
        let (Some(note), Some(content)) = (kept.target, content) else {
            return Verdict::Alarm(AlarmKind::Malformed);
        };
        let author = self.objects.get(&note).and_then(|place| self.records.get(place));
        if author.is_some_and(|author| author.account != kept.account) {
            return Verdict::Alarm(AlarmKind::Role);
        }
        let of = author.and_then(|author| author.target);
        self.core.named.extend(content.records.iter().map(|(_, hash)| *hash));
        if self.taken_back(&note).is_some() {
            return Verdict::Quiet;
        }
        let asked = self.leaves.values().filter(|l| l.account != kept.account.into()).count();
        self.core.taken_back.push(TakenBack {
            note,
            author: kept.account,
            asked: u16::try_from(asked).unwrap_or(u16::MAX),
            removed: Vec::new(),
            of,
        });
        effects.push(Effect::Erased(self.erase_note(&note)));
        if kept.account != self.core.account {
            self.core.owed_receipts.push(note);
        }
        Verdict::Shown
    }

    // Erases a note with its versions and with others' answers; one's own answers stay one's own.
    fn erase_note(&mut self, note: &Bytes<16>) -> Vec<NoteId> {
        let own = self.core.account;
        let gone: Vec<Place> = self
            .records
            .iter()
            .filter(|(_, kept)| {
                kept.object == *note || (kept.target == Some(*note) && kept.account != own)
            })
            .filter(|(_, kept)| {
                let kind = Kind::from_number(kept.kind);
                matches!(kind, Kind::Note | Kind::Comment | Kind::Correction | Kind::Reaction)
            })
            .map(|(place, _)| *place)
            .collect();
        // Answers to an answer do not exist; corrections of answers go with their answer.
        let answers: Vec<Bytes<16>> = gone
            .iter()
            .filter_map(|place| self.records.get(place))
            .map(|kept| kept.object)
            .collect();
        let corrections: Vec<Place> = self
            .records
            .iter()
            .filter(|(_, kept)| {
                kept.kind == Kind::Correction.number() && answers.contains(&kept.object)
            })
            .map(|(place, _)| *place)
            .collect();
        for place in gone.iter().chain(&corrections) {
            self.erase_record(*place);
        }
        let mut notes: Vec<NoteId> = answers.into_iter().map(NoteId::from).collect();
        notes.push((*note).into());
        notes.sort();
        notes.dedup();
        notes
    }

    fn erase_record(&mut self, place: Place) {
        if let Some(kept) = self.records.get_mut(&place) {
            kept.erase();
        }
        self.touch_record(place);
    }

    fn take_removed(&mut self, kept: &Kept) -> Verdict {
        let Some(note) = kept.target else { return Verdict::Alarm(AlarmKind::Malformed) };
        let taken = self.core.taken_back.iter_mut().find(|taken| taken.note == note);
        if let Some(taken) = taken
            && !taken.removed.iter().any(|(device, _)| *device == kept.device)
        {
            taken.removed.push((kept.device, kept.account));
        }
        Verdict::Shown
    }

    fn take_receipt(&mut self, kept: &Kept, effects: &mut Vec<Effect>) -> Verdict {
        let content = kept.content.as_deref().and_then(read_open::<ReceiptContent>);
        let Some(content) = content else { return Verdict::Alarm(AlarmKind::Malformed) };
        let other = self
            .epochs
            .get(&content.epoch)
            .is_some_and(|epoch| hash::sha256(&epoch.authenticator) != content.authenticator.0);
        let link = self.links.get(&(kept.generation, content.content.seq));
        if other || link.is_some_and(|link| *link != content.content.link) {
            self.core.trust = self.core.trust.max(Trust::Forked);
            effects.extend(self.alarm_once(AlarmKind::RelayFork, None, kept.hash, kept.seq));
        }
        Verdict::Quiet
    }

    fn take_leave(&mut self, kept: &Kept) -> Verdict {
        let content = kept.content.as_deref().and_then(read_open::<LeaveContent>);
        let Some(LeaveContent { proof }) = content else {
            return Verdict::Alarm(AlarmKind::Malformed);
        };
        if proof.account != kept.account || !proof.holds(self.id()) {
            return Verdict::Alarm(AlarmKind::Signature);
        }
        let inside = self.leaves.values().any(|leaf| leaf.account == kept.account.into());
        if inside && !self.core.leavers.contains(&proof) {
            self.core.leavers.push(proof);
        }
        Verdict::Shown
    }

    fn take_keeping(&mut self, kept: &Kept, kind: Kind, role: Role) -> Verdict {
        if role != Role::Facilitator {
            return Verdict::Alarm(AlarmKind::Role);
        }
        let Some(content) = kept.content.as_deref() else { return Verdict::Quiet };
        if kind == Kind::Roster {
            let Some(keeping) = read_open::<KeepingContent>(content) else {
                return Verdict::Alarm(AlarmKind::Malformed);
            };
            self.core.token = Some(keeping.token);
            return Verdict::Quiet;
        }
        let Some(invite) = read_open::<InviteContent>(content) else {
            return Verdict::Alarm(AlarmKind::Malformed);
        };
        if !self.core.invites.iter().any(|known| known.secret == invite.secret) {
            let mailbox = MailboxId(InviteSecret::from_bytes(invite.secret.0).drop_id());
            self.core.invites.push(Invite {
                secret: invite.secret,
                until: invite.until,
                kind: invite.kind,
                read: Head::genesis(&mailbox),
                requests: Vec::new(),
                closed: false,
            });
        }
        Verdict::Quiet
    }

    /// One's own record stands in the log.
    pub(crate) fn own_arrived(
        &mut self,
        hash: Bytes<32>,
        header: &crate::record::Header,
    ) -> Vec<Effect> {
        let flight = self.core.flight.as_ref();
        if let Some(todo) = flight.filter(|flight| flight.hash == hash).map(|flight| flight.todo) {
            self.core.flight = None;
            self.record_stands(&todo, &hash);
        }
        self.core.todos.retain(|todo| todo.what.as_say().is_none_or(|say| say.record != header.id));
        self.core.sent.retain(|say| say.record != header.id);
        vec![Effect::Sent(RecordId::from(header.id))]
    }
}
