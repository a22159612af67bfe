//! How long to wait before the next turn.

use std::time::Duration;

use hearthkeep_crypto::random_bytes;

const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(300);
/// Also when nothing wakes: a wake is a hint and may be lost.
const POLL: Duration = Duration::from_secs(300);

/// How long to wait before the next turn of one group.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Pace {
    failures: u32,
}

impl Pace {
    /// After a turn that went through.
    pub(crate) fn went_well(&mut self) -> Duration {
        self.failures = 0;
        jitter(POLL, random_bytes())
    }

    /// After one that failed: twice as long each time, to five minutes, and never in step with
    /// others whose relay has failed at the same moment.
    pub(crate) fn failed(&mut self, asked_ms: Option<u32>) -> Duration {
        let doubled = FIRST.saturating_mul(1_u32.checked_shl(self.failures).unwrap_or(u32::MAX));
        self.failures = self.failures.saturating_add(1).min(16);
        let asked = Duration::from_millis(u64::from(asked_ms.unwrap_or(0)));
        jitter(doubled.min(LONGEST), random_bytes()).max(asked.min(LONGEST))
    }

    /// A person asks, or the network is back.
    pub(crate) const fn forget(&mut self) {
        self.failures = 0;
    }
}

/// Between one and one and a half times as long.
fn jitter(time: Duration, random: [u8; 2]) -> Duration {
    let part = u32::from(u16::from_le_bytes(random));
    time.saturating_add(time.saturating_mul(part).div_f64(131_072.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_minutes_and_begin_anew_when_a_turn_goes_through() {
        let mut pace = Pace::default();
        let waits: Vec<Duration> = (0..40).map(|_| pace.failed(None)).collect();
        assert!(waits.first().is_some_and(|first| *first < Duration::from_secs(2)));
        assert!(waits.iter().all(|wait| *wait <= LONGEST.saturating_mul(3) / 2));
        assert!(waits.last().is_some_and(|last| *last >= LONGEST));
        assert!(pace.went_well() >= POLL);
        assert!(pace.failed(None) < Duration::from_secs(2));
        assert!(pace.failed(Some(20_000)) >= Duration::from_secs(20));
        assert!(pace.failed(Some(u32::MAX)) <= LONGEST, "a relay cannot ask for weeks");
    }

    #[test]
    fn jitter_adds_up_to_one_half() {
        let second = Duration::from_secs(1);
        assert_eq!(jitter(second, [0, 0]), second);
        assert!(jitter(second, [255, 255]) < Duration::from_millis(1_500));
    }
}
