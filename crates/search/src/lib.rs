//! Full-text index whose every file is sealed.
//!
//! One schema serves all languages: words are folded, scripts without spaces are cut into pairs,
//! stems are compared when a question is asked. The index lies in memory while a profile is
//! unlocked; on the disk it is only ever sealed. The sealed entries are the truth: an index that is
//! damaged, missing or of another version is built anew, and a plain scan answers meanwhile.
//!
//! Not here: texts and titles (store), what is shown of a hit (client). This is the only crate
//! that knows tantivy.

mod disk;
mod error;
mod fields;
mod fold;
mod index;
mod matching;
mod query;
mod scan;
mod snippet;
mod stem;
mod tokenizer;

// The public interface is:
pub use error::SearchError;
pub use fields::Facts;
pub use index::{FoundIds, Index, Opened, PurgeOwed};
pub use query::{Filter, Query};
pub use scan::Scan;
pub use snippet::{Piece, Snippets};
