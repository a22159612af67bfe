//! The folder of the automatic form: its key files, and which archives lie in it.

use crate::ArchiveError;
use crate::backup::name::{self, archive_place};
use crate::backup::part::write_whole;
use crate::backup::readme;
use crate::backup::watch::Watch;
use hearthkeep_model::Day;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// The sealed key files of a folder, ready to be written: see [`crate::seal_identity`].
#[derive(Clone, Copy)]
pub struct KeyFiles<'a> {
    /// The identity under the backup passphrase; `None` leaves what is there.
    pub key: Option<&'a [u8]>,
    /// The identity under the 24 words; `None` leaves what is there.
    pub kit: Option<&'a [u8]>,
}

impl fmt::Debug for KeyFiles<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeyFiles(…)")
    }
}

/// Puts the key files and the page for people into a folder, each whole or not at all.
///
/// # Errors
/// What the system says about the folder.
pub fn set_key_files(
    folder: &Path,
    files: KeyFiles<'_>,
    mut watch: Watch<'_>,
) -> Result<(), ArchiveError> {
    let watch = &mut watch;
    write_whole(folder, name::README, readme::TEXT.as_bytes(), watch)?;
    if let Some(kit) = files.kit {
        write_whole(folder, name::KIT, kit, watch)?;
    }
    match files.key {
        Some(key) => write_whole(folder, name::KEY, key, watch),
        None => Ok(()),
    }
}

/// The archives of a folder, newest first.
///
/// # Errors
/// What the system says about the folder.
pub fn archives(folder: &Path) -> Result<Vec<PathBuf>, ArchiveError> {
    let refuse = |error| ArchiveError::io(folder, error);
    let mut found = Vec::new();
    for item in fs::read_dir(folder).map_err(refuse)? {
        let item = item.map_err(refuse)?;
        if let Some(place) = item.file_name().to_str().and_then(archive_place) {
            found.push((place, item.path()));
        }
    }
    found.sort_unstable_by_key(|(place, _)| std::cmp::Reverse(*place));
    Ok(found.into_iter().map(|(_, path)| path).collect())
}

/// The first name of this day that is free.
pub(crate) fn free_name(folder: &Path, day: Day) -> Result<String, ArchiveError> {
    let free = |name: &String| !folder.join(name).exists();
    let name = (1..=99).map(|number| name::archive(day, number)).find(free);
    name.ok_or_else(|| ArchiveError::NotWritable { file: name::archive(day, 99) })
}
