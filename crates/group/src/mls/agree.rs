//! One group's key agreement: make it, join it, stage a commit, process one, merge.

use super::facts::{
    CommitFacts, LeafFacts, NextEpoch, Sender, WelcomeFacts, commit_facts, leaf_facts,
    member_facts, rules_of,
};
use super::unit::{RowChange, Unit};
use super::{DeviceSigner, MlsError, RULES_EXTENSION, SUITE};
use hearthkeep_crypto::{SigningKey, label};
use openmls::prelude::tls_codec::{Deserialize as _, Serialize as _};
use openmls::prelude::{
    BasicCredential, Capabilities, CredentialWithKey, Extension, ExtensionType, Extensions,
    GroupContext, GroupId, KeyPackage, KeyPackageIn, LeafNodeIndex, LeafNodeParameters, MlsGroup,
    MlsGroupJoinConfig, MlsMessageIn, PURE_PLAINTEXT_WIRE_FORMAT_POLICY, ProcessedMessageContent,
    ProtocolVersion, RequiredCapabilitiesExtension, Sender as MlsSender, StagedCommit,
    StagedWelcome, UnknownExtension, Welcome,
};
use openmls_traits::OpenMlsProvider;
use std::collections::BTreeMap;
use zeroize::Zeroizing;

/// What a commit shall do. Its path always renews the committer's own leaf.
#[derive(Debug, Clone, Default)]
pub(crate) struct Plan {
    /// Key packages of devices to add.
    pub(crate) adds: Vec<Vec<u8>>,
    /// Leaves to remove.
    pub(crate) removes: Vec<u32>,
    /// New rules of the group.
    pub(crate) rules: Option<Vec<u8>>,
    /// A new certificate for the own leaf.
    pub(crate) certificate: Option<Vec<u8>>,
    /// Signed with the commit, and part of what every later epoch depends on.
    pub(crate) aad: Vec<u8>,
}

/// A commit that waits for the relay's answer.
pub(crate) struct Staged {
    pub(crate) commit: Vec<u8>,
    pub(crate) welcome: Option<Vec<u8>>,
}

/// Key agreement of one group, on one device.
pub(crate) struct Mls {
    unit: Unit,
    id: GroupId,
    group: Option<MlsGroup>,
}

impl Mls {
    /// The state before one is inside: only key packages of one's own can be made.
    pub(crate) fn outside(group: &[u8; 16]) -> Result<Self, MlsError> {
        let unit = Unit::load(BTreeMap::new())?;
        Ok(Self { unit, id: GroupId::from_slice(group), group: None })
    }

    pub(crate) fn load(
        group: &[u8; 16],
        rows: BTreeMap<Vec<u8>, Vec<u8>>,
    ) -> Result<Self, MlsError> {
        let unit = Unit::load(rows)?;
        let id = GroupId::from_slice(group);
        let loaded = MlsGroup::load(unit.provider().storage(), &id).map_err(|_| MlsError::State)?;
        Ok(Self { unit, id, group: loaded })
    }

    pub(crate) fn found(
        group: &[u8; 16],
        signer: &SigningKey,
        certificate: Vec<u8>,
        rules: Vec<u8>,
    ) -> Result<Self, MlsError> {
        let mut mls = Self::outside(group)?;
        let made = MlsGroup::builder()
            .with_group_id(mls.id.clone())
            .ciphersuite(SUITE)
            .with_capabilities(capabilities())
            .with_wire_format_policy(PURE_PLAINTEXT_WIRE_FORMAT_POLICY)
            .use_ratchet_tree_extension(true)
            .with_group_context_extensions(extensions(rules)?)
            .build(mls.unit.provider(), &DeviceSigner(signer), credential(signer, certificate))
            .map_err(|_| MlsError::Commit)?;
        mls.group = Some(made);
        Ok(mls)
    }

    /// A key package for one invitation; its private half stays in this unit of work.
    pub(crate) fn key_package(
        &self,
        signer: &SigningKey,
        certificate: Vec<u8>,
    ) -> Result<Vec<u8>, MlsError> {
        let bundle = KeyPackage::builder()
            .leaf_node_capabilities(capabilities())
            .build(
                SUITE,
                self.unit.provider(),
                &DeviceSigner(signer),
                credential(signer, certificate),
            )
            .map_err(|_| MlsError::KeyPackage)?;
        bundle.key_package().tls_serialize_detached().map_err(|_| MlsError::KeyPackage)
    }

    /// What a Welcome would do. Looking burns the key package, so the unit goes back afterwards.
    pub(crate) fn inspect(&self, welcome: &[u8]) -> Result<WelcomeFacts, MlsError> {
        let savepoint = self.unit.savepoint();
        let facts = self.staged_welcome(welcome).and_then(|staged| {
            Ok(WelcomeFacts {
                sender: leaf_facts(staged.welcome_sender().map_err(|_| MlsError::Welcome)?),
                members: staged.members().map(|member| member_facts(&member)).collect(),
                own_leaf: staged.own_leaf_index().u32(),
                rules: rules_of(staged.group_context().extensions()),
            })
        });
        self.unit.go_back(savepoint);
        facts
    }

    pub(crate) fn join(&mut self, welcome: &[u8]) -> Result<(), MlsError> {
        let savepoint = self.unit.savepoint();
        let joined = self.staged_welcome(welcome).and_then(|staged| {
            staged.into_group(self.unit.provider()).map_err(|_| MlsError::Welcome)
        });
        match joined {
            Ok(group) if group.group_id() == &self.id => {
                self.group = Some(group);
                Ok(())
            }
            Ok(_) => {
                self.unit.go_back(savepoint);
                Err(MlsError::Welcome)
            }
            Err(error) => {
                self.unit.go_back(savepoint);
                Err(error)
            }
        }
    }

    fn staged_welcome(&self, welcome: &[u8]) -> Result<StagedWelcome, MlsError> {
        let welcome = Welcome::tls_deserialize_exact(welcome).map_err(|_| MlsError::Parse)?;
        let config = MlsGroupJoinConfig::builder()
            .wire_format_policy(PURE_PLAINTEXT_WIRE_FORMAT_POLICY)
            .use_ratchet_tree_extension(true)
            .build();
        // Whether a certificate still holds is our own rule: a leaf whose key package has aged
        // must not shut the door on everybody who comes later.
        StagedWelcome::build_from_welcome(self.unit.provider(), &config, welcome)
            .map_err(|_| MlsError::Welcome)?
            .skip_lifetime_validation()
            .replace_old_group()
            .build()
            .map_err(|_| MlsError::Welcome)
    }

    fn inside(&self) -> Result<&MlsGroup, MlsError> {
        self.group.as_ref().ok_or(MlsError::NotInside)
    }

    pub(crate) fn epoch(&self) -> Result<u64, MlsError> {
        Ok(self.inside()?.epoch().as_u64())
    }

    pub(crate) fn members(&self) -> Result<Vec<(u32, LeafFacts)>, MlsError> {
        Ok(self.inside()?.members().map(|member| member_facts(&member)).collect())
    }

    pub(crate) fn rules(&self) -> Result<Option<Vec<u8>>, MlsError> {
        Ok(rules_of(self.inside()?.extensions()))
    }

    /// What the members of this epoch share.
    pub(crate) fn current(&self) -> Result<NextEpoch, MlsError> {
        let group = self.inside()?;
        let secret = group
            .export_secret(
                self.unit.provider().crypto(),
                label::EPOCH_EXPORT.as_str(),
                self.id.as_slice(),
                32,
            )
            .map_err(|_| MlsError::NotInside)?;
        next(group.epoch().as_u64(), secret, group.epoch_authenticator().as_slice())
    }

    /// Stages a commit of one's own. It is merged only once it stands in the log.
    pub(crate) fn stage(&mut self, signer: &SigningKey, plan: Plan) -> Result<Staged, MlsError> {
        let savepoint = self.unit.savepoint();
        let staged = self.try_stage(signer, plan);
        if staged.is_err() {
            self.unit.go_back(savepoint);
            self.reload()?;
        }
        staged
    }

    fn try_stage(&mut self, signer: &SigningKey, plan: Plan) -> Result<Staged, MlsError> {
        let provider = self.unit.provider();
        let mut adds = Vec::new();
        for package in &plan.adds {
            adds.push(read_key_package(provider, package)?);
        }
        let group = self.group.as_mut().ok_or(MlsError::NotInside)?;
        group.set_aad(plan.aad);
        let mut builder = group
            .commit_builder()
            .force_self_update(true)
            .propose_adds(adds)
            .propose_removals(plan.removes.into_iter().map(LeafNodeIndex::new));
        if let Some(rules) = plan.rules {
            builder = builder
                .propose_group_context_extensions(extensions(rules)?)
                .map_err(|_| MlsError::Commit)?;
        }
        if let Some(certificate) = plan.certificate {
            let parameters = LeafNodeParameters::builder()
                .with_credential_with_key(credential(signer, certificate))
                .build();
            builder = builder.leaf_node_parameters(parameters);
        }
        let bundle = builder
            .load_psks(provider.storage())
            .map_err(|_| MlsError::Commit)?
            .build(provider.rand(), provider.crypto(), &DeviceSigner(signer), |_| true)
            .map_err(|_| MlsError::Commit)?
            .stage_commit(provider)
            .map_err(|_| MlsError::Commit)?;
        let commit = bundle.commit().tls_serialize_detached().map_err(|_| MlsError::Commit)?;
        let welcome = match bundle.welcome() {
            Some(welcome) => Some(welcome.tls_serialize_detached().map_err(|_| MlsError::Commit)?),
            None => None,
        };
        Ok(Staged { commit, welcome })
    }

    /// What the pending commit would do, for the same judgement that others' commits get.
    pub(crate) fn pending_facts(&self, aad: Vec<u8>) -> Result<CommitFacts, MlsError> {
        let group = self.inside()?;
        let pending = group.pending_commit().ok_or(MlsError::Commit)?;
        Ok(commit_facts(Sender::Leaf(group.own_leaf_index().u32()), aad, pending))
    }

    /// What the members share once the pending commit is merged.
    pub(crate) fn pending_epoch(&self) -> Result<NextEpoch, MlsError> {
        let pending = self.inside()?.pending_commit().ok_or(MlsError::Commit)?;
        self.staged_epoch(pending)
    }

    fn staged_epoch(&self, staged: &StagedCommit) -> Result<NextEpoch, MlsError> {
        let secret = staged
            .export_secret(
                self.unit.provider().crypto(),
                label::EPOCH_EXPORT.as_str(),
                self.id.as_slice(),
                32,
            )
            .map_err(|_| MlsError::NotInside)?;
        let authenticator = staged.epoch_authenticator().ok_or(MlsError::NotInside)?;
        next(staged.epoch().as_u64(), secret, authenticator.as_slice())
    }

    pub(crate) fn forget_pending(&mut self) -> Result<(), MlsError> {
        let storage = self.unit.provider().storage();
        match self.group.as_mut() {
            Some(group) => group.clear_pending_commit(storage).map_err(|_| MlsError::State),
            None => Ok(()),
        }
    }

    pub(crate) fn merge_pending(&mut self) -> Result<(), MlsError> {
        let group = self.group.as_mut().ok_or(MlsError::NotInside)?;
        group.merge_pending_commit(self.unit.provider()).map_err(|_| MlsError::State)
    }

    /// Processes another's commit up to the point where it can be judged. When `judge` says no,
    /// or anything fails, everything is as it was.
    pub(crate) fn process<E>(
        &mut self,
        message: &[u8],
        judge: impl FnOnce(&CommitFacts) -> Result<(), E>,
    ) -> Result<Result<CommitFacts, E>, MlsError> {
        let savepoint = self.unit.savepoint();
        let outcome = self.try_process(message, judge);
        if !matches!(outcome, Ok(Ok(_))) {
            self.unit.go_back(savepoint);
            self.reload()?;
        }
        outcome
    }

    fn try_process<E>(
        &mut self,
        message: &[u8],
        judge: impl FnOnce(&CommitFacts) -> Result<(), E>,
    ) -> Result<Result<CommitFacts, E>, MlsError> {
        let provider = self.unit.provider();
        let group = self.group.as_mut().ok_or(MlsError::NotInside)?;
        let message = MlsMessageIn::tls_deserialize_exact(message).map_err(|_| MlsError::Parse)?;
        let message = message.try_into_protocol_message().map_err(|_| MlsError::NotACommit)?;
        if message.group_id() != &self.id {
            return Err(MlsError::Verify);
        }
        if message.epoch() != group.epoch() {
            return Err(MlsError::WrongEpoch);
        }
        let processed = group.process_message(provider, message).map_err(|_| MlsError::Verify)?;
        let sender = match processed.sender() {
            MlsSender::Member(leaf) => Sender::Leaf(leaf.u32()),
            MlsSender::External(_) | MlsSender::NewMemberProposal | MlsSender::NewMemberCommit => {
                Sender::Outsider
            }
        };
        let aad = processed.aad().to_vec();
        let ProcessedMessageContent::StagedCommitMessage(staged) = processed.into_content() else {
            return Err(MlsError::NotACommit);
        };
        let facts = commit_facts(sender, aad, &staged);
        if let Err(refused) = judge(&facts) {
            return Ok(Err(refused));
        }
        group.merge_staged_commit(provider, *staged).map_err(|_| MlsError::Verify)?;
        Ok(Ok(facts))
    }

    // After any error the object in memory may run ahead of its storage.
    fn reload(&mut self) -> Result<(), MlsError> {
        let storage = self.unit.provider().storage();
        self.group = MlsGroup::load(storage, &self.id).map_err(|_| MlsError::State)?;
        Ok(())
    }

    pub(crate) fn take_changes(&mut self) -> Vec<RowChange> {
        self.unit.take_changes()
    }
}

/// Who a key package would bring in.
pub(crate) fn package_facts(mls: &Mls, package: &[u8]) -> Result<LeafFacts, MlsError> {
    read_key_package(mls.unit.provider(), package).map(|package| leaf_facts(package.leaf_node()))
}

fn read_key_package(
    provider: &openmls_libcrux_crypto::Provider,
    bytes: &[u8],
) -> Result<KeyPackage, MlsError> {
    let package = KeyPackageIn::tls_deserialize_exact(bytes).map_err(|_| MlsError::KeyPackage)?;
    let package = package
        .validate(provider.crypto(), ProtocolVersion::Mls10)
        .map_err(|_| MlsError::KeyPackage)?;
    if package.ciphersuite() == SUITE { Ok(package) } else { Err(MlsError::KeyPackage) }
}

fn next(epoch: u64, secret: Vec<u8>, authenticator: &[u8]) -> Result<NextEpoch, MlsError> {
    let secret = Zeroizing::new(secret);
    let mut bytes = Zeroizing::new([0u8; 32]);
    if secret.len() != bytes.len() {
        return Err(MlsError::State);
    }
    bytes.copy_from_slice(&secret);
    Ok(NextEpoch { epoch, secret: bytes, authenticator: authenticator.to_vec() })
}

fn credential(signer: &SigningKey, certificate: Vec<u8>) -> CredentialWithKey {
    CredentialWithKey {
        credential: BasicCredential::new(certificate).into(),
        signature_key: signer.verifying_key().to_bytes().as_slice().into(),
    }
}

fn capabilities() -> Capabilities {
    let extensions = [ExtensionType::Unknown(RULES_EXTENSION)];
    Capabilities::new(None, Some(&[SUITE]), Some(&extensions), None, None)
}

fn extensions(rules: Vec<u8>) -> Result<Extensions<GroupContext>, MlsError> {
    let required =
        RequiredCapabilitiesExtension::new(&[ExtensionType::Unknown(RULES_EXTENSION)], &[], &[]);
    Extensions::from_vec(vec![
        Extension::RequiredCapabilities(required),
        Extension::Unknown(RULES_EXTENSION, UnknownExtension(rules)),
    ])
    .map_err(|_| MlsError::Commit)
}
