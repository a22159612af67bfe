//! Wake-ups over one WebSocket (PROTOCOL W13).

use std::sync::Arc;

use axum::{
    Extension,
    extract::{
        State,
        ws::{Message, WebSocket, WebSocketUpgrade},
    },
    http::HeaderMap,
    response::Response,
};
use hearthkeep_wire::{FromRelay, ToRelay, decode_canonical, encode, limits};
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};

use super::{block_of, reply};
use crate::{database::Reading, desk::Desk, listen::Connection, rate::Block, wakes::Subscription};

/// What tungstenite reads through: what is sent to the relay is shorter. Its own 128 KiB a socket would
/// be 1.3 GB for 10,000.
const READ_BUFFER: usize = 512;
/// What may wait to be written. Without a bound, a reader who does not read takes all memory.
const WRITE_BUFFER_MAX: usize = 64 * 1024;
/// Silent for so many pings: nobody is there.
const PINGS_UNANSWERED: u32 = 3;

pub(super) async fn wake<R: Reading>(
    State(desk): State<Arc<Desk<R>>>,
    Extension(connection): Extension<Connection>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    let block = block_of(&desk, &connection, &headers);
    if let Err(refusal) = desk.per_block.take(block, 1.0) {
        return reply(Err(refusal));
    }
    upgrade
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_write_buffer_size(WRITE_BUFFER_MAX)
        .max_message_size(limits::CONTROL_MAX)
        .max_frame_size(limits::CONTROL_MAX)
        .on_upgrade(move |socket| async move {
            // The connection counts as one for as long as the socket lives.
            let _counted = connection;
            serve(&desk, block, socket).await;
        })
}

async fn serve<R: Reading>(desk: &Desk<R>, block: Block, mut socket: WebSocket) {
    let subscription = desk.wakes.subscriber();
    let nonce = desk.nonces.give(desk.clock.now());
    if send::<R>(&mut socket, &FromRelay::Hello(nonce)).await.is_err() {
        return;
    }
    let every = desk.bounds.ping_every;
    let first = Instant::now().checked_add(every).unwrap_or_else(Instant::now);
    let mut ping = interval_at(first, every);
    ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut unanswered = 0_u32;
    loop {
        tokio::select! {
            message = socket.recv() => {
                let Some(Ok(message)) = message else { return };
                unanswered = 0;
                if heard(desk, block, &subscription, &mut socket, message).await.is_err() {
                    return;
                }
            }
            news = subscription.news() => {
                for (name, seq) in news {
                    if send::<R>(&mut socket, &FromRelay::Wake(name, seq)).await.is_err() {
                        return;
                    }
                }
            }
            _ = ping.tick() => {
                unanswered = unanswered.saturating_add(1);
                let gone = unanswered > PINGS_UNANSWERED;
                if gone || socket.send(Message::Ping(axum::body::Bytes::new())).await.is_err() {
                    return;
                }
            }
            () = desk.ends() => {
                drop(timeout(Desk::<R>::SEND_TIME, socket.send(Message::Close(None))).await);
                return;
            }
        }
    }
}

/// The socket is of no more use.
struct Closed;

async fn heard<R: Reading>(
    desk: &Desk<R>,
    block: Block,
    subscription: &Subscription,
    socket: &mut WebSocket,
    message: Message,
) -> Result<(), Closed> {
    let bytes = match message {
        Message::Binary(bytes) => bytes,
        Message::Ping(_) | Message::Pong(_) => return Ok(()),
        Message::Text(_) | Message::Close(_) => return Err(Closed),
    };
    match decode_canonical(&bytes, limits::CONTROL_MAX) {
        Ok(ToRelay::Sub(sub)) => match desk.subscribe(block, subscription, &sub).await {
            Ok((name, seq)) => send::<R>(socket, &FromRelay::Wake(name, seq)).await,
            Err((Some(name), refusal)) => {
                send::<R>(socket, &FromRelay::Refused(name, refusal.to_body())).await
            }
            Err((None, _)) => Err(Closed),
        },
        Ok(ToRelay::Unsub(name)) => {
            subscription.leave(&name);
            Ok(())
        }
        Err(_) => Err(Closed),
    }
}

/// A socket that cannot take a wake in time is closed: its client fetches when it comes back.
async fn send<R: Reading>(socket: &mut WebSocket, message: &FromRelay) -> Result<(), Closed> {
    let sending = socket.send(Message::Binary(encode(message).into()));
    match timeout(Desk::<R>::SEND_TIME, sending).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(_)) | Err(_) => Err(Closed),
    }
}
