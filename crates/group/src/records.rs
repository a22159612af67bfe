//! Records: opened, verified, put into their device's chain (PROTOCOL G20–G29).

use crate::audience::{Body, open_sealed, place, unwrap};
use crate::bytes::{Bytes, read, write};
use crate::changes::{AlarmKind, Effect};
use crate::group::{Group, Place};
use crate::kept::{Kept, RosterLine};
use crate::policy::LastRecord;
use crate::record::{Header, Opened, RecordFault};
use crate::state::{Generation, Parked, Tomb, Trust};
use hearthkeep_crypto::record::kid_of;
use hearthkeep_crypto::{RecordKey, VerifyingKey, hash};
use hearthkeep_model::{Kind, Role};
use hearthkeep_wire::Head;

/// Entries that may wait, and their bytes together.
const WAITING_MAX: usize = 1_000;
const WAITING_BYTES: usize = 16 * 1024 * 1024;

/// What became of an entry.
enum Taken {
    /// It is done with, whatever it was.
    Done(Vec<Effect>),
    /// It waits for the record before it.
    Waits(Bytes<16>),
    /// Its epoch is not known here.
    Unknown,
}

/// Whether a record comes next in its device's chain.
enum Turn {
    Next,
    Wait,
    OtherPast,
    Again,
    Superseded,
    OtherRecord,
}

impl Group {
    /// Takes a removed entry of the content log.
    pub(crate) fn apply_tombstone(
        &mut self,
        hash: [u8; 32],
        generation: u32,
        n: u64,
    ) -> Vec<Effect> {
        self.core.tombs.push(Tomb { hash: Bytes(hash), generation, n, looked: false });
        self.wake()
    }

    /// Takes a blob of the content log.
    pub(crate) fn apply_record(&mut self, blob: &[u8], generation: u32, at: Head) -> Vec<Effect> {
        let parked = |device| Parked { generation, at, blob: blob.to_vec(), device, looked: false };
        let (park, mut effects) = match self.take(blob, generation, at) {
            Taken::Done(effects) => (None, effects),
            Taken::Waits(device) => (Some(parked(Some(device))), Vec::new()),
            Taken::Unknown => (Some(parked(None)), Vec::new()),
        };
        match park {
            Some(parked) => effects.extend(self.park(parked)),
            None => effects.extend(self.wake()),
        }
        effects
    }

    fn park(&mut self, parked: Parked) -> Vec<Effect> {
        let bytes: usize = self.core.waiting.iter().map(|waiting| waiting.blob.len()).sum();
        if self.core.waiting.len() < WAITING_MAX
            && bytes.saturating_add(parked.blob.len()) <= WAITING_BYTES
        {
            self.core.waiting.push(parked);
            return Vec::new();
        }
        let hash = Bytes(hash::sha256(&parked.blob));
        self.core.opaque.push(hash);
        self.alarm_once(AlarmKind::Withheld, None, hash, parked.at.seq)
    }

    /// Tries again what waits, until nothing moves any more.
    pub(crate) fn wake(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        let mut moved = true;
        while moved {
            moved = false;
            for parked in std::mem::take(&mut self.core.waiting) {
                match self.take(&parked.blob, parked.generation, parked.at) {
                    Taken::Done(done) => {
                        effects.extend(done);
                        moved = true;
                    }
                    Taken::Waits(device) => {
                        self.core.waiting.push(Parked { device: Some(device), ..parked });
                    }
                    Taken::Unknown => self.core.waiting.push(parked),
                }
            }
        }
        effects
    }

    fn take(&mut self, blob: &[u8], generation: u32, at: Head) -> Taken {
        let n = at.seq;
        let hash = Bytes(hash::sha256(blob));
        let Some(kid) = kid_of(blob) else {
            self.core.opaque.push(hash);
            return Taken::Done(self.alarm_once(AlarmKind::Malformed, None, hash, n));
        };
        if self.core.old_kids.contains(&Bytes(kid)) {
            self.core.opaque.push(hash);
            return Taken::Done(Vec::new());
        }
        let Some(number) =
            self.epochs.values().find(|epoch| epoch.kid.0 == kid).map(|epoch| epoch.number)
        else {
            return Taken::Unknown;
        };
        let opened = match self.open(number, generation, blob) {
            Ok(Some(opened)) => opened,
            Ok(None) => {
                // Its secret was erased thirty days after its generation had ended.
                self.core.opaque.push(hash);
                return Taken::Done(Vec::new());
            }
            Err(fault) => {
                self.core.opaque.push(hash);
                let kind = match fault {
                    RecordFault::Commitment => AlarmKind::Commitment,
                    RecordFault::Malformed => AlarmKind::Malformed,
                };
                return Taken::Done(self.alarm_once(kind, None, hash, n));
            }
        };
        let Some(author) = self.author(number, &opened) else {
            self.core.opaque.push(hash);
            return Taken::Done(self.alarm_once(AlarmKind::Signature, None, hash, n));
        };
        self.take_verified(number, &opened, &author, hash, (generation, at))
    }

    fn open(
        &self,
        number: u64,
        generation: u32,
        blob: &[u8],
    ) -> Result<Option<Opened>, RecordFault> {
        let Some(epoch) = self.epochs.get(&number) else { return Ok(None) };
        let Some(sealed_in) = self.in_epoch(epoch) else { return Ok(None) };
        let opened = sealed_in.open(blob)?;
        // A record belongs into the mailbox of its generation.
        if opened.header.generation == generation && epoch.generation == generation {
            Ok(Some(opened))
        } else {
            Err(RecordFault::Malformed)
        }
    }

    fn author(&self, number: u64, opened: &Opened) -> Option<RosterLine> {
        let epoch = self.epochs.get(&number)?;
        let line = epoch.roster.iter().find(|line| line.device == opened.header.device)?;
        let key = VerifyingKey::from_bytes(&line.sign_key.0).ok()?;
        self.in_epoch(epoch)?.verify(&key, opened).then(|| line.clone())
    }

    fn take_verified(
        &mut self,
        epoch: u64,
        opened: &Opened,
        author: &RosterLine,
        hash: Bytes<32>,
        at: (u32, Head),
    ) -> Taken {
        let header = &opened.header;
        let member = Some(author.account.into());
        if let Some(cut) = self.core.cuts.iter().find(|cut| cut.device == header.device)
            && header.seq > cut.seq
        {
            return Taken::Done(self.alarm_once(AlarmKind::BeyondCut, member, hash, at.1.seq));
        }
        match self.turn(header, hash) {
            Turn::Next => {}
            Turn::Wait => return Taken::Waits(header.device),
            Turn::Superseded => return Taken::Done(Vec::new()),
            Turn::Again => return Taken::Done(vec![Effect::Replayed]),
            Turn::OtherPast | Turn::OtherRecord => {
                if header.device == self.core.device {
                    // Somebody else writes with this device's keys.
                    self.core.trust = self.core.trust.max(Trust::OldCopy);
                }
                let alarm = AlarmKind::Equivocation;
                return Taken::Done(self.alarm_once(alarm, member, hash, header.seq));
            }
        }
        let mut effects = Vec::new();
        if header.device == self.core.device && header.seq >= self.core.own.next {
            // The log holds records of this device that it does not know: it is an old copy.
            self.core.trust = self.core.trust.max(Trust::OldCopy);
        }
        effects.extend(self.compare_head(header, at));
        self.advance(header, hash);
        if header.device == self.core.device {
            effects.extend(self.own_arrived(hash, header));
        }
        let kept = self.keep(epoch, opened, author, hash, at);
        effects.extend(self.meaning(kept, role_of(author)));
        Taken::Done(effects)
    }

    // The log position that the author vouches for must be ours as well.
    fn compare_head(&mut self, header: &Header, at: (u32, Head)) -> Vec<Effect> {
        let (told, n) = (header.log_head, at.1.seq);
        if told.seq >= n {
            // The author had read further than this entry stands: something was taken away.
            self.core.trust = self.core.trust.max(Trust::Withheld);
            return self.alarm_once(AlarmKind::Withheld, None, header.id_hash(), n);
        }
        if self.links.get(&(at.0, told.seq)).is_some_and(|link| *link != told.link) {
            self.core.trust = self.core.trust.max(Trust::Forked);
            return self.alarm_once(AlarmKind::RelayFork, None, header.id_hash(), n);
        }
        Vec::new()
    }

    fn turn(&self, header: &Header, hash: Bytes<32>) -> Turn {
        let last = self.last_of(&header.device);
        let next = last.seq.saturating_add(1);
        if header.seq < next {
            let void = (header.device, header.seq, hash);
            if self.core.void.contains(&void) {
                return Turn::Superseded;
            }
            return match self.records.get(&(header.device, header.seq)) {
                Some(kept) if kept.hash == hash => Turn::Again,
                Some(_) => Turn::OtherRecord,
                // Before this device came, or a place that a tombstone closed.
                None => Turn::Again,
            };
        }
        let missing = header.seq.saturating_sub(next);
        let void = u64::try_from(header.supersedes.len()).unwrap_or(u64::MAX);
        let prev_void = header.supersedes.last().copied();
        if void > missing || (void > 0 && header.prev != prev_void) {
            return Turn::OtherPast;
        }
        if missing == void {
            let follows = void > 0 || last.seq == 0 || header.prev == Some(last.hash);
            return if follows { Turn::Next } else { Turn::OtherPast };
        }
        // What is missing may stand in an earlier log that was not read to its end yet.
        let unread = |generation: &Generation| {
            generation.number < header.generation
                && generation.cut.is_none_or(|cut| generation.content_read.seq < cut.seq)
        };
        if self.core.generations.iter().any(unread) {
            return Turn::Wait;
        }
        let closed = |hash: &Bytes<32>| {
            self.core.tombs.iter().any(|tomb| tomb.hash == *hash) || self.core.opaque.contains(hash)
        };
        let closers = self.core.tombs.len().saturating_add(self.core.opaque.len());
        // What was erased may have superseded a place at the end of each generation, and its header,
        // which said so, is gone with it.
        let last = self.records.get(&(last.device, last.seq)).map_or(0, |kept| kept.generation);
        let hidden = u64::from(header.generation.saturating_sub(last));
        let closed_by = void.saturating_add(hidden);
        let enough = u64::try_from(closers).is_ok_and(|n| n.saturating_add(closed_by) >= missing);
        let prev_closed = void > 0 || header.prev.is_some_and(|prev| closed(&prev));
        if enough && prev_closed { Turn::Next } else { Turn::Wait }
    }

    fn advance(&mut self, header: &Header, hash: Bytes<32>) {
        let mut place = header.seq;
        for void in header.supersedes.iter().rev() {
            place = place.saturating_sub(1);
            self.core.void.push((header.device, place, *void));
        }
        let chain = LastRecord { device: header.device, seq: header.seq, hash };
        match self.core.chains.iter_mut().find(|chain| chain.device == header.device) {
            Some(known) => *known = chain,
            None => self.core.chains.push(chain),
        }
    }

    fn keep(
        &mut self,
        epoch: u64,
        opened: &Opened,
        author: &RosterLine,
        hash: Bytes<32>,
        at: (u32, Head),
    ) -> Place {
        let header = &opened.header;
        let known = !matches!(Kind::from_number(header.kind), Kind::Newer(_));
        let (content, key) = self.content_of(opened);
        let kept = Kept {
            generation: at.0,
            n: at.1.seq,
            link: at.1.link,
            epoch,
            hash,
            account: author.account,
            device: header.device,
            seq: header.seq,
            kind: header.kind,
            object: header.object,
            target: header.target,
            day: header.day,
            header: opened.header_bytes.clone(),
            body: if known { None } else { Some(opened.body.clone()) },
            signature: opened.signature,
            content,
            key,
            refused: false,
            record: header.id,
            body_hash: Bytes(hash::sha256(&opened.body)),
            erased: false,
        };
        let place = (header.device, header.seq);
        self.records.insert(place, kept);
        self.touch_record(place);
        place
    }

    fn content_of(&self, opened: &Opened) -> (Option<Vec<u8>>, Option<Bytes<32>>) {
        let at = place(&opened.header_bytes);
        match read::<Body>(&opened.body) {
            Some(Body::Open(content)) => (Some(content), None),
            Some(Body::Wrapped(wraps, sealed)) => {
                let Some(key) = unwrap(&self.core.seal_seed.0, &at, &wraps) else {
                    return (None, None);
                };
                let content = open_sealed(&key, &at, &sealed).map(|content| content.to_vec());
                (content, Some(Bytes(*key.expose())))
            }
            Some(Body::Inherits(sealed)) => {
                let parent = opened.header.target.and_then(|note| self.key_of(&note));
                let Some(parent) = parent else { return (None, None) };
                let key = parent.answer_key(&opened.header.object.0);
                let content = open_sealed(&key, &at, &sealed).map(|content| content.to_vec());
                (content, Some(Bytes(*key.expose())))
            }
            None => (None, None),
        }
    }

    /// The key of a note's body, when it is for some only and for us.
    pub(crate) fn key_of(&self, note: &Bytes<16>) -> Option<RecordKey> {
        let place = self.objects.get(note)?;
        let key = self.records.get(place)?.key?;
        Some(RecordKey::from_bytes(key.0))
    }

    /// Called when a page reached the end of the handshakes: what still has no epoch has none.
    pub(crate) fn handshakes_ended(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        self.core.tombs.iter_mut().for_each(|tomb| tomb.looked = true);
        for parked in std::mem::take(&mut self.core.waiting) {
            if parked.device.is_none() && parked.looked {
                let hash = Bytes(hash::sha256(&parked.blob));
                effects.extend(self.alarm_once(AlarmKind::Withheld, None, hash, parked.at.seq));
            }
            self.core.waiting.push(Parked { looked: true, ..parked });
        }
        effects
    }

    /// Called when all mailboxes were read to their ends: what is missing now is withheld.
    pub(crate) fn settle(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        let gaps: Vec<(Bytes<16>, u64)> = self
            .core
            .waiting
            .iter()
            .filter_map(|parked| parked.device.map(|device| (device, parked.at.seq)))
            .collect();
        for (device, n) in gaps {
            let member = self.account_of(&device);
            let hash = Bytes([0; 32]);
            effects.extend(self.alarm_device(AlarmKind::Gap, member, device, hash, n));
        }
        let unexplained: Vec<Tomb> = self
            .core
            .tombs
            .iter()
            .filter(|tomb| tomb.looked && !self.core.named.contains(&tomb.hash))
            .cloned()
            .collect();
        for tomb in unexplained {
            // Who came later cannot know what was taken back before.
            if self.core.old_kids.is_empty() {
                effects.extend(self.alarm_once(AlarmKind::Withheld, None, tomb.hash, tomb.n));
            }
        }
        effects
    }

    pub(crate) fn account_of(&self, device: &Bytes<16>) -> Option<hearthkeep_model::AccountId> {
        self.epochs.values().rev().find_map(|epoch| {
            let line = epoch.roster.iter().find(|line| line.device == *device);
            line.map(|line| line.account.into())
        })
    }

    /// An alarm is told once.
    pub(crate) fn alarm_once(
        &mut self,
        kind: AlarmKind,
        member: Option<hearthkeep_model::AccountId>,
        hash: Bytes<32>,
        n: u64,
    ) -> Vec<Effect> {
        let mut id = Bytes([0u8; 16]);
        id.0.iter_mut().zip(hash.0).for_each(|(to, from)| *to = from);
        self.alarm_device(kind, member, id, hash, n)
    }

    fn alarm_device(
        &mut self,
        kind: AlarmKind,
        member: Option<hearthkeep_model::AccountId>,
        about: Bytes<16>,
        _hash: Bytes<32>,
        n: u64,
    ) -> Vec<Effect> {
        let told = (kind.number(), about, n);
        if self.core.told.contains(&told) {
            return Vec::new();
        }
        self.core.told.push(told);
        vec![Effect::Alarm(crate::changes::Alarm { kind, member })]
    }
}

impl Header {
    fn id_hash(&self) -> Bytes<32> {
        Bytes(hash::sha256(&write(self)))
    }
}

const fn role_of(line: &RosterLine) -> Role {
    match line.role {
        0 => Role::Facilitator,
        1 => Role::Member,
        _ => Role::Reader,
    }
}
