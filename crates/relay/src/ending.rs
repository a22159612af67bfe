//! How the end of the relay is told to everything that runs.

use tokio::sync::watch;

/// Knows when the relay is about to end.
#[derive(Debug, Clone)]
pub(crate) struct Ending(watch::Receiver<bool>);

/// Tells it.
#[derive(Debug)]
pub(crate) struct End(watch::Sender<bool>);

/// Both ends of it.
pub(crate) fn ending() -> (End, Ending) {
    let (end, ending) = watch::channel(false);
    (End(end), Ending(ending))
}

impl End {
    /// Tells everybody.
    pub(crate) fn tell(&self) {
        self.0.send_replace(true);
    }
}

impl Ending {
    /// Resolves when the relay is about to end, or nobody is left who could tell.
    pub(crate) async fn told(&mut self) {
        drop(self.0.wait_for(|ending| *ending).await);
    }
}
