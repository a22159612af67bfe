//! A file that appears whole or not at all.

use super::name;
use super::watch::{Step, Watch};
use crate::ArchiveError;
use crate::error::shown;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// A file being written beside its place. Dropped before [`Part::publish`], it is removed.
#[derive(Debug)]
pub(crate) struct Part {
    folder: PathBuf,
    path: PathBuf,
    published: bool,
}

impl Part {
    /// A new file `.NAME.part` in the folder, readable by its owner only.
    pub(crate) fn create(
        folder: &Path,
        name: &str,
        watch: &mut Watch<'_>,
    ) -> Result<(Self, File), ArchiveError> {
        let path = folder.join(format!(".{name}.part"));
        let refuse = |error| refused(folder, name, error);
        // One that an earlier run left behind is not a backup and never becomes one.
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(refuse(error)),
            _ => {}
        }
        let mut options = OpenOptions::new();
        options.write(true).read(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path).map_err(refuse)?;
        let part = Self { folder: folder.to_owned(), path, published: false };
        watch.step(Step::Created)?;
        Ok((part, file))
    }

    /// Where it is written.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Syncs what was written, forgets the cached copy of it, and opens it anew: what is then read
    /// comes from the medium, as far as a program can ask for that.
    pub(crate) fn reopen(
        &self,
        written: File,
        watch: &mut Watch<'_>,
    ) -> Result<File, ArchiveError> {
        let refuse = |error| ArchiveError::io(&self.path, error);
        written.sync_all().map_err(refuse)?;
        watch.step(Step::Synced)?;
        forget_cached(&written).map_err(refuse)?;
        drop(written);
        File::open(&self.path).map_err(refuse)
    }

    /// Gives the file its name and syncs the folder.
    pub(crate) fn publish(
        mut self,
        name: &str,
        watch: &mut Watch<'_>,
    ) -> Result<PathBuf, ArchiveError> {
        let place = self.folder.join(name);
        let refuse = |error| ArchiveError::io(&place, error);
        fs::rename(&self.path, &place).map_err(refuse)?;
        self.published = true;
        watch.step(Step::Renamed)?;
        sync_folder(&self.folder).map_err(refuse)?;
        watch.step(Step::FolderSynced)?;
        Ok(place)
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.published {
            // Nothing more can be done when even this fails: the next run removes it.
            fs::remove_file(&self.path).unwrap_or_default();
        }
    }
}

/// Writes a small file whole, reads it back, and puts it in the place of an older one.
pub(crate) fn write_whole(
    folder: &Path,
    name: &str,
    bytes: &[u8],
    watch: &mut Watch<'_>,
) -> Result<(), ArchiveError> {
    let (part, mut file) = Part::create(folder, name, watch)?;
    file.write_all(bytes).map_err(|error| ArchiveError::io(part.path(), error))?;
    drop(part.reopen(file, watch)?);
    let back = fs::read(part.path()).map_err(|error| ArchiveError::io(part.path(), error))?;
    if back != bytes {
        return Err(ArchiveError::ReadBack { file: name.to_owned(), member: name.to_owned() });
    }
    watch.step(Step::Compared)?;
    part.publish(name, watch).map(drop)
}

/// Names the folder when it is not there, else the file that was to be.
fn refused(folder: &Path, name: &str, error: io::Error) -> ArchiveError {
    let file = if folder.is_dir() { folder.join(name) } else { folder.to_owned() };
    ArchiveError::io(&file, error)
}

/// Refuses a place where something lies that is not a backup: nothing of the person's is written
/// over. A link is not followed, and not replaced either.
pub(crate) fn free_or_backup(path: &Path) -> Result<(), ArchiveError> {
    const AGE: &[u8] = b"age-encryption.org/v1\n";
    let exists = || ArchiveError::Exists { file: shown(path) };
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(ArchiveError::io(path, error)),
        Ok(facts) if !facts.is_file() => return Err(exists()),
        Ok(_) => {}
    }
    let mut start = Vec::new();
    let file = File::open(path).map_err(|error| ArchiveError::io(path, error))?;
    let most = u64::try_from(AGE.len()).unwrap_or(u64::MAX);
    file.take(most).read_to_end(&mut start).map_err(|error| ArchiveError::io(path, error))?;
    if start == AGE { Ok(()) } else { Err(exists()) }
}

/// Removes what interrupted runs left in a folder.
pub(crate) fn sweep(folder: &Path) -> Result<(), ArchiveError> {
    let refuse = |error| ArchiveError::io(folder, error);
    for item in fs::read_dir(folder).map_err(refuse)? {
        let item = item.map_err(refuse)?;
        let file = item.file_name();
        let file = file.to_string_lossy();
        // No other program's: the folder may be the person's own.
        let ours = file.ends_with(".age.part") || file == format!(".{}.part", name::README);
        if file.starts_with('.') && ours {
            fs::remove_file(item.path()).map_err(|error| ArchiveError::io(&item.path(), error))?;
        }
    }
    Ok(())
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn forget_cached(file: &File) -> io::Result<()> {
    use rustix::fs::{Advice, fadvise};
    Ok(fadvise(file, 0, None, Advice::DontNeed)?)
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn forget_cached(_: &File) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

// Windows cannot sync a folder: there the rename is all there is.
#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
