//! How long a passphrase would hold against somebody who has this computer.

use crate::hearthkeep::Hearthkeep;
use crate::view::{Holds, Strength};
use hearthkeep_crypto::{strength, words};

/// Shorter ones are refused, whatever they are.
const SHORTEST: usize = 8;
/// Logarithm of the guesses that a determined attacker tries in a second against Argon2id at its
/// floor: some graphics cards together.
const GUESSES_PER_SECOND: f64 = 4.0;
/// Logarithms of the seconds of four hours, a month, and ten years.
const EVENING: f64 = 4.16;
const MONTH: f64 = 6.41;
const TEN_YEARS: f64 = 8.5;
/// Logarithm of the guesses at the end of the line.
const END: f64 = 16.0;

pub(crate) fn enough(passphrase: &str) -> bool {
    passphrase.chars().count() >= SHORTEST
}

impl Hearthkeep {
    /// An honest estimate, made on this computer.
    #[must_use]
    pub fn strength(&self, passphrase: &str) -> Strength {
        let guesses = strength::guesses_log10(passphrase);
        let seconds = guesses - GUESSES_PER_SECOND;
        let holds = if seconds <= EVENING {
            Holds::Evening
        } else if seconds <= MONTH {
            Holds::Month
        } else if seconds <= TEN_YEARS {
            Holds::TenYears
        } else {
            Holds::Lifetime
        };
        Strength { holds, place: (guesses / END).clamp(0.0, 1.0), enough: enough(passphrase) }
    }

    /// Six random words.
    #[must_use]
    pub fn suggest_passphrase(&self) -> String {
        words::suggest_passphrase().to_string()
    }
}
