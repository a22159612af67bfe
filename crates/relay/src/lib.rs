//! Append-only mailboxes over HTTP and WebSocket.
//!
//! A relay orders blobs that it cannot open, and keeps them. One writer makes what waited during the
//! last commit the next batch, and answers when it is on disk. Every request passes the desk, which
//! checks bounds, signature and freshness before it reads a body.
//!
//! Not here: people, groups, what is in a blob, any key that opens or signs.

mod clock;
mod command;
mod config;
mod database;
mod desk;
mod ending;
mod error;
mod http;
mod ledger;
mod listen;
mod nonces;
mod random;
mod rate;
mod serve;
mod token;
mod wakes;
mod writer;

// The public interface is:
pub use clock::Clock;
pub use config::{Bounds, Config, TlsFiles};
pub use error::{DatabaseError, RelayError};
pub use rate::Rate;
pub use serve::Relay;
pub use token::{Allowance, create_token, token_of_file};
