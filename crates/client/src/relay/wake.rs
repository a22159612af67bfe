//! Wake-ups: one WebSocket for a group, or a long poll where a network breaks WebSockets.
//!
//! A wake is a hint that there is something to fetch. What it says is checked by nobody and
//! believed by nobody: at worst a fetch finds nothing.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use futures_util::{SinkExt, StreamExt};
use hearthkeep_crypto::SigningKey;
use hearthkeep_wire::{
    FromRelay, MailboxId, Nonce, Op, Refusal, Sub, ToRelay, Wait, Waited, decode_exact, encode,
    limits, sub_body,
};
use reqwest::{Upgraded, header};
use tokio::{sync::watch, time::timeout};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Message,
        handshake::{client::generate_key, derive_accept_key},
        protocol::{Role, WebSocketConfig},
    },
};

use super::{LinkError, RelayLink};

/// How long a hand-shake, or the first message, may take.
const OPEN_TIME: Duration = Duration::from_secs(20);
/// Relays ask every 40 s whether somebody is there; three times that in silence is a dead line.
const SILENCE: Duration = Duration::from_secs(130);
/// What a long poll adds to the time it asks for.
const POLL_SLACK: Duration = Duration::from_secs(15);

/// Before the same thing is asked again by a poll, when nobody has read meanwhile.
const POLL_PAUSE: Duration = Duration::from_secs(5);

/// What to listen to.
pub(crate) struct Listen {
    pub(crate) mailbox: MailboxId,
    pub(crate) key: SigningKey,
    /// The last number that was read.
    pub(crate) since: u64,
}

impl std::fmt::Debug for Listen {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Listen(…)")
    }
}

/// All that a group listens to, as far as it was read. It changes with every page.
pub(crate) type Positions = watch::Receiver<Arc<Vec<Listen>>>;

/// Which way wakes come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    Socket,
    LongPoll,
}

/// Listens until the line breaks, and calls `woken` when there may be something to fetch.
pub(crate) async fn listen(
    link: &RelayLink,
    way: Way,
    positions: &mut Positions,
    woken: impl Fn(),
) -> LinkError {
    let ended = match way {
        Way::Socket => over_socket(link, positions, woken).await,
        Way::LongPoll => over_poll(link, positions, woken).await,
    };
    match ended {
        Ok(()) => LinkError::Unreachable,
        Err(error) => error,
    }
}

async fn over_socket(
    link: &RelayLink,
    positions: &mut Positions,
    woken: impl Fn(),
) -> Result<(), LinkError> {
    let mut socket = timeout(OPEN_TIME, open(link)).await.map_err(|_| LinkError::Unreachable)??;
    let hello =
        timeout(OPEN_TIME, next(&mut socket)).await.map_err(|_| LinkError::Unreachable)??;
    let FromRelay::Hello(nonce) = hello else { return Err(LinkError::NotARelay) };
    let mut listening = BTreeSet::new();
    // The line is open: what has waited for the relay may go.
    woken();
    loop {
        let wanted = Arc::clone(&positions.borrow_and_update());
        follow(link, &mut socket, &nonce, &wanted, &mut listening).await?;
        tokio::select! {
            changed = positions.changed() => {
                if changed.is_err() {
                    return Ok(());
                }
            }
            heard = timeout(SILENCE, next(&mut socket)) => {
                match heard.map_err(|_| LinkError::Unreachable)?? {
                    FromRelay::Wake(mailbox, seq) => {
                        let newest = Arc::clone(&positions.borrow());
                        if newest.iter().any(|one| one.mailbox == mailbox && seq > one.since) {
                            woken();
                        }
                    }
                    FromRelay::Refused(mailbox, body) => {
                        let refusal = Refusal::from(body);
                        if matches!(refusal, Refusal::StaleNonce { .. }) {
                            // Another line has a fresh nonce.
                            return Err(refusal.into());
                        }
                        // Not there yet, or no more: asked for again after the next turn.
                        listening.remove(&mailbox);
                    }
                    FromRelay::Hello(_) => return Err(LinkError::NotARelay),
                }
            }
        }
    }
}

/// Subscribes to what is wanted and not listened to yet, and leaves what is no longer wanted.
async fn follow(
    link: &RelayLink,
    socket: &mut WebSocketStream<Upgraded>,
    nonce: &Nonce,
    wanted: &[Listen],
    listening: &mut BTreeSet<MailboxId>,
) -> Result<(), LinkError> {
    let names: BTreeSet<MailboxId> =
        wanted.iter().take(limits::SUBS_MAX).map(|listen| listen.mailbox).collect();
    let gone = listening.difference(&names).map(|name| ToRelay::Unsub(*name));
    let new = wanted
        .iter()
        .filter(|listen| names.contains(&listen.mailbox) && !listening.contains(&listen.mailbox))
        .map(|listen| ToRelay::Sub(signed_sub(link, listen, nonce)));
    for message in gone.chain(new) {
        let message = Message::Binary(encode(&message).into());
        socket.send(message).await.map_err(|_| LinkError::Unreachable)?;
    }
    *listening = names;
    Ok(())
}

async fn over_poll(
    link: &RelayLink,
    positions: &mut Positions,
    woken: impl Fn(),
) -> Result<(), LinkError> {
    let time = Duration::from_secs(u64::from(limits::WAIT_S_MAX)).saturating_add(POLL_SLACK);
    let (mut open, mut renewed) = (false, false);
    loop {
        let wanted = Arc::clone(&positions.borrow_and_update());
        let nonce = link.fresh_nonce().await?;
        if !open {
            // As with a socket: what has waited for the relay may go, and what the relay shows now
            // is compared with what it showed before.
            open = true;
            woken();
        }
        let subs = wanted.iter().take(limits::WAIT_SUBS_MAX);
        let subs = subs.map(|listen| signed_sub(link, listen, &nonce)).collect();
        let wait = Wait { subs, seconds: limits::WAIT_S_MAX };
        let answered = tokio::select! {
            answered = link.post(Op::Sub.path(), &wait, time) => answered,
            changed = positions.changed() => match changed {
                Ok(()) => continue,
                Err(_) => return Ok(()),
            },
        };
        let bytes = match answered {
            Err(LinkError::Refused(Refusal::StaleNonce { nonce })) if !renewed => {
                link.replace_nonce(nonce).await;
                renewed = true;
                continue;
            }
            answered => answered?,
        };
        renewed = false;
        let waited: Waited =
            decode_exact(&bytes, limits::CONTROL_MAX).map_err(|_| LinkError::NotARelay)?;
        if !waited.woken.is_empty() {
            woken();
            // Until it was read, the same answer would come at once.
            if let Ok(Err(_)) = timeout(POLL_PAUSE, positions.changed()).await {
                return Ok(());
            }
        }
    }
}

fn signed_sub(link: &RelayLink, listen: &Listen, nonce: &Nonce) -> Sub {
    let body = sub_body(listen.since);
    let auth = link.sign(Op::Sub, &listen.mailbox, &listen.key, nonce, &body);
    Sub { auth: auth.to_bytes(), since: listen.since }
}

/// The hand-shake of RFC 6455, over the same client, certificates and time limits as requests.
async fn open(link: &RelayLink) -> Result<WebSocketStream<Upgraded>, LinkError> {
    let key = generate_key();
    let answer = link
        .upgrade_request("/v1/wake")
        .header(header::CONNECTION, "Upgrade")
        .header(header::UPGRADE, "websocket")
        .header(header::SEC_WEBSOCKET_VERSION, "13")
        .header(header::SEC_WEBSOCKET_KEY, &key)
        .send()
        .await
        .map_err(|_| LinkError::Unreachable)?;
    let accepted = answer.status() == reqwest::StatusCode::SWITCHING_PROTOCOLS
        && answer.headers().get(header::SEC_WEBSOCKET_ACCEPT).is_some_and(|accept| {
            accept.as_bytes() == derive_accept_key(key.as_bytes()).as_bytes()
        });
    if !accepted {
        return Err(LinkError::NotARelay);
    }
    let upgraded = answer.upgrade().await.map_err(|_| LinkError::Unreachable)?;
    let config = WebSocketConfig::default()
        .read_buffer_size(4 * 1024)
        .max_message_size(Some(limits::CONTROL_MAX))
        .max_frame_size(Some(limits::CONTROL_MAX));
    Ok(WebSocketStream::from_raw_socket(upgraded, Role::Client, Some(config)).await)
}

async fn next(socket: &mut WebSocketStream<Upgraded>) -> Result<FromRelay, LinkError> {
    loop {
        match socket.next().await {
            Some(Ok(Message::Binary(bytes))) => {
                return decode_exact(&bytes, limits::CONTROL_MAX).map_err(|_| LinkError::NotARelay);
            }
            // Answered by the library itself.
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            Some(Ok(Message::Text(_) | Message::Frame(_))) => return Err(LinkError::NotARelay),
            Some(Ok(Message::Close(_)) | Err(_)) | None => return Err(LinkError::Unreachable),
        }
    }
}
