//! How a relay is set up.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use crate::{clock::Clock, rate::Rate};

/// How a relay is set up.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where to listen. Port 0 takes any.
    pub listen: SocketAddr,
    /// The SQLite file.
    pub database: PathBuf,
    /// Certificate chain and key, in PEM. Without them the relay speaks plain HTTP, for a proxy
    /// or for this computer alone.
    pub tls: Option<TlsFiles>,
    /// Take the address of a client from the last entry of `x-forwarded-for`.
    pub behind_proxy: bool,
    /// Bounds.
    pub bounds: Bounds,
    /// Where time comes from.
    pub clock: Clock,
}

/// Certificate chain and key, in PEM.
#[derive(Debug, Clone)]
pub struct TlsFiles {
    /// The chain.
    pub certificate: PathBuf,
    /// The key of its first certificate.
    pub key: PathBuf,
}

/// How much strangers may take.
#[derive(Debug, Clone, Copy)]
pub struct Bounds {
    /// Connections in all.
    pub connections: usize,
    /// Connections of one address block.
    pub connections_per_block: usize,
    /// Bodies in flight, in bytes.
    pub body_bytes: usize,
    /// Requests of one address block.
    pub per_block: Rate,
    /// Requests for one mailbox.
    pub per_mailbox: Rate,
    /// How long headers may take.
    pub header_time: Duration,
    /// How long a body may take.
    pub body_time: Duration,
    /// How often a silent socket is asked whether somebody is there.
    pub ping_every: Duration,
    /// How often what is over is swept.
    pub sweep_every: Duration,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            connections: 20_000,
            connections_per_block: 512,
            body_bytes: 64 * 1024 * 1024,
            per_block: Rate { per_second: 200.0, burst: 1_000.0 },
            per_mailbox: Rate { per_second: 50.0, burst: 500.0 },
            header_time: Duration::from_secs(10),
            body_time: Duration::from_secs(30),
            ping_every: Duration::from_secs(40),
            sweep_every: Duration::from_secs(60),
        }
    }
}
