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

    /// Starts it again, on the same database and port.
    pub(crate) fn come_back(&mut self) {
        let mut command = Command::new(built("hearthkeep-relay"));
        command
            .args(["serve", "--listen", &format!("127.0.0.1:{}", self.port)])
            .arg("--database")
            .arg(self.folder.join("relay.db"))
            .arg("--token-file")
            .arg(self.folder.join("token"));
        self.running = Some(Tree::start(&mut command, self.folder.join("relay.log")));
        until("the relay", || listens(self.port).then_some(()));
    }
}
