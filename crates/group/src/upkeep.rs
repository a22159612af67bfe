//! What a device does by itself while it is in use: renew its keys, see out who leaves, tell how
//! far it has read, tell what it has removed, keep the door by which members come back.

use crate::bytes::Bytes;
use crate::entropy::Entropy;
use crate::group::Group;
use crate::state::{To, Want, What};
use hearthkeep_crypto::{InviteSecret, hash};
use hearthkeep_model::{AccountId, Day, Kind, Role, Timestamp};
use hearthkeep_wire::{Class, MailboxId};
use std::collections::BTreeMap;

/// Days after which a device renews its keys: groups of up to fifty, and larger ones.
const RENEW_DAYS: [i32; 2] = [7, 30];
/// How long each waits for another to see out who leaves.
const TURN_MS: i64 = 5_000;
/// Days for which a door stands open, and after which it is opened again.
const DOOR_TTL_S: u32 = 14 * 24 * 60 * 60;
const DOOR_DAYS: i32 = 10;

impl Group {
    pub(crate) fn renew(&mut self, today: Day, entropy: &mut Entropy) {
        let [small, large] = RENEW_DAYS;
        let days = if self.leaves.len() <= 50 { small } else { large };
        // Spread over two days, so that not all devices commit at once.
        let jitter = i32::from(self.core.device.0.first().copied().unwrap_or(0) & 1);
        if self.core.renewed_day.saturating_add(days).saturating_add(jitter) <= today.0 {
            let facilitates = self.role() == Role::Facilitator;
            let rules_days = self.rules.as_ref().map_or(30, |rules| i32::from(rules.rotate_days));
            let began = self.generation_day();
            let rotate = facilitates && began.saturating_add(rules_days) <= today.0;
            self.want(if rotate { Want::Rotate } else { Want::Renew }, entropy);
        }
    }

    // The day on which the present generation began.
    fn generation_day(&self) -> i32 {
        let before = self.core.generations.iter().rev().nth(1);
        before.and_then(|generation| generation.ended).unwrap_or(self.core.founded_day)
    }

    /// Who leaves is removed by another: each waits its turn, so that not all commit at once.
    pub(crate) fn see_leavers_out(&mut self, entropy: &mut Entropy, now: Timestamp) {
        let me = self.me();
        let leavers: Vec<AccountId> = self.who_goes().filter(|account| *account != me).collect();
        if leavers.is_empty() || self.role() == Role::Reader {
            return;
        }
        let since = *self.debt_since.get_or_insert(now.0);
        if now.0 >= since.saturating_add(self.turn_in_line().saturating_mul(TURN_MS)) {
            for account in leavers {
                self.want(Want::Remove(account.into()), entropy);
            }
        }
    }

    /// Who has said that they leave, and can be seen out: the last facilitator stays until somebody
    /// else leads, as when another has left meanwhile.
    pub(crate) fn who_goes(&self) -> impl Iterator<Item = AccountId> {
        let leavers = self.core.leavers.iter().map(|proof| AccountId::from(proof.account));
        leavers.filter(|account| self.led_without(account))
    }

    // Facilitators first, then by a hash that changes with the epoch.
    fn turn_in_line(&self) -> i64 {
        let epoch = self.mls.epoch().unwrap_or(0).to_be_bytes();
        let order: BTreeMap<(bool, [u8; 32]), Bytes<16>> = self
            .leaves
            .values()
            .filter(|leaf| !self.core.leavers.iter().any(|l| l.account == leaf.account.into()))
            .map(|leaf| {
                let follows = self.role_of(&leaf.account) != Role::Facilitator;
                let place = hash::sha256(&[epoch.as_slice(), leaf.device.as_bytes()].concat());
                ((follows, place), leaf.device.into())
            })
            .collect();
        let turn = order.values().position(|device| *device == self.core.device);
        turn.and_then(|turn| i64::try_from(turn).ok()).unwrap_or(0)
    }

    pub(crate) fn keep_door(&mut self, today: Day, entropy: &mut Entropy) {
        if self.core.token.is_none() || self.role() != Role::Facilitator {
            return;
        }
        if self.core.door_day.saturating_add(DOOR_DAYS) > today.0 {
            return;
        }
        let Some(door) = self.generation().map(|generation| generation.door) else { return };
        self.core.door_day = today.0;
        let secret = InviteSecret::from_bytes(door.0);
        let cap = Bytes(*secret.drop_capability().expose_seed());
        let mailbox = MailboxId(secret.drop_id());
        self.queue(What::Open(mailbox, Class::Drop, cap, Some(DOOR_TTL_S)), entropy);
    }

    /// A receipt of heads, at most daily: how others know that a relay keeps nothing from us.
    pub(crate) fn tell_heads(&mut self, today: Day, entropy: &mut Entropy) {
        if self.core.receipt_day >= today.0 || self.leaves.len() < 2 {
            return;
        }
        self.core.receipt_day = today.0;
        let object = Bytes(entropy.next_16());
        // What has been read is told when it leaves.
        self.say(Kind::Receipt, object, None, today, Vec::new(), (To::Group, None), entropy);
    }

    pub(crate) fn tell_removals(&mut self, today: Day, entropy: &mut Entropy) {
        for note in std::mem::take(&mut self.core.owed_receipts) {
            let object = Bytes(entropy.next_16());
            let to = (To::Group, None);
            self.say(Kind::Removed, object, Some(note), today, Vec::new(), to, entropy);
        }
    }
}
