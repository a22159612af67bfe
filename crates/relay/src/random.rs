//! Randomness from the system.

/// Fills `bytes`, or tells that it cannot.
pub(crate) fn fill(bytes: &mut [u8]) -> bool {
    getrandom::fill(bytes).is_ok()
}

/// A number between two, for waiting times. Not for secrets: without randomness it is the lower one.
pub(crate) fn jitter_ms(from: u32, to: u32) -> u32 {
    let mut bytes = [0; 4];
    let span = to.saturating_sub(from).max(1);
    if fill(&mut bytes) {
        from.saturating_add(u32::from_le_bytes(bytes).checked_rem(span).unwrap_or(0))
    } else {
        from
    }
}
