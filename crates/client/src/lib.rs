//! What the app can do: unlock, write, share, sync, back up. The one API.
//!
//! The shell and the command line call [`Hearthkeep`]; nothing above it decides anything about
//! members' data. Each room adds its methods in its own folder.

mod archive;
mod clock;
mod error;
mod event;
mod find;
mod groups;
mod hearthkeep;
mod journal;
mod session;
mod settings;

mod relay;
mod sync;
pub mod view;

// The public interface is the types of `view`, and:
pub use clock::{Clock, ManualClock, SystemClock, Wait};
pub use error::{ClientError, ErrorCode, Refusal};
pub use event::{Event, Events};
pub use hearthkeep::{Cost, Hearthkeep};
pub use journal::Picture;
