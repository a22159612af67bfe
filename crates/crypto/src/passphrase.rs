//! The slot file: what a person knows or has, wrapped around the profile key.
//!
//! `HKSLOTS ‖ 1 ‖ memory KiB ‖ passes ‖ lanes (u32 each) ‖ salt(32) ‖ 8 × slot(104) ‖ plan(48)`.
//! One salt and one cost for the file: one Argon2 run, then every slot is tried. A slot is
//! `N(24) ‖ com(32) ‖ sealed key(48)`; a slot that is not used is random and looks the same. The
//! plan says which slot is what; it is sealed under the profile key with all bytes before it as
//! associated data, so that a changed byte anywhere in the file is noticed by whoever can open it.

mod kdf;
mod slot;

pub use kdf::KdfParams;

use crate::aead::{self, NONCE, TAG};
use crate::derive::derive;
use crate::words::RecoveryPhrase;
use crate::{ProfileKey, label, random_bytes};
use slot::{SLOT, Wrap};
use std::fmt;
use zeroize::Zeroizing;

const MAGIC: &[u8; 7] = b"HKSLOTS";
const VERSION: u8 = 1;
const SALT: usize = 32;
const COUNT: usize = 8;
const PLAN: usize = NONCE + COUNT + TAG;
const HEAD: usize = MAGIC.len() + 1 + 12 + SALT;

/// Bytes of every slot file.
pub const FILE_SIZE: usize = HEAD + COUNT * SLOT + PLAN;

/// Why a slot file refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SlotsError {
    /// Longer or shorter than a slot file.
    #[error("a slot file has {FILE_SIZE} bytes, not {got}")]
    Length {
        /// Bytes that came.
        got: usize,
    },
    /// Something else, or damaged in its first bytes.
    #[error("not a slot file")]
    NotSlots,
    /// Made by a newer version.
    #[error("slot file of version {got}")]
    Version {
        /// The version that came.
        got: u8,
    },
    /// Somebody lowered the cost of guessing, or raised it until it cannot be paid.
    #[error("guessing costs {memory_kib} KiB, {passes} passes, {lanes} lanes: outside the limits")]
    Cost {
        /// Memory, KiB.
        memory_kib: u32,
        /// Passes over it.
        passes: u32,
        /// Lanes.
        lanes: u32,
    },
    /// No slot opens: a wrong passphrase or wrong words, or the slot is damaged.
    #[error("no slot opens")]
    NoSlotOpens,
    /// A slot opens, but other bytes of the file were changed.
    #[error("the slot file was changed")]
    Changed,
}

/// What a slot holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Empty = 0,
    Passphrase = 1,
    Words = 2,
}

/// A slot file that was read. Nothing in it is secret without a passphrase or words.
#[derive(Clone, PartialEq, Eq)]
pub struct Slots {
    params: KdfParams,
    salt: [u8; SALT],
    slots: [[u8; SLOT]; COUNT],
    plan: [u8; PLAN],
}

impl fmt::Debug for Slots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slots").field("params", &self.params).finish_non_exhaustive()
    }
}

impl Slots {
    /// Wraps a profile key by a passphrase and by words, in two slots that chance chooses.
    #[must_use]
    pub fn create(
        key: &ProfileKey,
        passphrase: &str,
        phrase: &RecoveryPhrase,
        params: KdfParams,
    ) -> Self {
        let mut slots = Self {
            params,
            salt: random_bytes(),
            slots: std::array::from_fn(|_| random_bytes()),
            plan: [0; PLAN],
        };
        let [one, two] = random_bytes::<2>().map(|byte| usize::from(byte) % COUNT);
        let two = if one == two { two.wrapping_add(1) % COUNT } else { two };
        let mut kinds = [Kind::Empty as u8; COUNT];
        let wrap = Wrap::from_passphrase(passphrase, &slots.salt, params);
        slots.put(&mut kinds, one, Kind::Passphrase, &wrap, key);
        slots.put(&mut kinds, two, Kind::Words, &Wrap::from_words(phrase), key);
        slots.seal_plan(key, kinds);
        slots
    }

    /// Reads a slot file. Nothing costly happens before the limits were checked.
    ///
    /// # Errors
    /// [`SlotsError`] when it is none, or its cost lies outside the limits.
    pub fn parse(bytes: &[u8]) -> Result<Self, SlotsError> {
        if bytes.len() != FILE_SIZE {
            return Err(SlotsError::Length { got: bytes.len() });
        }
        let rest = bytes.strip_prefix(MAGIC).ok_or(SlotsError::NotSlots)?;
        let (version, rest) = rest.split_first().ok_or(SlotsError::NotSlots)?;
        if *version != VERSION {
            return Err(SlotsError::Version { got: *version });
        }
        let (cost, rest) = rest.split_first_chunk::<12>().ok_or(SlotsError::NotSlots)?;
        let params = KdfParams::from_bytes(cost)?;
        let (salt, rest) = rest.split_first_chunk::<SALT>().ok_or(SlotsError::NotSlots)?;
        let (chunks, plan) = rest.as_chunks::<SLOT>();
        let slots = chunks.try_into().map_err(|_| SlotsError::NotSlots)?;
        let plan = plan.try_into().map_err(|_| SlotsError::NotSlots)?;
        Ok(Self { params, salt: *salt, slots, plan })
    }

    /// The file's bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.before_plan();
        bytes.extend_from_slice(&self.plan);
        bytes
    }

    /// What one guess costs.
    #[must_use]
    pub fn params(&self) -> KdfParams {
        self.params
    }

    /// Opens with a passphrase. Costs the same whether it is right or wrong.
    ///
    /// # Errors
    /// [`SlotsError::NoSlotOpens`], or [`SlotsError::Changed`] when the rest was tampered with.
    pub fn open_with_passphrase(&self, passphrase: &str) -> Result<ProfileKey, SlotsError> {
        self.open(&Wrap::from_passphrase(passphrase, &self.salt, self.params))
    }

    /// Opens with the 24 words.
    ///
    /// # Errors
    /// As [`Self::open_with_passphrase`].
    pub fn open_with_words(&self, phrase: &RecoveryPhrase) -> Result<ProfileKey, SlotsError> {
        self.open(&Wrap::from_words(phrase))
    }

    /// The same file with another passphrase, another salt and a cost that fits today's computer.
    ///
    /// # Errors
    /// [`SlotsError::Changed`] when the key is not the one in this file.
    pub fn with_passphrase(
        &self,
        key: &ProfileKey,
        passphrase: &str,
        params: KdfParams,
    ) -> Result<Self, SlotsError> {
        let mut kinds = self.open_plan(key)?;
        let mut new = Self { params, salt: random_bytes(), ..self.clone() };
        let wrap = Wrap::from_passphrase(passphrase, &new.salt, params);
        new.replace(&mut kinds, Kind::Passphrase, &wrap, key)?;
        Ok(new)
    }

    /// The same file with other words.
    ///
    /// # Errors
    /// [`SlotsError::Changed`] when the key is not the one in this file.
    pub fn with_words(
        &self,
        key: &ProfileKey,
        phrase: &RecoveryPhrase,
    ) -> Result<Self, SlotsError> {
        let mut kinds = self.open_plan(key)?;
        let mut new = self.clone();
        new.replace(&mut kinds, Kind::Words, &Wrap::from_words(phrase), key)?;
        Ok(new)
    }

    fn open(&self, wrap: &Wrap) -> Result<ProfileKey, SlotsError> {
        // All eight are tried, so that time does not tell which one opened.
        let keys: Vec<_> = (0u8..).zip(&self.slots).map(|(at, slot)| wrap.open(at, slot)).collect();
        let key = keys.into_iter().flatten().next().ok_or(SlotsError::NoSlotOpens)?;
        self.open_plan(&key)?;
        Ok(key)
    }

    fn replace(
        &mut self,
        kinds: &mut [u8; COUNT],
        kind: Kind,
        wrap: &Wrap,
        key: &ProfileKey,
    ) -> Result<(), SlotsError> {
        let at = kinds
            .iter()
            .position(|one| *one == kind as u8)
            .or_else(|| kinds.iter().position(|one| *one == Kind::Empty as u8))
            .ok_or(SlotsError::Changed)?;
        self.put(kinds, at, kind, wrap, key);
        self.seal_plan(key, *kinds);
        Ok(())
    }

    fn put(
        &mut self,
        kinds: &mut [u8; COUNT],
        at: usize,
        kind: Kind,
        wrap: &Wrap,
        key: &ProfileKey,
    ) {
        let number = u8::try_from(at).unwrap_or(u8::MAX);
        if let (Some(slot), Some(one)) = (self.slots.get_mut(at), kinds.get_mut(at)) {
            *slot = wrap.seal(number, key);
            *one = kind as u8;
        }
    }

    fn before_plan(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(FILE_SIZE);
        bytes.extend_from_slice(MAGIC);
        bytes.push(VERSION);
        bytes.extend_from_slice(&self.params.to_bytes());
        bytes.extend_from_slice(&self.salt);
        bytes.extend_from_slice(self.slots.as_flattened());
        bytes
    }

    fn seal_plan(&mut self, key: &ProfileKey, kinds: [u8; COUNT]) {
        let plan_key = derive(key.expose(), label::SLOT_PLAN_KEY, &[]);
        let nonce = random_bytes();
        let mut sealed = kinds.to_vec();
        aead::seal(&plan_key, &nonce, &self.before_plan(), &mut sealed);
        self.plan.iter_mut().zip(nonce.iter().chain(&sealed)).for_each(|(to, from)| *to = *from);
    }

    fn open_plan(&self, key: &ProfileKey) -> Result<[u8; COUNT], SlotsError> {
        let plan_key = derive(key.expose(), label::SLOT_PLAN_KEY, &[]);
        let (nonce, sealed) = self.plan.split_first_chunk::<NONCE>().ok_or(SlotsError::Changed)?;
        let mut kinds = Zeroizing::new(sealed.to_vec());
        aead::open(&plan_key, nonce, &self.before_plan(), &mut kinds)
            .map_err(|_| SlotsError::Changed)?;
        kinds.as_slice().try_into().map_err(|_| SlotsError::Changed)
    }
}

#[cfg(test)]
mod tests;
