//! A link to one relay for one group: its own connections, its own nonce.
//!
//! Two groups never share a link, although they may share a relay: one nonce, or one connection,
//! for both would tell the relay that they have a member in common.

use std::{
    sync::{
        Once,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use hearthkeep_crypto::SigningKey;
use hearthkeep_wire::{
    AUTH_HEADER, Auth, Hello, MailboxId, Nonce, Op, Refusal, RefusalBody, blob_hash, decode_exact,
    encode, limits, message_to_sign,
};
use minicbor::Encode;
use reqwest::{Client, Response, redirect};
use tokio::sync::Mutex;

use super::{LinkError, RelayAddress};

const CONNECT_TIME: Duration = Duration::from_secs(10);
/// For the longest blob over a slow line.
const REQUEST_TIME: Duration = Duration::from_secs(120);
/// Between two pieces of an answer.
const SILENCE: Duration = Duration::from_secs(65);
/// Shorter than relays keep a silent connection.
const IDLE_TIME: Duration = Duration::from_secs(8);

/// A link to one relay for one group.
pub(crate) struct RelayLink {
    address: RelayAddress,
    http: Client,
    nonce: Mutex<Option<Nonce>>,
    counter: AtomicU64,
}

impl std::fmt::Debug for RelayLink {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RelayLink(…)")
    }
}

impl RelayLink {
    /// Speaks to nobody yet.
    pub(crate) fn new(address: RelayAddress) -> Result<Self, LinkError> {
        static PROVIDER: Once = Once::new();
        PROVIDER.call_once(|| {
            // Refused only when another part of this process has chosen one, and then there is one.
            drop(rustls::crypto::ring::default_provider().install_default());
        });
        let builder = Client::builder()
            .connect_timeout(CONNECT_TIME)
            .read_timeout(SILENCE)
            .pool_idle_timeout(IDLE_TIME)
            .http1_only()
            .referer(false)
            .redirect(redirect::Policy::none());
        let builder = if address.is_here() { builder.no_proxy() } else { builder };
        let http = builder.build().map_err(|_| LinkError::Unreachable)?;
        Ok(Self { address, http, nonce: Mutex::new(None), counter: AtomicU64::new(0) })
    }

    /// Sends a signed request; a stale nonce is replaced, once.
    pub(super) async fn ask<T: Encode<()>>(
        &self,
        op: Op,
        mailbox: &MailboxId,
        key: &SigningKey,
        body: &T,
        reply_max: usize,
    ) -> Result<Vec<u8>, LinkError> {
        let body = encode(body);
        let nonce = self.fresh_nonce().await?;
        match self.send(op, &self.sign(op, mailbox, key, &nonce, &body), &body, reply_max).await {
            Err(LinkError::Refused(Refusal::StaleNonce { nonce })) => {
                *self.nonce.lock().await = Some(nonce);
                let auth = self.sign(op, mailbox, key, &nonce, &body);
                self.send(op, &auth, &body, reply_max).await
            }
            answered => answered,
        }
    }

    /// Sends a request whose signatures stand in its body.
    pub(super) async fn post<T: Encode<()>>(
        &self,
        path: &str,
        body: &T,
        time: Duration,
    ) -> Result<Vec<u8>, LinkError> {
        let request = self.http.post(self.address.url(path)).body(encode(body)).timeout(time);
        let answer = request.send().await.map_err(|_| LinkError::Unreachable)?;
        read_answer(answer, limits::CONTROL_MAX).await
    }

    /// Signs a request under a nonce of this link, with a counter that was not used before.
    pub(super) fn sign(
        &self,
        op: Op,
        mailbox: &MailboxId,
        key: &SigningKey,
        nonce: &Nonce,
        body: &[u8],
    ) -> Auth {
        let counter = self.counter.fetch_add(1, Ordering::Relaxed).saturating_add(1);
        let body = blob_hash(body);
        let message = message_to_sign(op, mailbox, nonce, counter, &body);
        let signature = key.sign_request(&message).0;
        Auth { mailbox: *mailbox, nonce: *nonce, counter, body, signature }
    }

    /// The nonce of this link; asked for once.
    pub(super) async fn fresh_nonce(&self) -> Result<Nonce, LinkError> {
        let mut kept = self.nonce.lock().await;
        if let Some(nonce) = *kept {
            return Ok(nonce);
        }
        let request =
            self.http.post(self.address.url("/v1/hello")).body(Vec::new()).timeout(REQUEST_TIME);
        let answer = request.send().await.map_err(|_| LinkError::Unreachable)?;
        let bytes = read_answer(answer, limits::CONTROL_MAX).await?;
        let hello: Hello =
            decode_exact(&bytes, limits::CONTROL_MAX).map_err(|_| LinkError::NotARelay)?;
        *kept = Some(hello.nonce);
        Ok(hello.nonce)
    }

    /// A nonce that was refused is not used again.
    pub(super) async fn replace_nonce(&self, nonce: Nonce) {
        *self.nonce.lock().await = Some(nonce);
    }

    pub(super) fn upgrade_request(&self, path: &str) -> reqwest::RequestBuilder {
        self.http.get(self.address.url(path))
    }

    async fn send(
        &self,
        op: Op,
        auth: &Auth,
        body: &[u8],
        reply_max: usize,
    ) -> Result<Vec<u8>, LinkError> {
        let request = self
            .http
            .post(self.address.url(op.path()))
            .header(AUTH_HEADER, auth.to_header())
            .timeout(REQUEST_TIME)
            .body(body.to_vec());
        let answer = request.send().await.map_err(|_| LinkError::Unreachable)?;
        read_answer(answer, reply_max).await
    }
}

/// Reads no more than an answer may have, whatever its header says.
async fn read_answer(mut answer: Response, max: usize) -> Result<Vec<u8>, LinkError> {
    let ok = answer.status().is_success();
    let max = if ok { max } else { limits::CONTROL_MAX };
    let mut bytes = Vec::new();
    while let Some(piece) = answer.chunk().await.map_err(|_| LinkError::Unreachable)? {
        if bytes.len().saturating_add(piece.len()) > max {
            return Err(LinkError::NotARelay);
        }
        bytes.extend_from_slice(&piece);
    }
    if ok {
        return Ok(bytes);
    }
    let body: RefusalBody =
        decode_exact(&bytes, limits::CONTROL_MAX).map_err(|_| LinkError::NotARelay)?;
    Err(LinkError::Refused(body.into()))
}
