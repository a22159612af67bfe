//! The real relay, as a process that can be stopped and started again.

use crate::process::{Tree, built, free_port};
use crate::time::until;
use crate::web_driver::listens;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A relay with its database in a folder.
#[derive(Debug)]
pub(crate) struct Relay {
    folder: PathBuf,
    port: u16,
    running: Option<Tree>,
}

impl Relay {
    /// Starts one.
    pub(crate) fn start(folder: &Path) -> Self {
        let folder = folder.join("relay");
        fs::create_dir_all(&folder).expect("a folder for the relay");
        let mut relay = Self { folder, port: free_port(), running: None };
        relay.come_back();
        relay
    }

    /// Its address, as it is typed in.
    pub(crate) fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// The token with which a group may be founded.
    pub(crate) fn token(&self) -> String {
        let file = self.folder.join("token");
        until("the relay's token", || {
            fs::read_to_string(&file).ok().filter(|token| !token.trim().is_empty())
        })
        .trim()
        .to_owned()
    }

    /// Ends it at once, in the middle of whatever it does.
    pub(crate) fn goes_away(&mut self) {
        self.running = None;
        until("the relay to be gone", || (!listens(self.port)).then_some(()));
    }

    /// The file of its database.
    pub(crate) fn database(&self) -> PathBuf {
        self.folder.join("relay.db")
    }

    /// Its database as it lies on the disk while it is away, with the files that belong to it.
    pub(crate) fn database_as_it_lies(&self) -> Vec<(PathBuf, Vec<u8>)> {
        let read = |file: PathBuf| Some((file.clone(), fs::read(&file).ok()?));
        self.database_files().into_iter().filter_map(read).collect()
    }

    /// Somebody puts an older copy of its database back while it is away.
    pub(crate) fn is_set_back_to(&self, older: &[(PathBuf, Vec<u8>)]) {
        self.database_files().iter().for_each(|file| drop(fs::remove_file(file)));
        for (file, bytes) in older {
            fs::write(file, bytes).expect("the copy is put back");
        }
    }

    fn database_files(&self) -> [PathBuf; 3] {
        ["relay.db", "relay.db-wal", "relay.db-shm"].map(|name| self.folder.join(name))
    }

    /// Starts it again, on the same database and port.
    pub(crate) fn come_back(&mut self) {
        let mut command = Command::new(built("hearthkeep-relay"));
        command
            .args(["serve", "--listen", &format!("127.0.0.1:{}", self.port)])
            .arg("--database")
            .arg(self.database())
            .arg("--token-file")
            .arg(self.folder.join("token"));
        self.running = Some(Tree::start(&mut command, self.folder.join("relay.log")));
        until("the relay", || listens(self.port).then_some(()));
    }
}
