//! Work on a thread of its own, told from the thread that waits for it.

use crate::ArchiveError;
use crate::backup::watch::{Step, Watch};
use std::ops::ControlFlow;
use std::panic::resume_unwind;
use std::sync::mpsc::{self, Receiver};
use std::thread::{self, JoinHandle};

/// What is done beside something else. Dropped before its end, it stops at its next step, and
/// dropping waits for that: whatever the work holds is put away by then.
pub(crate) struct Aside<T>(Option<Running<T>>);

struct Running<T> {
    steps: Receiver<Step>,
    thread: JoinHandle<Result<T, ArchiveError>>,
}

impl<T: Send + 'static> Aside<T> {
    /// Begins the work.
    pub(crate) fn begin(
        work: impl FnOnce(&mut Watch<'_>) -> Result<T, ArchiveError> + Send + 'static,
    ) -> Self {
        let (send, steps) = mpsc::channel();
        let thread = thread::spawn(move || {
            work(&mut Watch::new(|step| match send.send(step) {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            }))
        });
        Self(Some(Running { steps, thread }))
    }

    /// Tells the steps that were taken since.
    pub(crate) fn tell(&self, watch: &mut Watch<'_>) -> Result<(), ArchiveError> {
        let mut taken = self.0.iter().flat_map(|running| running.steps.try_iter());
        taken.try_for_each(|step| watch.step(step))
    }

    /// Waits for the end, and tells all steps up to it.
    pub(crate) fn end(mut self, watch: &mut Watch<'_>) -> Result<T, ArchiveError> {
        let mut steps = self.0.iter().flat_map(|running| running.steps.iter());
        steps.try_for_each(|step| watch.step(step))?;
        drop(steps);
        let Some(Running { thread, .. }) = self.0.take() else { return Err(ArchiveError::Stopped) };
        thread.join().unwrap_or_else(|panic| resume_unwind(panic))
    }
}

impl<T> Drop for Aside<T> {
    fn drop(&mut self) {
        if let Some(Running { steps, thread }) = self.0.take() {
            drop(steps);
            // Its outcome is nobody's any more.
            drop(thread.join());
        }
    }
}
