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

/// A name of this day, or of a later one when archives of later days lie there: a clock that was
/// once wrong must not make an older backup the newest for good.
pub(crate) fn free_name(folder: &Path, day: Day) -> Result<String, ArchiveError> {
    let place = |path: &PathBuf| path.file_name()?.to_str().and_then(archive_place);
    let (day, number) = match archives(folder)?.first().and_then(place) {
        Some((newest, 99..)) if newest >= day => (Day(newest.0.saturating_add(1)), 1),
        Some((newest, number)) if newest >= day => (newest, number.saturating_add(1)),
        _ => (day, 1),
    };
    let name = name::archive(day, number);
    // Beyond the end of the calendar every name is there already.
    if folder.join(&name).exists() { Err(ArchiveError::Exists { file: name }) } else { Ok(name) }
}
