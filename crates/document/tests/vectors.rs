//! The core and the editor agree on documents: the same files are checked by the editor's tests.
//!
//! `BLESS=1` writes `lines` and `snapshot` from each file's Markdown; the editor's tests then write
//! `update` and `after`.
#![expect(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::string_slice,
    reason = "everything here is a test or serves one"
)]

use hearthkeep_document::{Author, Document, Line, Value, lines_from_json, lines_to_json};
use std::fs;
use std::path::PathBuf;

fn files() -> Vec<PathBuf> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/vectors/document");
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|ext| ext == "json"));
    files.sort();
    assert!(files.len() > 4, "the vectors are missing");
    files
}

fn bytes(hex: &Value) -> Vec<u8> {
    let hex = hex.as_str().unwrap();
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn lines(json: &Value) -> Vec<Line> {
    lines_from_json(json).unwrap()
}

#[test]
fn the_core_builds_what_the_editor_opens() {
    for file in files() {
        let mut vector: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        let document = Document::from_markdown(vector["markdown"].as_str().unwrap()).unwrap();
        if std::env::var_os("BLESS").is_some() {
            vector["lines"] = lines_to_json(&document.lines());
            vector["snapshot"] = hex(&document.snapshot()).into();
            let json = serde_json::to_string_pretty(&vector).unwrap();
            fs::write(&file, json + "\n").unwrap();
        }
        assert_eq!(document.lines(), lines(&vector["lines"]), "{}", file.display());
        // The order of names within an embedded thing is not fixed, so lines are compared.
        let opened = Document::open(&bytes(&vector["snapshot"])).unwrap();
        assert_eq!(opened.lines(), document.lines(), "{}", file.display());
        assert_eq!(opened.state_vector(), document.state_vector(), "{}", file.display());
        assert_eq!(document.markdown(), vector["markdown"], "{}", file.display());
    }
}

#[test]
fn the_core_takes_what_the_editor_wrote() {
    for file in files() {
        let vector: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        let mut document = Document::open(&bytes(&vector["snapshot"])).unwrap();
        document.apply(&bytes(&vector["update"]), Author::Device(&[77_777])).unwrap();
        assert_eq!(document.lines(), lines(&vector["after"]), "{}", file.display());
        let again = Document::open(&document.snapshot()).unwrap();
        assert_eq!(again.lines(), lines(&vector["after"]), "{}", file.display());
    }
}
