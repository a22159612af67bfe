//! Commits: staged by this device, judged when they are others', merged only from the log.

use crate::bytes::Bytes;
use crate::changes::{AlarmKind, Ask, Blob, Effect, Outgoing};
use crate::content::KeepingContent;
use crate::entropy::Entropy;
use crate::error::GroupError;
use crate::group::{Group, day_of};
use crate::mls::Plan;
use crate::policy::{Approval, CommitNote, CommitRefusal, Judged, LastRecord, judge};
use crate::state::{Flight, FlightKind, Say, Standing, To, Todo, Trust, Want, What};
use hearthkeep_crypto::hash;
use hearthkeep_crypto::record::{MailboxClass, context, kid_of, open_handshake, seal_handshake};
use hearthkeep_model::{AccountId, Kind, Role, Timestamp};
use hearthkeep_wire::{Head, Idem};

/// What a staged commit is made of, beside its plan.
struct Draft {
    plan: Plan,
    note: CommitNote,
}

impl Group {
    /// Stages a commit for this want. `None`: there is nothing left to do for it.
    pub(crate) fn stage(
        &mut self,
        todo: Bytes<16>,
        want: &Want,
        entropy: &mut Entropy,
        now: Timestamp,
    ) -> Result<Option<Outgoing>, GroupError> {
        let Some(Draft { mut plan, note }) = self.plan(want, now)? else { return Ok(None) };
        let before = self.before()?;
        plan.aad = note.to_bytes();
        let adds = !plan.adds.is_empty();
        let staged = self.mls.stage(&self.signer(), plan)?;
        // What others would refuse is never sent.
        let facts = self.mls.pending_facts(note.to_bytes())?;
        if let Err(refused) = judge(&before, &facts) {
            self.mls.forget_pending()?;
            return Err(refused.into());
        }
        let generation = self.generation().ok_or(GroupError::NotInside)?.clone();
        let secret = Self::epoch_secret(self.current_epoch()?).ok_or(GroupError::Row)?;
        let ctx = context(self.id().as_bytes(), MailboxClass::Handshake);
        let bytes = seal_handshake(&secret, &ctx, &staged.commit);
        let hash = Bytes(hash::sha256(&bytes));
        let blob =
            Blob { expect_head: Some(generation.handshake_read.seq), delete_hash: None, bytes };
        let ask = if note.generation == generation.number {
            Ask::Append(blob)
        } else {
            let (seal, open) =
                self.rotation(&self.mls.pending_epoch()?).ok_or(GroupError::NotInside)?;
            Ask::Rotate(blob, seal, open)
        };
        let outgoing =
            Outgoing { idem: Idem(entropy.next_16()), mailbox: generation.handshake, ask };
        self.core.flight = Some(Flight {
            todo,
            hash,
            seq: 0,
            generation: generation.number,
            welcome: if adds { staged.welcome } else { None },
            note: note.to_bytes(),
            kind: FlightKind::Commit,
            outgoing: Some(outgoing.clone()),
        });
        Ok(Some(outgoing))
    }

    fn plan(&self, want: &Want, now: Timestamp) -> Result<Option<Draft>, GroupError> {
        let rules = self.inside()?;
        let generation = self.generation().ok_or(GroupError::NotInside)?;
        let today = day_of(now).0.max(self.core.day);
        let mut plan = Plan::default();
        let mut note = CommitNote {
            version: 1,
            day: today,
            generation: generation.number,
            cut: generation.content_read,
            last: Vec::new(),
            approvals: Vec::new(),
            leaves: Vec::new(),
        };
        match want {
            Want::Renew => {}
            Want::Rotate => note.generation = generation.number.saturating_add(1),
            Want::LetIn(request) => {
                let Some((invite, request)) = self.request(request) else { return Ok(None) };
                if self.leaves.values().any(|leaf| leaf.device == request.device.into()) {
                    return Ok(None);
                }
                if invite.until < today {
                    return Err(GroupError::Expired);
                }
                plan.adds.push(request.package.clone());
                note.approvals.push(Approval {
                    account: request.account,
                    device: request.device,
                    request: request.hash,
                    invite: Bytes(invite.secret_key().to_bytes()),
                    until: invite.until,
                });
                // Who comes back has lost the old device, or it was taken from them.
                self.remove_account(request.account.into(), &mut plan, &mut note);
            }
            Want::Remove(account) => {
                let account = AccountId::from(*account);
                if !self.led_without(&account) {
                    return Ok(None);
                }
                self.remove_account(account, &mut plan, &mut note);
                if plan.removes.is_empty() {
                    return Ok(None);
                }
                let leaving = self.core.leavers.iter();
                note.leaves = leaving.filter(|p| p.account == account.into()).cloned().collect();
                let listed =
                    rules.facilitators.contains(&account) || rules.readers.contains(&account);
                if listed && rules.role(&self.me()) == Role::Facilitator {
                    let mut rules = rules.clone();
                    rules.facilitators.remove(&account);
                    rules.readers.remove(&account);
                    plan.rules = Some(rules.to_bytes());
                }
            }
            Want::Promote(account) => {
                let mut rules = rules.clone();
                if !rules.facilitators.insert(AccountId::from(*account)) {
                    return Ok(None);
                }
                rules.readers.remove(&AccountId::from(*account));
                plan.rules = Some(rules.to_bytes());
            }
        }
        Ok(Some(Draft { plan, note }))
    }

    fn remove_account(&self, account: AccountId, plan: &mut Plan, note: &mut CommitNote) {
        let own = self.core.device;
        for (leaf, certificate) in &self.leaves {
            if certificate.account == account && certificate.device != own.into() {
                plan.removes.push(*leaf);
                note.last.push(self.last_of(&certificate.device.into()));
            }
        }
        if !plan.removes.is_empty() {
            note.generation = self.generation().map_or(0, |g| g.number.saturating_add(1));
        }
    }

    /// Takes a blob of the handshake log.
    pub(crate) fn apply_commit(
        &mut self,
        blob: &[u8],
        at: Head,
        entropy: &mut Entropy,
    ) -> Result<Vec<Effect>, GroupError> {
        let hash = Bytes(hash::sha256(blob));
        if self.is_own_pending(&hash) {
            return self.merge_own(at, entropy);
        }
        let epoch = self.current_epoch()?;
        let secret = Self::epoch_secret(epoch).ok_or(GroupError::Row)?;
        if kid_of(blob) != Some(epoch.kid.0) {
            return Ok(self.alarm_once(AlarmKind::CommitRefused, None, hash, at.seq));
        }
        let ctx = context(self.id().as_bytes(), MailboxClass::Handshake);
        let Ok(message) = open_handshake(&secret, &ctx, blob) else {
            return Ok(self.alarm_once(AlarmKind::CommitRefused, None, hash, at.seq));
        };
        let before = self.before()?;
        let mut judged: Option<Judged> = None;
        let outcome = self.mls.process(&message, |facts| -> Result<(), CommitRefusal> {
            judged = Some(judge(&before, facts)?);
            Ok(())
        });
        match (outcome, judged) {
            (Ok(Ok(facts)), Some(judged)) => {
                // A commit of one's own that was on its way has lost; its want stays.
                if self.in_flight(FlightKind::Commit) {
                    self.core.flight = None;
                }
                if facts.self_removed {
                    return Ok(self.put_out());
                }
                self.after_merge(&judged, at)
            }
            (Ok(_) | Err(_), _) => {
                Ok(self.alarm_once(AlarmKind::CommitRefused, None, hash, at.seq))
            }
        }
    }

    pub(crate) fn in_flight(&self, kind: FlightKind) -> bool {
        self.core.flight.as_ref().is_some_and(|flight| flight.kind == kind)
    }

    fn is_own_pending(&self, hash: &Bytes<32>) -> bool {
        self.in_flight(FlightKind::Commit)
            && self.core.flight.as_ref().is_some_and(|flight| flight.hash == *hash)
    }

    /// One's own commit stands in the log: only now it is merged.
    pub(crate) fn merge_own(
        &mut self,
        at: Head,
        entropy: &mut Entropy,
    ) -> Result<Vec<Effect>, GroupError> {
        let Some(flight) = self.core.flight.take() else { return Ok(Vec::new()) };
        let before = self.before()?;
        let facts = self.mls.pending_facts(flight.note.clone())?;
        let judged = judge(&before, &facts)?;
        self.mls.merge_pending()?;
        let want = self.finish(&flight.todo);
        let mut effects = self.after_merge(&judged, at)?;
        if let Some(What::Commit(want)) = want {
            self.after_own(&want, flight.welcome, entropy)?;
        }
        self.core.renewed_day = self.core.day;
        effects.push(Effect::Members);
        Ok(effects)
    }

    fn after_own(
        &mut self,
        want: &Want,
        welcome: Option<Vec<u8>>,
        entropy: &mut Entropy,
    ) -> Result<(), GroupError> {
        match (want, welcome) {
            (Want::LetIn(request), Some(welcome)) => {
                self.answer_request(request, &welcome, entropy)?;
                self.share_token(entropy);
            }
            (Want::Promote(_), _) => self.share_token(entropy),
            (Want::LetIn(_) | Want::Renew | Want::Remove(_) | Want::Rotate, _) => {}
        }
        Ok(())
    }

    // Whoever keeps the group needs the token: it opens drops for those who come.
    fn share_token(&mut self, entropy: &mut Entropy) {
        let Some(token) = self.core.token else { return };
        let say = Say {
            record: Bytes(entropy.next_16()),
            kind: Kind::Roster.number(),
            object: Bytes(entropy.next_16()),
            target: None,
            day: self.core.day,
            shareable: false,
            content: crate::bytes::write(&KeepingContent { token }),
            to: To::Facilitators,
            key: Some(Bytes(entropy.next_32())),
        };
        self.queue(What::Say(say), entropy);
    }

    fn after_merge(&mut self, judged: &Judged, at: Head) -> Result<Vec<Effect>, GroupError> {
        let note = &judged.note;
        let mut effects = vec![Effect::Members];
        let number = self.generation().map_or(0, |generation| generation.number);
        if let Some(generation) = self.generation_mut() {
            generation.handshake_read = at;
        }
        // Both have read the same log, or the relay shows two of them.
        if self.links.get(&(number, note.cut.seq)).is_some_and(|link| *link != note.cut.link) {
            self.core.trust = self.core.trust.max(Trust::Forked);
            effects.extend(self.alarm_once(AlarmKind::RelayFork, None, Bytes([0; 32]), at.seq));
        }
        self.core.day = note.day;
        self.refresh_tree()?;
        self.enter_epoch(note.generation)?;
        if note.generation != number {
            self.end_generation(note.cut, note.day);
            self.begin_generation(note.generation)?;
        }
        for last in &note.last {
            effects.extend(self.cut_off(last));
        }
        let inside: Vec<Bytes<32>> = self.leaves.values().map(|leaf| leaf.account.into()).collect();
        self.core.leavers.retain(|leaver| inside.contains(&leaver.account));
        for added in &judged.added {
            let device = Bytes::from(added.device);
            self.core.chains.retain(|chain| chain.device != device);
            self.request_done(&device);
        }
        if self.who_goes().next().is_none() {
            self.debt_since = None;
        }
        Ok(effects)
    }

    // What a removed device wrote beyond its last heard record does not count, even if it was
    // read before the commit was: everybody ends with the same records.
    fn cut_off(&mut self, last: &LastRecord) -> Vec<Effect> {
        self.core.cuts.push(last.clone());
        let beyond: Vec<_> = self
            .records
            .range((last.device, last.seq.saturating_add(1))..=(last.device, u64::MAX))
            .map(|(place, _)| *place)
            .collect();
        let mut effects = Vec::new();
        for place in beyond {
            let Some(kept) = self.records.get_mut(&place) else { continue };
            kept.erase();
            kept.refused = true;
            let (account, hash) = (kept.account, kept.hash);
            self.touch_record(place);
            let member = Some(account.into());
            effects.extend(self.alarm_once(AlarmKind::BeyondCut, member, hash, place.1));
        }
        effects
    }

    fn put_out(&mut self) -> Vec<Effect> {
        let standing = if self.core.left_proof_sent { Standing::Left } else { Standing::Removed };
        self.end_place(standing)
    }

    /// The way on is lost: the mailbox that names it is shown no more.
    pub(crate) fn lose_the_way(&mut self) -> Vec<Effect> {
        self.end_place(Standing::LongAway)
    }

    pub(crate) fn end_place(&mut self, standing: Standing) -> Vec<Effect> {
        self.core.standing = standing;
        self.keep_own_words();
        self.core.token = None;
        self.core.invites.clear();
        vec![Effect::Removed, Effect::Members]
    }

    // What one wrote stays one's own, also what never left. Of what was under way nobody can say
    // any more whether the others have it.
    fn keep_own_words(&mut self) {
        for note in std::mem::take(&mut self.core.withdrawing) {
            let waits = |todo: &Todo| {
                todo.what.as_say().is_some_and(|say| say.takes_back(&note))
                    && self.core.flight.as_ref().is_none_or(|flight| flight.todo != todo.id)
            };
            let left = !self.core.todos.iter().any(waits);
            if !self.core.taken_back.iter().any(|taken| taken.note == note) {
                self.core.not_taken_back.push((note, left));
            }
        }
        let flying = self.core.flight.take().and_then(|flight| self.finish(&flight.todo));
        if let Some(What::Say(say)) = flying {
            self.core.sent.push(say);
        }
        self.core.todos.retain(|todo| {
            let kind = todo.what.as_say().map(|say| Kind::from_number(say.kind));
            matches!(kind, Some(Kind::Note | Kind::Comment | Kind::Correction))
        });
    }

    /// What the relay answered to one's own commit.
    pub(crate) fn commit_appended(
        &mut self,
        at: Head,
        entropy: &mut Entropy,
    ) -> Result<Vec<Effect>, GroupError> {
        let Some(flight) = self.core.flight.as_ref() else { return Ok(Vec::new()) };
        let Some(generation) = self.generation() else { return Ok(Vec::new()) };
        let expected = generation.handshake_read.after(&hearthkeep_wire::Digest(flight.hash.0));
        if at != expected {
            self.core.trust = self.core.trust.max(Trust::Forked);
            return Ok(self.alarm_once(AlarmKind::RelayFork, None, Bytes([1; 32]), at.seq));
        }
        self.merge_own(at, entropy)
    }
}
