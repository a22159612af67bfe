//! A program written from FORMATS alone opens what we write, and refuses what was changed.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop when its own ground gives way"
)]

mod common;

use common::*;
use hearthkeep_archive::backup::{Watch, archives};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// A Python that has pyrage: `./dev` names it. Without one there is nothing to test with.
fn python() -> Option<PathBuf> {
    std::env::var_os("HEARTHKEEP_PYRAGE_PYTHON").map(PathBuf::from)
}

fn open(python: &Path, folder: &Path, path: &Path, secret: &str, more: &[&str]) -> Output {
    let secret_file = folder.join("secret");
    fs::write(&secret_file, secret).unwrap();
    let tool = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tools/open_backup.py");
    let mut command = Command::new(python);
    command.arg(tool).arg(path).arg("--passphrase-file").arg(secret_file).args(more);
    command.output().unwrap()
}

fn refused(output: &Output) -> String {
    assert!(!output.status.success());
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    assert!(!text.contains("Traceback"), "{text}");
    text.strip_prefix("refused: ").unwrap().split(':').next().unwrap().to_owned()
}

#[test]
fn the_python_tool_opens_both_forms_and_every_picture() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let backups = folder.path().join("backups");
    fs::create_dir(&backups).unwrap();
    let sent = journal(&[1000, 200_000]);
    key_files(&backups);
    to_folder(&backups, &sent, &[], Watch::nobody()).unwrap();
    let file = folder.path().join("all.age");
    to_file(&file, &sent, Watch::nobody()).unwrap();
    for (number, (path, secret, words)) in [
        (&backups, PASSPHRASE, None),
        (&backups, WORDS, Some("--words")),
        (&file, PASSPHRASE, None),
    ]
    .into_iter()
    .enumerate()
    {
        let out = folder.path().join(format!("out{number}"));
        let mut more = vec!["--to", out.to_str().unwrap()];
        more.extend(words);
        let done = open(&python, folder.path(), path, secret, &more);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        for (id, bytes) in &sent.pictures {
            assert_eq!(&fs::read(out.join(format!("attachments/{id}.jpg"))).unwrap(), bytes);
        }
        assert!(out.join(format!("entries/2026/2026-03-14-{}.json", sent.entries[1].id)).exists());
    }
}

#[test]
fn the_python_tool_refuses_a_wrong_secret_a_cut_file_and_a_flipped_byte() {
    let Some(python) = python() else { return };
    let folder = tempfile::tempdir().unwrap();
    let backups = folder.path().join("backups");
    fs::create_dir(&backups).unwrap();
    key_files(&backups);
    to_folder(&backups, &journal(&[200_000]), &[], Watch::nobody()).unwrap();
    let file = folder.path().join("all.age");
    to_file(&file, &journal(&[200_000]), Watch::nobody()).unwrap();
    assert_eq!(refused(&open(&python, folder.path(), &backups, "wrong", &[])), "wrong_secret");
    assert_eq!(refused(&open(&python, folder.path(), &file, "wrong", &[])), "wrong_secret");
    let whole = fs::read(&file).unwrap();
    for cut in [whole.len() - 1, whole.len() / 2, 65_536 + 200, 100, 10] {
        fs::write(&file, &whole[..cut]).unwrap();
        let code = refused(&open(&python, folder.path(), &file, PASSPHRASE, &[]));
        assert!(["damaged", "not_a_backup"].contains(&code.as_str()), "{cut}: {code}");
    }
    let archive = archives(&backups).unwrap().remove(0);
    let mut bytes = fs::read(&archive).unwrap();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    fs::write(&archive, &bytes).unwrap();
    assert_eq!(refused(&open(&python, folder.path(), &backups, PASSPHRASE, &[])), "damaged");
}
