//! A file that is there to be removed: on a full disk it makes room for the last save.

use crate::ProfileFolder;
use crate::folder::write_synced;
use hearthkeep_crypto::random_bytes;
use std::fs;

const SIZE: usize = 4 * 1024 * 1024;
/// Random bytes, repeated: a file system that compresses must not make it small.
const PATTERN: usize = 65_536;

/// Makes the ballast when it is not there. A full disk has no room for it, and that is no error.
pub(crate) fn make(folder: &ProfileFolder) {
    let path = folder.ballast();
    let there = fs::metadata(&path).is_ok_and(|file| usize::try_from(file.len()) == Ok(SIZE));
    if !there {
        let bytes = random_bytes::<PATTERN>().repeat(SIZE / PATTERN);
        write_synced(&path, &bytes).ok();
    }
}

/// Removes the ballast. `true` when there was one.
pub(crate) fn drop_it(folder: &ProfileFolder) -> bool {
    fs::remove_file(folder.ballast()).is_ok()
}
