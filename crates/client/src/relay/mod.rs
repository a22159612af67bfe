//! How this computer speaks to a group's relay: addresses, signed requests, wake-ups.
//!
//! Every reply is bounded in time and length and is believed in nothing that the group's own rules
//! can check. Not here: what is asked (the outbox), when (sync), and what a page means (the group).

mod address;
mod ask;
mod error;
mod link;
mod wake;

pub(crate) use address::RelayAddress;
pub(crate) use ask::{is_last, read_page};
pub(crate) use error::{AddressError, LinkError};
pub(crate) use link::RelayLink;
pub(crate) use wake::{Listen, Positions, Way, listen};
