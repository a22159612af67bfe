//! How a long task tells where it is, and is asked to stop.

use crate::ArchiveError;
use std::fmt;
use std::ops::ControlFlow;

/// Where a long task has come to. Between any two of these the process may die, and a test
/// lets it die at each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// A `.part` file was made.
    Created,
    /// A member was sent.
    Sent,
    /// A file was synced.
    Synced,
    /// Bytes of a file were read: so many, of so many.
    Read {
        /// Bytes so far.
        done: u64,
        /// Bytes in all.
        total: u64,
    },
    /// A file was compared with what was sent.
    Compared,
    /// A file was given its name.
    Renamed,
    /// The folder was synced.
    FolderSynced,
}

/// Who is told of each step, and may stop the task at it.
pub struct Watch<'a>(Box<dyn FnMut(Step) -> ControlFlow<()> + Send + 'a>);

impl<'a> Watch<'a> {
    /// Calls this at each step.
    pub fn new(call: impl FnMut(Step) -> ControlFlow<()> + Send + 'a) -> Self {
        Self(Box::new(call))
    }

    /// Nobody watches.
    #[must_use]
    pub fn nobody() -> Self {
        Self::new(|_| ControlFlow::Continue(()))
    }

    pub(crate) fn step(&mut self, step: Step) -> Result<(), ArchiveError> {
        match (self.0)(step) {
            ControlFlow::Continue(()) => Ok(()),
            ControlFlow::Break(()) => Err(ArchiveError::Stopped),
        }
    }
}

impl fmt::Debug for Watch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watch(…)")
    }
}
