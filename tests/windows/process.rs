//! Processes that tests start, and whatever those start.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

const MARK: &str = "HEARTHKEEP_TEST_TREE";

/// A process with all that came from it, and what they wrote.
#[derive(Debug)]
pub(crate) struct Tree {
    first: Child,
    mark: String,
    log: PathBuf,
}

impl Tree {
    /// Starts a program; its output goes to a file that is shown when a test fails.
    pub(crate) fn start(command: &mut Command, log: PathBuf) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let mark = format!("{MARK}={}-{count}", std::process::id());
        let output = fs::File::create(&log).expect("a log beside the profile");
        let (name, value) = mark.split_once('=').expect("made with a sign");
        let first = command
            .env(name, value)
            .stdin(Stdio::null())
            .stdout(output.try_clone().expect("a second handle"))
            .stderr(output)
            .spawn()
            .expect("the program starts");
        Self { first, mark, log }
    }

    /// Ids of the processes of this tree whose program has this name.
    pub(crate) fn named(&self, name: &str) -> Vec<u32> {
        let is = |id: &u32| {
            fs::read_link(format!("/proc/{id}/exe"))
                .is_ok_and(|exe| exe.file_name().is_some_and(|file| file == name))
        };
        self.all().into_iter().filter(is).collect()
    }

    /// Ids of all processes of this tree.
    pub(crate) fn all(&self) -> Vec<u32> {
        let Ok(processes) = fs::read_dir("/proc") else { return Vec::new() };
        let ours = |id: &u32| {
            fs::read(format!("/proc/{id}/environ")).is_ok_and(|environment| {
                environment.split(|byte| *byte == 0).any(|one| one == self.mark.as_bytes())
            })
        };
        processes
            .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
            .filter(ours)
            .collect()
    }

    /// A log for something else, beside the one of this tree.
    pub(crate) fn log_beside(&self, name: &str) -> PathBuf {
        self.log.with_file_name(name)
    }

    /// What the processes wrote so far.
    pub(crate) fn output(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Ends everything at once, as a power cut does.
    pub(crate) fn kill(&mut self) {
        for _ in 0..10 {
            let left = self.all();
            if left.is_empty() {
                break;
            }
            left.iter().for_each(|id| kill(*id, "KILL"));
        }
        drop(self.first.kill());
        drop(self.first.wait());
    }
}

impl Drop for Tree {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("── what {} says ──\n{}", self.log.display(), self.output());
        }
        self.kill();
    }
}

/// Sends a signal to one process.
pub(crate) fn kill(id: u32, signal: &str) {
    let sent = Command::new("kill").args([&format!("-{signal}"), &id.to_string()]).output();
    assert!(sent.is_ok(), "`kill` is part of every system");
}

/// Whether a process has ended and let go of its files: its program and its environment are gone a
/// moment before them.
pub(crate) fn has_ended(id: u32) -> bool {
    let threads = fs::read_dir(format!("/proc/{id}/task")).map_or(0, Iterator::count);
    // The state comes after the name, which stands in brackets.
    let state = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    let waits_for_its_parent = state.rsplit_once(") ").is_some_and(|(_, at)| at.starts_with('Z'));
    threads == 0 || (threads == 1 && waits_for_its_parent)
}

/// A program that the workspace builds.
pub(crate) fn built(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("this test is a program");
    let program = test.parent().and_then(Path::parent).expect("target/debug").join(name);
    assert!(program.exists(), "{} is missing: ./dev test builds it", program.display());
    program
}

/// A port of the loopback that is free now.
pub(crate) fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("it is bound").port()
}
