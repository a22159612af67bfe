//! What one guess at a passphrase costs: Argon2id, with a floor and a ceiling.

use super::SlotsError;
use argon2::{Algorithm, Argon2, Params, Version};
use std::time::Duration;
use zeroize::Zeroizing;

const FLOOR_KIB: u32 = 64 * 1024;
const CEILING_KIB: u32 = 1024 * 1024;
const FLOOR_PASSES: u32 = 3;
const CEILING_PASSES: u32 = 10;
const CEILING_LANES: u32 = 8;
const STEP_KIB: u64 = 8 * 1024;

/// Cost of one run of Argon2id, always within the limits: 64 MiB to 1 GiB, 3 to 10 passes, 1 to 8
/// lanes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KdfParams {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl KdfParams {
    /// The least that is ever accepted.
    pub const FLOOR: Self = Self { memory_kib: FLOOR_KIB, passes: FLOOR_PASSES, lanes: 1 };

    /// A cost within the limits.
    ///
    /// # Errors
    /// [`SlotsError::Cost`] when it lies outside: too cheap to protect, or too dear to pay.
    pub fn new(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, SlotsError> {
        let within = (FLOOR_KIB..=CEILING_KIB).contains(&memory_kib)
            && (FLOOR_PASSES..=CEILING_PASSES).contains(&passes)
            && (1..=CEILING_LANES).contains(&lanes);
        if within {
            Ok(Self { memory_kib, passes, lanes })
        } else {
            Err(SlotsError::Cost { memory_kib, passes, lanes })
        }
    }

    /// The cost that takes about `target` here: the median of three runs at the floor, scaled by
    /// memory. A busy moment cannot buy less than the floor. `elapsed` is a clock that only rises.
    #[must_use]
    pub fn calibrate(target: Duration, elapsed: &dyn Fn() -> Duration) -> Self {
        let mut runs: [Duration; 3] = std::array::from_fn(|_| {
            let start = elapsed();
            drop(Self::FLOOR.run(b"calibration", &[0; 32]));
            elapsed().saturating_sub(start)
        });
        runs.sort_unstable();
        let [_, median, _] = runs;
        let scaled = u64::from(FLOOR_KIB)
            .saturating_mul(u64::try_from(target.as_micros()).unwrap_or(u64::MAX))
            .checked_div(u64::try_from(median.as_micros()).unwrap_or(u64::MAX))
            .unwrap_or(u64::from(CEILING_KIB));
        let steps = scaled.checked_div(STEP_KIB).unwrap_or(0).saturating_mul(STEP_KIB);
        let memory = u32::try_from(steps).unwrap_or(CEILING_KIB).clamp(FLOOR_KIB, CEILING_KIB);
        Self { memory_kib: memory, ..Self::FLOOR }
    }

    /// Memory that one guess needs.
    #[must_use]
    pub fn memory_kib(self) -> u32 {
        self.memory_kib
    }

    pub(super) fn from_bytes(bytes: &[u8; 12]) -> Result<Self, SlotsError> {
        let (fours, _) = bytes.as_chunks::<4>();
        let mut numbers = fours.iter().map(|four| u32::from_be_bytes(*four));
        let mut next = || numbers.next().unwrap_or(0);
        Self::new(next(), next(), next())
    }

    pub(super) fn to_bytes(self) -> [u8; 12] {
        let numbers = [self.memory_kib, self.passes, self.lanes].map(u32::to_be_bytes);
        let mut bytes = [0u8; 12];
        bytes.iter_mut().zip(numbers.as_flattened()).for_each(|(to, from)| *to = *from);
        bytes
    }

    /// One run: 32 bytes from a passphrase and a salt.
    pub(super) fn run(self, passphrase: &[u8], salt: &[u8; 32]) -> Zeroizing<[u8; 32]> {
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(32))
            .expect("the limits are within Argon2's own");
        let mut out = Zeroizing::new([0u8; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase, salt, out.as_mut_slice())
            .expect("a passphrase of less than 4 GiB and a salt of 32 bytes");
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn a_slow_computer_gets_the_floor_and_a_fast_one_more() {
        let clock = |step_ms: u64| {
            let now = Cell::new(0);
            move || {
                now.set(now.get() + step_ms);
                Duration::from_millis(now.get())
            }
        };
        let slow = KdfParams::calibrate(Duration::from_millis(700), &clock(5_000));
        assert_eq!(slow, KdfParams::FLOOR);
        let fast = KdfParams::calibrate(Duration::from_millis(700), &clock(233));
        assert_eq!(fast.memory_kib(), 192 * 1024);
        let dreamt = KdfParams::calibrate(Duration::from_millis(700), &|| Duration::ZERO);
        assert_eq!(dreamt.memory_kib(), CEILING_KIB);
    }
}
