//! The one long task.

use crate::ClientError;
use crate::view::{Counted, Progress};
use std::fmt;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::sync::{Mutex, OwnedMutexGuard};

/// Room for one long task, and the wish to stop it.
#[derive(Debug, Default)]
pub(crate) struct Tasks {
    running: Arc<Mutex<()>>,
    stop: Arc<AtomicBool>,
}

impl Tasks {
    /// Begins a task.
    pub(crate) fn begin(
        &self,
        tell: impl Fn(Progress) + Send + Sync + 'static,
    ) -> Result<Told, ClientError> {
        let running = Arc::clone(&self.running).try_lock_owned().map_err(|_| ClientError::Busy)?;
        self.stop.store(false, Ordering::Release);
        Ok(Told { stop: Arc::clone(&self.stop), tell: Arc::new(tell), _running: Arc::new(running) })
    }

    /// Asks the task to stop.
    pub(crate) fn stop(&self) {
        self.stop.store(true, Ordering::Release);
    }

    /// Asks the task to stop, and waits until it has.
    pub(crate) async fn stop_and_wait(&self) {
        self.stop();
        drop(self.running.lock().await);
    }
}

/// A task that runs: whom it tells, and whether it should stop. All copies are one.
#[derive(Clone)]
pub(crate) struct Told {
    stop: Arc<AtomicBool>,
    tell: Arc<dyn Fn(Progress) + Send + Sync>,
    _running: Arc<OwnedMutexGuard<()>>,
}

impl fmt::Debug for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Told(…)")
    }
}

impl Told {
    /// Tells how many entries are done; breaks when it should stop.
    pub(crate) fn progress(&self, done: u32, total: u32) -> ControlFlow<()> {
        (self.tell)(Progress { counted: Counted::Things, done, total });
        self.go_on()
    }

    /// Tells how many thousandths of a file are compared; breaks when it should stop.
    pub(crate) fn compared(&self, done: u32) -> ControlFlow<()> {
        (self.tell)(Progress { counted: Counted::Compared, done, total: 1000 });
        self.go_on()
    }

    /// Breaks when the task should stop.
    pub(crate) fn go_on(&self) -> ControlFlow<()> {
        if self.stop.load(Ordering::Acquire) {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }
}
