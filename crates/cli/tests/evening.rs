//! The real program, from an empty folder to a journal that came back.
#![allow(
    clippy::string_slice,
    clippy::wildcard_enum_match_arm,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "a test may stop when its own ground gives way"
)]

mod common;

use common::{Person, objects};
use std::fs;
use std::path::Path;

fn old_app(folder: &Path) {
    fs::create_dir(folder).unwrap();
    fs::write(folder.join("lake.png"), b"\x89PNG\r\n\x1a\n a small picture").unwrap();
    fs::write(
        folder.join("a.md"),
        "---\ndate: 2026-03-14T21:05:00-03:30\ntags: [walk]\n---\nThe *lake*.\n\n![it](lake.png)\n",
    )
    .unwrap();
    fs::write(folder.join("b.md"), "---\ndate: someday\n---\nx\n").unwrap();
}

#[test]
fn a_journal_is_made_written_found_backed_up_and_brought_back() {
    let ada = Person::new();
    assert_eq!(ada.json("home", &["init", "--words-file", "words"], ""), [serde_json::json!({})]);
    let words = fs::read_to_string(ada.at("words")).unwrap();
    assert_eq!(words.split_whitespace().count(), 24);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(ada.at("words")).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let at = "2026-11-24T21:04:00+01:00";
    let added = ada.json(
        "home",
        &["add", "--at", at, "--tag", "night", "--tag", "walk", "--title", "Tonight"],
        "It was *long*.\n\n- [ ] rest\n",
    );
    let id = added[0]["id"].as_str().unwrap().to_owned();
    let list = ada.json("home", &["list"], "");
    assert_eq!(
        (list.len(), list[0]["at"].as_str(), list[0]["text"].as_str()),
        (1, Some(at), Some("It was *long*.\n\n- [ ] rest\n"))
    );
    assert_eq!(list[0]["tags"], serde_json::json!(["night", "walk"]));
    assert_eq!(ada.json("home", &["show", &id], ""), list);
    ada.json("home", &["edit", &id], "It was short.\n");
    assert_eq!(ada.json("home", &["search", "was short"], "").len(), 1);
    assert_eq!(ada.json("home", &["search", "\"was long\""], "").len(), 0);
    old_app(&ada.at("old"));
    let imported = ada.json("home", &["import", "old"], "");
    assert_eq!((&imported[0]["added"], &imported[0]["known"]), (&1.into(), &0.into()));
    assert_eq!(
        imported[0]["unreadable"],
        serde_json::json!([{ "what": "b.md", "why": "no_time" }])
    );
    assert_eq!(ada.json("home", &["import", "old"], "")[0]["known"], 1);
    let lived = ada.json("home", &["list"], "");
    assert_eq!(lived[1]["attachments"][0]["name"], "lake.png");
    assert_eq!(ada.json("home", &["check"], "")[0]["damaged"], serde_json::json!([]));
    assert_eq!(ada.json("home", &["export", "clear"], "")[0]["entries"], 2);
    fs::create_dir(ada.at("stick")).unwrap();
    ada.json("home", &["backup", "folder", "stick", "--backup-passphrase-file", "backup"], "");
    let proof =
        ada.json("home", &["backup", "file", "one.age", "--backup-passphrase-file", "backup"], "");
    assert_eq!((&proof[0]["entries"], &proof[0]["pictures"]), (&2.into(), &1.into()));
    ada.json("home", &["backup", "verify", "stick"], "");
    ada.json("nowhere", &["backup", "verify", "one.age", "--backup-passphrase-file", "backup"], "");
    for (home, args) in [
        ("second", &["restore", "stick", "--backup-passphrase-file", "backup", "--json"][..]),
        (
            "third",
            &["restore", "stick", "--words-file", "words", "--new-words-file", "words 3", "--json"],
        ),
        ("fourth", &["restore", "one.age", "--backup-passphrase-file", "backup", "--json"]),
    ] {
        let out = ada.run_in(home, "other", args, "");
        assert!(out.status.success(), "{args:?}: {}", String::from_utf8_lossy(&out.stderr));
        assert_eq!(objects(&out)[0]["entries"], 2);
        let out = ada.run_in(home, "other", &["list", "--json"], "");
        assert_eq!(objects(&out), lived);
    }
    assert_eq!(fs::read_to_string(ada.at("words 3")).unwrap().split_whitespace().count(), 24);
}

#[test]
fn what_is_refused_has_its_exit_code_and_changes_nothing() {
    let ada = Person::new();
    assert_eq!(ada.code("home", "passphrase", &["list"]), 4, "no vault");
    ada.json("home", &["init"], "");
    assert_eq!(ada.code("home", "passphrase", &["init"]), 6, "there is one");
    assert_eq!(ada.code("home", "backup", &["list"]), 3, "wrong passphrase");
    assert_eq!(ada.code("home", "nothing", &["list"]), 4, "no passphrase file");
    assert_eq!(ada.code("home", "passphrase", &["show", &"0".repeat(32)]), 4);
    assert_eq!(ada.code("home", "passphrase", &["show", "zero"]), 2);
    assert_eq!(ada.code("home", "passphrase", &["add", "--at", "tomorrow"]), 2);
    assert_eq!(ada.code("home", "passphrase", &["import", "passphrase"]), 2, "nothing to import");
    assert_eq!(ada.code("home", "passphrase", &["export", "home"]), 6, "something lies there");
    assert_eq!(ada.code("home", "passphrase", &["backup", "folder", "stick"]), 4, "not chosen");
    assert_eq!(
        ada.code("new", "other", &["restore", "passphrase", "--backup-passphrase-file", "backup"]),
        5
    );
    ada.json("home", &["backup", "file", "one.age", "--backup-passphrase-file", "backup"], "");
    assert_eq!(
        ada.code("new", "other", &["restore", "one.age", "--backup-passphrase-file", "other"]),
        3
    );
    let whole = fs::read(ada.at("one.age")).unwrap();
    fs::write(ada.at("one.age"), &whole[..whole.len() - 3]).unwrap();
    assert_eq!(
        ada.code("new", "other", &["restore", "one.age", "--backup-passphrase-file", "backup"]),
        5
    );
    assert_eq!(ada.code("new", "other", &["list"]), 4, "still no vault");
    let lock = fs::File::options().write(true).open(ada.at("home").join("lock")).unwrap();
    lock.lock().unwrap();
    assert_eq!(ada.code("home", "passphrase", &["list"]), 6, "another Hearthkeep has it");
}
