//! The one judgement over commits: a pure function of what was agreed before and what a commit
//! would do. Everybody evaluates it over the same log, so everybody skips the same bad commits
//! (PROTOCOL G5–G14). It reads no clock: a commit carries its day.

use crate::bytes::{Bytes, read, write};
use crate::identity::Certificate;
use crate::mls::{CommitFacts, Sender};
use crate::rules::Rules;
use hearthkeep_crypto::{Signature, SigningKey, VerifyingKey, label};
use hearthkeep_model::{AccountId, Day, DeviceId, GroupId, Role};
use hearthkeep_wire::Head;
use minicbor::{Decode, Encode};
use std::collections::{BTreeMap, BTreeSet};

/// Devices that one commit may add.
pub(crate) const ADDS_MAX: usize = 20;

/// Why a commit is skipped by everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CommitRefusal {
    /// It was made by nobody inside.
    #[error("a commit comes from outside")]
    Outsider,
    /// It does something that no commit of ours does.
    #[error("a commit carries a proposal that is not allowed")]
    Proposal,
    /// Its note in the authenticated data does not read.
    #[error("a commit carries no note, or a malformed one")]
    Note,
    /// Its leaf is another person, device or key than before.
    #[error("a commit changes who its sender is")]
    Identity,
    /// A certificate of a new device does not verify, or has expired.
    #[error("a commit adds a device without a valid certificate")]
    Certificate,
    /// Its sender's role does not allow it.
    #[error("a commit goes beyond its sender's role")]
    Role,
    /// It adds somebody whom no facilitator has approved.
    #[error("a commit adds somebody without approval")]
    Approval,
    /// It carries an earlier day than its predecessor.
    #[error("a commit carries an earlier day than the one before")]
    Day,
    /// It announces another generation than follows from it.
    #[error("a commit announces the wrong generation")]
    Generation,
    /// It does not say up to where the removed were heard.
    #[error("a commit does not bind the records of the removed")]
    Cut,
    /// The group would be left without rules, without a facilitator, or too large.
    #[error("a commit would leave the group without rules or facilitator, or too large")]
    Rules,
}

/// What a commit says in its authenticated data.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(crate) struct CommitNote {
    #[n(0)]
    pub(crate) version: u8,
    #[n(1)]
    pub(crate) day: i32,
    /// The generation after this commit.
    #[n(2)]
    pub(crate) generation: u32,
    /// How far the committer had read the content log of the generation before.
    #[n(3)]
    pub(crate) cut: Head,
    /// The last records of the devices that are removed.
    #[n(4)]
    pub(crate) last: Vec<LastRecord>,
    #[n(5)]
    pub(crate) approvals: Vec<Approval>,
    #[n(6)]
    pub(crate) leaves: Vec<LeaveProof>,
}

/// The last record of a device that counts.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(crate) struct LastRecord {
    #[n(0)]
    pub(crate) device: Bytes<16>,
    #[n(1)]
    pub(crate) seq: u64,
    #[n(2)]
    pub(crate) hash: Bytes<32>,
}

/// A facilitator lets somebody in.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(crate) struct Approval {
    #[n(0)]
    pub(crate) account: Bytes<32>,
    #[n(1)]
    pub(crate) device: Bytes<16>,
    #[n(2)]
    pub(crate) request: Bytes<32>,
    #[n(3)]
    pub(crate) invite: Bytes<32>,
    /// The invitation's last day.
    #[n(4)]
    pub(crate) until: i32,
}

/// Somebody says, signed by their account, that they leave.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub(crate) struct LeaveProof {
    #[n(0)]
    pub(crate) account: Bytes<32>,
    #[n(1)]
    pub(crate) signature: Bytes<64>,
}

impl LeaveProof {
    pub(crate) fn sign(account: &SigningKey, group: GroupId) -> Self {
        Self {
            account: Bytes(account.verifying_key().to_bytes()),
            signature: Bytes(account.sign(label::LEAVE, group.as_bytes()).0),
        }
    }

    pub(crate) fn holds(&self, group: GroupId) -> bool {
        VerifyingKey::from_bytes(&self.account.0).is_ok_and(|key| {
            key.verify(label::LEAVE, group.as_bytes(), &Signature(self.signature.0)).is_ok()
        })
    }
}

impl CommitNote {
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        write(self)
    }
}

/// What was agreed before a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Before {
    pub(crate) group: GroupId,
    pub(crate) leaves: BTreeMap<u32, Certificate>,
    pub(crate) rules: Rules,
    pub(crate) generation: u32,
    pub(crate) day: Day,
}

/// A commit that was judged to be valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Judged {
    pub(crate) note: CommitNote,
    pub(crate) committer: AccountId,
    pub(crate) added: Vec<Certificate>,
    pub(crate) removed: Vec<Certificate>,
    pub(crate) rules: Rules,
}

/// Judges a commit.
pub(crate) fn judge(before: &Before, facts: &CommitFacts) -> Result<Judged, CommitRefusal> {
    let Sender::Leaf(leaf) = facts.sender else { return Err(CommitRefusal::Outsider) };
    let committer = before.leaves.get(&leaf).ok_or(CommitRefusal::Outsider)?;
    if facts.others {
        return Err(CommitRefusal::Proposal);
    }
    let note: CommitNote = read(&facts.aad).ok_or(CommitRefusal::Note)?;
    if note.version != 1 {
        return Err(CommitRefusal::Note);
    }
    if note.day < before.day.0 {
        return Err(CommitRefusal::Day);
    }
    same_person(before.group, committer, facts)?;
    let role = before.rules.role(&committer.account);
    let removed = judge_removals(before, facts, &note, committer, role)?;
    let added = judge_adds(before, facts, &note, committer, role, &removed)?;
    let rules = judge_rules(before, facts, role, leaf, &added)?;
    judge_generation(before, facts, &note, role)?;
    Ok(Judged { note, committer: committer.account, added, removed, rules })
}

// A member renames neither her account nor her device, and signs with what her certificate says.
fn same_person(
    group: GroupId,
    before: &Certificate,
    facts: &CommitFacts,
) -> Result<Certificate, CommitRefusal> {
    let path = facts.path.as_ref().ok_or(CommitRefusal::Proposal)?;
    let after = Certificate::of_leaf(path, group).map_err(|_| CommitRefusal::Identity)?;
    let same = after.account == before.account
        && after.device == before.device
        && after.serial >= before.serial;
    if same { Ok(after) } else { Err(CommitRefusal::Identity) }
}

fn judge_removals(
    before: &Before,
    facts: &CommitFacts,
    note: &CommitNote,
    committer: &Certificate,
    role: Role,
) -> Result<Vec<Certificate>, CommitRefusal> {
    let mut removed = Vec::new();
    for leaf in &facts.removes {
        let gone = before.leaves.get(leaf).ok_or(CommitRefusal::Proposal)?;
        let leaves = note.leaves.iter().any(|proof| {
            AccountId::from(proof.account) == gone.account && proof.holds(before.group)
        });
        let may = gone.account == committer.account
            || role == Role::Facilitator
            || (role == Role::Member && leaves);
        if !may {
            return Err(CommitRefusal::Role);
        }
        removed.push(gone.clone());
    }
    let bound: BTreeSet<DeviceId> =
        note.last.iter().map(|last| DeviceId::from(last.device)).collect();
    let gone: BTreeSet<DeviceId> = removed.iter().map(|gone| gone.device).collect();
    if bound == gone && note.last.len() == gone.len() {
        Ok(removed)
    } else {
        Err(CommitRefusal::Cut)
    }
}

fn judge_adds(
    before: &Before,
    facts: &CommitFacts,
    note: &CommitNote,
    committer: &Certificate,
    role: Role,
    removed: &[Certificate],
) -> Result<Vec<Certificate>, CommitRefusal> {
    if facts.adds.len() > ADDS_MAX {
        return Err(CommitRefusal::Rules);
    }
    let mut devices: BTreeSet<DeviceId> = before.leaves.values().map(|leaf| leaf.device).collect();
    for gone in removed {
        devices.remove(&gone.device);
    }
    let mut added = Vec::new();
    for leaf in &facts.adds {
        let new =
            Certificate::of_leaf(leaf, before.group).map_err(|_| CommitRefusal::Certificate)?;
        if new.until.0 < note.day || !devices.insert(new.device) {
            return Err(CommitRefusal::Certificate);
        }
        if new.account != committer.account {
            if role != Role::Facilitator {
                return Err(CommitRefusal::Role);
            }
            let approved = note.approvals.iter().any(|approval| {
                AccountId::from(approval.account) == new.account
                    && DeviceId::from(approval.device) == new.device
                    && note.day <= approval.until
            });
            if !approved {
                return Err(CommitRefusal::Approval);
            }
        }
        added.push(new);
    }
    Ok(added)
}

fn judge_rules(
    before: &Before,
    facts: &CommitFacts,
    role: Role,
    committer: u32,
    added: &[Certificate],
) -> Result<Rules, CommitRefusal> {
    let after = facts.rules_after.as_deref().and_then(Rules::from_bytes);
    let after = after.ok_or(CommitRefusal::Rules)?;
    if after != before.rules && role != Role::Facilitator {
        return Err(CommitRefusal::Role);
    }
    let stays = |leaf: &u32| *leaf == committer || !facts.removes.contains(leaf);
    let inside: BTreeSet<AccountId> = before
        .leaves
        .iter()
        .filter(|(leaf, _)| stays(leaf))
        .map(|(_, certificate)| certificate.account)
        .chain(added.iter().map(|certificate| certificate.account))
        .collect();
    let leaves =
        before.leaves.len().saturating_add(added.len()).saturating_sub(facts.removes.len());
    let led = after.facilitators.iter().any(|account| inside.contains(account));
    if led && leaves <= usize::from(after.leaves_max) {
        Ok(after)
    } else {
        Err(CommitRefusal::Rules)
    }
}

fn judge_generation(
    before: &Before,
    facts: &CommitFacts,
    note: &CommitNote,
    role: Role,
) -> Result<(), CommitRefusal> {
    let next = before.generation.checked_add(1).ok_or(CommitRefusal::Generation)?;
    let stays = note.generation == before.generation && facts.removes.is_empty();
    // A facilitator may begin a generation without removing anybody: it is renewed now and then.
    let renews =
        note.generation == next && (!facts.removes.is_empty() || role == Role::Facilitator);
    if stays || renews { Ok(()) } else { Err(CommitRefusal::Generation) }
}
