//! The index on the disk: sealed files with random names, and a sealed list of them.
//!
//! The list names each file with the hash of its sealed bytes. It is written last and renamed into
//! place, so a crash leaves the state before or the state after; and an older file put in the place
//! of a newer one is noticed, though it was validly sealed once.

use hearthkeep_crypto::hash::sha256;
use hearthkeep_crypto::{IndexKey, Zeroizing, random_bytes, sealed_file};
use minicbor::{Decode, Encode};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

const LIST: &str = "list";

/// The list of files, and what it covers.
#[derive(Debug, Default, Encode, Decode)]
pub(crate) struct List {
    #[n(0)]
    pub(crate) version: u32,
    /// The last change of the entries that is in the index.
    #[n(1)]
    pub(crate) watermark: u64,
    /// The engine's name of each file, with its place on the disk.
    #[n(2)]
    pub(crate) files: BTreeMap<String, Place>,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub(crate) struct Place {
    #[cbor(n(0), with = "minicbor::bytes")]
    name: [u8; 16],
    #[cbor(n(1), with = "minicbor::bytes")]
    hash: [u8; 32],
}

impl Place {
    fn file(&self) -> String {
        self.name.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// The folder of the index.
pub(crate) struct Disk {
    folder: PathBuf,
    key: IndexKey,
}

/// A file's bytes by the engine's name.
pub(crate) type Files = Vec<(String, Zeroizing<Vec<u8>>)>;

impl Disk {
    pub(crate) fn new(folder: PathBuf, key: IndexKey) -> Self {
        Self { folder, key }
    }

    /// Reads the list and every file in it; `None` when anything is missing, changed or of another
    /// version, for then the index is built anew.
    pub(crate) fn read(&self, version: u32) -> Option<(List, Files)> {
        let sealed = fs::read(self.folder.join(LIST)).ok()?;
        let plain = sealed_file::open(&self.key, LIST.as_bytes(), &sealed).ok()?;
        let list: List = minicbor::decode(&plain).ok()?;
        if list.version != version {
            return None;
        }
        // One file each: what is large is opened side by side.
        let opened: Vec<Option<(String, Zeroizing<Vec<u8>>)>> = std::thread::scope(|scope| {
            let open = |(name, place): (&String, &Place)| {
                let (name, place) = (name.clone(), place.clone());
                scope.spawn(move || Some((name, self.open(&place)?)))
            };
            let running: Vec<_> = list.files.iter().map(open).collect();
            running.into_iter().map(|thread| thread.join().ok().flatten()).collect()
        });
        let files = opened.into_iter().collect::<Option<Files>>()?;
        Some((list, files))
    }

    fn open(&self, place: &Place) -> Option<Zeroizing<Vec<u8>>> {
        let sealed = fs::read(self.folder.join(place.file())).ok()?;
        if sha256(&sealed) != place.hash {
            return None;
        }
        sealed_file::open(&self.key, &place.name, &sealed).ok()
    }

    /// Seals a new file.
    pub(crate) fn write(&self, plain: &[u8]) -> io::Result<Place> {
        fs::create_dir_all(&self.folder)?;
        let name = random_bytes::<16>();
        let sealed = sealed_file::seal(&self.key, &name, plain);
        let place = Place { name, hash: sha256(&sealed) };
        write_synced(&self.folder.join(place.file()), &sealed)?;
        Ok(place)
    }

    /// Puts a new list in place, then removes every file that it does not name.
    pub(crate) fn publish(&self, list: &List) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let mut plain = Zeroizing::new(Vec::new());
        minicbor::encode(list, &mut *plain).map_err(io::Error::other)?;
        let sealed = sealed_file::seal(&self.key, LIST.as_bytes(), &plain);
        let fresh = self.folder.join("list.new");
        write_synced(&fresh, &sealed)?;
        fs::rename(&fresh, self.folder.join(LIST))?;
        sync_folder(&self.folder)?;
        self.sweep(list)
    }

    fn sweep(&self, list: &List) -> io::Result<()> {
        let named: BTreeSet<String> = list.files.values().map(Place::file).collect();
        for entry in fs::read_dir(&self.folder)? {
            let entry = entry?;
            let name = entry.file_name();
            let keep = name.to_str().is_some_and(|name| name == LIST || named.contains(name));
            if !keep && entry.file_type()?.is_file() {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// Whether every file that the folder holds is in this list.
    pub(crate) fn holds_only(&self, list: &List) -> io::Result<bool> {
        let named: BTreeSet<String> = list.files.values().map(Place::file).collect();
        let mut only = true;
        for entry in fs::read_dir(&self.folder)? {
            let name = entry?.file_name();
            only &= name.to_str().is_some_and(|name| name == LIST || named.contains(name));
        }
        Ok(only)
    }
}

fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}
