//! Randomness of the operating system, for keys, nonces and ids.

/// `N` random bytes.
///
/// # Panics
/// When the system has no randomness to give: nothing sealed from then on would be safe, and
/// stopping is the only honest answer.
#[must_use]
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0u8; N];
    getrandom::fill(&mut bytes).expect("the system gives randomness");
    bytes
}
