//! Locks when nobody is there: no key for a while, or a clock that jumped because the computer
//! slept.

use crate::app_core::AppCore;
use crate::lock;
use std::sync::Mutex;
use std::time::{Duration, Instant, SystemTime};
use tauri::{AppHandle, Manager};
use tokio::time::sleep;

const TICK: Duration = Duration::from_secs(5);
const JUMP: Duration = Duration::from_secs(30);

/// When the page last heard a key or a click.
pub(crate) struct Idle(Mutex<Instant>);

impl Default for Idle {
    fn default() -> Self {
        Self(Mutex::new(Instant::now()))
    }
}

impl Idle {
    /// Somebody is there.
    pub(crate) fn somebody_is_there(&self) {
        if let Ok(mut last) = self.0.lock() {
            *last = Instant::now();
        }
    }

    fn since(&self) -> Duration {
        self.0.lock().map_or(Duration::MAX, |last| last.elapsed())
    }
}

/// Looks every few seconds.
pub(crate) fn start(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        loop {
            let (wall, steady) = (wall_clock(), Instant::now());
            sleep(TICK).await;
            let jumped = jumped(wall, wall_clock(), steady.elapsed());
            if jumped || idle_too_long(&app).await {
                lock::lock(&app).await;
            }
        }
    });
}

/// The wall clock went another way than the steady one. Set forward by hand it looks the same as
/// a computer that slept: to lock once too often harms nobody.
fn jumped(before: SystemTime, now: SystemTime, passed: Duration) -> bool {
    match now.duration_since(before) {
        Ok(walked) => walked.abs_diff(passed) > JUMP,
        Err(back) => back.duration().saturating_add(passed) > JUMP,
    }
}

async fn idle_too_long(app: &AppHandle) -> bool {
    let Some(limit) = app.state::<AppCore>().idle_limit().await else { return false };
    app.state::<Idle>().since() > limit
}

#[expect(clippy::disallowed_methods, reason = "the shell reads the clock; the core never does")]
fn wall_clock() -> SystemTime {
    SystemTime::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sleep_of_the_computer_is_a_jump_and_a_slow_tick_is_not() {
        let start = wall_clock();
        let seconds = Duration::from_secs;
        assert!(!jumped(start, start + seconds(5), seconds(5)));
        assert!(!jumped(start, start + seconds(65), seconds(60)));
        assert!(jumped(start, start + seconds(3600), seconds(5)));
        assert!(jumped(start + seconds(3600), start, seconds(5)));
    }
}
