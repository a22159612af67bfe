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
#[allow(dead_code, reason = "the loop that speaks to relays calls these")]
mod port;
mod share;
mod state;
mod take_back;
mod views;

#[allow(unused_imports, reason = "the loop that speaks to relays uses these")]
pub(crate) use port::{GroupsPort, Light, Nudge};
pub(crate) use state::OpenGroups;
