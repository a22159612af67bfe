//! Fresh signatures over a protocol that remembers nothing (PROTOCOL W5, W6).
//!
//! A nonce proves by itself that this process gave it out, so giving one out costs no memory. What
//! is remembered is which counters have come under it, and only once a signature has verified.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use hearthkeep_wire::{Nonce, blob_hash, limits};

use crate::{error::RelayError, random};

/// Nonces whose counters are remembered at once. 64 bytes each.
const REMEMBERED: usize = 262_144;

/// Gives out nonces and remembers their counters.
pub(crate) struct Nonces {
    key: [u8; 32],
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    /// The first four bytes of a nonce are its minute, so the oldest come first.
    windows: BTreeMap<[u8; 24], Window>,
    /// Nonces of earlier minutes are stale as a whole.
    floor_min: u32,
}

/// The newest counter and which of those before it have come.
#[derive(Debug, Clone, Copy, Default)]
struct Window {
    newest: u64,
    /// Bit n: `newest - n` has come.
    come: u128,
}

impl std::fmt::Debug for Nonces {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Nonces")
    }
}

impl Nonces {
    /// With a key that lives as long as this process.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub(crate) fn new() -> Result<Self, RelayError> {
        let mut key = [0; 32];
        if !random::fill(&mut key) {
            return Err(RelayError::Randomness);
        }
        Ok(Self { key, seen: Mutex::default() })
    }

    /// A fresh nonce.
    pub(crate) fn give(&self, now_s: u64) -> Nonce {
        let mut random = [0; 12];
        // Without randomness two nonces of one minute are equal and share their counters: no hole,
        // only refusals.
        random::fill(&mut random);
        let minute = minute(now_s).to_be_bytes();
        let proof = self.proof(&minute, &random);
        let mut bytes = [0; 24];
        for (to, from) in bytes.iter_mut().zip(minute.iter().chain(&random).chain(&proof)) {
            *to = *from;
        }
        Nonce(bytes)
    }

    /// Whether it is one of ours and not too old. To be asked before the signature is verified.
    pub(crate) fn is_ours(&self, nonce: &Nonce, now_s: u64) -> bool {
        let Some((given, proof)) = nonce.as_bytes().split_at_checked(16) else { return false };
        let Some((minute_bytes, random)) = given.split_first_chunk::<4>() else { return false };
        if self.proof(minute_bytes, random) != proof {
            return false;
        }
        let (given, now) = (u32::from_be_bytes(*minute_bytes), minute(now_s));
        given <= now && now.saturating_sub(given) <= limits::NONCE_LIFE_MIN
    }

    /// Notes a counter. Refused when it has come before, or may have. To be asked after the
    /// signature was verified, so that a stranger cannot use counters up.
    pub(crate) fn note(&self, nonce: &Nonce, counter: u64, now_s: u64) -> bool {
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let oldest = minute(now_s).saturating_sub(limits::NONCE_LIFE_MIN);
        seen.forget_before(oldest);
        if seen.windows.len() >= REMEMBERED
            && !seen.windows.contains_key(nonce.as_bytes())
            && let Some(first) = seen.windows.keys().next().map(minute_of)
        {
            seen.forget_before(first.saturating_add(1));
        }
        if minute_of(nonce.as_bytes()) < seen.floor_min {
            return false;
        }
        seen.windows.entry(*nonce.as_bytes()).or_default().note(counter)
    }

    /// A keyed hash over bytes of fixed length.
    fn proof(&self, minute: &[u8], random: &[u8]) -> [u8; 8] {
        let hash = blob_hash(&[self.key.as_slice(), minute, random].concat());
        hash.as_bytes().first_chunk::<8>().copied().unwrap_or_default()
    }
}

impl Seen {
    /// What is forgotten is stale from then on, never open to replay.
    fn forget_before(&mut self, minute: u32) {
        if minute > self.floor_min {
            self.floor_min = minute;
            let mut edge = [0; 24];
            for (to, from) in edge.iter_mut().zip(minute.to_be_bytes()) {
                *to = from;
            }
            self.windows = self.windows.split_off(&edge);
        }
    }
}

impl Window {
    /// Counters begin at 1, so an empty window is one whose counter 0 has come.
    fn note(&mut self, counter: u64) -> bool {
        if counter > self.newest {
            let by = u32::try_from(counter.saturating_sub(self.newest)).unwrap_or(u32::MAX);
            self.come = self.come.checked_shl(by).unwrap_or(0) | 1;
            self.newest = counter;
            return true;
        }
        let back = self.newest.saturating_sub(counter);
        if counter == 0 || back >= limits::COUNTER_WINDOW {
            return false;
        }
        let bit = u32::try_from(back).ok().and_then(|back| 1_u128.checked_shl(back)).unwrap_or(0);
        let fresh = self.come & bit == 0;
        self.come |= bit;
        fresh
    }
}

fn minute(now_s: u64) -> u32 {
    u32::try_from(now_s / 60).unwrap_or(u32::MAX)
}

fn minute_of(nonce: &[u8; 24]) -> u32 {
    nonce.first_chunk::<4>().map_or(0, |bytes| u32::from_be_bytes(*bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_800_000_000;

    #[test]
    fn w5_a_nonce_is_ours_for_an_hour_and_no_other_process_gave_it() {
        let (ours, others) = (Nonces::new().unwrap(), Nonces::new().unwrap());
        let nonce = ours.give(NOW);
        assert!(ours.is_ours(&nonce, NOW));
        assert!(ours.is_ours(&nonce, NOW + 3_600));
        assert!(!ours.is_ours(&nonce, NOW + 3_660));
        assert!(!ours.is_ours(&nonce, NOW - 3_600));
        assert!(!others.is_ours(&nonce, NOW));
        for at in 0..24 {
            let mut forged = nonce;
            forged.0[at] ^= 1;
            assert!(!ours.is_ours(&forged, NOW), "byte {at}");
        }
    }

    #[test]
    fn w6_a_counter_is_taken_once_and_late_ones_within_the_window() {
        let nonces = Nonces::new().unwrap();
        let nonce = nonces.give(NOW);
        let note = |counter| nonces.note(&nonce, counter, NOW);
        assert!(!note(0));
        assert!(note(3));
        assert!(!note(3));
        assert!(note(1));
        assert!(note(2));
        assert!(!note(2));
        assert!(note(200));
        assert!(!note(72));
        assert!(note(73));
        assert!(!note(73));
        assert!(note(u64::MAX));
        assert!(!note(200));
    }

    #[test]
    fn w6_what_is_forgotten_is_stale_and_not_open_to_replay() {
        let nonces = Nonces::new().unwrap();
        let nonce = nonces.give(NOW);
        assert!(nonces.note(&nonce, 1, NOW));
        nonces.seen.lock().unwrap().forget_before(minute(NOW) + 1);
        assert!(nonces.seen.lock().unwrap().windows.is_empty());
        assert!(!nonces.note(&nonce, 1, NOW));
        assert!(!nonces.note(&nonce, 2, NOW));
        assert!(nonces.note(&nonces.give(NOW + 60), 1, NOW + 60));
    }
}
