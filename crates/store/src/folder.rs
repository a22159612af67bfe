//! The profile folder and its lock. One Hearthkeep at a time holds it.

mod adopt;
mod atomic;
mod open_file;
mod slots;

pub(crate) use atomic::{rename, sync_folder, write_synced};
pub use open_file::OpenFile;

use crate::StoreError;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where something is written. Tests stop here and look at what a crash would leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum WritePoint {
    /// The new slot file is written and synced under another name.
    SlotsNew,
    /// The old slot file has its second name.
    SlotsKept,
    /// The new slot file has the name.
    SlotsRenamed,
    /// An attachment is written and synced under another name.
    AttachmentNew,
    /// An attachment has its name.
    AttachmentRenamed,
    /// A transaction begins.
    Begin,
    /// A row was written within it.
    Row,
    /// All rows were written, the commit comes next.
    BeforeCommit,
    /// The commit is durable; nobody was told yet.
    AfterCommit,
    /// Erased rows are about to be wiped from the log.
    Checkpoint,
    /// Files of erased attachments are about to go.
    Unlink,
    /// A part of a database without slots has its second name.
    SetAside,
    /// The attachments of a database without slots are gone.
    AttachmentsCleared,
    /// The attachments of a vault that was made aside are in their place.
    AttachmentsAdopted,
    /// Its database is in its place; its slots come next.
    DatabaseAdopted,
    /// All of it is in its place; the rest of the folder aside is about to go.
    Adopted,
    /// A database whose adoption was cut off is removed again.
    DatabaseTakenBack,
    /// The attachments whose adoption was cut off are removed again.
    AttachmentsTakenBack,
    /// The folder aside has no slots any more; its rest is about to go.
    AsideForgotten,
}

type Hook = Arc<dyn Fn(WritePoint) + Send + Sync>;

/// A profile folder that this process holds.
pub struct ProfileFolder {
    path: PathBuf,
    hook: Option<Hook>,
    // The system lets go of the lock when the file is closed, also after a crash.
    _lock: File,
}

impl std::fmt::Debug for ProfileFolder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ProfileFolder(…)")
    }
}

impl ProfileFolder {
    /// Makes the folder when it is not there, and takes its lock.
    ///
    /// # Errors
    /// [`StoreError::InUse`] when another process holds it; else what the file system says.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        create_private(path)?;
        let lock_path = path.join("lock");
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&lock_path)
            .map_err(|error| StoreError::file(&lock_path, error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StoreError::InUse),
            Err(TryLockError::Error(error)) => return Err(StoreError::file(&lock_path, error)),
        }
        for name in ["attachments", "index", "web"] {
            create_private(&path.join(name))?;
        }
        let folder = Self { path: path.to_owned(), hook: None, _lock: lock };
        folder.sweep();
        Ok(folder)
    }

    /// Calls `hook` at every write point.
    #[must_use]
    pub fn with_hook(mut self, hook: impl Fn(WritePoint) + Send + Sync + 'static) -> Self {
        self.hook = Some(Arc::new(hook));
        self
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where the search index lies.
    #[must_use]
    pub fn index(&self) -> PathBuf {
        self.path.join("index")
    }

    /// Where the web view may keep its own files.
    #[must_use]
    pub fn web(&self) -> PathBuf {
        self.path.join("web")
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.path.join("vault.db")
    }

    pub(crate) fn attachments(&self) -> PathBuf {
        self.path.join("attachments")
    }

    pub(crate) fn ballast(&self) -> PathBuf {
        self.path.join("ballast")
    }

    pub(crate) fn at(&self, point: WritePoint) {
        if let Some(hook) = &self.hook {
            hook(point);
        }
    }

    /// Half-written files of a crash are of no use to anybody.
    fn sweep(&self) {
        for folder in [self.path.clone(), self.attachments()] {
            let Ok(files) = fs::read_dir(folder) else { continue };
            for file in files.flatten() {
                if file.path().extension().is_some_and(|ending| ending == "new") {
                    // What cannot be removed now is removed at the next start.
                    fs::remove_file(file.path()).ok();
                }
            }
        }
    }
}

/// A folder that only its owner can enter.
fn create_private(path: &Path) -> Result<(), StoreError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|error| StoreError::file(path, error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_instance_is_refused_until_the_first_lets_go() {
        let place = tempfile::tempdir().unwrap();
        let first = ProfileFolder::open(place.path()).unwrap();
        assert!(matches!(ProfileFolder::open(place.path()), Err(StoreError::InUse)));
        drop(first);
        assert!(ProfileFolder::open(place.path()).is_ok());
    }

    #[test]
    fn half_written_files_are_swept() {
        let place = tempfile::tempdir().unwrap();
        drop(ProfileFolder::open(place.path()).unwrap());
        fs::write(place.path().join("attachments/ab.new"), b"half").unwrap();
        drop(ProfileFolder::open(place.path()).unwrap());
        assert!(!place.path().join("attachments/ab.new").exists());
    }
}
