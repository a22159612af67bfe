//! What can go amiss at a command line: files that are not what they should be, a place that is
//! taken, a hand on Ctrl-C. It is said, and nothing is lost.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop when its own ground gives way"
)]

mod common;

use common::{Person, objects};
use serde_json::json;
use std::fs;

fn sealed<'a>(args: &[&'a str]) -> Vec<&'a str> {
    [args, &["--backup-passphrase-file", "backup"]].concat()
}

#[test]
fn a_passphrase_is_read_as_it_was_meant_or_refused() {
    let ada = Person::new();
    ada.json("home", &["init"], "");
    fs::write(ada.at("marked"), "\u{feff}a long walk by the sea\r\n").unwrap();
    assert!(ada.run_in("home", "marked", &["list"], "").status.success(), "a byte order mark");
    // One that is cut short without a word would open nothing, and keep out nobody.
    fs::write(ada.at("endless"), "x".repeat(4097)).unwrap();
    fs::write(ada.at("picture"), b"\xff\xd8\xff\xe0").unwrap();
    for (file, code) in [("endless", 2), ("picture", 2), ("home", 7), ("nothing", 4)] {
        assert_eq!(ada.code("home", file, &["list"]), code, "{file}");
        assert_eq!(ada.code("new", file, &["init"]), code, "{file}");
    }
    assert_eq!(ada.code("new", "passphrase", &["init", "--words-file", "picture"]), 6);
    assert_eq!(fs::read(ada.at("picture")).unwrap(), b"\xff\xd8\xff\xe0");
    assert_eq!(ada.code("new", "passphrase", &["list"]), 4, "no vault was made");
    assert_eq!(ada.code("mistyped", "passphrase", &["list"]), 4);
    assert!(!ada.at("mistyped").exists(), "nor a folder");
}

#[test]
fn an_entry_that_is_refused_leaves_the_one_there_was() {
    let ada = Person::new();
    ada.json("home", &["init"], "");
    let id = ada.json("home", &["add", "--title", "One"], "one\n")[0]["id"].clone();
    let id = id.as_str().unwrap();
    let before = ada.json("home", &["list"], "");
    let long = "x".repeat(301);
    for given in [["--at", "tomorrow"], ["--tag", &long], ["--title", &long]] {
        for args in [vec!["edit", id], vec!["add"]] {
            let out = ada.run_in("home", "passphrase", &[&args[..], &given].concat(), "two\n");
            assert_eq!(out.status.code(), Some(2), "{args:?} {given:?}");
        }
    }
    let endless = "x".repeat(9 << 20);
    let out = ada.run_in("home", "passphrase", &["edit", id, "--title", "Two"], &endless);
    assert_eq!(out.status.code(), Some(2), "{}", String::from_utf8_lossy(&out.stderr));
    assert_eq!(ada.json("home", &["list"], ""), before);
    let given = ["--title", "Two", "--at", "2026-11-24T21:04:00-03:30"];
    ada.json("home", &[&["edit", id][..], &given].concat(), "two\n");
    let now = &ada.json("home", &["show", id], "")[0];
    assert_eq!(
        (&now["title"], &now["text"], &now["at"]),
        (&json!("Two"), &json!("two\n"), &json!("2026-11-24T21:04:00-03:30"))
    );
}

#[test]
fn what_was_exported_comes_into_a_new_profile_as_it_was() {
    let ada = Person::new();
    ada.json("home", &["init"], "");
    let texts = [
        "",
        "\n",
        "\n\n\n",
        "no end",
        "crlf\r\nend\r\n",
        "---\ntitle: no\n---\n",
        "#",
        "```\ncode",
        "<b>&amp;",
        "\u{5e9}\u{5dc}\u{5d5}\u{5dd} \u{202e}abc",
        "\u{1f469}\u{200d}\u{1f467} e\u{301}",
        "a\0b",
        "[a]: http://x\n\n[a]\n",
    ];
    for text in texts {
        let given = ["--title", "#1: \"x\"", "--tag", "#walk", "--tag", "null", "--tag", "2026"];
        ada.json("home", &[&["add"][..], &given].concat(), text);
    }
    let written = ada.json("home", &["list"], "");
    ada.json("home", &["export", "clear"], "");
    ada.json("new", &["init"], "");
    assert_eq!(ada.json("new", &["import", "clear"], "")[0]["added"], texts.len());
    assert_eq!(ada.json("new", &["list"], ""), written);
}

#[test]
fn a_backup_goes_nowhere_it_does_not_belong_and_its_keys_are_looked_at() {
    let ada = Person::new();
    ada.json("home", &["init"], "");
    ada.json("home", &["add"], "one\n");
    fs::write(ada.at("letter"), "Dear Ada,").unwrap();
    assert_eq!(ada.code("home", "passphrase", &sealed(&["backup", "file", "letter"])), 6);
    assert_eq!(fs::read(ada.at("letter")).unwrap(), b"Dear Ada,");
    let out = ada.run_in("home", "passphrase", &sealed(&["backup", "folder", "none"]), "");
    assert_eq!(out.status.code(), Some(4));
    assert!(String::from_utf8_lossy(&out.stderr).contains("none: not there"), "{out:?}");
    fs::create_dir(ada.at("stick")).unwrap();
    ada.json("home", &sealed(&["backup", "folder", "stick"]), "");
    let whole = ada.at("stick");
    // It is the same folder from wherever it is named.
    let mut inside = ada.command("home", "passphrase", &["backup", "folder", "."]);
    assert!(inside.current_dir(&whole).output().unwrap().status.success());
    for file in ["key.age", "kit.age"] {
        let sound = fs::read(whole.join(file)).unwrap();
        let mut flipped = sound.clone();
        flipped[200] ^= 1;
        fs::write(whole.join(file), flipped).unwrap();
        let out = ada.run_in("home", "passphrase", &["backup", "verify", "stick", "--json"], "");
        assert_eq!(out.status.code(), Some(5), "{file}");
        assert_eq!(objects(&out)[0]["damaged"], json!([{ "what": file, "why": "damaged" }]));
        fs::write(whole.join(file), sound).unwrap();
    }
    ada.json("home", &["backup", "verify", "stick"], "");
}

#[test]
fn a_damaged_slot_file_is_told_with_its_copy_that_opens() {
    let ada = Person::new();
    ada.json("home", &["init"], "");
    ada.json("home", &["add"], "one\n");
    let (slots, kept) = (ada.at("home").join("slots"), ada.at("home").join("slots.kept"));
    fs::write(&slots, "scribbled over").unwrap();
    let out = ada.run_in("home", "passphrase", &["list"], "");
    assert_eq!(out.status.code(), Some(5));
    assert!(String::from_utf8_lossy(&out.stderr).contains("slots.kept is a whole copy"), "{out:?}");
    fs::copy(kept, slots).unwrap();
    assert_eq!(ada.json("home", &["list"], "").len(), 1);
}

#[test]
#[cfg(unix)]
fn a_backup_folder_whose_name_is_not_text_is_refused() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let ada = Person::new();
    ada.json("home", &["init"], "");
    let name = OsStr::from_bytes(b"stick \xff");
    if fs::create_dir(ada.place.path().join(name)).is_err() {
        return; // This file system has no such names.
    }
    let mut command = ada.command("home", "passphrase", &["backup", "folder"]);
    let out = command.arg(name).args(sealed(&[])).output().unwrap();
    assert_eq!(out.status.code(), Some(7), "{}", String::from_utf8_lossy(&out.stderr));
}

/// Whether a process catches these signals by now.
#[cfg(target_os = "linux")]
fn catches(process: u32, signals: u64) -> bool {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap();
    u64::from_str_radix(caught.trim(), 16).unwrap() & signals == signals
}

#[test]
#[cfg(target_os = "linux")]
fn ctrl_c_and_the_end_of_the_system_stop_who_waits_for_words() {
    use std::process::Command;
    let ada = Person::new();
    ada.json("home", &["init"], "");
    for signal in ["INT", "TERM"] {
        let mut child = ada.command("home", "passphrase", &["add"]).spawn().unwrap();
        // 2 is SIGINT, 15 is SIGTERM.
        while !catches(child.id(), (1 << 1) | (1 << 14)) {
            std::thread::yield_now();
        }
        let id = child.id().to_string();
        assert!(Command::new("kill").args(["-s", signal, &id]).status().unwrap().success());
        let typing = child.stdin.take();
        assert_eq!(child.wait().unwrap().code(), Some(8), "{signal}");
        drop(typing);
    }
    assert_eq!(ada.json("home", &["list"], ""), Vec::<serde_json::Value>::new());
}
