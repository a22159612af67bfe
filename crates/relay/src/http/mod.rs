//! Paths, and what goes back over them.

mod operate;
mod socket;
mod wait;

use std::{net::IpAddr, sync::Arc};

use axum::{
    Extension, Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
    routing::{get, post},
};
use hearthkeep_wire::{Hello, Op, Refusal, encode};

use crate::{database::Reading, desk::Desk, listen::Connection, rate::Block};

/// The application: every path of PROTOCOL W.1 and nothing else.
pub(crate) fn router<R: Reading>(desk: Arc<Desk<R>>) -> Router {
    let mut router = Router::new()
        .route("/v1/hello", post(hello::<R>))
        .route("/v1/wake", get(socket::wake::<R>))
        .route(Op::Sub.path(), post(wait::wait::<R>));
    for op in Op::ALL.into_iter().filter(|op| *op != Op::Sub) {
        let handle = move |State(desk): State<Arc<Desk<R>>>,
                           Extension(connection): Extension<Connection>,
                           request: Request| async move {
            let block = block_of(&desk, &connection, request.headers());
            reply(operate::operate(&desk, op, block, request).await)
        };
        router = router.route(op.path(), post(handle));
    }
    router.with_state(desk)
}

async fn hello<R: Reading>(
    State(desk): State<Arc<Desk<R>>>,
    Extension(connection): Extension<Connection>,
    headers: HeaderMap,
) -> Response {
    let block = block_of(&desk, &connection, &headers);
    let nonce = desk
        .per_block
        .take(block, 1.0)
        .map(|()| encode(&Hello { nonce: desk.nonces.give(desk.clock.now()) }));
    reply(nonce)
}

/// Whose bucket a request is taken from.
fn block_of<R>(desk: &Desk<R>, connection: &Connection, headers: &HeaderMap) -> Block {
    if !desk.behind_proxy {
        return connection.block();
    }
    // The last entry is the one that the proxy itself has seen.
    headers
        .get("x-forwarded-for")
        .and_then(|value| value.to_str().ok())
        .and_then(|list| list.rsplit(',').next())
        .and_then(|address| address.trim().parse::<IpAddr>().ok())
        .map_or_else(|| connection.block(), Block::of)
}

fn reply(result: Result<Vec<u8>, Refusal>) -> Response {
    let (status, retry_ms, body) = match result {
        Ok(body) => (StatusCode::OK, None, body),
        Err(refusal) => {
            let body = refusal.to_body();
            let status = StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::BAD_REQUEST);
            (status, body.retry_ms, encode(&body))
        }
    };
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/cbor"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if let Some(ms) = retry_ms {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(ms.div_ceil(1_000)));
    }
    response
}
