//! Coming in: an invitation by link, a request, words compared by voice, an approval, a Welcome
//! (PROTOCOL G40–G49). The door by which members come back is an invitation that never ends.

use crate::bytes::{Bytes, read, write};
use crate::changes::{AlarmKind, Effect};
use crate::content::InviteContent;
use crate::entropy::Entropy;
use crate::error::GroupError;
use crate::group::{Group, NewDevice, check_name, day_of};
use crate::identity::Certificate;
use crate::link::{INVITE_DAYS, InviteLink};
use crate::mls::{Mls, package_facts};
use crate::state::{Core, Invite, Joining, Request, Say, Standing, To, Want, What};
use hearthkeep_crypto::{AccountSecret, InviteSecret, Signature, VerifyingKey, hash, label, words};
use hearthkeep_model::{AccountId, Day, GroupId, Kind, Timestamp};
use hearthkeep_wire::{Class, Head, MailboxId};
use minicbor::{Decode, Encode};

/// Seconds for which an invitation's drop lives: two days longer than the link.
const DROP_TTL_S: u32 = 9 * 24 * 60 * 60;
/// Requests that one invitation shows.
const REQUESTS_MAX: usize = 16;

#[derive(Encode, Decode)]
#[cbor(map)]
struct SignedRequest {
    #[cbor(n(0), with = "minicbor::bytes")]
    body: Vec<u8>,
    #[n(1)]
    signature: Bytes<64>,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct RequestBody {
    #[n(0)]
    version: u8,
    #[n(1)]
    group: Bytes<16>,
    #[cbor(n(2), with = "minicbor::bytes")]
    package: Vec<u8>,
    #[n(3)]
    day: i32,
}

/// Somebody who asks to come in, as a facilitator sees them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asking {
    /// The request.
    pub request: [u8; 32],
    /// The name they gave.
    pub name: String,
    /// The words that both compare by voice.
    pub words: [&'static str; 8],
    /// Their account was in the group before.
    pub comes_back: bool,
    /// Somebody else used the same link.
    pub link_used_twice: bool,
}

impl Invite {
    pub(crate) fn invite_secret(&self) -> InviteSecret {
        InviteSecret::from_bytes(self.secret.0)
    }

    pub(crate) fn secret_key(&self) -> VerifyingKey {
        self.invite_secret().signing_key().verifying_key()
    }
}

impl Group {
    /// Opens an invitation and gives its link.
    ///
    /// # Errors
    /// [`GroupError::NotFacilitator`], [`GroupError::NoToken`].
    pub fn invite(
        &mut self,
        entropy: &mut Entropy,
        now: Timestamp,
    ) -> Result<InviteLink, GroupError> {
        self.facilitates()?;
        if self.core.token.is_none() {
            return Err(GroupError::NoToken);
        }
        let today = day_of(now);
        let secret = InviteSecret::from_bytes(entropy.next_32());
        // Where a clock was wrong in a commit, the group is ahead of the day: commits go by its own.
        let until = Day(today.0.max(self.core.day).saturating_add(INVITE_DAYS));
        let mailbox = MailboxId(secret.drop_id());
        let cap = Bytes(*secret.drop_capability().expose_seed());
        self.queue(What::Open(mailbox, Class::Drop, cap, Some(DROP_TTL_S)), entropy);
        let content = InviteContent { secret: Bytes(*secret.expose()), until: until.0, kind: 0 };
        let say = Say {
            record: Bytes(entropy.next_16()),
            kind: Kind::Invite.number(),
            object: Bytes(entropy.next_16()),
            target: None,
            day: today.0,
            shareable: false,
            content: write(&content),
            to: To::Facilitators,
            key: Some(Bytes(entropy.next_32())),
        };
        self.queue(What::Say(say), entropy);
        self.core.invites.push(Invite {
            secret: Bytes(*secret.expose()),
            until: until.0,
            kind: 0,
            read: Head::genesis(&mailbox),
            requests: Vec::new(),
            closed: false,
        });
        let rules = self.inside()?;
        let me = self.me();
        let others = rules.facilitators.iter().copied().filter(|account| *account != me);
        let named = std::iter::once(me).chain(others);
        Ok(InviteLink::new(secret, self.id(), &rules.relay, named, until))
    }

    /// Asks to come in, or to come back. The words are in [`Self::own_words`].
    ///
    /// # Errors
    /// [`GroupError::Expired`], [`GroupError::Name`].
    pub fn ask(
        link: &InviteLink,
        own_name: &str,
        secret: &AccountSecret,
        account_n: u32,
        entropy: &mut Entropy,
        now: Timestamp,
    ) -> Result<Self, GroupError> {
        let (own_name, today) = (check_name(own_name)?, day_of(now));
        if link.until < today {
            return Err(GroupError::Expired);
        }
        // The certificate must hold on the group's day, which may be ahead.
        let day = today.max(Day(link.until.0.saturating_sub(INVITE_DAYS)));
        let new = NewDevice::make(secret, link.group, account_n, own_name, day, entropy)?;
        let mls = Mls::outside(link.group.as_bytes())?;
        let package = mls.key_package(&new.signer, new.certificate.clone())?;
        let body =
            write(&RequestBody { version: 1, group: link.group.into(), package, day: today.0 });
        let key = link.secret.signing_key();
        let signature = Bytes(key.sign(label::INVITE_REQUEST_SIGNATURE, &body).0);
        let hash = Bytes(hash::sha256(&body));
        let letter = link.secret.seal_request(&write(&SignedRequest { body, signature }));
        let mailbox = MailboxId(link.secret.drop_id());
        let mut core = Core::new(link.group, &new, own_name, &link.relay, account_n);
        core.joining = Some(Joining { link: link.to_bytes(), hash, read: Head::genesis(&mailbox) });
        let mut group = Self::assemble(core, mls);
        group.queue(What::Letter(mailbox, letter), entropy);
        Ok(group)
    }

    /// The words of one's own request.
    #[must_use]
    pub fn own_words(&self) -> Option<[&'static str; 8]> {
        let joining = self.core.joining.as_ref()?;
        let link = InviteLink::from_bytes(&joining.link).ok()?;
        Some(join_words(self.id(), &link.secret, &joining.hash, &self.me()))
    }

    pub(crate) fn drop_secret(&self, mailbox: &MailboxId) -> Option<InviteSecret> {
        let own =
            self.core.joining.as_ref().and_then(|joining| {
                InviteLink::from_bytes(&joining.link).ok().map(|link| link.secret)
            });
        let invites = self.core.invites.iter().map(Invite::invite_secret);
        own.into_iter().chain(invites).find(|secret| secret.drop_id() == mailbox.0)
    }

    pub(crate) fn watched_drops(&self) -> Vec<(MailboxId, Head)> {
        if self.core.standing == Standing::Asking {
            let joining = self.core.joining.as_ref();
            let drop = joining.and_then(|joining| {
                let link = InviteLink::from_bytes(&joining.link).ok()?;
                Some((MailboxId(link.secret.drop_id()), joining.read))
            });
            return drop.into_iter().collect();
        }
        if self.facilitates().is_err() {
            return Vec::new();
        }
        let open = self.core.invites.iter().filter(|invite| !invite.closed);
        open.map(|invite| (MailboxId(invite.invite_secret().drop_id()), invite.read)).collect()
    }

    pub(crate) fn drop_read(&mut self, mailbox: &MailboxId, at: Head) {
        if let Some(joining) = self.core.joining.as_mut() {
            joining.read = at;
        }
        for invite in &mut self.core.invites {
            if invite.invite_secret().drop_id() == mailbox.0 {
                invite.read = at;
            }
        }
    }

    /// A letter of a drop. What does not open or verify is nobody's and changes nothing.
    pub(crate) fn apply_letter(
        &mut self,
        mailbox: &MailboxId,
        blob: &[u8],
        entropy: &mut Entropy,
        now: Timestamp,
    ) -> Result<Vec<Effect>, GroupError> {
        let Some(secret) = self.drop_secret(mailbox) else { return Ok(Vec::new()) };
        if self.core.standing == Standing::Asking {
            return self.take_answer(&secret, blob, entropy, now);
        }
        Ok(self.take_request(&secret, blob))
    }

    fn take_request(&mut self, secret: &InviteSecret, blob: &[u8]) -> Vec<Effect> {
        let Some(request) = self.read_request(secret, blob) else { return Vec::new() };
        let invite =
            self.core.invites.iter_mut().find(|invite| invite.secret.0 == *secret.expose());
        let Some(invite) = invite else { return Vec::new() };
        if invite.requests.iter().any(|known| known.hash == request.hash) {
            return vec![Effect::Replayed];
        }
        if invite.requests.len() >= REQUESTS_MAX {
            return Vec::new();
        }
        let twice = invite.kind == 0 && !invite.requests.is_empty();
        let hash = request.hash;
        invite.requests.push(request);
        let mut effects = vec![Effect::Asked];
        if twice {
            effects.extend(self.alarm_once(AlarmKind::LinkUsedTwice, None, hash, 0));
        }
        effects
    }

    fn read_request(&self, secret: &InviteSecret, blob: &[u8]) -> Option<Request> {
        let plain = secret.open_request(blob).ok()?;
        let signed: SignedRequest = read(&plain)?;
        let key = secret.signing_key().verifying_key();
        let signature = Signature(signed.signature.0);
        key.verify(label::INVITE_REQUEST_SIGNATURE, &signed.body, &signature).ok()?;
        let body: RequestBody = read(&signed.body)?;
        if body.version != 1 || body.group != self.core.group {
            return None;
        }
        let facts = package_facts(&self.mls, &body.package).ok()?;
        let certificate = Certificate::of_leaf(&facts, self.id()).ok()?;
        Some(Request {
            hash: Bytes(hash::sha256(&signed.body)),
            package: body.package,
            account: certificate.account.into(),
            device: certificate.device.into(),
            name: certificate.name,
            done: false,
        })
    }

    /// Those who ask to come in.
    #[must_use]
    pub fn asking(&self) -> Vec<Asking> {
        if self.facilitates().is_err() {
            return Vec::new();
        }
        let mut asking = Vec::new();
        for invite in self.core.invites.iter().filter(|invite| !invite.closed) {
            let several = invite.kind == 0 && invite.requests.len() > 1;
            for request in invite.requests.iter().filter(|request| !request.done) {
                let account = AccountId::from(request.account);
                asking.push(Asking {
                    request: request.hash.0,
                    name: request.name.clone(),
                    words: join_words(self.id(), &invite.invite_secret(), &request.hash, &account),
                    comes_back: self.was_here(&account),
                    link_used_twice: several,
                });
            }
        }
        asking
    }

    fn was_here(&self, account: &AccountId) -> bool {
        let account = Bytes::from(*account);
        self.epochs.values().any(|epoch| epoch.roster.iter().any(|line| line.account == account))
    }

    pub(crate) fn request(&self, hash: &Bytes<32>) -> Option<(&Invite, &Request)> {
        self.core.invites.iter().filter(|invite| !invite.closed).find_map(|invite| {
            let request = invite.requests.iter().find(|known| known.hash == *hash)?;
            (!request.done).then_some((invite, request))
        })
    }

    /// Lets somebody in, after their words were compared by voice: they are given here again, so
    /// that a request which was swapped meanwhile is not the one that is let in.
    ///
    /// # Errors
    /// [`GroupError::OtherWords`], [`GroupError::NoSuchRequest`], [`GroupError::Expired`].
    pub fn let_in(
        &mut self,
        request: [u8; 32],
        confirmed: &[String],
        entropy: &mut Entropy,
        now: Timestamp,
    ) -> Result<(), GroupError> {
        self.facilitates()?;
        let hash = Bytes(request);
        let (invite, known) = self.request(&hash).ok_or(GroupError::NoSuchRequest)?;
        if invite.until < day_of(now).0 {
            return Err(GroupError::Expired);
        }
        let account = AccountId::from(known.account);
        let words = join_words(self.id(), &invite.invite_secret(), &hash, &account);
        if !words.iter().copied().eq(confirmed.iter().map(String::as_str)) {
            return Err(GroupError::OtherWords);
        }
        self.want(Want::LetIn(hash), entropy);
        Ok(())
    }

    /// Turns a request away.
    ///
    /// # Errors
    /// [`GroupError::NoSuchRequest`].
    pub fn turn_away(&mut self, request: [u8; 32]) -> Result<(), GroupError> {
        self.facilitates()?;
        let requests = self.core.invites.iter_mut().flat_map(|invite| &mut invite.requests);
        let known = requests.into_iter().find(|known| known.hash.0 == request && !known.done);
        known.ok_or(GroupError::NoSuchRequest)?.done = true;
        Ok(())
    }

    pub(crate) fn request_done(&mut self, device: &Bytes<16>) {
        for invite in &mut self.core.invites {
            for request in invite.requests.iter_mut().filter(|known| known.device == *device) {
                request.done = true;
            }
        }
    }
}

fn join_words(
    group: GroupId,
    secret: &InviteSecret,
    request: &Bytes<32>,
    account: &AccountId,
) -> [&'static str; 8] {
    let invite = secret.signing_key().verifying_key().to_bytes();
    let parts: [&[u8]; 4] = [group.as_bytes(), &invite, &request.0, account.as_bytes()];
    words::eight_words(&hash::labelled(label::JOIN_WORDS, &parts))
}
