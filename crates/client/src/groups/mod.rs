//! The groups of an unlocked profile: each one state machine, each change one transaction.
//!
//! Not here: what a record means (the group crate), how a relay is spoken to (relay, sync).

mod alarms;
mod answer;
mod feed;
mod found;
mod invite;
mod join;
mod members;
mod nudge;
mod on_hold;
mod port;
mod share;
mod state;
mod take_back;
mod views;

pub(crate) use nudge::Nudge;
pub(crate) use port::{GroupsPort, Light};
pub(crate) use state::OpenGroups;
