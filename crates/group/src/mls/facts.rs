//! What a commit or a Welcome would do, told in plain data before anything is merged.

use super::RULES_EXTENSION;
use openmls::prelude::{
    BasicCredential, Credential, Extensions, GroupContext, LeafNode, Member, Proposal,
    ProposalOrRefType, StagedCommit,
};
use zeroize::Zeroizing;

/// A leaf of the tree: the device certificate in its credential, and its signature key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LeafFacts {
    pub(crate) certificate: Vec<u8>,
    pub(crate) signature_key: Vec<u8>,
}

/// Who made a handshake message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sender {
    /// The leaf of a member.
    Leaf(u32),
    /// Anybody else.
    Outsider,
}

/// What the members of the next epoch share.
pub(crate) struct NextEpoch {
    pub(crate) epoch: u64,
    pub(crate) secret: Zeroizing<[u8; 32]>,
    pub(crate) authenticator: Vec<u8>,
}

/// What a staged commit would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CommitFacts {
    pub(crate) sender: Sender,
    pub(crate) aad: Vec<u8>,
    pub(crate) adds: Vec<LeafFacts>,
    pub(crate) removes: Vec<u32>,
    pub(crate) path: Option<LeafFacts>,
    /// The group's rules afterwards, as bytes; `None` when they are missing.
    pub(crate) rules_after: Option<Vec<u8>>,
    /// Proposals of any other kind, or by reference.
    pub(crate) others: bool,
    /// This device would be out.
    pub(crate) self_removed: bool,
}

/// What a Welcome would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WelcomeFacts {
    pub(crate) sender: LeafFacts,
    pub(crate) members: Vec<(u32, LeafFacts)>,
    pub(crate) own_leaf: u32,
    pub(crate) rules: Option<Vec<u8>>,
}

pub(crate) fn leaf_facts(leaf: &LeafNode) -> LeafFacts {
    LeafFacts {
        certificate: identity(leaf.credential()),
        signature_key: leaf.signature_key().as_slice().to_vec(),
    }
}

pub(crate) fn member_facts(member: &Member) -> (u32, LeafFacts) {
    let facts = LeafFacts {
        certificate: identity(&member.credential),
        signature_key: member.signature_key.clone(),
    };
    (member.index.u32(), facts)
}

// A credential of another type has no certificate; empty bytes are no certificate either.
fn identity(credential: &Credential) -> Vec<u8> {
    BasicCredential::try_from(credential.clone())
        .map(|basic| basic.identity().to_vec())
        .unwrap_or_default()
}

pub(crate) fn rules_of(extensions: &Extensions<GroupContext>) -> Option<Vec<u8>> {
    extensions.unknown(RULES_EXTENSION).map(|rules| rules.0.clone())
}

pub(crate) fn commit_facts(sender: Sender, aad: Vec<u8>, staged: &StagedCommit) -> CommitFacts {
    let mut facts = CommitFacts {
        sender,
        aad,
        adds: Vec::new(),
        removes: Vec::new(),
        path: staged.update_path_leaf_node().map(leaf_facts),
        rules_after: rules_of(staged.group_context().extensions()),
        others: false,
        self_removed: staged.self_removed(),
    };
    for queued in staged.queued_proposals() {
        if queued.proposal_or_ref_type() != ProposalOrRefType::Proposal {
            facts.others = true;
        }
        match queued.proposal() {
            Proposal::Add(add) => facts.adds.push(leaf_facts(add.key_package().leaf_node())),
            Proposal::Remove(remove) => facts.removes.push(remove.removed().u32()),
            Proposal::GroupContextExtensions(_) => {}
            Proposal::Update(_)
            | Proposal::PreSharedKey(_)
            | Proposal::ReInit(_)
            | Proposal::ExternalInit(_)
            | Proposal::SelfRemove
            | Proposal::Custom(_) => facts.others = true,
        }
    }
    facts
}
