//! Groups in memory while the vault is open, and the one way in which they change.

use crate::hearthkeep::Hearthkeep;
use crate::session::Session;
use crate::{ClientError, Event};
use hearthkeep_crypto::{AccountSecret, random_bytes};
use hearthkeep_group::{Effect, Entropy, Group, GroupError, Table as GroupTable};
use hearthkeep_model::{EntryHead, EntryId, GroupId, Timestamp};
use hearthkeep_store::{Store, StoreError, Table, Tx};
use minicbor::{Decode, Encode};
use std::collections::BTreeMap;
use std::sync::Arc;
use tokio::sync::{Mutex, OwnedMutexGuard};

/// Scope of the list of groups.
pub(super) const LIST: &[u8] = b"groups";
/// Key of what a backup carries of a group, in the group's own scope.
const KEEPSAKE: &[u8] = b"keepsake";

/// What is kept about a group beside its state.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(crate) struct Meta {
    /// "Nobody watches here" was read.
    #[n(0)]
    pub(crate) watch_read: bool,
    /// There is a state.
    #[n(1)]
    pub(crate) has_state: bool,
    /// What a backup carries of it, in a row of its own.
    #[cbor(skip)]
    pub(crate) keepsake: Option<Vec<u8>>,
}

/// One group: its state, unless it is only known from a backup.
pub(crate) struct Room {
    pub(crate) meta: Meta,
    pub(crate) group: Option<Group>,
}

/// The groups of a session. Dropped with everything in them when the vault is locked.
#[derive(Default)]
pub(crate) struct OpenGroups {
    rooms: Mutex<Option<Rooms>>,
    pub(super) shares: super::on_hold::Waiting,
    /// Who carries what waits to the relays.
    pub(crate) nudged: std::sync::OnceLock<Box<dyn Fn(super::nudge::Nudge) + Send + Sync>>,
}

struct Rooms {
    secret: Arc<AccountSecret>,
    all: BTreeMap<GroupId, Arc<Mutex<Room>>>,
}

impl std::fmt::Debug for OpenGroups {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OpenGroups(…)")
    }
}

/// What a change of a group is given.
pub(crate) struct Hands<'a> {
    pub(crate) group: &'a mut Group,
    pub(crate) secret: &'a AccountSecret,
    pub(crate) entropy: &'a mut Entropy,
    pub(crate) now: Timestamp,
}

/// What else belongs into the transaction of a change.
#[derive(Default)]
pub(crate) struct Also {
    rows: Vec<AlsoRow>,
    /// An entry from which something was shared is marked so.
    pub(crate) shared_from: Option<EntryId>,
}

struct AlsoRow {
    table: Table,
    scope: Vec<u8>,
    key: Vec<u8>,
    value: Option<Vec<u8>>,
}

impl Also {
    pub(crate) fn put(&mut self, table: Table, scope: &[u8], key: &[u8], value: &[u8]) {
        let value = Some(value.to_vec());
        self.rows.push(AlsoRow { table, scope: scope.to_vec(), key: key.to_vec(), value });
    }

    pub(crate) fn delete(&mut self, table: Table, scope: &[u8], key: &[u8]) {
        let (scope, key) = (scope.to_vec(), key.to_vec());
        self.rows.push(AlsoRow { table, scope, key, value: None });
    }

    async fn write(self, tx: &mut Tx) -> Result<(), ClientError> {
        for row in self.rows {
            match row.value {
                Some(value) => tx.put(row.table, &row.scope, &row.key, &value),
                None => tx.delete(row.table, &row.scope, &row.key),
            }
        }
        let Some(entry) = self.shared_from else { return Ok(()) };
        match tx.entry(entry).await {
            Ok(found) => {
                let head = EntryHead { shared: true, ..found.head };
                tx.put_entry(&head, &found.snapshot)?;
                Ok(())
            }
            // Erased meanwhile: the reflection leaves all the same.
            Err(StoreError::NoEntry(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// Seeds what must not repeat from the operating system.
pub(crate) fn entropy() -> Entropy {
    Entropy::from_seed(random_bytes())
}

const fn table(table: GroupTable) -> Table {
    match table {
        GroupTable::GroupState => Table::GroupState,
        GroupTable::GroupRecord => Table::GroupRecord,
        GroupTable::ContentKey => Table::ContentKey,
        GroupTable::Outbox => Table::Outbox,
        GroupTable::Cursor => Table::Cursor,
    }
}

const TABLES: [GroupTable; 5] = [
    GroupTable::GroupState,
    GroupTable::GroupRecord,
    GroupTable::ContentKey,
    GroupTable::Outbox,
    GroupTable::Cursor,
];

/// Puts everything that changed into a transaction.
pub(crate) fn put(tx: &mut Tx, id: GroupId, group: &mut Group) {
    for row in group.take_changes().rows {
        match row.value {
            Some(value) => tx.put(table(row.table), id.as_bytes(), &row.key, &value),
            None => tx.delete(table(row.table), id.as_bytes(), &row.key),
        }
    }
}

pub(super) fn put_meta(tx: &mut Tx, id: GroupId, meta: &Meta) {
    tx.put(Table::GroupMeta, LIST, id.as_bytes(), &hearthkeep_wire::encode(meta));
}

async fn load(store: &Store, id: GroupId) -> Result<Group, ClientError> {
    let mut rows = Vec::new();
    for kind in TABLES {
        for thing in store.scan(table(kind), id.as_bytes()).await? {
            rows.push((kind, thing.key, thing.value.to_vec()));
        }
    }
    Ok(Group::load(rows)?)
}

impl Hearthkeep {
    async fn rooms<T>(
        &self,
        session: &Session,
        look: impl FnOnce(&mut Rooms) -> T,
    ) -> Result<T, ClientError> {
        let mut place = session.groups.rooms.lock().await;
        if place.is_none() {
            *place = Some(open_rooms(&session.store).await?);
        }
        let rooms = place.as_mut().ok_or(ClientError::Locked)?;
        Ok(look(rooms))
    }

    /// The account secret, as long as the vault is open.
    pub(crate) async fn account_secret(&self) -> Result<Arc<AccountSecret>, ClientError> {
        let session = self.session()?;
        self.rooms(&session, |rooms| Arc::clone(&rooms.secret)).await
    }

    /// All groups.
    pub(crate) async fn group_ids(&self) -> Result<Vec<GroupId>, ClientError> {
        let session = self.session()?;
        self.rooms(&session, |rooms| rooms.all.keys().copied().collect()).await
    }

    /// One group, held as long as the guard lives.
    pub(crate) async fn room(&self, id: GroupId) -> Result<OwnedMutexGuard<Room>, ClientError> {
        let session = self.session()?;
        let room = self.rooms(&session, |rooms| rooms.all.get(&id).cloned()).await?;
        Ok(room.ok_or(ClientError::NoSuchGroup)?.lock_owned().await)
    }

    /// Adds a group that was founded, asked for, or brought by a backup.
    pub(crate) async fn add_group(
        &self,
        id: GroupId,
        meta: Meta,
        group: Option<Group>,
    ) -> Result<(), ClientError> {
        let session = self.session()?;
        let mut tx = session.store.begin().await?;
        // What was read before stays; keys and state of an earlier membership go.
        for kind in TABLES.into_iter().filter(|kind| *kind != GroupTable::GroupRecord) {
            tx.delete_scope(table(kind), id.as_bytes());
        }
        let mut room = Room { meta, group };
        if let Some(group) = room.group.as_mut() {
            put(&mut tx, id, group);
        }
        put_meta(&mut tx, id, &room.meta);
        tx.commit().await?;
        if room.group.is_some() {
            room.group = Some(load(&session.store, id).await?);
        }
        let room = Arc::new(Mutex::new(room));
        self.rooms(&session, |rooms| drop(rooms.all.insert(id, room))).await?;
        self.tell(Event::Groups);
        self.groups_changed();
        Ok(())
    }

    /// Reads something of a group.
    pub(crate) async fn look_at<T>(
        &self,
        id: GroupId,
        look: impl FnOnce(&Group) -> T,
    ) -> Result<T, ClientError> {
        let room = self.room(id).await?;
        let group = room.group.as_ref().ok_or(ClientError::NoSuchGroup)?;
        Ok(look(group))
    }

    /// Changes a group: what the change gives, and everything that goes with it, is in one
    /// transaction, or nothing has happened. The screen hears of it after the commit.
    pub(crate) async fn change<T>(
        &self,
        id: GroupId,
        act: impl FnOnce(&mut Hands<'_>) -> Result<(T, Vec<Effect>), GroupError>,
    ) -> Result<T, ClientError> {
        self.change_with(id, act, Also::default()).await
    }

    /// As [`Self::change`], with more to write in the same transaction.
    pub(crate) async fn change_with<T>(
        &self,
        id: GroupId,
        act: impl FnOnce(&mut Hands<'_>) -> Result<(T, Vec<Effect>), GroupError>,
        mut also: Also,
    ) -> Result<T, ClientError> {
        let session = self.session()?;
        let secret = self.account_secret().await?;
        let mut guard = self.room(id).await?;
        let room = &mut *guard;
        let now = self.clock().now();
        let mut entropy = entropy();
        let group = room.group.as_mut().ok_or(ClientError::NoSuchGroup)?;
        let hands = &mut Hands { group, secret: &secret, entropy: &mut entropy, now };
        let (given, effects) = match act(hands) {
            Ok(done) => done,
            Err(error) => {
                // What is in memory may run ahead of what was kept.
                room.group = Some(load(&session.store, id).await?);
                return Err(error.into());
            }
        };
        let keepsake = group.keepsake().map(|keepsake| keepsake.to_bytes());
        let keepsake = keepsake.filter(|keepsake| room.meta.keepsake.as_ref() != Some(keepsake));
        if let Some(keepsake) = &keepsake {
            also.put(Table::GroupMeta, id.as_bytes(), KEEPSAKE, keepsake);
        }
        let kept = self.keep(&session, id, group, &effects, also).await;
        if let Err(error) = kept {
            room.group = Some(load(&session.store, id).await?);
            return Err(error);
        }
        room.meta.keepsake = keepsake.or(room.meta.keepsake.take());
        drop(guard);
        self.after(&session, id, &effects).await?;
        Ok(given)
    }

    async fn keep(
        &self,
        session: &Session,
        id: GroupId,
        group: &mut Group,
        effects: &[Effect],
        also: Also,
    ) -> Result<(), ClientError> {
        let mut tx = session.store.begin().await?;
        put(&mut tx, id, group);
        also.write(&mut tx).await?;
        let now = self.clock().now();
        for effect in effects {
            if let Effect::Alarm(alarm) = effect {
                let name = alarm.member.as_ref().and_then(|member| group.name_of(member));
                super::alarms::put(&mut tx, id, alarm.kind, name, now);
            }
        }
        let changes = tx.commit().await?;
        self.tell_changes(&changes);
        Ok(())
    }

    async fn after(
        &self,
        session: &Session,
        id: GroupId,
        effects: &[Effect],
    ) -> Result<(), ClientError> {
        if effects.iter().any(|effect| matches!(effect, Effect::Erased(_))) {
            // Gone for good only once the log is wiped; what still reads lets it wait for the lock.
            match session.store.wipe().await {
                Ok(()) | Err(StoreError::EraseWaits) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let news = |effect: &Effect| {
            matches!(effect, Effect::Members | Effect::Asked | Effect::Joined | Effect::Removed)
        };
        if effects.iter().any(news) {
            self.tell(Event::Groups);
        }
        if effects.iter().any(|effect| matches!(effect, Effect::Alarm(_))) {
            self.tell(Event::Alarms);
        }
        if !effects.is_empty() {
            self.tell(Event::Group { id: id.to_string() });
        }
        Ok(())
    }

    /// Changes what is kept about a group beside its state.
    pub(crate) async fn change_meta(
        &self,
        id: GroupId,
        act: impl FnOnce(&mut Meta),
    ) -> Result<(), ClientError> {
        let session = self.session()?;
        let mut room = self.room(id).await?;
        let mut meta = room.meta.clone();
        act(&mut meta);
        let mut tx = session.store.begin().await?;
        put_meta(&mut tx, id, &meta);
        tx.commit().await?;
        room.meta = meta;
        self.tell(Event::Groups);
        Ok(())
    }

    /// Before the vault is locked: what waits its ten seconds becomes a draft again.
    pub(crate) async fn end_groups(&self, session: &Session) {
        session.groups.shares.stop_all();
        *session.groups.rooms.lock().await = None;
    }
}

async fn open_rooms(store: &Store) -> Result<Rooms, ClientError> {
    let secret = Arc::new(store.secrets().await?.account);
    let mut metas: BTreeMap<GroupId, Meta> = BTreeMap::new();
    for thing in store.scan_all(Table::GroupMeta).await? {
        let id_in = |bytes: &[u8]| <[u8; 16]>::try_from(bytes).ok().map(GroupId::from_bytes);
        if thing.scope == LIST {
            let meta = hearthkeep_wire::decode_exact::<Meta>(&thing.value, 1 << 20);
            if let (Some(id), Ok(meta)) = (id_in(&thing.key), meta) {
                let kept = metas.entry(id).or_default();
                *kept = Meta { keepsake: kept.keepsake.take(), ..meta };
            }
        } else if thing.key == KEEPSAKE
            && let Some(id) = id_in(&thing.scope)
        {
            metas.entry(id).or_default().keepsake = Some(thing.value.to_vec());
        }
    }
    let mut all = BTreeMap::new();
    for (id, meta) in metas {
        let group = if meta.has_state { Some(load(store, id).await?) } else { None };
        all.insert(id, Arc::new(Mutex::new(Room { meta, group })));
    }
    Ok(Rooms { secret, all })
}
