//! A vault that was made aside takes its place. The slot file comes last: without it there is no
//! vault, so that a crash before leaves an empty profile and never half of one.
//!
//! Whatever of a made vault no longer lies aside has taken its place already. By that a start after
//! a crash knows what to take back, and touches nothing else.

use super::{ProfileFolder, WritePoint, create_private, rename, sync_folder};
use crate::StoreError;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// A database and what SQLite keeps beside it. The database comes last: while it has its first
/// name, moving the three is not done.
const PARTS: [&str; 3] = ["-wal", "-shm", ""];

impl ProfileFolder {
    fn aside(&self) -> PathBuf {
        self.path().join("restoring")
    }

    /// A folder of its own within this one, in which a vault is made that [`Self::adopt`] takes
    /// over. What an earlier one left is removed. Who is told of write points here is told of
    /// those there.
    ///
    /// # Errors
    /// What the file system says.
    pub fn open_aside(&self) -> Result<Self, StoreError> {
        self.clear_aside()?;
        let mut made = Self::open(&self.aside())?;
        made.hook.clone_from(&self.hook);
        Ok(made)
    }

    /// Takes over the vault of the folder aside. That vault must be closed.
    ///
    /// # Errors
    /// [`StoreError::Exists`] when there is a vault here already; else what the file system says.
    pub fn adopt(&self, made: Self) -> Result<(), StoreError> {
        if self.has_vault() {
            return Err(StoreError::Exists);
        }
        let taken = self.take_over(&made);
        drop(made);
        // What cannot be removed now is removed at the next start.
        self.clear_aside().ok();
        taken
    }

    fn take_over(&self, made: &Self) -> Result<(), StoreError> {
        let slots = made.read_slots()?;
        self.set_database_aside()?;
        let attachments = self.attachments();
        remove_folder(&attachments)?;
        self.at(WritePoint::AttachmentsCleared);
        rename(&made.attachments(), &attachments)?;
        self.at(WritePoint::AttachmentsAdopted);
        rename(&made.database(), &self.database())?;
        sync_folder(self.path())?;
        self.at(WritePoint::DatabaseAdopted);
        self.write_slots(&slots)?;
        self.at(WritePoint::Adopted);
        Ok(())
    }

    /// Removes what a cut-off [`Self::adopt`], or the making before it, left behind. It would
    /// outlive what is erased from the vault that is made instead.
    ///
    /// # Errors
    /// What the file system says; then it can be tried again.
    pub fn clear_aside(&self) -> Result<(), StoreError> {
        let aside = self.aside();
        let slots = aside.join("slots");
        if slots.exists() && !self.has_vault() {
            self.take_back(&aside)?;
        }
        // They go first: without them, nothing here is taken for the made vault's.
        remove_file(&slots)?;
        self.at(WritePoint::AsideForgotten);
        remove_folder(&aside)
    }

    /// A vault that was made and has no slot file in its place yet is nobody's.
    fn take_back(&self, aside: &Path) -> Result<(), StoreError> {
        if !aside.join("vault.db").exists() {
            for part in PARTS {
                remove_file(&beside(&self.database(), part))?;
            }
            self.at(WritePoint::DatabaseTakenBack);
        }
        if !aside.join("attachments").exists() {
            let attachments = self.attachments();
            remove_folder(&attachments)?;
            create_private(&attachments)?;
            self.at(WritePoint::AttachmentsTakenBack);
        }
        sync_folder(self.path())
    }

    /// A database without slots opens to nobody, but whoever finds its slot file may want it. It
    /// gets a name that none has: an earlier one may be wanted as much.
    pub(crate) fn set_database_aside(&self) -> Result<(), StoreError> {
        let database = self.database();
        if !database.exists() {
            // A log alone holds nothing that opens, and would be taken for the next database's.
            for part in PARTS {
                remove_file(&beside(&database, part))?;
            }
            return Ok(());
        }
        let mut number = 1u32;
        let mut to = beside(&database, ".aside");
        while to.exists() {
            number = number.saturating_add(1);
            to = beside(&database, &format!(".aside{number}"));
        }
        for part in PARTS {
            let from = beside(&database, part);
            if from.exists() {
                rename(&from, &beside(&to, part))?;
                self.at(WritePoint::SetAside);
            }
        }
        sync_folder(self.path())
    }
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

fn remove_file(path: &Path) -> Result<(), StoreError> {
    removed(path, fs::remove_file(path))
}

fn remove_folder(path: &Path) -> Result<(), StoreError> {
    removed(path, fs::remove_dir_all(path))
}

/// What is gone already is removed.
fn removed(path: &Path, outcome: io::Result<()>) -> Result<(), StoreError> {
    match outcome {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(StoreError::file(path, error)),
        _ => Ok(()),
    }
}
