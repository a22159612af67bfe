//! One loop that carries what waits to the relays, and what they have to the groups.
//!
//! A *turn* reads every mailbox of one group to its end and then sends its outbox, one request
//! after another, each of them kept before it leaves. Turns are begun by something new in the
//! outbox, by a wake from the relay, by time, or by a person. What fails is tried again, later and
//! later, with jitter, for as many weeks as it takes; nobody who writes ever waits for it.
//!
//! Nothing here speaks to anybody while there is no group, or while the vault is locked.
//!
//! Not here: what a page means and what is sent (the groups' room), how a relay is spoken to.

mod groups;
mod here;
mod light;
mod lookout;
mod pace;
mod round;
mod turn;

pub(crate) use groups::{GroupState, Groups, Reading, Trouble};
pub(crate) use round::Sync;
