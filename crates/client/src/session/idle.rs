//! Locking by itself: when nobody is there, and when the clock jumps.

use crate::clock::millis;
use crate::hearthkeep::{Hearthkeep, Inner};
use hearthkeep_model::Timestamp;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::Duration;

/// How often it is looked at.
const LOOK: Duration = Duration::from_secs(5);
/// A jump of the clock of more than this is a sleep, or somebody's hand.
const JUMP_MS: i64 = 30_000;

/// What the two clocks said when it was looked at last.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Looked {
    shown: Timestamp,
    passed: i64,
}

impl Hearthkeep {
    /// Somebody is there: the idle clock begins anew.
    pub fn activity(&self) {
        self.inner.active.store(millis(self.clock().elapsed()), Ordering::Relaxed);
    }

    /// Looks from time to time, for as long as this session lasts.
    pub(crate) fn watch_idle(&self) {
        let (inner, mut looked) = (Arc::downgrade(&self.inner), self.looked());
        let Ok(session) = self.session() else { return };
        let session = Arc::downgrade(&session);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(LOOK).await;
                let Some(here) = Self::of(&inner) else { return };
                if session.strong_count() == 0 || here.lock_if_due(&mut looked).await {
                    return;
                }
            }
        });
    }

    fn of(inner: &Weak<Inner>) -> Option<Self> {
        inner.upgrade().map(|inner| Self { inner })
    }

    pub(crate) fn looked(&self) -> Looked {
        Looked { shown: self.clock().now(), passed: millis(self.clock().elapsed()) }
    }

    /// Locks when nobody was there for as long as the person set, or when the clock jumped.
    /// `true` when it did.
    pub(crate) async fn lock_if_due(&self, looked: &mut Looked) -> bool {
        let now = self.looked();
        let shown = now.shown.0.saturating_sub(looked.shown.0);
        let passed = now.passed.saturating_sub(looked.passed);
        let jumped = shown.saturating_sub(passed).saturating_abs() > JUMP_MS;
        *looked = now;
        let minutes = self.settings().await.map_or(0, |settings| settings.lock_after_min);
        let idle = now.passed.saturating_sub(self.inner.active.load(Ordering::Relaxed));
        let due = minutes > 0 && idle >= i64::from(minutes).saturating_mul(60_000);
        if jumped || due {
            return self.lock().await.is_ok();
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::ProfileState;
    use crate::{Clock, Cost, Events, ManualClock};

    async fn unlocked(place: &std::path::Path) -> (Hearthkeep, Arc<ManualClock>) {
        let clock = Arc::new(ManualClock::new(Timestamp(1_795_550_640_000), 60));
        let here: Arc<dyn Clock> = clock.clone();
        let app = Hearthkeep::open_at_cost(place, here, Events::unheard(), Cost::Least).unwrap();
        app.create_vault("a long walk by the sea").await.unwrap();
        (app, clock)
    }

    #[tokio::test]
    async fn it_locks_when_nobody_was_there_for_ten_minutes_and_not_before() {
        let place = tempfile::tempdir().unwrap();
        let (app, clock) = unlocked(place.path()).await;
        let mut looked = app.looked();
        clock.pass(Duration::from_secs(9 * 60));
        assert!(!app.lock_if_due(&mut looked).await);
        app.activity();
        clock.pass(Duration::from_secs(9 * 60));
        assert!(!app.lock_if_due(&mut looked).await);
        clock.pass(Duration::from_secs(61));
        assert!(app.lock_if_due(&mut looked).await);
        assert_eq!(app.profile().state, ProfileState::Locked);
    }

    #[tokio::test]
    async fn it_never_locks_by_idleness_when_the_person_said_so() {
        let place = tempfile::tempdir().unwrap();
        let (app, clock) = unlocked(place.path()).await;
        let mut settings = app.settings().await.unwrap();
        settings.lock_after_min = 0;
        app.set_settings(&settings).await.unwrap();
        let mut looked = app.looked();
        clock.pass(Duration::from_secs(86_400));
        assert!(!app.lock_if_due(&mut looked).await);
    }

    #[tokio::test]
    async fn a_clock_that_jumps_locks_forwards_and_backwards() {
        for to in [1_795_550_640_000 + 120_000, 1_795_550_640_000 - 120_000] {
            let place = tempfile::tempdir().unwrap();
            let (app, clock) = unlocked(place.path()).await;
            let entry = app.new_entry().await.unwrap();
            let mut looked = app.looked();
            clock.jump(Timestamp(to));
            assert!(app.lock_if_due(&mut looked).await);
            app.unlock("a long walk by the sea").await.unwrap();
            assert_eq!(app.entry(&entry.id).unwrap(), entry);
        }
    }
}
