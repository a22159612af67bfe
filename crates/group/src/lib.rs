//! The encrypted group as a pure state machine.
//!
//! Pages of a relay's mailboxes go in ([`Group::apply`]), requests to a relay come out
//! ([`Group::next_outgoing`]), and everything that must be kept comes out as rows
//! ([`Group::take_changes`]). Not here: async, a clock, SQL, a network. Time comes in as an
//! argument; ids and keys of our own come from a seed ([`Entropy`]), while MLS and the nonces of
//! sealing take theirs from the operating system.
#![allow(unexpected_cfgs, reason = "cargo-fuzz sets `fuzzing`, in its builds only")]

mod bytes;
mod entropy;

mod identity;
mod mls;
mod policy;
mod rules;

mod audience;
mod content;
mod record;

mod changes;
mod error;
mod kept;
mod link;
mod state;

mod apply;
mod commits;
mod epochs;
mod feed;
mod group;
mod invite;
mod meaning;
mod records;
mod say;
mod send;
mod upkeep;
mod welcome;

#[cfg(any(test, fuzzing))]
mod forge;
#[cfg(fuzzing)]
pub mod fuzzing;

#[cfg(test)]
mod attacks;
#[cfg(test)]
extern crate self as hearthkeep_group;

// The public interface is:
pub use audience::AUDIENCE_MAX;
pub use changes::{Alarm, AlarmKind, Answer, Ask, Blob, Changes, Effect, Outgoing, Row, Table};
pub use content::{NoteContent, allowed_reactions, allowed_words};
pub use entropy::Entropy;
pub use error::GroupError;
pub use feed::{Leaving, Member, Reply, Shared, SharedState, Withdrawn};
pub use group::{Founding, Group};
pub use identity::{CertificateError, NAME_MAX};
pub use invite::Asking;
pub use link::{InviteLink, LINK_START, LinkError};
pub use mls::MlsError;
pub use policy::CommitRefusal;
pub use rules::Rules;
pub use say::{Going, NOTE_CHARS_MAX, Unsent};
pub use send::Held;
pub use state::{Standing, Trust};
pub use welcome::Keepsake;
