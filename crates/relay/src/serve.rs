//! A relay, started and ended.

use std::{net::SocketAddr, sync::Arc};

use tokio::{
    net::TcpListener,
    sync::Semaphore,
    task::JoinHandle,
    time::{MissedTickBehavior, interval},
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    },
};

use crate::{
    command::{Command, Outcome},
    config::{Config, TlsFiles},
    database::{Answer, Database, Sqlite},
    desk::{Desk, Facts},
    ending::{End, Ending, ending},
    error::RelayError,
    http::router,
    listen::Listening,
    nonces::Nonces,
    rate::Buckets,
    wakes::Wakes,
    writer::Writer,
};

/// A relay that runs.
#[derive(Debug)]
pub struct Relay {
    address: SocketAddr,
    end: End,
    listening: JoinHandle<()>,
    sweeping: JoinHandle<()>,
    writing: JoinHandle<Answer<()>>,
}

impl Relay {
    /// Starts on SQLite.
    ///
    /// # Errors
    /// [`RelayError`] when the file is in use, the address is taken, or a file cannot be read.
    pub async fn start(config: Config) -> Result<Self, RelayError> {
        // The one line that chooses the database.
        let database = Sqlite::open(&config.database).await?;
        Self::start_on(database, config).await
    }

    async fn start_on<D: Database>(database: D, config: Config) -> Result<Self, RelayError> {
        let tls = config.tls.as_ref().map(acceptor).transpose()?;
        let listener = TcpListener::bind(config.listen)
            .await
            .map_err(|source| RelayError::Listen { address: config.listen.to_string(), source })?;
        let address = listener
            .local_addr()
            .map_err(|source| RelayError::Listen { address: config.listen.to_string(), source })?;
        let (end, ending) = ending();
        let (wakes, facts) = (Wakes::default(), Arc::new(Facts::default()));
        let reader = database.reader();
        let forget = Arc::clone(&facts);
        let (writer, writing) = Writer::start(
            database,
            config.clock.clone(),
            wakes.clone(),
            Arc::new(move |name| forget.forget(name)),
        );
        let desk = Arc::new(Desk {
            reader,
            writer: writer.clone(),
            wakes,
            nonces: Nonces::new()?,
            clock: config.clock,
            bounds: config.bounds,
            facts,
            per_block: Buckets::new(config.bounds.per_block),
            per_mailbox: Buckets::new(config.bounds.per_mailbox),
            bodies: Arc::new(Semaphore::new(config.bounds.body_bytes)),
            behind_proxy: config.behind_proxy,
            ending: ending.clone(),
        });
        let sweeping = tokio::spawn(sweep(writer, config.bounds.sweep_every, ending.clone()));
        let listening = Listening {
            listener,
            tls,
            app: router(desk),
            bounds: config.bounds,
            behind_proxy: config.behind_proxy,
            ending,
        };
        let listening = tokio::spawn(listening.run());
        Ok(Self { address, end, listening, sweeping, writing })
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Takes no more requests, lets those under way end, and writes everything down.
    ///
    /// # Errors
    /// When the database does not end in good order. What was acknowledged is on disk all the same.
    pub async fn end(self) -> Result<(), RelayError> {
        self.end.tell();
        drop(self.listening.await);
        drop(self.sweeping.await);
        match self.writing.await {
            Ok(closed) => Ok(closed?),
            Err(_) => Ok(()),
        }
    }
}

/// Removes what is over, a little at a time, through the one writer.
async fn sweep(writer: Writer, every: std::time::Duration, mut ending: Ending) {
    let mut turn = interval(every);
    turn.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = turn.tick() => {}
            () = ending.told() => return,
        }
        while let Ok(Outcome::Swept { more: true }) = writer.ask(Command::Sweep).await {}
    }
}

fn acceptor(files: &TlsFiles) -> Result<TlsAcceptor, RelayError> {
    let bad_certificate = || RelayError::Tls { path: files.certificate.clone() };
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(&files.certificate)
        .map_err(|_| bad_certificate())?
        .collect::<Result<_, _>>()
        .map_err(|_| bad_certificate())?;
    if chain.is_empty() {
        return Err(bad_certificate());
    }
    let bad_key = || RelayError::Tls { path: files.key.clone() };
    let key = PrivateKeyDer::from_pem_file(&files.key).map_err(|_| bad_key())?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|_| bad_certificate())?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|_| bad_key())?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}
