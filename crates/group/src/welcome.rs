//! The answer to a request: a Welcome and what goes with it, looked at before anything is joined;
//! and what a backup keeps, so that one can come back (PROTOCOL G45–G48).

use crate::bytes::{Bytes, read, write};
use crate::changes::Effect;
use crate::entropy::Entropy;
use crate::error::GroupError;
use crate::group::{Group, day_of};
use crate::identity::Certificate;
use crate::link::{InviteLink, fingerprint};
use crate::mls::{Wrap, open_wrap, seal_wrap};
use crate::policy::LastRecord;
use crate::rules::Rules;
use crate::state::{Generation, Standing, Want, What};
use hearthkeep_crypto::{AccountSecret, InviteSecret, RecordKey, Signature, label, record};
use hearthkeep_model::{Day, Timestamp};
use hearthkeep_wire::MailboxId;
use minicbor::{Decode, Encode};

/// The answer to a request: a key for this one device, and under it the bundle.
#[derive(Encode, Decode)]
#[cbor(map)]
struct Answer {
    #[n(0)]
    request: Bytes<32>,
    #[cbor(n(1), with = "minicbor::bytes")]
    kem: Vec<u8>,
    #[cbor(n(2), with = "minicbor::bytes")]
    wrapped: Vec<u8>,
    #[cbor(n(3), with = "minicbor::bytes")]
    sealed: Vec<u8>,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct Bundle {
    #[n(0)]
    version: u8,
    #[cbor(n(1), with = "minicbor::bytes")]
    welcome: Vec<u8>,
    #[n(2)]
    generation: Generation,
    #[n(3)]
    chains: Vec<LastRecord>,
    /// Tags of epochs of this generation that were before.
    #[n(4)]
    kids: Vec<Bytes<8>>,
    #[n(5)]
    day: i32,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct SignedBundle {
    #[cbor(n(0), with = "minicbor::bytes")]
    bundle: Vec<u8>,
    #[n(1)]
    signature: Bytes<64>,
}

/// What a backup keeps of a group, so that a member can come back to it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Keepsake {
    #[n(0)]
    version: u8,
    /// The group's name.
    #[n(1)]
    pub name: String,
    /// One's own name in it.
    #[n(2)]
    pub own_name: String,
    #[n(3)]
    account_n: u32,
    #[cbor(n(4), with = "minicbor::bytes")]
    door: Vec<u8>,
}

impl Keepsake {
    /// As bytes, for a backup or a sealed row.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        write(self)
    }

    /// Reads it.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        read(bytes).filter(|keepsake: &Self| keepsake.version == 1)
    }

    /// The way back.
    ///
    /// # Errors
    /// [`GroupError::Link`] when it does not read.
    pub fn door(&self) -> Result<InviteLink, GroupError> {
        Ok(InviteLink::from_bytes(&self.door)?)
    }
}

impl Group {
    /// One's own commit let somebody in: their Welcome goes into the drop.
    pub(crate) fn answer_request(
        &mut self,
        hash: &Bytes<32>,
        welcome: &[u8],
        entropy: &mut Entropy,
    ) -> Result<(), GroupError> {
        let found = self.core.invites.iter().find_map(|invite| {
            let request = invite.requests.iter().find(|known| known.hash == *hash)?;
            Some((invite.invite_secret(), request.device))
        });
        let Some((secret, device)) = found else { return Ok(()) };
        let leaf = self.leaves.values().find(|leaf| leaf.device == device.into());
        let Some(seal_key) = leaf.map(|leaf| leaf.seal_key.clone()) else { return Ok(()) };
        let bundle = write(&self.bundle(welcome).ok_or(GroupError::NotInside)?);
        let signature = Bytes(self.signer().sign(label::BUNDLE_SIGNATURE, &bundle).0);
        let key = RecordKey::from_bytes(entropy.next_32());
        let wrap = seal_wrap(&seal_key, &hash.0, key.expose())?;
        let sealed =
            record::seal_bundle(&key, &hash.0, &write(&SignedBundle { bundle, signature }));
        let answer = Answer { request: *hash, kem: wrap.kem, wrapped: wrap.sealed, sealed };
        let letter = secret.seal_welcome(&write(&answer));
        self.queue(What::Letter(MailboxId(secret.drop_id()), letter), entropy);
        Ok(())
    }

    fn bundle(&self, welcome: &[u8]) -> Option<Bundle> {
        let generation = self.generation()?.clone();
        let current = self.current_epoch().ok()?.number;
        let kids = self
            .epochs
            .values()
            .filter(|epoch| epoch.generation == generation.number && epoch.number != current)
            .map(|epoch| epoch.kid)
            .chain(self.core.old_kids.iter().copied())
            .collect();
        Some(Bundle {
            version: 1,
            welcome: welcome.to_vec(),
            generation,
            chains: self.core.chains.clone(),
            kids,
            day: self.core.day,
        })
    }

    pub(crate) fn take_answer(
        &mut self,
        secret: &InviteSecret,
        blob: &[u8],
        entropy: &mut Entropy,
        now: Timestamp,
    ) -> Result<Vec<Effect>, GroupError> {
        let Some(bundle) = self.read_answer(secret, blob) else { return Ok(Vec::new()) };
        self.mls.join(&bundle.welcome)?;
        self.core.standing = Standing::In;
        self.core.joining = None;
        self.core.day = bundle.day;
        self.core.founded_day = day_of(now).0;
        self.core.chains = bundle.chains;
        self.core.old_kids = bundle.kids;
        let number = bundle.generation.number;
        let door = InviteSecret::from_bytes(bundle.generation.door.0);
        self.core.generations = vec![Generation { content_end: u64::MAX, ..bundle.generation }];
        self.watch_door(&door);
        self.refresh_tree()?;
        self.enter_epoch(number)?;
        // A leaf that has committed once has no lifetime, and the tree is filled.
        self.want(Want::Renew, entropy);
        Ok(vec![Effect::Joined, Effect::Members])
    }

    // Everything is looked at before anything is joined; looking burns nothing.
    fn read_answer(&self, secret: &InviteSecret, blob: &[u8]) -> Option<Bundle> {
        let joining = self.core.joining.as_ref()?;
        let link = InviteLink::from_bytes(&joining.link).ok()?;
        let answer: Answer = read(&secret.open_welcome(blob).ok()?)?;
        if answer.request != joining.hash {
            return None;
        }
        let wrap = Wrap { kem: answer.kem, sealed: answer.wrapped };
        let key = open_wrap(&self.core.seal_seed.0, &joining.hash.0, &wrap).ok()?;
        let key = RecordKey::from_bytes(*key);
        let signed: SignedBundle =
            read(&record::open_bundle(&key, &joining.hash.0, &answer.sealed).ok()?)?;
        let bundle: Bundle = read(&signed.bundle).filter(|bundle: &Bundle| bundle.version == 1)?;
        let facts = self.mls.inspect(&bundle.welcome).ok()?;
        let sender = Certificate::of_leaf(&facts.sender, self.id()).ok()?;
        sender
            .sign_key
            .verify(label::BUNDLE_SIGNATURE, &signed.bundle, &Signature(signed.signature.0))
            .ok()?;
        let rules = facts.rules.as_deref().and_then(Rules::from_bytes)?;
        let named = link.facilitators.contains(&fingerprint(&sender.account));
        let leads = rules.facilitators.contains(&sender.account);
        let all =
            facts.members.iter().all(|(_, leaf)| Certificate::of_leaf(leaf, self.id()).is_ok());
        (named && leads && all).then_some(bundle)
    }

    /// What a backup keeps, so that one can come back.
    #[must_use]
    pub fn keepsake(&self) -> Option<Keepsake> {
        let rules = self.inside().ok()?;
        let door = InviteSecret::from_bytes(self.generation()?.door.0);
        let named = rules.facilitators.iter().copied();
        let link = InviteLink::new(door, self.id(), &rules.relay, named, Day(i32::MAX));
        Some(Keepsake {
            version: 1,
            name: rules.name.clone(),
            own_name: self.core.own_name.clone(),
            account_n: self.core.account_n,
            door: link.to_bytes(),
        })
    }

    /// Asks to come back with what a backup kept: the same account, a new device.
    ///
    /// # Errors
    /// [`GroupError`] as for [`Self::ask`].
    pub fn ask_back(
        keepsake: &Keepsake,
        secret: &AccountSecret,
        entropy: &mut Entropy,
        now: Timestamp,
    ) -> Result<Self, GroupError> {
        let door = keepsake.door()?;
        Self::ask(&door, &keepsake.own_name, secret, keepsake.account_n, entropy, now)
    }
}
