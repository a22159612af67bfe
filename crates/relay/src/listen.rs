//! An accept loop of our own: with a time for headers, and bounds for connections (PROTOCOL W23).

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{Router, body::Body};
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    task::JoinSet,
    time::{sleep, timeout},
};
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt;

use crate::{config::Bounds, ending::Ending, rate::Block};

const HEADERS_MAX: usize = 32;
const HEADER_BYTES_MAX: usize = 16 * 1024;
/// How long requests may take to end when the relay ends.
const END_TIME: Duration = Duration::from_secs(10);
/// After an accept that failed, which is when descriptors are used up.
const ACCEPT_AGAIN: Duration = Duration::from_millis(50);

/// What a request knows about its connection. While a clone lives, the connection is counted.
#[derive(Debug, Clone)]
pub(crate) struct Connection(Arc<Counted>);

#[derive(Debug)]
struct Counted {
    block: Block,
    per_block: Arc<PerBlock>,
    _one_of_all: OwnedSemaphorePermit,
}

impl Connection {
    pub(crate) fn block(&self) -> Block {
        self.0.block
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.per_block.leave(self.block);
    }
}

/// How many connections each address block has.
#[derive(Debug)]
struct PerBlock {
    max: usize,
    open: Mutex<BTreeMap<Block, usize>>,
}

impl PerBlock {
    fn enter(&self, block: Block) -> bool {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(block).or_insert(0);
        if *count >= self.max {
            return false;
        }
        *count = count.saturating_add(1);
        true
    }

    fn leave(&self, block: Block) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&block) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                open.remove(&block);
            }
        }
    }
}

/// What is listened on, and for how many.
pub(crate) struct Listening {
    pub(crate) listener: TcpListener,
    pub(crate) tls: Option<TlsAcceptor>,
    pub(crate) app: Router,
    pub(crate) bounds: Bounds,
    /// Behind a proxy all connections come from one address.
    pub(crate) behind_proxy: bool,
    pub(crate) ending: Ending,
}

impl Listening {
    /// Accepts until the relay ends, then lets what is under way end.
    pub(crate) async fn run(mut self) {
        let all = Arc::new(Semaphore::new(self.bounds.connections));
        let max = if self.behind_proxy { usize::MAX } else { self.bounds.connections_per_block };
        let per_block = Arc::new(PerBlock { max, open: Mutex::default() });
        let mut serving = JoinSet::new();
        loop {
            let accepted = tokio::select! {
                accepted = accept(&all, &self.listener) => accepted,
                _ = serving.join_next(), if !serving.is_empty() => continue,
                () = self.ending.told() => break,
            };
            let Some((permit, stream, block)) = accepted else {
                sleep(ACCEPT_AGAIN).await;
                continue;
            };
            if !per_block.enter(block) {
                continue;
            }
            let counted = Counted { block, per_block: Arc::clone(&per_block), _one_of_all: permit };
            let connection = Connection(Arc::new(counted));
            serving.spawn(self.serve(stream, connection));
        }
        let ended = async { while serving.join_next().await.is_some() {} };
        if timeout(END_TIME, ended).await.is_err() {
            serving.shutdown().await;
        }
    }

    fn serve(
        &self,
        stream: TcpStream,
        connection: Connection,
    ) -> impl Future<Output = ()> + Send + 'static {
        let (tls, app) = (self.tls.clone(), self.app.clone());
        let (bounds, ending) = (self.bounds, self.ending.clone());
        async move {
            // Small answers should not wait for more of them.
            drop(stream.set_nodelay(true));
            match tls {
                None => speak(stream, app, bounds, connection, ending).await,
                Some(tls) => {
                    if let Ok(Ok(stream)) = timeout(bounds.header_time, tls.accept(stream)).await {
                        speak(stream, app, bounds, connection, ending).await;
                    }
                }
            }
        }
    }
}

async fn accept(
    all: &Arc<Semaphore>,
    listener: &TcpListener,
) -> Option<(OwnedSemaphorePermit, TcpStream, Block)> {
    let permit = Arc::clone(all).acquire_owned().await.ok()?;
    let (stream, peer) = listener.accept().await.ok()?;
    Some((permit, stream, Block::of(peer.ip())))
}

async fn speak(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    app: Router,
    bounds: Bounds,
    connection: Connection,
    mut ending: Ending,
) {
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(connection.clone());
        app.clone().oneshot(request.map(Body::new))
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(bounds.header_time)
        .max_buf_size(HEADER_BYTES_MAX)
        .max_headers(HEADERS_MAX)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut serving = std::pin::pin!(serving);
    tokio::select! {
        // A client that breaks off is no news.
        result = serving.as_mut() => drop(result),
        () = ending.told() => {
            serving.as_mut().graceful_shutdown();
            drop(serving.await);
        }
    }
}
