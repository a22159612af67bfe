//! What the group has agreed about itself: the extension 0xff01 of its group context.

use crate::bytes::{Bytes, read, write};
use hearthkeep_model::{AccountId, Role};
use minicbor::{Decode, Encode};
use std::collections::BTreeSet;

/// Leaves that a group may have.
pub(crate) const LEAVES_MAX: u16 = 500;
const NAME_MAX: usize = 256;
const RELAY_MAX: usize = 512;

/// The rules of a group. Whoever has no role of their own here is a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// The group's name, told only inside it.
    pub name: String,
    /// Where its mailboxes are.
    pub relay: String,
    /// Who lets people in and removes them.
    pub facilitators: BTreeSet<AccountId>,
    /// Who only reads.
    pub readers: BTreeSet<AccountId>,
    /// Days after which a generation is renewed.
    pub rotate_days: u16,
    /// Days after which a device that never showed itself may be removed.
    pub idle_days: u16,
    /// Leaves at most.
    pub leaves_max: u16,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct Wire {
    #[n(0)]
    version: u8,
    #[n(1)]
    name: String,
    #[n(2)]
    relay: String,
    #[n(3)]
    facilitators: Vec<Bytes<32>>,
    #[n(4)]
    readers: Vec<Bytes<32>>,
    #[n(5)]
    rotate_days: u16,
    #[n(6)]
    idle_days: u16,
    #[n(7)]
    leaves_max: u16,
    #[n(8)]
    suite: u16,
    /// 0: who joins later is given nothing from before.
    #[n(9)]
    history: u8,
}

impl Rules {
    pub(crate) fn new(name: &str, relay: &str, founder: AccountId) -> Self {
        Self {
            name: name.to_owned(),
            relay: relay.to_owned(),
            facilitators: BTreeSet::from([founder]),
            readers: BTreeSet::new(),
            rotate_days: 30,
            idle_days: 120,
            leaves_max: LEAVES_MAX,
        }
    }

    /// What somebody may do.
    #[must_use]
    pub fn role(&self, account: &AccountId) -> Role {
        if self.facilitators.contains(account) {
            Role::Facilitator
        } else if self.readers.contains(account) {
            Role::Reader
        } else {
            Role::Member
        }
    }

    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let list = |set: &BTreeSet<AccountId>| set.iter().map(|id| Bytes::from(*id)).collect();
        write(&Wire {
            version: 1,
            name: self.name.clone(),
            relay: self.relay.clone(),
            facilitators: list(&self.facilitators),
            readers: list(&self.readers),
            rotate_days: self.rotate_days,
            idle_days: self.idle_days,
            leaves_max: self.leaves_max,
            suite: u16::from(crate::mls::SUITE),
            history: 0,
        })
    }

    /// Reads rules; `None` when they are no rules that this version can keep to.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let wire: Wire = read(bytes)?;
        let set = |list: &[Bytes<32>]| list.iter().map(|id| AccountId::from(*id)).collect();
        let rules = Self {
            facilitators: set(&wire.facilitators),
            readers: set(&wire.readers),
            name: wire.name,
            relay: wire.relay,
            rotate_days: wire.rotate_days,
            idle_days: wire.idle_days,
            leaves_max: wire.leaves_max,
        };
        let whole = wire.version == 1
            && wire.suite == u16::from(crate::mls::SUITE)
            && wire.history == 0
            && rules.name.len() <= NAME_MAX
            && rules.relay.len() <= RELAY_MAX
            && rules.leaves_max <= LEAVES_MAX
            && rules.facilitators.is_disjoint(&rules.readers);
        whole.then_some(rules)
    }
}
