//! Wake-ups by a long poll, for networks that break WebSockets (PROTOCOL W14).

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use axum::{
    Extension,
    extract::{Request, State},
    response::Response,
};
use hearthkeep_wire::{Refusal, Wait, Waited, decode_canonical, encode, limits};

use super::{block_of, reply};
use crate::{
    database::Reading,
    desk::{Desk, content_length},
    listen::Connection,
    rate::Block,
};

pub(super) async fn wait<R: Reading>(
    State(desk): State<Arc<Desk<R>>>,
    Extension(connection): Extension<Connection>,
    request: Request,
) -> Response {
    let block = block_of(&desk, &connection, request.headers());
    reply(waited(&desk, block, request).await)
}

async fn waited<R: Reading>(
    desk: &Desk<R>,
    block: Block,
    request: Request,
) -> Result<Vec<u8>, Refusal> {
    desk.per_block.take(block, 1.0)?;
    let (parts, body) = request.into_parts();
    if content_length(&parts.headers)? > limits::CONTROL_MAX {
        return Err(Refusal::TooLarge);
    }
    let body = desk.read_body(&parts, body, None).await?;
    let wait: Wait =
        decode_canonical(&body.bytes, limits::CONTROL_MAX).map_err(|_| Refusal::Malformed)?;
    drop(body);
    if wait.subs.len() > limits::WAIT_SUBS_MAX {
        return Err(Refusal::TooLarge);
    }
    let subscription = desk.wakes.subscriber();
    let mut since = BTreeMap::new();
    let mut woken = Vec::new();
    for sub in &wait.subs {
        let (name, seq) =
            desk.subscribe(block, &subscription, sub).await.map_err(|(_, refusal)| refusal)?;
        since.insert(name, sub.since);
        if seq > sub.since {
            woken.push((name, seq));
        }
    }
    if woken.is_empty() {
        let time = Duration::from_secs(u64::from(wait.seconds.min(limits::WAIT_S_MAX)));
        let newer = async {
            loop {
                let mut news = subscription.news().await;
                news.retain(|(name, seq)| since.get(name).is_some_and(|had| seq > had));
                if !news.is_empty() {
                    break news;
                }
            }
        };
        tokio::select! {
            news = newer => woken = news,
            () = tokio::time::sleep(time) => {}
            () = desk.ends() => {}
        }
    }
    Ok(encode(&Waited { woken }))
}
