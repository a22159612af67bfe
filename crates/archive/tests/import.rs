//! What other apps wrote comes in, each thing once; what cannot be read is named.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may stop when its own ground gives way"
)]

use hearthkeep_archive::ArchiveError;
use hearthkeep_archive::import::{Found, Import, ImportFormat, ImportLimits, ImportedEntry, Unfit};
use jiff::tz::TimeZone;
use std::fs::{self, File};
use std::io::Write;
use std::ops::ControlFlow;
use std::path::Path;
use zip::write::SimpleFileOptions;

const JPEG: &[u8] = b"\xff\xd8\xff\xe0 a picture";

fn read(path: &Path, limits: ImportLimits) -> (Vec<ImportedEntry>, Vec<(String, Unfit)>) {
    let import = Import::open(path, limits).unwrap();
    let (mut entries, mut unreadable) = (Vec::new(), Vec::new());
    import
        .read(&TimeZone::get("Europe/Berlin").unwrap(), &mut |found| {
            match found {
                Found::Entry(entry) => entries.push(entry),
                Found::Unreadable(item) => unreadable.push((item.what, item.why)),
            }
            ControlFlow::Continue(())
        })
        .unwrap();
    (entries, unreadable)
}

fn zip(path: &Path, files: &[(&str, &[u8])]) {
    let mut zip = zip::ZipWriter::new(File::create(path).unwrap());
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap();
}

fn day_one(entries: &str) -> Vec<u8> {
    format!("{{\"metadata\":{{\"version\":\"1.0\"}},\"entries\":[{entries}]}}").into_bytes()
}

const MARCH: &str = r#"{"uuid":"A1","creationDate":"2026-03-14T22:30:00Z","timeZone":"Asia\/Tokyo","starred":true,
 "text":"Before\n\n![](dayone-moment:\/\/P1)\n\nafter ![gone](dayone-moment://P2)","tags":["night","walk"],
 "photos":[{"identifier":"P1","md5":"aa11","type":"jpeg"},{"identifier":"P2","md5":"bb22","type":"jpeg"},{"identifier":"P3","md5":"cc33"}]}"#;

#[test]
fn a_day_one_export_comes_with_its_zones_tags_and_pictures() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("export");
    let json = day_one(&format!(
        "{MARCH},{{\"uuid\":\"B2\",\"creationDate\":\"yesterday\",\"text\":\"x\"}},7"
    ));
    zip(
        &path,
        &[("Journal.json", &json), ("photos/aa11.jpeg", JPEG), ("photos/cc33.png", b"not one")],
    );
    let (entries, unreadable) = read(&path, ImportLimits::STANDARD);
    let entry = &entries[0];
    assert_eq!(entries.len(), 1);
    assert_eq!(entry.fields.moment.rfc3339(), "2026-03-15T07:30:00+09:00");
    assert_eq!(
        (entry.fields.tags.as_slice(), entry.pictures.len()),
        (["night".to_owned(), "walk".into()].as_slice(), 2)
    );
    let (first, third) = (&entry.pictures[0], &entry.pictures[1]);
    assert_eq!(
        entry.markdown,
        format!("Before\n\n![](hk:{})\n\nafter gone\n\n![](hk:{})", first.id, third.id)
    );
    assert_eq!(
        unreadable,
        [
            ("photo bb22 of 2026-03-15T07:30:00+09:00".to_owned(), Unfit::Missing),
            ("Journal.json, entry 2 (yesterday)".to_owned(), Unfit::Time),
            ("Journal.json, entry 3".to_owned(), Unfit::Shape),
        ]
    );
    let mut pictures = Import::open(&path, ImportLimits::STANDARD).unwrap().pictures().unwrap();
    assert_eq!(pictures.read(first).unwrap(), ("image/jpeg", JPEG.to_vec()));
    assert_eq!(pictures.read(third), Err(Unfit::NotAPicture));
    assert_eq!(read(&path, ImportLimits::STANDARD).0, entries, "a repetition gives the same ids");
}

#[test]
fn an_export_that_breaks_off_gives_what_stands_before_the_break() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("export.zip");
    let json = day_one(&format!("{MARCH},{{\"uuid\":"));
    zip(&path, &[("Journal.json", &json[..json.len() - 2])]);
    let (entries, unreadable) = read(&path, ImportLimits::STANDARD);
    assert_eq!(entries.len(), 1);
    assert_eq!(
        unreadable.last().unwrap(),
        &("Journal.json, after entry 1".to_owned(), Unfit::Damaged)
    );
}

#[test]
fn bombs_and_absurd_sizes_are_named_and_not_unpacked() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("export.zip");
    let limits = ImportLimits {
        entry: 10_000,
        picture: 1 << 20,
        json: 8 << 20,
        entries: 2,
        ..ImportLimits::STANDARD
    };
    let long = format!(
        "{{\"uuid\":\"C\",\"creationDate\":\"2026-03-14T22:30:00Z\",\"text\":\"{}\"}}",
        "ab".repeat(200_000)
    );
    zip(&path, &[("Journal.json", &day_one(&long))]);
    assert_eq!(read(&path, limits).1, [("Journal.json, entry 1".to_owned(), Unfit::TooLarge)]);
    zip(&path, &[("Journal.json", &day_one(&" ".repeat(7 << 20)))]);
    assert_eq!(read(&path, limits).1, [("Journal.json".to_owned(), Unfit::Expands)]);
    zip(
        &path,
        &[(
            "Journal.json",
            &day_one(&[r#"{"uuid":"D","creationDate":"2026-03-14T22:30:00Z"}"#; 3].join(",")),
        )],
    );
    let (entries, unreadable) = read(&path, limits);
    assert_eq!((entries.len(), unreadable[0].1), (2, Unfit::TooMany));
    zip(&path, &[("Journal.json", &day_one(&"[".repeat(100_000)))]);
    assert_eq!(read(&path, ImportLimits::STANDARD).1[0].1, Unfit::Damaged);
}

fn jrnl_entry(minute: u32, body: &str) -> String {
    format!(
        r#"{{"title":"","body":"{body}","date":"2026-07-01","time":"21:{minute:02}","tags":[]}}"#
    )
}

#[test]
fn an_entry_that_cannot_be_read_costs_itself_only() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.json");
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let bad = [
        (deep.as_bytes(), Unfit::Shape),
        (br#"{"body":"\ud800","date":"2026-07-01","time":"21:00"}"#, Unfit::Shape),
        (b"1e999999", Unfit::Shape),
        (b"{\"body\":\"caf\xe9 [ \\\" ]\"}", Unfit::NotText),
        (&[b'7'; 20_000], Unfit::TooLarge),
    ];
    let limits = ImportLimits { entry: 10_000, ..ImportLimits::STANDARD };
    for (bytes, why) in bad {
        let limits = if why == Unfit::TooLarge { limits } else { ImportLimits::STANDARD };
        let mut json = b"\xef\xbb\xbf{\"tags\":{\"@a\":[1]},\n\"entries\" : [".to_vec();
        json.extend_from_slice(jrnl_entry(1, "before").as_bytes());
        json.extend_from_slice(b" ,\n");
        json.extend_from_slice(bytes);
        json.extend_from_slice(b",");
        json.extend_from_slice(jrnl_entry(2, "after [ \\\" }").as_bytes());
        json.extend_from_slice(b"], \"more\": null}\n");
        fs::write(&path, json).unwrap();
        let (entries, unreadable) = read(&path, limits);
        let texts: Vec<_> = entries.iter().map(|entry| entry.markdown.as_str()).collect();
        assert_eq!(texts, ["before", "after [ \" }"], "{why}");
        assert_eq!(unreadable, [("journal.json, entry 2".to_owned(), why)]);
    }
}

#[test]
fn two_entries_under_one_id_that_say_different_things_both_come() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("export.zip");
    let said = |text: &str| {
        format!(
            r#"{{"uuid":"A1","creationDate":"2026-03-14T22:30:00Z","text":"{text} ![](dayone-moment://P)","photos":[{{"identifier":"P","md5":"aa11"}}],"tags":null}}"#
        )
    };
    let all = [said("one"), said("two"), said("one")].join(",");
    zip(&path, &[("Journal.json", &day_one(&all)), ("photos/aa11.jpeg", JPEG)]);
    let (entries, unreadable) = read(&path, ImportLimits::STANDARD);
    assert_eq!((entries.len(), unreadable.len()), (3, 0));
    assert_eq!(entries[0], entries[2]);
    assert!(entries[0].id != entries[1].id, "each has its own");
    for entry in &entries {
        assert!(entry.markdown.contains(&format!("](hk:{})", entry.pictures[0].id)));
    }
    assert!(entries[0].pictures[0].id != entries[1].pictures[0].id);
    assert_eq!(read(&path, ImportLimits::STANDARD).0, entries, "the same at every repetition");
}

#[test]
fn what_our_own_export_wrote_comes_back_letter_by_letter() {
    let folder = tempfile::tempdir().unwrap();
    let front = "at: 2026-01-02T03:04:05+00:00\ntags:\n- '#walk'\n";
    for (number, text) in ["\n\n\n", "", "\nfirst\n\n\n", "words\n"].iter().enumerate() {
        let page = format!("---\nid: {number:032}\n{front}---\n\n{text}\n");
        fs::write(folder.path().join(format!("{number}.md")), page).unwrap();
    }
    let (entries, _) = read(folder.path(), ImportLimits::STANDARD);
    let texts: Vec<_> = entries.iter().map(|entry| entry.markdown.as_str()).collect();
    assert_eq!(texts, ["\n\n\n", "", "\nfirst\n\n\n", "words\n"]);
    assert!(entries.iter().all(|entry| entry.fields.tags == ["#walk"]));
}

#[test]
fn numbers_as_tags_and_offsets_that_stand_apart_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let page = "---\ndate: 2026-03-14 21:05:00 +0545\ntitle: 2026\ntags: [2026, true, 1.10, a, ]\n---\nx\n";
    fs::write(folder.path().join("a.md"), page).unwrap();
    fs::write(folder.path().join("b.md"), "---\ndate: 2026-03-15\ntags: 2026\n---\nx\n").unwrap();
    let (entries, unreadable) = read(folder.path(), ImportLimits::STANDARD);
    assert_eq!(unreadable, []);
    assert_eq!(entries[0].fields.moment.rfc3339(), "2026-03-14T21:05:00+05:45");
    assert_eq!(entries[0].fields.tags, ["2026", "true", "1.10", "a"]);
    assert_eq!(
        (entries[0].fields.title.as_str(), &entries[1].fields.tags[0]),
        ("2026", &"2026".to_owned())
    );
}

#[test]
fn a_zip_whose_names_lead_elsewhere_reaches_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("export.zip");
    let json = day_one(
        r#"{"uuid":"A1","creationDate":"2026-03-14T22:30:00Z","text":"![](dayone-moment://P)","photos":[{"identifier":"P","md5":"../../etc/passwd"}]}"#,
    );
    zip(
        &path,
        &[("../../escape.json", b"{}"), ("Journal.json", &json), ("photos/../../x.jpeg", JPEG)],
    );
    let (entries, unreadable) = read(&path, ImportLimits::STANDARD);
    assert_eq!((entries.len(), entries[0].pictures.len(), unreadable.len()), (1, 0, 1));
    assert!(!folder.path().parent().unwrap().join("escape.json").exists());
}

#[test]
fn jrnl_entries_come_with_title_tags_and_local_time() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("journal.json");
    let json = r#"{"tags":{"@walk":1},"entries":[
      {"title":"A long day.","body":"It *ended*.","date":"2026-07-01","time":"21:05","tags":["@walk"],"starred":false},
      {"title":"No time","body":"","date":"2026-07-32","time":"21:05","tags":[]}]}"#;
    fs::write(&path, json).unwrap();
    let (entries, unreadable) = read(&path, ImportLimits::STANDARD);
    assert_eq!(entries[0].fields.moment.rfc3339(), "2026-07-01T21:05:00+02:00");
    assert_eq!(
        (entries[0].fields.title.as_str(), entries[0].markdown.as_str()),
        ("A long day.", "It *ended*.")
    );
    assert_eq!(entries[0].fields.tags, ["walk"]);
    assert_eq!(unreadable, [("journal.json, entry 2 (2026-07-32)".to_owned(), Unfit::Time)]);
}

#[test]
fn a_folder_of_markdown_comes_by_front_matter_by_name_and_by_age() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write(
        "a.md",
        "---\ndate: 2026-01-02 07:30\ntitle: \"Morning: frost\"\ntags: [cold, \"#walk\"]\n---\n\nWhite.\n",
    );
    write(
        "deep/2026-02-03 later.md",
        "A rule:\n\n---\n\n![the lake](../lake%20one.jpg) ![no](../../outside.jpg)\n",
    );
    write("b.md", "Just words.\n");
    write("c.md", "---\ndate: [never]\n---\nx\n");
    write(".hidden/d.md", "x");
    fs::write(folder.path().join("e.md"), b"\xff\xfe\x00").unwrap();
    fs::write(folder.path().join("lake one.jpg"), JPEG).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc/hosts", folder.path().join("link.md")).unwrap();
    let (entries, unreadable) = read(folder.path(), ImportLimits::STANDARD);
    let by = |text: &str| entries.iter().find(|entry| entry.markdown.contains(text)).unwrap();
    let morning = by("White.");
    assert_eq!(
        (morning.fields.title.as_str(), morning.markdown.as_str()),
        ("Morning: frost", "White.")
    );
    assert_eq!(
        (morning.fields.moment.rfc3339().as_str(), morning.fields.tags.len()),
        ("2026-01-02T07:30:00+01:00", 2)
    );
    let later = by("A rule");
    assert_eq!(later.fields.moment.rfc3339(), "2026-02-03T12:00:00+01:00");
    assert_eq!(
        later.markdown,
        format!("A rule:\n\n---\n\n![the lake](hk:{}) no", later.pictures[0].id)
    );
    assert_eq!(entries.len(), 3);
    let mut names: Vec<_> = unreadable.iter().map(|(what, why)| (what.as_str(), *why)).collect();
    names.sort_unstable_by_key(|(what, _)| *what);
    let outside = ("../../outside.jpg of deep/2026-02-03 later.md", Unfit::Missing);
    assert_eq!(
        names,
        [outside, ("c.md", Unfit::Shape), ("e.md", Unfit::NotText), ("link.md", Unfit::Outside)]
    );
}

#[test]
fn something_else_is_refused_by_its_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("holiday.mp4");
    for bytes in [&b"\0\0\0\x18ftyp"[..], b"", b"PK\x03\x04 not a zip"] {
        fs::write(&path, bytes).unwrap();
        let refused = Import::open(&path, ImportLimits::STANDARD)
            .and_then(|import| import.read(&TimeZone::UTC, &mut |_| ControlFlow::Continue(())));
        assert!(
            matches!(&refused, Err(ArchiveError::NotAnImport { file }) if file == "holiday.mp4"),
            "{refused:?}"
        );
    }
    assert_eq!(Unfit::Time.to_string(), "no_time");
    let markdown = Import::open(folder.path(), ImportLimits::STANDARD).unwrap();
    assert_eq!(markdown.format(), ImportFormat::Markdown);
    let refused = markdown.read(&TimeZone::UTC, &mut |_| ControlFlow::Continue(()));
    assert!(matches!(refused, Err(ArchiveError::NotAnImport { .. })), "no page in it: {refused:?}");
    #[cfg(unix)]
    {
        let pipe = folder.path().join("pipe");
        assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let refused = Import::open(&pipe, ImportLimits::STANDARD);
        assert!(matches!(refused, Err(ArchiveError::NotAnImport { .. })), "{refused:?}");
    }
}
