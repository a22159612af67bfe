//! Padding that hides exact lengths at a cost of at most 12 % (Padmé).

/// The padded length of `len` bytes, at least `floor`. At most the highest bits of the length
/// stay: half as many as its logarithm has.
#[must_use]
pub fn padme(len: usize, floor: usize) -> usize {
    if len <= floor || len < 2 {
        return len.max(floor);
    }
    let exponent = len.ilog2();
    let kept = exponent.ilog2().saturating_add(1);
    let low = exponent.saturating_sub(kept);
    let mask = 1usize.checked_shl(low).map_or(0, |bit| bit.saturating_sub(1));
    len.checked_add(mask).map_or(len, |sum| sum & !mask)
}

/// The next multiple of `step`.
#[must_use]
pub fn to_multiple(len: usize, step: usize) -> usize {
    len.checked_next_multiple_of(step).unwrap_or(len)
}

/// `plain` behind its length (u32, big-endian), filled with zeros up to `size(len)` bytes.
pub(crate) fn pad(plain: &[u8], size: impl Fn(usize) -> usize, spare: usize) -> Vec<u8> {
    let len = plain.len().saturating_add(4);
    let total = size(len).max(len);
    let mut padded = Vec::with_capacity(total.saturating_add(spare));
    let length = u32::try_from(plain.len()).expect("nothing sealed at once has 4 GiB");
    padded.extend_from_slice(&length.to_be_bytes());
    padded.extend_from_slice(plain);
    padded.resize(total, 0);
    padded
}

/// Takes the padding off in place. `false` when the bytes do not have that shape.
pub(crate) fn unpad(padded: &mut Vec<u8>) -> bool {
    let Some(len) = padded.first_chunk::<4>().map(|four| u32::from_be_bytes(*four)) else {
        return false;
    };
    let Ok(len) = usize::try_from(len) else { return false };
    let Some(end) = len.checked_add(4) else { return false };
    if padded.get(end..).is_none_or(|rest| rest.iter().any(|byte| *byte != 0)) {
        return false;
    }
    padded.truncate(end);
    padded.drain(..4);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_those_that_were_measured() {
        for (len, padded) in [(300, 304), (1_000, 1_024), (5_000, 5_120), (100_000, 100_352)] {
            assert_eq!(padme(len, 256), padded);
        }
        assert_eq!((padme(0, 0), padme(1, 0), padme(2, 0), padme(9, 256)), (0, 1, 2, 256));
    }

    #[test]
    fn padding_costs_at_most_twelve_percent() {
        for len in 1..70_000usize {
            let padded = padme(len, 0);
            assert!(padded >= len && padded * 100 <= len * 112, "{len} became {padded}");
        }
    }

    #[test]
    fn what_was_padded_is_found_again_and_nothing_else_is() {
        for len in [0usize, 1, 60, 61, 255, 256, 1_000] {
            let plain = vec![7u8; len];
            let mut padded = pad(&plain, |len| padme(len, 64), 0);
            assert!(unpad(&mut padded));
            assert_eq!(padded, plain);
        }
        for mut bad in [vec![], vec![0, 0, 0], vec![0, 0, 0, 1], vec![0, 0, 0, 0, 1], vec![255; 9]]
        {
            assert!(!unpad(&mut bad));
        }
    }
}
