//! Waiting for conditions, never for time to pass.

use std::thread::sleep;
use std::time::{Duration, Instant};

/// Longest wait for anything. Machines are shared and slow at times; a right answer ends the wait.
pub(crate) const PATIENCE: Duration = Duration::from_secs(90);
const BEAT: Duration = Duration::from_millis(20);

/// Looks again and again until there is something; fails with what was waited for.
pub(crate) fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(started.elapsed() < PATIENCE, "waited in vain for {what}");
        sleep(BEAT);
    }
}
