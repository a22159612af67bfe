//! Epochs and generations: what is kept of each, and when its secret is erased.

use crate::bytes::Bytes;
use crate::entropy::Entropy;
use crate::error::GroupError;
use crate::group::Group;
use crate::kept::{Epoch, RosterLine};
use crate::mls::NextEpoch;
use crate::policy::LastRecord;
use crate::state::{Generation, Invite, Todo, What};
use hearthkeep_crypto::{EpochSecret, InviteSecret, SigningKey};
use hearthkeep_model::{Day, Role};
use hearthkeep_wire::{CapKey, Class, Head, MailboxId, NewMailbox, SealOld};

/// Days after the end of its generation for which an epoch's secret is kept.
pub(crate) const EPOCH_DAYS: i32 = 30;
/// Days for which a relay shows a sealed mailbox.
const SEALED_DAYS: i32 = 90;

impl Group {
    /// Keeps the epoch that key agreement is in now.
    pub(crate) fn enter_epoch(&mut self, generation: u32) -> Result<(), GroupError> {
        let current = self.mls.current()?;
        let secret = EpochSecret::from_bytes(*current.secret);
        let epoch = Epoch {
            number: current.epoch,
            generation,
            kid: Bytes(secret.kid()),
            secret: Some(Bytes(*current.secret)),
            authenticator: current.authenticator,
            roster: self.roster(),
        };
        self.touch_epoch(epoch.number);
        self.epochs.insert(epoch.number, epoch);
        Ok(())
    }

    fn roster(&self) -> Vec<RosterLine> {
        let lines = self.leaves.values().map(|leaf| RosterLine {
            device: leaf.device.into(),
            account: leaf.account.into(),
            sign_key: Bytes(leaf.sign_key.to_bytes()),
            role: role_number(self.role_of(&leaf.account)),
            name: leaf.name.clone(),
        });
        lines.collect()
    }

    pub(crate) fn current_epoch(&self) -> Result<&Epoch, GroupError> {
        self.epochs.values().next_back().ok_or(GroupError::NotInside)
    }

    /// Begins the generation whose first epoch is the present one.
    pub(crate) fn begin_generation(&mut self, number: u32) -> Result<(), GroupError> {
        let secret = Self::epoch_secret(self.current_epoch()?).ok_or(GroupError::Row)?;
        let handshake = MailboxId(secret.handshake_mailbox());
        let content = MailboxId(secret.content_mailbox());
        let door = secret.door();
        self.core.generations.push(Generation {
            number,
            handshake,
            content,
            cap_seed: Bytes(*secret.capability().expose_seed()),
            handshake_read: Head::genesis(&handshake),
            content_read: Head::genesis(&content),
            cut: None,
            ended: None,
            door: Bytes(*door.expose()),
            content_end: u64::MAX,
        });
        self.core.old_kids.clear();
        self.watch_door(&door);
        self.core.door_day = 0;
        Ok(())
    }

    // Every member can derive the door; only facilitators answer who stands before it.
    pub(crate) fn watch_door(&mut self, door: &InviteSecret) {
        let mailbox = MailboxId(door.drop_id());
        self.core.invites.push(Invite {
            secret: Bytes(*door.expose()),
            until: i32::MAX,
            kind: 1,
            read: Head::genesis(&mailbox),
            requests: Vec::new(),
            closed: false,
        });
    }

    /// Lets the first mailboxes be opened with the operator's token.
    pub(crate) fn open_mailboxes(&mut self, entropy: &mut Entropy) {
        let Some(generation) = self.generation().cloned() else { return };
        for (mailbox, class) in
            [(generation.handshake, Class::Handshake), (generation.content, Class::Log)]
        {
            self.queue(What::Open(mailbox, class, generation.cap_seed, None), entropy);
        }
    }

    pub(crate) fn queue(&mut self, what: What, entropy: &mut Entropy) -> Bytes<16> {
        let id = Bytes(entropy.next_16());
        self.core.todos.push(Todo { id, what });
        id
    }

    /// What a rotation asks of the relay: the old content sealed exactly where it was read to, the
    /// new mailboxes opened.
    pub(crate) fn rotation(&self, next: &NextEpoch) -> Option<(Vec<SealOld>, Vec<NewMailbox>)> {
        let generation = self.generation()?;
        let seal =
            SealOld { mailbox: generation.content, expect_head: Some(generation.content_read.seq) };
        let secret = EpochSecret::from_bytes(*next.secret);
        let cap = CapKey(secret.capability().verifying_key().to_bytes());
        let open = |mailbox, class| NewMailbox { mailbox, class, cap, admin: None, ttl_s: None };
        let opened = vec![
            open(MailboxId(secret.handshake_mailbox()), Class::Handshake),
            open(MailboxId(secret.content_mailbox()), Class::Log),
        ];
        Some((vec![seal], opened))
    }

    /// Ends the present generation at a cut, because a commit began the next one.
    pub(crate) fn end_generation(&mut self, cut: Head, day: i32) {
        if let Some(generation) = self.generation_mut() {
            generation.cut = Some(cut);
            generation.ended = Some(day);
        }
    }

    /// Erases what has aged: secrets of epochs whose generation ended thirty days ago. What was not
    /// read to the cut still needs them: after weeks away, or when the clock is wrong.
    pub(crate) fn forget_aged(&mut self, today: Day) {
        let aged = |ended: Option<i32>, days: i32| {
            ended.is_some_and(|ended| ended.saturating_add(days) < today.0)
        };
        let old: Vec<u32> = self
            .core
            .generations
            .iter()
            .filter(|generation| aged(generation.ended, EPOCH_DAYS))
            .filter(|generation| {
                generation.cut.is_some_and(|cut| generation.content_read.seq >= cut.seq)
            })
            .map(|generation| generation.number)
            .collect();
        let mut erased = Vec::new();
        for epoch in self.epochs.values_mut() {
            if old.contains(&epoch.generation) && epoch.secret.take().is_some() {
                erased.push(epoch.number);
            }
        }
        erased.into_iter().for_each(|number| self.touch_epoch(number));
        self.core.generations.retain(|generation| !aged(generation.ended, SEALED_DAYS));
    }

    /// Whether an honest relay may show this mailbox no more: it was sealed, or can have been sealed
    /// since it was last seen, for as long as sealed ones are shown.
    pub(crate) fn may_be_over(&self, mailbox: &MailboxId, today: i32) -> bool {
        let mut generations = self.core.generations.iter();
        let of = generations.find(|of| of.handshake == *mailbox || of.content == *mailbox);
        of.is_some_and(|generation| {
            let seen = self.core.seen_day.max(self.core.founded_day);
            generation.ended.unwrap_or(seen).saturating_add(SEALED_DAYS) <= today
        })
    }

    /// The key that signs requests about a mailbox, if this device has it.
    #[must_use]
    pub fn capability(&self, mailbox: &MailboxId) -> Option<SigningKey> {
        let generations = self.core.generations.iter();
        for generation in generations {
            if generation.handshake == *mailbox || generation.content == *mailbox {
                return Some(SigningKey::from_seed(&generation.cap_seed.0));
            }
        }
        self.drop_secret(mailbox).map(|secret| secret.drop_capability())
    }

    /// The mailboxes to read, each with how far it was read.
    #[must_use]
    pub fn watched(&self) -> Vec<(MailboxId, Head)> {
        let mut watched = self.watched_drops();
        if self.core.standing != crate::state::Standing::In {
            return watched;
        }
        let last = self.core.generations.len().saturating_sub(1);
        for (place, generation) in self.core.generations.iter().enumerate() {
            if place == last {
                watched.push((generation.handshake, generation.handshake_read));
                watched.push((generation.content, generation.content_read));
            } else if generation.cut.is_some_and(|cut| generation.content_read.seq < cut.seq) {
                watched.push((generation.content, generation.content_read));
            }
        }
        watched
    }

    /// The last record of a device that this one has read.
    pub(crate) fn last_of(&self, device: &Bytes<16>) -> LastRecord {
        let known = self.core.chains.iter().find(|chain| chain.device == *device);
        known.cloned().unwrap_or(LastRecord { device: *device, seq: 0, hash: Bytes([0; 32]) })
    }
}

pub(crate) const fn role_number(role: Role) -> u8 {
    match role {
        Role::Facilitator => 0,
        Role::Member => 1,
        Role::Reader => 2,
    }
}
