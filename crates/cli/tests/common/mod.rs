//! A person with a folder of her own, in which the real program runs.
#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    reason = "each test file uses its own part of this"
)]
#![allow(clippy::unwrap_used, reason = "a test may stop when its own ground gives way")]

use serde_json::Value;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

pub struct Person {
    pub place: tempfile::TempDir,
}

impl Person {
    pub fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        fs::write(place.path().join("passphrase"), "a long walk by the sea\n").unwrap();
        fs::write(place.path().join("other"), "another long passphrase\r\n").unwrap();
        fs::write(place.path().join("backup"), "seven quiet lanterns").unwrap();
        Self { place }
    }

    pub fn at(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    /// The program, ready to run in this person's folder.
    pub fn command(&self, profile: &str, passphrase: &str, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hearthkeep-cli"));
        command.arg("--profile").arg(self.at(profile));
        command.arg("--passphrase-file").arg(self.at(passphrase));
        command.args(args).current_dir(self.place.path());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    pub fn run_in(&self, profile: &str, passphrase: &str, args: &[&str], typed: &str) -> Output {
        let mut child = self.command(profile, passphrase, args).spawn().unwrap();
        child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    /// Runs and gives the JSON objects that were printed.
    pub fn json(&self, profile: &str, args: &[&str], typed: &str) -> Vec<Value> {
        let args = [args, &["--json"]].concat();
        let out = self.run_in(profile, "passphrase", &args, typed);
        assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
        objects(&out)
    }

    pub fn code(&self, profile: &str, passphrase: &str, args: &[&str]) -> i32 {
        let out = self.run_in(profile, passphrase, args, "");
        assert!(out.stdout.is_empty() || out.status.code() == Some(5), "{args:?}");
        assert!(!out.stderr.is_empty(), "{args:?}");
        out.status.code().unwrap()
    }
}

pub fn objects(out: &Output) -> Vec<Value> {
    let text = String::from_utf8(out.stdout.clone()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
