//! Writing a file so that a crash leaves the old one or the new one, never half of one.

use crate::StoreError;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

/// Writes a new file that only its owner can read, and waits until it is on the disk.
pub(crate) fn write_synced(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let write = || {
        let mut options = File::options();
        options.create(true).truncate(true).write(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().map_err(|error| {
        // Half a file is worth nothing, and on a full disk its room is needed.
        fs::remove_file(path).ok();
        StoreError::file(path, error)
    })
}

/// Gives a file another name, in place of the file that had it.
pub(crate) fn rename(from: &Path, to: &Path) -> Result<(), StoreError> {
    fs::rename(from, to).map_err(|error| StoreError::file(from, error))
}

/// Waits until the names in a folder are on the disk.
pub(crate) fn sync_folder(path: &Path) -> Result<(), StoreError> {
    // Windows has no such call: there a rename is durable with the file system's own journal.
    #[cfg(unix)]
    File::open(path)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| StoreError::file(path, error))?;
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}
