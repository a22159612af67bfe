//! People with a profile each, over a real relay process: on a good evening, in bad weather, and
//! when the relay lies.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails here fails as it should"
)]

mod disks;
mod evening;
mod evil_relay;
mod metadata;
mod net;
mod never_left;
mod not_read_back;
mod outage;
mod taken_back;
mod unreadable;
