//! How many guesses a passphrase would withstand, estimated on this computer.

/// The decimal logarithm of the guesses that an attacker who knows how people choose would need.
#[must_use]
pub fn guesses_log10(passphrase: &str) -> f64 {
    // Beyond this length the estimate costs time and says nothing new.
    let start: String = passphrase.chars().take(100).collect();
    zxcvbn::zxcvbn(&start, &["hearthkeep"]).guesses_log10()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_random_words_withstand_more_than_a_name_and_a_year() {
        assert!(guesses_log10("martin1987") < 9.0);
        assert!(guesses_log10("orbit velvet canyon spoon ladder frost") > 18.0);
        assert!(guesses_log10(&"x".repeat(100_000)) < 20.0);
    }
}
