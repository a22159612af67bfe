//! What every request passes: bounds first, then the signature, and the body last.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, header::CONTENT_LENGTH, request::Parts},
};
use futures_util::StreamExt;
use hearthkeep_wire::{
    AUTH_HEADER, Auth, CapKey, Class, MailboxId, Op, Refusal, Sub, limits, sub_body,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::{
    clock::Clock,
    config::Bounds,
    database::Reading,
    ending::Ending,
    nonces::Nonces,
    rate::{Block, Buckets},
    wakes::{Subscription, Wakes},
    writer::{Writer, busy},
};

/// Mailboxes whose keys are remembered at once.
const FACTS: usize = 65_536;
/// What a bad signature takes out of the bucket of its address block.
const BAD_SIGNATURE_COST: f64 = 20.0;
/// How long a body that is refused may take to be poured away.
const POUR_TIME: Duration = Duration::from_secs(5);
/// What a rotation adds around its commit.
const ROTATE_OVERHEAD: usize = limits::CONTROL_MAX;

/// What all handlers share.
#[derive(Debug)]
pub(crate) struct Desk<R> {
    pub(crate) reader: R,
    pub(crate) writer: Writer,
    pub(crate) wakes: Wakes,
    pub(crate) nonces: Nonces,
    pub(crate) clock: Clock,
    pub(crate) bounds: Bounds,
    pub(crate) facts: Arc<Facts>,
    pub(crate) per_block: Buckets<Block>,
    pub(crate) per_mailbox: Buckets<MailboxId>,
    pub(crate) bodies: Arc<Semaphore>,
    pub(crate) behind_proxy: bool,
    pub(crate) ending: Ending,
}

/// What never changes about a mailbox while it lives.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Keys {
    pub(crate) class: Class,
    pub(crate) cap: CapKey,
    pub(crate) admin: Option<CapKey>,
}

/// Mailboxes that were asked for before.
#[derive(Debug, Default)]
pub(crate) struct Facts(Mutex<BTreeMap<MailboxId, Keys>>);

/// A request whose signature holds.
#[derive(Debug)]
pub(crate) struct Granted {
    pub(crate) mailbox: MailboxId,
    pub(crate) keys: Keys,
    /// It was the admin key that signed.
    pub(crate) as_admin: bool,
}

/// A body that was read, and the room that it takes.
#[derive(Debug)]
pub(crate) struct ReadBody {
    pub(crate) bytes: Bytes,
    _room: OwnedSemaphorePermit,
}

impl Facts {
    fn get(&self, name: &MailboxId) -> Option<Keys> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).copied()
    }

    fn put(&self, name: MailboxId, keys: Keys) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= FACTS {
            all.clear();
        }
        all.insert(name, keys);
    }

    pub(crate) fn forget(&self, name: &MailboxId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }
}

impl<R: Reading> Desk<R> {
    /// Checks everything that can be checked before the body is read, cheapest first.
    pub(crate) async fn grant(
        &self,
        op: Op,
        block: Block,
        parts: &Parts,
    ) -> Result<(Granted, Auth), Refusal> {
        let auth = auth_of(&parts.headers)?;
        let keys = self.keys(&auth.mailbox).await?;
        if content_length(&parts.headers)? > body_max(op, keys.class) {
            return Err(Refusal::TooLarge);
        }
        let as_admin = self.verify(op, block, &auth, &keys)?;
        Ok((Granted { mailbox: auth.mailbox, keys, as_admin }, auth))
    }

    /// Verifies the signature of a request, and that it is fresh. Tells whether the admin key signed.
    pub(crate) fn verify(
        &self,
        op: Op,
        block: Block,
        auth: &Auth,
        keys: &Keys,
    ) -> Result<bool, Refusal> {
        self.per_mailbox.take(auth.mailbox, 1.0)?;
        let now = self.clock.now();
        let stale = || Refusal::StaleNonce { nonce: self.nonces.give(now) };
        if !self.nonces.is_ours(&auth.nonce, now) {
            return Err(stale());
        }
        let admin = |keys: &Keys| keys.admin.is_some_and(|key| auth.verify(op, &key).is_ok());
        let as_admin = match op {
            Op::Seal | Op::Unseal => admin(keys).then_some(true),
            Op::Delete if admin(keys) => Some(true),
            Op::Create
            | Op::Append
            | Op::Fetch
            | Op::Head
            | Op::Sub
            | Op::Rotate
            | Op::Delete
            | Op::DropDel
            | Op::Quota => auth.verify(op, &keys.cap).is_ok().then_some(false),
        };
        let Some(as_admin) = as_admin else {
            // Whoever sends these is not let through for long.
            self.per_block.take(block, BAD_SIGNATURE_COST)?;
            return Err(Refusal::Signature);
        };
        if self.nonces.note(&auth.nonce, auth.counter, now) { Ok(as_admin) } else { Err(stale()) }
    }

    /// The keys of a mailbox.
    pub(crate) async fn keys(&self, name: &MailboxId) -> Result<Keys, Refusal> {
        if let Some(keys) = self.facts.get(name) {
            return Ok(keys);
        }
        let row = self.reader.mailbox(*name).await.map_err(cannot_read)?;
        let row = row.ok_or(Refusal::NoSuchMailbox)?;
        let keys = Keys { class: row.class, cap: row.cap, admin: row.admin };
        self.facts.put(*name, keys);
        Ok(keys)
    }

    /// Reads a body that may be at most as long as it said, within its time, and compares it with
    /// the one that was signed.
    pub(crate) async fn read_body(
        &self,
        parts: &Parts,
        body: Body,
        auth: Option<&Auth>,
    ) -> Result<ReadBody, Refusal> {
        let length = content_length(&parts.headers)?;
        let permits = u32::try_from(length).map_err(|_| Refusal::TooLarge)?;
        let room = Arc::clone(&self.bodies).try_acquire_many_owned(permits).map_err(|_| busy())?;
        let reading = axum::body::to_bytes(body, length);
        let bytes = tokio::time::timeout(self.bounds.body_time, reading)
            .await
            .map_err(|_| Refusal::TooSlow)?
            .map_err(|_| Refusal::Malformed)?;
        if let Some(auth) = auth {
            auth.verify_body(&bytes).map_err(|_| Refusal::Signature)?;
        }
        Ok(ReadBody { bytes, _room: room })
    }

    /// Reads a refused body without keeping it: a client that is cut off in the middle of its body
    /// never reads why, and would take the refusal for bad weather and try for ever.
    pub(crate) async fn pour_away(&self, refusal: &Refusal, parts: &Parts, body: Body) {
        let worth_it = matches!(
            refusal,
            Refusal::StaleNonce { .. } | Refusal::NoSuchMailbox | Refusal::Signature
        );
        let longest = limits::HANDSHAKE_BLOB_MAX.saturating_add(ROTATE_OVERHEAD);
        if !worth_it || content_length(&parts.headers).map_or(true, |length| length > longest) {
            return;
        }
        let mut pieces = body.into_data_stream();
        let pour = async { while let Some(Ok(_)) = pieces.next().await {} };
        drop(tokio::time::timeout(POUR_TIME, pour).await);
    }

    /// Lets a subscriber listen to a mailbox, and tells its head.
    pub(crate) async fn subscribe(
        &self,
        block: Block,
        subscription: &Subscription,
        sub: &Sub,
    ) -> Result<(MailboxId, u64), (Option<MailboxId>, Refusal)> {
        let auth = Auth::from_bytes(&sub.auth).map_err(|_| (None, Refusal::Malformed))?;
        let name = auth.mailbox;
        let checked = async {
            let keys = self.keys(&name).await?;
            auth.verify_body(&sub_body(sub.since)).map_err(|_| Refusal::Signature)?;
            self.verify(Op::Sub, block, &auth, &keys)?;
            subscription.listen(name).map_err(|_| Refusal::TooMany { retry_ms: 60_000 })?;
            // Listening first and reading then: what comes between is told twice, never not at all.
            let row = self.reader.mailbox(name).await.map_err(cannot_read)?;
            row.map(|row| row.head.seq).ok_or(Refusal::NoSuchMailbox)
        };
        checked.await.map(|seq| (name, seq)).map_err(|refusal| (Some(name), refusal))
    }

    /// Resolves when the relay is about to end.
    pub(crate) async fn ends(&self) {
        self.ending.clone().told().await;
    }

    /// How long a socket may take to accept a wake.
    pub(crate) const SEND_TIME: Duration = Duration::from_secs(10);
}

/// A database that cannot be read is the operator's business; the client asks again.
pub(crate) fn cannot_read(error: crate::error::DatabaseError) -> Refusal {
    tracing::warn!(%error, "the database cannot be read");
    busy()
}

fn auth_of(headers: &HeaderMap) -> Result<Auth, Refusal> {
    headers
        .get(AUTH_HEADER)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| Auth::from_header(text).ok())
        .ok_or(Refusal::Malformed)
}

/// A body of unknown length cannot be refused before it is read, so there is none.
pub(crate) fn content_length(headers: &HeaderMap) -> Result<usize, Refusal> {
    headers
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse().ok())
        .ok_or(Refusal::Malformed)
}

const fn body_max(op: Op, class: Class) -> usize {
    let append = class.blob_max().saturating_add(limits::APPEND_OVERHEAD_MAX);
    match op {
        Op::Append => append,
        Op::Rotate => append.saturating_add(ROTATE_OVERHEAD),
        Op::Create
        | Op::Fetch
        | Op::Head
        | Op::Sub
        | Op::Seal
        | Op::Unseal
        | Op::Delete
        | Op::DropDel
        | Op::Quota => limits::CONTROL_MAX,
    }
}
