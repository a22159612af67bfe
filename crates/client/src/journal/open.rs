//! A text that is open: its document, and what of it has no version yet.

use hearthkeep_document::Document;

/// A text that is open.
#[derive(Debug)]
pub(crate) struct Open {
    pub(crate) document: Document,
    /// When it changed first after the last version, in milliseconds of the clock that only
    /// rises. `None` when the last version has all.
    pub(crate) unkept_since: Option<i64>,
}

impl Open {
    pub(crate) fn new(document: Document) -> Self {
        Self { document, unkept_since: None }
    }
}
