//! What a screen is given: plain data, serializable, with ids as text and times as text or numbers.
//!
//! The TypeScript types of the screen are generated from these. Sentences are not here: a screen
//! gets codes and facts, and finds its words in its own text files.

mod archive;
mod group;
mod journal;
mod vault;

pub use archive::*;
pub use group::*;
pub use journal::*;
pub use vault::*;
