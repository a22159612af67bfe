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
const JUMP_MS: i64 = 90_000;

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
