//! What other apps wrote, or somebody who means harm: every entry comes, or what it was is named.
#![no_main]

use hearthkeep_archive::import::{Found, Import, ImportLimits};
use jiff::tz::TimeZone;
use libfuzzer_sys::fuzz_target;
use std::io::{Cursor, Write as _};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::LazyLock;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

static PLACE: LazyLock<tempfile::TempDir> =
    LazyLock::new(|| tempfile::tempdir().expect("there is room"));

/// Small, so that a bound that does not hold is seen.
const LIMITS: ImportLimits = ImportLimits {
    entries: 50,
    entry: 4 << 10,
    picture: 4 << 10,
    json: 16 << 10,
    expansion: 200,
    depth: 4,
};

fuzz_target!(|input: &[u8]| {
    let Some((kind, bytes)) = input.split_first() else { return };
    match kind % 4 {
        0 => file("jrnl.json", bytes),
        1 => {
            let folder = PLACE.path().join("pages");
            std::fs::create_dir_all(&folder).expect("there is room");
            write(&folder.join("page.md"), bytes);
            read(&folder);
        }
        2 => file("raw.zip", bytes),
        _ => file("packed.zip", &zip_of(bytes)),
    }
});

fn file(name: &str, bytes: &[u8]) {
    let path = PLACE.path().join(name);
    write(&path, bytes);
    read(&path);
}

fn write(path: &Path, bytes: &[u8]) {
    std::fs::write(path, bytes).expect("there is room");
}

/// A zip as Day One makes it, of a journal and a picture.
fn zip_of(journal: &[u8]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let picture: &[u8] = b"\x89PNG\r\n\x1a\n";
    for (name, bytes) in
        [("Journal.json", journal), ("photos/d41d8cd98f00b204e9800998ecf8427e.png", picture)]
    {
        zip.start_file(name, SimpleFileOptions::default()).expect("into memory");
        zip.write_all(bytes).expect("into memory");
    }
    zip.finish().expect("into memory").into_inner()
}

fn read(path: &Path) {
    let Ok(import) = Import::open(path, LIMITS) else { return };
    let mut entries = Vec::new();
    let ended = import.read(&TimeZone::UTC, &mut |found| {
        if let Found::Entry(entry) = found {
            entries.push(entry);
        }
        ControlFlow::Continue(())
    });
    assert!(entries.len() <= 50);
    let Ok(mut pictures) = import.pictures() else { return };
    for picture in entries.iter().flat_map(|entry| &entry.pictures) {
        if let Ok((_, bytes)) = pictures.read(picture) {
            assert!(bytes.len() <= 4 << 10);
        }
    }
    // The same file gives the same entries, with the same ids.
    let mut again = Vec::new();
    let same = import.read(&TimeZone::UTC, &mut |found| {
        if let Found::Entry(entry) = found {
            again.push(entry);
        }
        ControlFlow::Continue(())
    });
    assert_eq!((same.is_ok(), again), (ended.is_ok(), entries));
}
