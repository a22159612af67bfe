//! What functions that have returned leave on the stack.
//!
//! A stream cipher and a hash copy the last block of what they work on, up to 64 bytes of somebody's
//! words, into a buffer of their own frame, and nobody overwrites it when they return: it stays until
//! another call happens to reach as deep. On a thread that then sleeps it stays for hours.

use std::hint::black_box;
use zeroize::Zeroize;

/// Eight bytes each: 16 KiB, several times as deep as cipher and hash go in a debug build.
const WORDS: usize = 2_048;

/// Does something with words, then overwrites what it has left on the stack.
pub(crate) fn washed<T>(work: impl FnOnce() -> T) -> T {
    let done = below(work);
    wash();
    done
}

/// Never inlined: what `work` leaves must lie where `wash` reaches, not in the caller's own frame.
#[inline(never)]
fn below<T>(work: impl FnOnce() -> T) -> T {
    work()
}

#[inline(never)]
fn wash() {
    let mut room = [0_u64; WORDS];
    room.zeroize();
    black_box(&room);
}
