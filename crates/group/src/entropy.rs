//! Our own randomness comes in as a seed, so that one seed replays a whole history.
//!
//! Nonces and the randomness inside MLS come from the operating system all the same: a clone of a
//! profile must never repeat them.

use hearthkeep_crypto::hash::sha256;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// Bytes that follow from a seed: ids, names of attempts, keys of bodies.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct Entropy {
    state: [u8; 32],
}

impl std::fmt::Debug for Entropy {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Entropy(…)")
    }
}

impl Entropy {
    /// Starts from a seed. Outside tests it comes from the operating system.
    #[must_use]
    pub const fn from_seed(seed: [u8; 32]) -> Self {
        Self { state: seed }
    }

    /// The next 32 bytes. The state moves on by a hash, so that what came before cannot be found.
    pub fn next_32(&mut self) -> [u8; 32] {
        let mut block = [0u8; 33];
        block.iter_mut().zip(self.state.iter()).for_each(|(to, from)| *to = *from);
        let out = sha256(&block);
        block.iter_mut().skip(32).for_each(|last| *last = 1);
        self.state = sha256(&block);
        block.zeroize();
        out
    }

    /// The next 16 bytes.
    pub fn next_16(&mut self) -> [u8; 16] {
        let mut out = [0u8; 16];
        out.iter_mut().zip(self.next_32()).for_each(|(to, from)| *to = from);
        out
    }
}
