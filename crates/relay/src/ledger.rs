//! What a batch of writes means: refusals, places, links, quotas.
//!
//! A batch is one transaction and one fate. A refusal belongs to one command and is found before
//! anything of that command is written, so its neighbours never feel it; an error of the database
//! fails them all. The rows of the batch live here in memory and are written once at its end.

use std::collections::{BTreeMap, BTreeSet};

use hearthkeep_wire::{
    Appended, Class, Head, Idem, MailboxId, NewMailbox, Refusal, Rotated, SealOld, SealedAt,
    delete_hash, limits,
};

use crate::{
    command::{AppendBlob, Command, MayRemove, Outcome, Settled, Verdict},
    database::{Answer, BudgetRow, Known, MailboxRow, NewEntry, NewRow, WriteTx},
};

const DAY_S: u64 = 24 * 60 * 60;
/// What an entry costs beside its blob, so that empty blobs are not free.
const ENTRY_COST: u64 = 256;
/// What a mailbox opened by a rotation costs, so that rotating for ever is not free.
const MAILBOX_COST: u64 = 4_096;
/// Rows that one sweep removes, so that appends do not wait for it.
const SWEEP_ROWS: u32 = 500;
/// Mailboxes that one sweep looks at.
const SWEEP_MAILBOXES: u32 = 16;

/// Decides and writes a batch. Nothing has happened until `tx` is committed, which is the last step.
pub(crate) async fn settle<T: WriteTx>(tx: T, commands: &[Command], now: u64) -> Answer<Settled> {
    let mut ledger = Ledger::load(tx, commands, now).await?;
    let mut verdicts = Vec::with_capacity(commands.len());
    for command in commands {
        verdicts.push(ledger.decide(command).await?);
    }
    ledger.finish(verdicts).await
}

struct Ledger<T> {
    tx: T,
    now: u64,
    mailboxes: BTreeMap<MailboxId, MailboxRow>,
    budgets: BTreeMap<i64, BudgetRow>,
    known: BTreeMap<(i64, Idem), Known>,
    entries: Vec<NewEntry>,
    changed: BTreeSet<MailboxId>,
    charged: BTreeSet<i64>,
    woken: BTreeMap<MailboxId, u64>,
    gone: Vec<MailboxId>,
    removed: bool,
}

impl<T: WriteTx> Ledger<T> {
    async fn load(mut tx: T, commands: &[Command], now: u64) -> Answer<Self> {
        let names: Vec<MailboxId> =
            commands.iter().flat_map(names).collect::<BTreeSet<_>>().into_iter().collect();
        let rows = tx.mailboxes(&names).await?;
        let mailboxes: BTreeMap<MailboxId, MailboxRow> =
            rows.into_iter().map(|row| (row.name, row)).collect();
        let attempts: Vec<(i64, Idem)> = commands
            .iter()
            .filter_map(appended)
            .filter_map(|append| Some((mailboxes.get(&append.mailbox)?.id, append.idem)))
            .collect();
        let known = tx.known(&attempts).await?;
        let known = known.into_iter().map(|known| ((known.mailbox, known.idem), known)).collect();
        let mut budgets = BTreeMap::new();
        let wanted: BTreeSet<i64> = mailboxes.values().map(|row| row.budget).collect();
        for id in wanted {
            if let Some(budget) = tx.budget(id).await? {
                budgets.insert(id, budget);
            }
        }
        Ok(Self {
            tx,
            now,
            mailboxes,
            budgets,
            known,
            entries: Vec::new(),
            changed: BTreeSet::new(),
            charged: BTreeSet::new(),
            woken: BTreeMap::new(),
            gone: Vec::new(),
            removed: false,
        })
    }

    async fn decide(&mut self, command: &Command) -> Answer<Verdict> {
        Ok(match command {
            Command::Append(append) => {
                self.append(append).map(|at| Outcome::Appended(Appended { at }))
            }
            Command::Create { new, token } => {
                let budget = self.tx.budget_of_token(token).await?;
                match self.may_create(new, budget) {
                    Ok(Some(budget)) => {
                        self.charge_mailbox(budget);
                        self.open(new, budget).await?;
                        Ok(Outcome::Done)
                    }
                    Ok(None) => Ok(Outcome::Done),
                    Err(refusal) => Err(refusal),
                }
            }
            Command::Rotate { .. } => self.rotate(command).await?,
            Command::Seal(name) => self.set_seal(name, Some(self.now)),
            Command::Unseal(name) => self.set_seal(name, None),
            Command::Delete { mailbox, seq, why } => self.delete(mailbox, *seq, *why).await?,
            Command::DropDel(name) => self.drop_del(name).await?,
            Command::Sweep => self.sweep().await?,
        })
    }

    /// PROTOCOL W8, W9: the same attempt gets the same answer, whatever has happened since.
    fn append(&mut self, append: &AppendBlob) -> Result<Head, Refusal> {
        match self.may_append(append)? {
            Place::Earlier(at) => Ok(at),
            Place::Next { cost } => Ok(self.append_now(append, cost)),
        }
    }

    fn may_append(&self, append: &AppendBlob) -> Result<Place, Refusal> {
        let row = self.living(&append.mailbox)?;
        if let Some(known) = self.known.get(&(row.id, append.idem)) {
            return if known.hash == append.hash {
                Ok(Place::Earlier(known.at))
            } else {
                Err(Refusal::IdemMismatch)
            };
        }
        if row.sealed_at.is_some() {
            return Err(Refusal::Sealed);
        }
        if append.expect_head.is_some_and(|expected| expected != row.head.seq) {
            return Err(Refusal::HeadMoved { head: row.head });
        }
        let length = append.blob.len();
        if length > row.class.blob_max() {
            return Err(Refusal::TooLarge);
        }
        let cost = cost(u64::try_from(length).unwrap_or(u64::MAX));
        if row.class == Class::Drop && !fits_drop(row, cost) {
            return Err(Refusal::QuotaUsedUp);
        }
        let left = self.budgets.get(&row.budget).map_or(0, |budget| budget.bytes_left);
        if cost > left { Err(Refusal::QuotaUsedUp) } else { Ok(Place::Next { cost }) }
    }

    /// What [`Self::may_append`] has allowed.
    fn append_now(&mut self, append: &AppendBlob, cost: u64) -> Head {
        let Some(row) = self.mailboxes.get_mut(&append.mailbox) else {
            return Head::genesis(&append.mailbox);
        };
        row.head = row.head.after(&append.hash);
        row.bytes = row.bytes.saturating_add(cost);
        row.entries = row.entries.saturating_add(1);
        let (id, at, budget) = (row.id, row.head, row.budget);
        self.entries.push(NewEntry {
            mailbox: id,
            at,
            idem: append.idem,
            hash: append.hash,
            delete_hash: append.delete_hash,
            day: u32::try_from(self.now / DAY_S).unwrap_or(u32::MAX),
            blob: append.blob.clone(),
        });
        self.known.insert(
            (id, append.idem),
            Known { mailbox: id, idem: append.idem, at, hash: append.hash },
        );
        self.changed.insert(append.mailbox);
        self.woken.insert(append.mailbox, at.seq);
        self.charge(budget, cost);
        at
    }

    /// PROTOCOL W20: the budget to open it with, or nothing when it is open already.
    fn may_create(
        &self,
        new: &NewMailbox,
        budget: Option<BudgetRow>,
    ) -> Result<Option<BudgetRow>, Refusal> {
        if let Ok(row) = self.living(&new.mailbox) {
            let same = row.cap == new.cap && row.class == new.class && row.admin == new.admin;
            return if same { Ok(None) } else { Err(Refusal::Exists) };
        }
        // What is over but not swept yet still has its name.
        if self.mailboxes.contains_key(&new.mailbox) {
            return Err(Refusal::Exists);
        }
        let budget = budget.ok_or(Refusal::Token)?;
        // Another command of this batch may have charged it.
        let budget = self.budgets.get(&budget.id).copied().unwrap_or(budget);
        if budget.expires_at.is_some_and(|at| at <= self.now) {
            return Err(Refusal::Token);
        }
        if budget.mailboxes_left == 0 { Err(Refusal::QuotaUsedUp) } else { Ok(Some(budget)) }
    }

    async fn open(&mut self, new: &NewMailbox, budget: BudgetRow) -> Answer<()> {
        self.budgets.entry(budget.id).or_insert(budget);
        let expires_at = new.ttl_s.map(|ttl| self.now.saturating_add(u64::from(ttl)));
        let row = NewRow {
            name: new.mailbox,
            class: new.class,
            cap: new.cap,
            admin: new.admin,
            budget: budget.id,
            expires_at,
        };
        let row = self.tx.insert_mailbox(&row).await?;
        self.mailboxes.insert(row.name, row);
        Ok(())
    }

    /// PROTOCOL W15: everything is checked before anything is changed.
    async fn rotate(&mut self, command: &Command) -> Answer<Verdict> {
        let Command::Rotate { commit, seal, open, cap } = command else {
            return Ok(Err(Refusal::Malformed));
        };
        let place = match self.may_append(commit) {
            Ok(place) => place,
            Err(refusal) => return Ok(Err(refusal)),
        };
        if let Place::Earlier(at) = place {
            return Ok(Ok(Outcome::Rotated(Rotated { at, sealed: self.heads(seal) })));
        }
        let budget = match self.may_rotate(commit, seal, open, cap) {
            Ok(budget) => budget,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let at = match place {
            Place::Next { cost } => self.append_now(commit, cost),
            Place::Earlier(at) => at,
        };
        for name in seal.iter().map(|old| old.mailbox).chain([commit.mailbox]) {
            if let Some(row) = self.mailboxes.get_mut(&name) {
                row.sealed_at = Some(self.now);
                self.changed.insert(name);
            }
        }
        for new in open {
            self.charge(budget.id, MAILBOX_COST);
            self.open(new, budget).await?;
        }
        Ok(Ok(Outcome::Rotated(Rotated { at, sealed: self.heads(seal) })))
    }

    fn may_rotate(
        &self,
        commit: &AppendBlob,
        seal: &[SealOld],
        open: &[NewMailbox],
        cap: &hearthkeep_wire::CapKey,
    ) -> Result<BudgetRow, Refusal> {
        for old in seal {
            let row = self.living(&old.mailbox)?;
            if row.cap != *cap {
                return Err(Refusal::Signature);
            }
            if row.sealed_at.is_some() {
                return Err(Refusal::Sealed);
            }
            if old.expect_head.is_some_and(|expected| expected != row.head.seq) {
                return Err(Refusal::HeadMoved { head: row.head });
            }
        }
        if open.iter().any(|new| self.mailboxes.contains_key(&new.mailbox)) {
            return Err(Refusal::Exists);
        }
        let budget = self.living(&commit.mailbox)?.budget;
        let budget = self.budgets.get(&budget).copied().ok_or(Refusal::QuotaUsedUp)?;
        let opened = u64::try_from(open.len()).unwrap_or(u64::MAX);
        let length = u64::try_from(commit.blob.len()).unwrap_or(u64::MAX);
        let all = opened.saturating_mul(MAILBOX_COST).saturating_add(cost(length));
        if all > budget.bytes_left { Err(Refusal::QuotaUsedUp) } else { Ok(budget) }
    }

    fn heads(&self, seal: &[SealOld]) -> Vec<SealedAt> {
        seal.iter()
            .filter_map(|old| self.mailboxes.get(&old.mailbox))
            .map(|row| SealedAt { mailbox: row.name, head: row.head })
            .collect()
    }

    fn set_seal(&mut self, name: &MailboxId, sealed_at: Option<u64>) -> Verdict {
        self.living(name)?;
        if let Some(row) = self.mailboxes.get_mut(name)
            && row.sealed_at.is_some() != sealed_at.is_some()
        {
            row.sealed_at = sealed_at;
            self.changed.insert(*name);
        }
        Ok(Outcome::Done)
    }

    /// PROTOCOL W18.
    async fn delete(&mut self, name: &MailboxId, seq: u64, why: MayRemove) -> Answer<Verdict> {
        // The entry may be one of this very batch.
        self.write_entries().await?;
        let row = match self.living(name) {
            Ok(row) => row,
            Err(refusal) => return Ok(Err(refusal)),
        };
        let (id, budget) = (row.id, row.budget);
        let Some(entry) = self.tx.entry(id, seq).await? else {
            return Ok(Err(Refusal::NoSuchEntry));
        };
        if let MayRemove::Author(preimage) = why {
            match entry.delete_hash {
                Some(hash) if hash == delete_hash(&preimage) => {}
                Some(_) => return Ok(Err(Refusal::Preimage)),
                None => return Ok(Err(Refusal::NoSuchEntry)),
            }
        }
        let Some(length) = entry.length else { return Ok(Ok(Outcome::Done)) };
        self.tx.remove_blob(id, seq).await?;
        self.removed = true;
        if let Some(row) = self.mailboxes.get_mut(name) {
            row.bytes = row.bytes.saturating_sub(length);
            row.entries = row.entries.saturating_sub(1);
        }
        self.changed.insert(*name);
        self.give_back(budget, length);
        Ok(Ok(Outcome::Done))
    }

    /// PROTOCOL W19.
    async fn drop_del(&mut self, name: &MailboxId) -> Answer<Verdict> {
        self.write_entries().await?;
        let row = match self.living(name) {
            Ok(row) if row.class == Class::Drop => row.clone(),
            Ok(_) => return Ok(Err(Refusal::Malformed)),
            Err(refusal) => return Ok(Err(refusal)),
        };
        self.remove(&row, u32::MAX).await?;
        Ok(Ok(Outcome::Done))
    }

    async fn sweep(&mut self) -> Answer<Verdict> {
        self.write_entries().await?;
        let sealed_before =
            self.now.saturating_sub(u64::from(limits::SEALED_READABLE_DAYS).saturating_mul(DAY_S));
        let over = self.tx.over(self.now, sealed_before, SWEEP_MAILBOXES).await?;
        let mut more = false;
        for row in over {
            if more {
                break;
            }
            if let std::collections::btree_map::Entry::Vacant(slot) = self.budgets.entry(row.budget)
                && let Some(budget) = self.tx.budget(row.budget).await?
            {
                slot.insert(budget);
            }
            more = !self.remove(&row, SWEEP_ROWS).await? || row.head.seq > u64::from(SWEEP_ROWS);
        }
        Ok(Ok(Outcome::Swept { more }))
    }

    async fn remove(&mut self, row: &MailboxRow, limit: u32) -> Answer<bool> {
        let gone = self.tx.remove_mailbox(row.id, limit).await?;
        self.removed = true;
        if gone {
            self.mailboxes.remove(&row.name);
            self.changed.remove(&row.name);
            self.woken.remove(&row.name);
            self.gone.push(row.name);
            self.give_back(row.budget, row.bytes);
            if let Some(budget) = self.budgets.get_mut(&row.budget) {
                budget.mailboxes_left = budget.mailboxes_left.saturating_add(1);
            }
        }
        Ok(gone)
    }

    fn living(&self, name: &MailboxId) -> Result<&MailboxRow, Refusal> {
        self.mailboxes
            .get(name)
            .filter(|row| row.expires_at.is_none_or(|at| at > self.now))
            .ok_or(Refusal::NoSuchMailbox)
    }

    fn charge(&mut self, budget: i64, cost: u64) {
        if let Some(row) = self.budgets.get_mut(&budget) {
            row.bytes_left = row.bytes_left.saturating_sub(cost);
            self.charged.insert(budget);
        }
    }

    fn charge_mailbox(&mut self, budget: BudgetRow) {
        let row = self.budgets.entry(budget.id).or_insert(budget);
        row.mailboxes_left = row.mailboxes_left.saturating_sub(1);
        self.charged.insert(budget.id);
    }

    fn give_back(&mut self, budget: i64, bytes: u64) {
        if let Some(row) = self.budgets.get_mut(&budget) {
            row.bytes_left = row.bytes_left.saturating_add(bytes);
            self.charged.insert(budget);
        }
    }

    async fn write_entries(&mut self) -> Answer<()> {
        let entries = std::mem::take(&mut self.entries);
        self.tx.insert_entries(&entries).await
    }

    async fn finish(mut self, verdicts: Vec<Verdict>) -> Answer<Settled> {
        self.write_entries().await?;
        for name in &self.changed {
            if let Some(row) = self.mailboxes.get(name) {
                self.tx.update_mailbox(row).await?;
            }
        }
        for id in &self.charged {
            if let Some(row) = self.budgets.get(id) {
                self.tx.update_budget(row).await?;
            }
        }
        self.tx.commit().await?;
        Ok(Settled {
            verdicts,
            woken: self.woken.into_iter().collect(),
            gone: self.gone,
            removed: self.removed,
        })
    }
}

/// Where an append goes.
enum Place {
    /// It was made before, here.
    Earlier(Head),
    /// At the end.
    Next { cost: u64 },
}

const fn cost(length: u64) -> u64 {
    length.saturating_add(ENTRY_COST)
}

fn fits_drop(row: &MailboxRow, cost: u64) -> bool {
    let room = u64::try_from(limits::DROP_BYTES_MAX).unwrap_or(u64::MAX);
    let overhead = limits::DROP_ENTRIES_MAX.saturating_mul(ENTRY_COST);
    row.head.seq < limits::DROP_ENTRIES_MAX
        && row.bytes.saturating_add(cost) <= room.saturating_add(overhead)
}

const fn appended(command: &Command) -> Option<&AppendBlob> {
    match command {
        Command::Append(append) => Some(append),
        Command::Rotate { commit, .. } => Some(commit),
        Command::Create { .. }
        | Command::Seal(_)
        | Command::Unseal(_)
        | Command::Delete { .. }
        | Command::DropDel(_)
        | Command::Sweep => None,
    }
}

fn names(command: &Command) -> Vec<MailboxId> {
    match command {
        Command::Append(append) => vec![append.mailbox],
        Command::Create { new, .. } => vec![new.mailbox],
        Command::Rotate { commit, seal, open, .. } => seal
            .iter()
            .map(|old| old.mailbox)
            .chain(open.iter().map(|new| new.mailbox))
            .chain([commit.mailbox])
            .collect(),
        Command::Seal(name) | Command::Unseal(name) | Command::DropDel(name) => vec![*name],
        Command::Delete { mailbox, .. } => vec![*mailbox],
        Command::Sweep => vec![],
    }
}
