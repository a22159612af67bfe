//! A group on one device: what it knows, how it is made, loaded and kept.
//!
//! Everything that changes it is in the neighbouring files: apply (what comes), send (what goes),
//! say (what a member writes), members (who is inside), invite (who comes in).

use crate::bytes::{Bytes, read_open, write};
use crate::changes::{Changes, Outgoing, Row, Table};
use crate::entropy::Entropy;
use crate::error::GroupError;
use crate::identity::{Certificate, Claim, NAME_MAX, issue};
use crate::kept::{Epoch, Kept};
use crate::mls::{Mls, derive_public};
use crate::policy::Before;
use crate::record::InEpoch;
use crate::rules::Rules;
use crate::state::{Core, Generation, OwnChain, Standing, Trust};
use hearthkeep_crypto::{AccountSecret, EpochSecret, SigningKey, words};
use hearthkeep_crypto::{hash, label};
use hearthkeep_model::{AccountId, Day, DeviceId, GroupId, Role, Timestamp};
use hearthkeep_wire::{Digest, Head, MailboxId, Token};
use std::collections::{BTreeMap, BTreeSet};

/// Place of a record: its device, and its place in the device's chain.
pub(crate) type Place = (Bytes<16>, u64);

const CORE: &[u8] = b"core";
const MLS: &[u8] = b"mls/";
const FLIGHT: &[u8] = b"flight";

/// A group on one device.
pub struct Group {
    pub(crate) core: Core,
    pub(crate) mls: Mls,
    pub(crate) epochs: BTreeMap<u64, Epoch>,
    pub(crate) records: BTreeMap<Place, Kept>,
    /// Which record began a note or an answer.
    pub(crate) objects: BTreeMap<Bytes<16>, Place>,
    pub(crate) leaves: BTreeMap<u32, Certificate>,
    pub(crate) rules: Option<Rules>,
    /// Links of the content logs, by generation and number.
    pub(crate) links: BTreeMap<(u32, u64), Digest>,
    /// Generations that are over and whose content log was once shown shorter than its commit says.
    pub(crate) short: BTreeSet<u32>,
    /// The relay said that somebody was faster: nothing is staged before one has read on.
    pub(crate) behind: bool,
    /// The relay said that its quota is used up.
    pub(crate) no_room: bool,
    /// Since when somebody who leaves has been seen in the tree.
    pub(crate) debt_since: Option<i64>,
    kept_core: Vec<u8>,
    kept_flight: Option<Vec<u8>>,
    kept_cursors: BTreeMap<MailboxId, Head>,
    dirty_epochs: BTreeSet<u64>,
    dirty_records: BTreeSet<Place>,
}

impl std::fmt::Debug for Group {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Group({:?})", self.core.standing)
    }
}

/// What a new group starts with.
#[derive(Debug)]
pub struct Founding<'a> {
    /// The group's name.
    pub name: &'a str,
    /// The founder's name inside it.
    pub own_name: &'a str,
    /// Where its mailboxes are.
    pub relay: &'a str,
    /// What the relay's operator gave.
    pub token: Token,
}

/// The local day of an instant; inside groups days are those of UTC.
pub(crate) fn day_of(now: Timestamp) -> Day {
    Day(i32::try_from(now.0.div_euclid(86_400_000)).unwrap_or(i32::MAX))
}

/// Refuses names that nobody could read.
pub(crate) fn check_name(name: &str) -> Result<&str, GroupError> {
    let name = name.trim();
    if name.is_empty() || name.len() > NAME_MAX {
        Err(GroupError::Name { most: NAME_MAX })
    } else {
        Ok(name)
    }
}

/// Keys and certificate of a device that enters a group.
pub(crate) struct NewDevice {
    pub(crate) device: DeviceId,
    pub(crate) account: AccountId,
    pub(crate) signer: SigningKey,
    pub(crate) seal_seed: [u8; 32],
    pub(crate) certificate: Vec<u8>,
}

impl NewDevice {
    pub(crate) fn make(
        secret: &AccountSecret,
        group: GroupId,
        account_n: u32,
        name: &str,
        today: Day,
        entropy: &mut Entropy,
    ) -> Result<Self, GroupError> {
        let account = secret.account_key(group.as_bytes(), account_n);
        let device = DeviceId::from_bytes(entropy.next_16());
        let signer = SigningKey::from_seed(&entropy.next_32());
        let seal_seed = entropy.next_32();
        let certificate = issue(
            &account,
            &Claim {
                group,
                device,
                sign_key: &signer.verifying_key(),
                seal_key: &derive_public(&seal_seed)?,
                serial: 0,
                today,
                name,
            },
        );
        let account = AccountId::from_bytes(account.verifying_key().to_bytes());
        Ok(Self { device, account, signer, seal_seed, certificate })
    }
}

impl Group {
    /// Founds a group. Its mailboxes are opened by what [`Self::next_outgoing`] gives first.
    ///
    /// # Errors
    /// [`GroupError::Name`]; [`GroupError::Agreement`] when the system has no randomness.
    pub fn found(
        founding: &Founding<'_>,
        secret: &AccountSecret,
        entropy: &mut Entropy,
        now: Timestamp,
    ) -> Result<Self, GroupError> {
        let id = GroupId::from_bytes(entropy.next_16());
        Self::found_as(id, founding, secret, entropy, now)
    }

    pub(crate) fn found_as(
        id: GroupId,
        founding: &Founding<'_>,
        secret: &AccountSecret,
        entropy: &mut Entropy,
        now: Timestamp,
    ) -> Result<Self, GroupError> {
        let (name, own_name) = (check_name(founding.name)?, check_name(founding.own_name)?);
        let today = day_of(now);
        let new = NewDevice::make(secret, id, 0, own_name, today, entropy)?;
        let rules = Rules::new(name, founding.relay, new.account);
        let mls =
            Mls::found(id.as_bytes(), &new.signer, new.certificate.clone(), rules.to_bytes())?;
        let mut core = Core::new(id, &new, own_name, founding.relay, 0);
        core.standing = Standing::In;
        core.token = Some(Bytes(founding.token.0));
        core.day = today.0;
        core.renewed_day = today.0;
        core.founded_day = today.0;
        let mut group = Self::assemble(core, mls);
        group.refresh_tree()?;
        group.enter_epoch(0)?;
        group.begin_generation(0)?;
        group.open_mailboxes(entropy);
        Ok(group)
    }

    pub(crate) fn assemble(core: Core, mls: Mls) -> Self {
        Self {
            core,
            mls,
            epochs: BTreeMap::new(),
            records: BTreeMap::new(),
            objects: BTreeMap::new(),
            leaves: BTreeMap::new(),
            rules: None,
            links: BTreeMap::new(),
            short: BTreeSet::new(),
            behind: false,
            no_room: false,
            debt_since: None,
            kept_core: Vec::new(),
            kept_flight: None,
            kept_cursors: BTreeMap::new(),
            dirty_epochs: BTreeSet::new(),
            dirty_records: BTreeSet::new(),
        }
    }

    /// Loads a group from the rows that [`Self::take_changes`] gave.
    ///
    /// # Errors
    /// [`GroupError::Row`] when a row does not read; [`GroupError::Agreement`] when key agreement
    /// does not load.
    pub fn load(
        rows: impl IntoIterator<Item = (Table, Vec<u8>, Vec<u8>)>,
    ) -> Result<Self, GroupError> {
        let (mut core, mut core_bytes, mut flight) = (None, Vec::new(), None);
        let mut mls_rows = BTreeMap::new();
        let (mut epochs, mut records, mut cursors) = (Vec::new(), Vec::new(), BTreeMap::new());
        for (table, key, value) in rows {
            match table {
                Table::GroupState if key == CORE => {
                    core = Some(read_open::<Core>(&value).ok_or(GroupError::Row)?);
                    core_bytes = value;
                }
                Table::GroupState => {
                    let key = key.strip_prefix(MLS).ok_or(GroupError::Row)?;
                    mls_rows.insert(key.to_vec(), value);
                }
                Table::ContentKey => {
                    epochs.push(read_open::<Epoch>(&value).ok_or(GroupError::Row)?);
                }
                Table::GroupRecord => {
                    records.push(read_open::<Kept>(&value).ok_or(GroupError::Row)?);
                }
                Table::Outbox => flight = Some(value),
                Table::Cursor => {
                    let mailbox = MailboxId::from_slice(&key).map_err(|_| GroupError::Row)?;
                    cursors.insert(mailbox, read_open(&value).ok_or(GroupError::Row)?);
                }
            }
        }
        let core: Core = core.ok_or(GroupError::Row)?;
        let mls = Mls::load(&core.group.0, mls_rows)?;
        let mut group = Self::assemble(core, mls);
        group.kept_core = core_bytes;
        group.kept_cursors = cursors;
        if let (Some(bytes), Some(kept)) = (&flight, group.core.flight.as_mut()) {
            kept.outgoing = Some(read_open::<Outgoing>(bytes).ok_or(GroupError::Row)?);
        }
        group.kept_flight = flight;
        group.epochs = epochs.into_iter().map(|epoch| (epoch.number, epoch)).collect();
        records.sort_by_key(|kept| (kept.generation, kept.n));
        for kept in records {
            group.links.insert((kept.generation, kept.n), kept.link);
            group.index(&kept);
            group.records.insert((kept.device, kept.seq), kept);
        }
        match group.core.standing {
            Standing::In => group.refresh_tree()?,
            // What is here was read in an earlier membership.
            Standing::Asking => group.read_all(),
            Standing::Removed | Standing::Left | Standing::LongAway => {}
        }
        Ok(group)
    }

    /// Everything that changed since the last call. It must be kept in one transaction, before
    /// anything that [`Self::next_outgoing`] gave is sent.
    pub fn take_changes(&mut self) -> Changes {
        let mut rows = Vec::new();
        let mut put = |table, key: &[u8], value| rows.push(Row { table, key: key.to_vec(), value });
        for (key, value) in self.mls.take_changes() {
            put(Table::GroupState, &[MLS, &key].concat(), value);
        }
        for number in std::mem::take(&mut self.dirty_epochs) {
            let value = self.epochs.get(&number).map(write);
            put(Table::ContentKey, &number.to_be_bytes(), value);
        }
        for place in std::mem::take(&mut self.dirty_records) {
            let key = [place.0.0.as_slice(), &place.1.to_be_bytes()].concat();
            put(Table::GroupRecord, &key, self.records.get(&place).map(write));
        }
        let flight = self.core.flight.as_ref().and_then(|flight| flight.outgoing.as_ref());
        let flight = flight.map(write);
        if flight != self.kept_flight {
            put(Table::Outbox, FLIGHT, flight.clone());
            self.kept_flight = flight;
        }
        let cursors = self.cursors();
        for (mailbox, head) in &cursors {
            if self.kept_cursors.get(mailbox) != Some(head) {
                put(Table::Cursor, mailbox.as_bytes(), Some(write(head)));
            }
        }
        for mailbox in self.kept_cursors.keys().filter(|kept| !cursors.contains_key(*kept)) {
            put(Table::Cursor, mailbox.as_bytes(), None);
        }
        self.kept_cursors = cursors;
        let core = write(&self.core);
        if core != self.kept_core {
            put(Table::GroupState, CORE, Some(core.clone()));
            self.kept_core = core;
        }
        Changes { rows }
    }

    fn cursors(&self) -> BTreeMap<MailboxId, Head> {
        let generations = self.core.generations.iter().flat_map(|generation| {
            [
                (generation.handshake, generation.handshake_read),
                (generation.content, generation.content_read),
            ]
        });
        generations.collect()
    }

    /// The group.
    #[must_use]
    pub fn id(&self) -> GroupId {
        self.core.group.into()
    }

    /// The name told inside it; empty while one only asks.
    #[must_use]
    pub fn name(&self) -> &str {
        self.rules.as_ref().map_or("", |rules| rules.name.as_str())
    }

    /// Where its mailboxes are.
    #[must_use]
    pub fn relay(&self) -> &str {
        self.rules.as_ref().map_or(self.core.relay.as_str(), |rules| rules.relay.as_str())
    }

    /// Where this device stands.
    #[must_use]
    pub const fn standing(&self) -> Standing {
        self.core.standing
    }

    /// What it believes of the relay and of its own copy.
    #[must_use]
    pub const fn trust(&self) -> Trust {
        self.core.trust
    }

    /// One's own account in this group.
    #[must_use]
    pub fn me(&self) -> AccountId {
        self.core.account.into()
    }

    /// One's own name in this group.
    #[must_use]
    pub fn own_name(&self) -> &str {
        &self.core.own_name
    }

    /// Which of the person's accounts for this group it is.
    #[must_use]
    pub const fn account_number(&self) -> u32 {
        self.core.account_n
    }

    /// One's own role.
    #[must_use]
    pub fn role(&self) -> Role {
        self.role_of(&self.me())
    }

    pub(crate) fn role_of(&self, account: &AccountId) -> Role {
        self.rules.as_ref().map_or(Role::Member, |rules| rules.role(account))
    }

    /// The twelve words that members compare: equal only where all of them share one past.
    ///
    /// # Errors
    /// [`GroupError::NotInside`].
    pub fn check_words(&self) -> Result<[&'static str; 12], GroupError> {
        let current = self.mls.current().map_err(|_| GroupError::NotInside)?;
        let mut roster: Vec<Vec<u8>> = self
            .leaves
            .values()
            .map(|leaf| [leaf.account.as_bytes().as_slice(), leaf.device.as_bytes()].concat())
            .collect();
        roster.sort();
        let roster = hash::sha256(&roster.concat());
        let digest = hash::labelled(label::CHECK_WORDS, &[&current.authenticator, &roster]);
        Ok(words::twelve_words(&digest))
    }

    pub(crate) fn signer(&self) -> SigningKey {
        SigningKey::from_seed(&self.core.sign_seed.0)
    }

    pub(crate) fn inside(&self) -> Result<&Rules, GroupError> {
        match (&self.rules, self.core.standing) {
            (Some(rules), Standing::In) => Ok(rules),
            _ => Err(GroupError::NotInside),
        }
    }

    /// The state that commits of the present epoch are judged against.
    pub(crate) fn before(&self) -> Result<Before, GroupError> {
        Ok(Before {
            group: self.id(),
            leaves: self.leaves.clone(),
            rules: self.inside()?.clone(),
            generation: self.generation().map_or(0, |generation| generation.number),
            day: Day(self.core.day),
        })
    }

    pub(crate) fn generation(&self) -> Option<&Generation> {
        self.core.generations.last()
    }

    pub(crate) fn generation_mut(&mut self) -> Option<&mut Generation> {
        self.core.generations.last_mut()
    }

    pub(crate) fn refresh_tree(&mut self) -> Result<(), GroupError> {
        let id = self.id();
        let mut leaves = BTreeMap::new();
        for (leaf, facts) in self.mls.members()? {
            leaves.insert(leaf, Certificate::of_leaf(&facts, id)?);
        }
        let rules = self.mls.rules()?.as_deref().and_then(Rules::from_bytes);
        self.rules = Some(rules.ok_or(GroupError::Row)?);
        self.leaves = leaves;
        Ok(())
    }

    pub(crate) fn touch_record(&mut self, place: Place) {
        self.dirty_records.insert(place);
    }

    pub(crate) fn touch_epoch(&mut self, number: u64) {
        self.dirty_epochs.insert(number);
    }

    /// Where records of an epoch are sealed and open, while its secret is kept.
    pub(crate) fn in_epoch<'a>(&self, epoch: &'a Epoch) -> Option<InEpoch<'a>> {
        Some(InEpoch {
            group: self.id(),
            epoch: epoch.number,
            authenticator: &epoch.authenticator,
            secret: Self::epoch_secret(epoch)?,
        })
    }

    pub(crate) fn epoch_secret(epoch: &Epoch) -> Option<EpochSecret> {
        epoch.secret.map(|secret| EpochSecret::from_bytes(secret.0))
    }
}

impl Core {
    pub(crate) fn new(
        group: GroupId,
        new: &NewDevice,
        own_name: &str,
        relay: &str,
        account_n: u32,
    ) -> Self {
        Self {
            version: 1,
            group: group.into(),
            standing: Standing::Asking,
            device: new.device.into(),
            account_n,
            account: new.account.into(),
            sign_seed: Bytes(*new.signer.expose_seed()),
            seal_seed: Bytes(new.seal_seed),
            own_name: own_name.to_owned(),
            relay: relay.to_owned(),
            generations: Vec::new(),
            day: 0,
            chains: Vec::new(),
            own: OwnChain { next: 1, last: None, void: Vec::new() },
            todos: Vec::new(),
            flight: None,
            invites: Vec::new(),
            leavers: Vec::new(),
            tombs: Vec::new(),
            opaque: Vec::new(),
            old_kids: Vec::new(),
            waiting: Vec::new(),
            told: Vec::new(),
            trust: Trust::Whole,
            joining: None,
            token: None,
            receipt_day: 0,
            renewed_day: 0,
            door_day: 0,
            read_up_to: (0, 0),
            named: Vec::new(),
            void: Vec::new(),
            taken_back: Vec::new(),
            left_proof_sent: false,
            cuts: Vec::new(),
            owed_receipts: Vec::new(),
            founded_day: 0,
            withdrawing: Vec::new(),
            seen_day: 0,
            not_taken_back: Vec::new(),
            sent: Vec::new(),
        }
    }
}
