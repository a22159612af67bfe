//! What goes out: one request at a time, kept before it is sent, sent again with the same bytes
//! until an answer comes. Place, epoch and signature of a record are given here, just before.

use crate::audience::{Body, place, seal_inherited, seal_wrapped};
use crate::bytes::{Bytes, write};
use crate::changes::{Answer, Ask, Blob, Effect, Outgoing};
use crate::content::{ReceiptContent, WithdrawContent};
use crate::entropy::Entropy;
use crate::error::GroupError;
use crate::group::Group;
use crate::record::Header;
use crate::state::{Flight, FlightKind, Say, Standing, To, Todo, Trust, Want, What};
use hearthkeep_crypto::{AccountSecret, RecordKey, SigningKey, hash};
use hearthkeep_model::{AccountId, Kind, Role, Timestamp};
use hearthkeep_wire::{CapKey, Class, Idem, NewMailbox, Preimage, Token, delete_hash};

/// Why nothing goes out although something waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// Somebody who must be removed is still in the tree.
    RemovalPending,
    /// The relay's quota is used up.
    NoRoom,
    /// The relay withholds, or shows two pasts.
    Distrust,
    /// This profile is an old copy.
    OldCopy,
}

impl Group {
    /// The next request to send, or the one whose answer is still missing. What this changes must
    /// be kept before the request leaves.
    ///
    /// # Errors
    /// [`GroupError`] when something cannot be made; it is then dropped from what waits.
    pub fn next_outgoing(
        &mut self,
        secret: &AccountSecret,
        entropy: &mut Entropy,
        now: Timestamp,
    ) -> Result<Option<Outgoing>, GroupError> {
        if let Some(flight) = &self.core.flight {
            return Ok(flight.outgoing.clone());
        }
        let mut skipped: Vec<Bytes<16>> = Vec::new();
        while let Some(todo) = self.next_todo(&skipped) {
            match self.prepare(&todo, secret, entropy, now) {
                Ok(Some(outgoing)) => return Ok(Some(outgoing)),
                // Nothing is left to do for it.
                Ok(None) => {
                    self.finish(&todo.id);
                }
                Err(error) => {
                    self.finish(&todo.id);
                    return Err(error);
                }
            }
            skipped.push(todo.id);
        }
        Ok(None)
    }

    fn next_todo(&self, skipped: &[Bytes<16>]) -> Option<Todo> {
        let ready = |todo: &&Todo| !skipped.contains(&todo.id) && self.is_ready(&todo.what);
        // Whoever must go, goes before anything else is said.
        let removal = self
            .core
            .todos
            .iter()
            .find(|todo| matches!(todo.what, What::Commit(Want::Remove(_))) && ready(todo));
        removal.or_else(|| self.core.todos.iter().find(ready)).cloned()
    }

    fn is_ready(&self, what: &What) -> bool {
        match what {
            What::Open(..) | What::Letter(..) | What::CloseDrop(_) | What::Delete(..) => true,
            What::Commit(_) => !self.behind && self.core.trust == Trust::Whole && self.opened(),
            What::Say(say) => {
                let kind = Kind::from_number(say.kind);
                self.core.trust == Trust::Whole
                    && self.opened()
                    && self.core.standing == Standing::In
                    && (kind == Kind::Leave || self.debt().is_none())
                    && (kind != Kind::Withdraw || self.own_is_read())
                    // Who is out can take nothing back any more.
                    && (kind != Kind::Leave || self.core.withdrawing.iter().all(|n| self.has_left(n)))
                    // What is said of one's own words is sealed like them: they go first, and
                    // are read back.
                    && say.target.is_none_or(|target| self.on_its_way(&target).is_none())
            }
        }
    }

    // Whether the taking back of a note was accepted by the relay.
    fn has_left(&self, note: &Bytes<16>) -> bool {
        let says = self.core.todos.iter().filter_map(|todo| todo.what.as_say());
        !says.into_iter().any(|say| say.takes_back(note))
    }

    // The first mailboxes are opened before anything is said in them.
    fn opened(&self) -> bool {
        !self
            .core
            .todos
            .iter()
            .any(|todo| matches!(todo.what, What::Open(_, Class::Handshake | Class::Log, _, _)))
    }

    // A withdrawal names every record of its note: all that was sent must have been read back.
    fn own_is_read(&self) -> bool {
        let void = u64::try_from(self.core.own.void.len()).unwrap_or(u64::MAX);
        let sent = self.core.own.next.saturating_sub(1).saturating_sub(void);
        self.last_of(&self.core.device).seq >= sent
    }

    /// Who must still be removed: while there is somebody, nothing is sealed for the group.
    #[must_use]
    pub fn debt(&self) -> Option<AccountId> {
        self.who_goes().next().or_else(|| {
            self.core.todos.iter().find_map(|todo| match todo.what.as_want()? {
                Want::Remove(account) => Some((*account).into()),
                Want::Renew | Want::LetIn(_) | Want::Promote(_) | Want::Rotate => None,
            })
        })
    }

    /// Why what waits is held back, if it is.
    #[must_use]
    pub fn held(&self) -> Option<Held> {
        match self.core.trust {
            Trust::OldCopy => Some(Held::OldCopy),
            Trust::Withheld | Trust::Forked => Some(Held::Distrust),
            Trust::Whole if self.no_room => Some(Held::NoRoom),
            Trust::Whole => self.debt().map(|_| Held::RemovalPending),
        }
    }

    /// Whether something waits to go out, or is on its way.
    #[must_use]
    pub fn has_outgoing(&self) -> bool {
        self.core.flight.is_some() || !self.core.todos.is_empty()
    }

    fn prepare(
        &mut self,
        todo: &Todo,
        secret: &AccountSecret,
        entropy: &mut Entropy,
        now: Timestamp,
    ) -> Result<Option<Outgoing>, GroupError> {
        let idem = Idem(entropy.next_16());
        let (mailbox, ask) = match &todo.what {
            What::Commit(want) => return self.stage(todo.id, want, entropy, now),
            What::Say(say) => return self.seal(todo.id, say, secret, entropy),
            What::Open(mailbox, class, cap_seed, ttl_s) => {
                let token = self.core.token.ok_or(GroupError::NoToken)?;
                let cap = SigningKey::from_seed(&cap_seed.0).verifying_key().to_bytes();
                let new = NewMailbox {
                    mailbox: *mailbox,
                    class: *class,
                    cap: CapKey(cap),
                    admin: None,
                    ttl_s: *ttl_s,
                };
                (*mailbox, Ask::Create(new, Token(token.0)))
            }
            What::Letter(mailbox, bytes) => {
                let blob = Blob { expect_head: None, delete_hash: None, bytes: bytes.clone() };
                (*mailbox, Ask::Append(blob))
            }
            What::Delete(mailbox, n, record) => {
                (*mailbox, Ask::Delete(*n, Preimage(secret.delete_preimage(&record.0))))
            }
            What::CloseDrop(mailbox) => (*mailbox, Ask::DropDel),
        };
        let outgoing = Outgoing { idem, mailbox, ask };
        self.core.flight = Some(Flight {
            todo: todo.id,
            hash: Bytes([0; 32]),
            seq: 0,
            generation: 0,
            welcome: None,
            note: Vec::new(),
            kind: FlightKind::Other,
            outgoing: Some(outgoing.clone()),
        });
        Ok(Some(outgoing))
    }

    /// Gives a record its place, epoch and signature.
    fn seal(
        &mut self,
        todo: Bytes<16>,
        say: &Say,
        secret: &AccountSecret,
        entropy: &mut Entropy,
    ) -> Result<Option<Outgoing>, GroupError> {
        let generation = self.generation().ok_or(GroupError::NotInside)?.clone();
        let Some(content) = self.content_to_seal(say) else { return Ok(None) };
        let header = Header {
            version: 1,
            id: say.record,
            device: self.core.device,
            seq: self.core.own.next,
            prev: self.core.own.last,
            supersedes: self.core.own.void.clone(),
            seen: Vec::new(),
            generation: generation.number,
            log_head: generation.content_read,
            kind: say.kind,
            object: say.object,
            target: say.target,
            day: say.day,
            shareable: say.shareable,
        };
        let Some(body) = self.body(say, &header, &content, entropy)? else { return Ok(None) };
        let epoch = self.current_epoch()?;
        let sealed_in = self.in_epoch(epoch).ok_or(GroupError::Row)?;
        let bytes = sealed_in.seal(&self.signer(), &header, write(&body));
        let hash = Bytes(hash::sha256(&bytes));
        let preimage = Preimage(secret.delete_preimage(&say.record.0));
        let blob = Blob { expect_head: None, delete_hash: Some(delete_hash(&preimage)), bytes };
        let idem = Idem(entropy.next_16());
        let outgoing = Outgoing { idem, mailbox: generation.content, ask: Ask::Append(blob) };
        self.core.own.next = header.seq.saturating_add(1);
        self.core.own.last = Some(hash);
        self.core.flight = Some(Flight {
            todo,
            hash,
            seq: header.seq,
            generation: generation.number,
            welcome: None,
            note: Vec::new(),
            kind: FlightKind::Record,
            outgoing: Some(outgoing.clone()),
        });
        Ok(Some(outgoing))
    }

    // What a withdrawal names, and how far one has read, is known only when it leaves.
    #[expect(clippy::wildcard_enum_match_arm, reason = "everything else was written by the member")]
    fn content_to_seal(&self, say: &Say) -> Option<Vec<u8>> {
        match Kind::from_number(say.kind) {
            Kind::Withdraw => {
                let note = say.target?;
                let records: Vec<_> = self
                    .records
                    .values()
                    .filter(|kept| kept.object == note && kept.account == self.core.account)
                    .map(|kept| (kept.record, kept.hash))
                    .collect();
                (!records.is_empty()).then(|| write(&WithdrawContent { records }))
            }
            Kind::Receipt => {
                let (generation, epoch) = (self.generation()?, self.current_epoch().ok()?);
                Some(write(&ReceiptContent {
                    epoch: epoch.number,
                    authenticator: Bytes(hash::sha256(&epoch.authenticator)),
                    handshake: generation.handshake_read,
                    content: generation.content_read,
                }))
            }
            _ => Some(say.content.clone()),
        }
    }

    fn body(
        &self,
        say: &Say,
        header: &Header,
        content: &[u8],
        entropy: &mut Entropy,
    ) -> Result<Option<Body>, GroupError> {
        let at = place(&write(header));
        let key = say.key.map(|key| RecordKey::from_bytes(key.0));
        let seal_keys = |wanted: &dyn Fn(&AccountId) -> bool| -> Vec<Vec<u8>> {
            let inside = self.leaves.values().filter(|leaf| wanted(&leaf.account));
            inside.map(|leaf| leaf.seal_key.clone()).collect()
        };
        let me = self.me();
        let body = match (&say.to, key) {
            (To::Group, _) => Body::Open(content.to_vec()),
            (To::Some(readers), Some(key)) => {
                let wanted = |account: &AccountId| {
                    *account == me || readers.contains(&Bytes::from(*account))
                };
                seal_wrapped(&key, &seal_keys(&wanted), &at, content, entropy)?
            }
            (To::Facilitators, Some(key)) => {
                let wanted = |account: &AccountId| {
                    *account == me || self.role_of(account) == Role::Facilitator
                };
                seal_wrapped(&key, &seal_keys(&wanted), &at, content, entropy)?
            }
            (To::LikeTarget, _) => {
                let Some(target) = say.target else { return Ok(None) };
                let Some(kept) = self.objects.get(&target).and_then(|p| self.records.get(p)) else {
                    return Ok(None);
                };
                // Taken back meanwhile: there is nothing left to answer.
                if kept.erased {
                    return Ok(None);
                }
                match self.key_of(&target) {
                    Some(parent) => seal_inherited(&parent, &say.object, &at, content),
                    None => Body::Open(content.to_vec()),
                }
            }
            (To::Some(_) | To::Facilitators, None) => return Ok(None),
        };
        Ok(Some(body))
    }

    /// What the relay answered to the request on its way.
    ///
    /// # Errors
    /// [`GroupError`] when one's own accepted commit does not merge.
    pub fn answered(
        &mut self,
        idem: Idem,
        answer: Answer,
        entropy: &mut Entropy,
    ) -> Result<Vec<Effect>, GroupError> {
        let Some(flight) = self.core.flight.clone() else { return Ok(Vec::new()) };
        if flight.outgoing.as_ref().map(|outgoing| outgoing.idem) != Some(idem) {
            return Ok(Vec::new());
        }
        self.no_room = answer == Answer::NoRoom;
        match (flight.kind, answer) {
            (_, Answer::NoRoom) => Ok(Vec::new()),
            (FlightKind::Commit, Answer::Done(Some(at))) => self.commit_appended(at, entropy),
            (FlightKind::Commit, Answer::HeadMoved | Answer::Sealed) => {
                // Somebody was faster. Read on; the want stays and is staged anew.
                self.mls.forget_pending()?;
                self.core.flight = None;
                self.behind = true;
                Ok(Vec::new())
            }
            (FlightKind::Commit | FlightKind::Record, Answer::Gone | Answer::Done(None)) => {
                Ok(Vec::new())
            }
            (FlightKind::Commit, Answer::Refused) => {
                self.mls.forget_pending()?;
                self.core.flight = None;
                self.finish(&flight.todo);
                Ok(Vec::new())
            }
            (FlightKind::Record, Answer::Done(Some(_))) => {
                self.core.flight = None;
                self.record_stands(&flight.todo, &flight.hash);
                Ok(vec![Effect::Feed])
            }
            // Whether it stands in the old log is known once that has been read to its end.
            (FlightKind::Record, Answer::Sealed | Answer::HeadMoved) => {
                self.behind = true;
                Ok(self.supersede())
            }
            (FlightKind::Record, Answer::Refused) => {
                self.core.flight = None;
                self.core.own.void.push(flight.hash);
                self.finish(&flight.todo);
                Ok(vec![Effect::Feed])
            }
            // Who asks may be faster than whoever opens the drop that the link names.
            (FlightKind::Other, Answer::Gone) if self.core.standing == Standing::Asking => {
                Ok(Vec::new())
            }
            (FlightKind::Other, _) => {
                self.core.flight = None;
                self.finish(&flight.todo);
                Ok(Vec::new())
            }
        }
    }

    /// A record on its way whose generation has ended, and which its log does not hold, is sealed
    /// anew: in a new place, naming the one it supersedes.
    pub(crate) fn supersede(&mut self) -> Vec<Effect> {
        let Some(flight) = self.core.flight.as_ref() else { return Vec::new() };
        if flight.kind != FlightKind::Record {
            return Vec::new();
        }
        let read = self.core.generations.iter().any(|generation| {
            generation.number == flight.generation
                && generation.cut.is_some_and(|cut| generation.content_read.seq >= cut.seq)
        });
        if read {
            let hash = flight.hash;
            self.core.flight = None;
            self.core.own.void.push(hash);
        }
        Vec::new()
    }

    /// One's own record stands in a log: what it was for is done.
    pub(crate) fn record_stands(&mut self, todo: &Bytes<16>, _hash: &Bytes<32>) {
        self.core.own.void.clear();
        let Some(What::Say(say)) = self.finish(todo) else { return };
        match (Kind::from_number(say.kind), say.target) {
            (Kind::Withdraw, Some(note)) => self.delete_at_relay(&note),
            (Kind::Note | Kind::Comment | Kind::Correction | Kind::Reaction, _) => {
                self.core.sent.push(say);
            }
            _other => {}
        }
    }

    fn delete_at_relay(&mut self, note: &Bytes<16>) {
        let mut deletes = Vec::new();
        for kept in self.records.values() {
            let ours = kept.object == *note && kept.account == self.core.account;
            if !ours || Kind::from_number(kept.kind) == Kind::Withdraw {
                continue;
            }
            let generation =
                self.core.generations.iter().find(|known| known.number == kept.generation);
            if let Some(generation) = generation {
                deletes.push(Todo {
                    id: kept.record,
                    what: What::Delete(generation.content, kept.n, kept.record),
                });
            }
        }
        self.core.todos.extend(deletes);
    }

    pub(crate) fn finish(&mut self, todo: &Bytes<16>) -> Option<What> {
        let at = self.core.todos.iter().position(|waiting| waiting.id == *todo)?;
        Some(self.core.todos.remove(at).what)
    }
}
