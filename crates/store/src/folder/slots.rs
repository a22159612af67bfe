//! The slot file on disk: `slots`, and `slots.kept` beside it.
//!
//! Without it the vault is lost, so the old one stays until the new one has been read back. Then
//! the kept copy becomes the new one too: a passphrase that was given up must open nothing.

use super::{ProfileFolder, WritePoint, atomic};
use crate::StoreError;
use hearthkeep_crypto::passphrase::{FILE_SIZE, Slots, SlotsError};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

impl ProfileFolder {
    fn slots_path(&self) -> PathBuf {
        self.path().join("slots")
    }

    fn kept_path(&self) -> PathBuf {
        self.path().join("slots.kept")
    }

    /// Whether there is a vault.
    #[must_use]
    pub fn has_vault(&self) -> bool {
        self.slots_path().exists() || self.kept_path().exists()
    }

    /// The slot file does not read, and the kept copy does.
    #[must_use]
    pub fn slots_damaged(&self) -> bool {
        self.read_slots().is_err() && read(&self.kept_path()).is_ok()
    }

    /// Reads the slot file.
    ///
    /// # Errors
    /// [`StoreError::NoVault`] when there is none; [`StoreError::Slots`] when it is damaged.
    pub fn read_slots(&self) -> Result<Slots, StoreError> {
        if !self.has_vault() {
            return Err(StoreError::NoVault);
        }
        read(&self.slots_path())
    }

    /// Reads the kept copy of the slot file.
    ///
    /// # Errors
    /// As [`Self::read_slots`].
    pub fn read_kept_slots(&self) -> Result<Slots, StoreError> {
        read(&self.kept_path())
    }

    /// Puts the kept copy in the place of a damaged slot file.
    ///
    /// # Errors
    /// When the kept copy does not read either, or cannot be written.
    pub fn use_kept_slots(&self) -> Result<(), StoreError> {
        let kept = self.read_kept_slots()?;
        let new = self.path().join("slots.new");
        atomic::write_synced(&new, &kept.to_bytes())?;
        atomic::rename(&new, &self.slots_path())?;
        atomic::sync_folder(self.path())
    }

    /// Writes the slot file.
    ///
    /// # Errors
    /// What the file system says; then the old one is still there.
    pub fn write_slots(&self, slots: &Slots) -> Result<(), StoreError> {
        let (bytes, new) = (slots.to_bytes(), self.path().join("slots.new"));
        atomic::write_synced(&new, &bytes)?;
        self.at(WritePoint::SlotsNew);
        if let Ok(old) = read(&self.slots_path()) {
            self.keep(&old)?;
        }
        self.at(WritePoint::SlotsKept);
        atomic::rename(&new, &self.slots_path())?;
        atomic::sync_folder(self.path())?;
        self.at(WritePoint::SlotsRenamed);
        if read(&self.slots_path())? != *slots {
            return Err(StoreError::Slots(SlotsError::Changed));
        }
        self.keep(slots)
    }

    fn keep(&self, slots: &Slots) -> Result<(), StoreError> {
        let new = self.path().join("slots.kept.new");
        atomic::write_synced(&new, &slots.to_bytes())?;
        atomic::rename(&new, &self.kept_path())?;
        atomic::sync_folder(self.path())
    }
}

fn read(path: &Path) -> Result<Slots, StoreError> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(FILE_SIZE).unwrap_or(u64::MAX).saturating_add(1);
    fs::File::open(path)
        .and_then(|file| file.take(limit).read_to_end(&mut bytes))
        .map_err(|error| StoreError::file(path, error))?;
    Ok(Slots::parse(&bytes)?)
}
