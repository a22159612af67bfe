//! Time comes in through here, so that a test can be a month long and take a second.

use hearthkeep_model::{Moment, Timestamp};
use std::fmt;
use std::pin::Pin;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// A wait that a clock gives.
pub type Wait = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A clock.
pub trait Clock: Send + Sync + fmt::Debug {
    /// The time that the computer shows. It may jump.
    fn now(&self) -> Timestamp;

    /// Minutes that local time is ahead of UTC at an instant.
    fn offset_min(&self, at: Timestamp) -> i16;

    /// Time since some start. It only rises, and does not jump.
    fn elapsed(&self) -> Duration;

    /// Ends when this much time was counted.
    fn wait(&self, time: Duration) -> Wait {
        Box::pin(tokio::time::sleep(time))
    }

    /// Now, as the person lives it.
    fn moment(&self) -> Moment {
        let at = self.now();
        Moment::new(at, self.offset_min(at))
    }
}

/// The computer's clock.
#[derive(Debug)]
pub struct SystemClock(Instant);

impl SystemClock {
    /// Starts to count.
    #[must_use]
    pub fn new() -> Self {
        Self(Instant::now())
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp(jiff::Timestamp::now().as_millisecond())
    }

    fn offset_min(&self, at: Timestamp) -> i16 {
        let at = jiff::Timestamp::from_millisecond(at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
        let seconds = jiff::tz::TimeZone::system().to_offset(at).seconds();
        i16::try_from(seconds / 60).unwrap_or(0)
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}

/// A clock that a test moves.
#[derive(Debug)]
pub struct ManualClock {
    shown: Mutex<Timestamp>,
    counted: watch::Sender<Duration>,
    offset_min: i16,
}

impl ManualClock {
    /// A clock that stands still.
    #[must_use]
    pub fn new(now: Timestamp, offset_min: i16) -> Self {
        let (counted, _) = watch::channel(Duration::ZERO);
        Self { shown: Mutex::new(now), counted, offset_min }
    }

    /// Time passes, and what has waited for it goes on.
    pub fn pass(&self, time: Duration) {
        let now = self.now();
        self.jump(Timestamp(now.0.saturating_add(millis(time))));
        self.counted.send_modify(|counted| *counted = counted.saturating_add(time));
    }

    /// Somebody sets the clock, or the computer slept: what it shows jumps, no time is counted.
    pub fn jump(&self, to: Timestamp) {
        *self.shown.lock().unwrap_or_else(PoisonError::into_inner) = to;
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        *self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn offset_min(&self, _: Timestamp) -> i16 {
        self.offset_min
    }

    fn elapsed(&self) -> Duration {
        *self.counted.borrow()
    }

    fn wait(&self, time: Duration) -> Wait {
        let end = self.elapsed().saturating_add(time);
        let mut counted = self.counted.subscribe();
        Box::pin(async move {
            // Without a clock there is nobody left to wait.
            drop(counted.wait_for(|counted| *counted >= end).await);
        })
    }
}

/// Milliseconds of a duration.
pub(crate) fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}
