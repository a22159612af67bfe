//! The tools that others wrote open what we write, without us.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop when its own ground gives way"
)]

mod common;

use common::*;
use hearthkeep_archive::backup::Watch;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs a shell command on a terminal of its own, types the secret when it is asked for, and
/// returns once the command has ended well. age reads a passphrase from nowhere but a terminal.
fn on_a_terminal(folder: &Path, command: &str, secret: &str) {
    let mut child = Command::new("script")
        .args(["-qefc", command, "/dev/null"])
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("script is part of util-linux");
    let mut typed = child.stdin.take().unwrap();
    writeln!(typed, "{secret}").unwrap();
    let out = child.wait_with_output().unwrap();
    drop(typed);
    assert!(out.status.success(), "{command}: {}", String::from_utf8_lossy(&out.stdout));
}

fn sh(folder: &Path, command: &str) -> String {
    let out = Command::new("bash").args(["-ec", command]).current_dir(folder).output().unwrap();
    assert!(out.status.success(), "{command}: {}", String::from_utf8_lossy(&out.stderr));
    String::from_utf8(out.stdout).unwrap()
}

fn compare(folder: &Path, sent: &Journal) {
    sh(folder, "sha256sum -c --quiet MANIFEST.sha256");
    for (id, bytes) in &sent.pictures {
        assert_eq!(&std::fs::read(folder.join(format!("attachments/{id}.jpg"))).unwrap(), bytes);
    }
    let full = &sent.entries[1];
    let stem = folder.join(format!("entries/2026/2026-03-14-{}", full.id));
    let page = std::fs::read_to_string(stem.with_extension("md")).unwrap();
    assert!(page.starts_with("---\nid: "), "{page}");
    assert!(page.contains("\nat: 2026-03-14T21:05:00.250-03:30\nday: 2026-03-14\n"), "{page}");
    let picture = page.split("](../../").nth(1).unwrap().split(')').next().unwrap();
    assert!(folder.join(picture).is_file(), "{picture}");
    // No key in clear, and others' words only where they are marked.
    let everything = sh(folder, "cat $(find . -name '*.md' -o -name '*.json' -o -name '*.jsonl')");
    assert!(!everything.contains("AGE-SECRET-KEY"));
    assert_eq!(
        sh(folder, "grep -rl 'Heard you' entries groups").trim(),
        format!("groups/{}-00001.jsonl", sent.groups[0].0.id)
    );
}

#[test]
fn stock_age_and_tar_open_a_folder_with_the_passphrase_and_with_the_words() {
    let sent = journal(&[1000, 200_000]);
    let folder = tempfile::tempdir().unwrap();
    key_files(folder.path());
    to_folder(folder.path(), &sent, &[], Watch::nobody()).unwrap();
    sh(folder.path(), "cp -r . ../$(basename $PWD)-words; mkdir out");
    on_a_terminal(
        folder.path(),
        "age -d -i key.age -o out/words.tar.gz hearthkeep-2026-11-24.tar.gz.age",
        PASSPHRASE,
    );
    on_a_terminal(folder.path(), "age -d -o id.txt key.age", PASSPHRASE);
    sh(
        folder.path(),
        "cd out; tar xzf words.tar.gz; for p in ../packs/*.age; do age -d -i ../id.txt $p | tar x; done",
    );
    compare(&folder.path().join("out"), &sent);
    sh(&folder.path().join("out"), "cd ..; sha256sum -c --quiet out/packs.sha256");
    let words = std::path::PathBuf::from(format!("{}-words", folder.path().display()));
    on_a_terminal(&words, "age -d -o id.txt kit.age", WORDS);
    sh(
        &words,
        "mkdir out; cd out; age -d -i ../id.txt ../hearthkeep-*.age | tar xz; for p in ../packs/*.age; do age -d -i ../id.txt $p | tar x; done",
    );
    compare(&words.join("out"), &sent);
    std::fs::remove_dir_all(words).unwrap();
}

#[test]
fn stock_age_and_tar_open_the_one_file() {
    let sent = journal(&[1000, 200_000]);
    let folder = tempfile::tempdir().unwrap();
    to_file(&folder.path().join("all.age"), &sent, Watch::nobody()).unwrap();
    on_a_terminal(folder.path(), "age -d -o all.tar.gz all.age", PASSPHRASE);
    sh(folder.path(), "tar xzf all.tar.gz; gzip -t all.tar.gz");
    compare(folder.path(), &sent);
    on_a_terminal(folder.path(), "age -d -o id.txt identity.age", PASSPHRASE);
    let identity = std::fs::read_to_string(folder.path().join("id.txt")).unwrap();
    assert!(identity.contains(&format!("# account-secret {}\nAGE-SECRET-KEY-1", "09".repeat(32))));
}

#[test]
fn any_file_of_a_folder_is_checked_without_a_key() {
    let folder = tempfile::tempdir().unwrap();
    to_folder(folder.path(), &journal(&[1000]), &[], Watch::nobody()).unwrap();
    let pack = std::fs::read_dir(folder.path().join("packs")).unwrap().next().unwrap().unwrap();
    let name = pack.file_name().into_string().unwrap();
    let sum = sh(folder.path(), "sha256sum packs/*.age");
    assert_eq!(sum, format!("{}  packs/{name}\n", name.strip_suffix(".tar.age").unwrap()));
}
