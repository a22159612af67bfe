//! Archives that somebody else put together, damaged ones, cut ones, spliced ones: each is refused
//! by a typed error that names what and where, and nothing is told to anybody.
#![allow(
    clippy::string_slice,
    clippy::wildcard_enum_match_arm,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::panic,
    reason = "a test may stop when its own ground gives way"
)]

mod common;

use age::x25519::{Identity, Recipient};
use common::*;
use flate2::Compression;
use flate2::read::MultiGzDecoder;
use flate2::write::GzEncoder;
use hearthkeep_archive::backup::{BackupSecret, Watch, archives, prove};
use hearthkeep_archive::{ArchiveError, BackupPassphrase, Limits, MemberFault};
use hearthkeep_crypto::BackupIdentitySeed;
use hearthkeep_crypto::backup::{ManifestMac, age_identity};
use hearthkeep_crypto::hash::sha256;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use tar::{EntryType, Header};

type Members = Vec<(String, Vec<u8>)>;

fn age_key() -> Identity {
    age_identity(&identity()).parse().unwrap()
}

fn unpack(archive: &Path) -> Members {
    let sealed = fs::read(archive).unwrap();
    let plain = age::decrypt(&age_key(), &sealed).unwrap();
    let mut tar = tar::Archive::new(MultiGzDecoder::new(plain.as_slice()));
    tar.entries()
        .unwrap()
        .map(|entry| {
            let mut entry = entry.unwrap();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            (entry.path().unwrap().to_str().unwrap().to_owned(), bytes)
        })
        .collect()
}

fn header(name: &[u8], size: u64, kind: EntryType) -> Header {
    let mut header = Header::new_ustar();
    header.as_old_mut().name[..name.len()].copy_from_slice(name);
    header.set_size(size);
    header.set_mode(0o644);
    header.set_entry_type(kind);
    header.set_cksum();
    header
}

fn tarred(members: &Members) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let header = header(name.as_bytes(), bytes.len() as u64, EntryType::Regular);
        tar.append(&header, bytes.as_slice()).unwrap();
    }
    tar.into_inner().unwrap()
}

fn seal_to(recipient: &Recipient, tar: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(tar).unwrap();
    age::encrypt(recipient, &gzip.finish().unwrap()).unwrap()
}

/// Gives a list of members the manifest that its maker would give it.
fn with_manifest(mut members: Members, maker: &BackupIdentitySeed, head: &str) -> Members {
    let mut text = head.replace("{members}", &members.len().to_string());
    for (name, bytes) in &members {
        let hex: String = sha256(bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        text.push_str(&format!("{hex}  {name}\n"));
    }
    let mut mac = ManifestMac::new(maker);
    mac.update(text.as_bytes());
    let tag: String = mac.finish().iter().map(|byte| format!("{byte:02x}")).collect();
    text.push_str(&format!("# hmac-sha256 {tag}\n"));
    members.push(("MANIFEST.sha256".into(), text.into_bytes()));
    members
}

const HEAD: &str = "# hearthkeep-backup 1\n# made 2026-11-24T21:04:00+01:00\n# form folder\n# entries 2 pictures 0 groups 1\n# members {members}\n";

struct Folder {
    place: tempfile::TempDir,
    archive: PathBuf,
    members: Members,
}

impl Folder {
    fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        key_files(place.path());
        to_folder(place.path(), &journal(&[]), &[], Watch::nobody()).unwrap();
        let archive = archives(place.path()).unwrap().remove(0);
        let mut members = unpack(&archive);
        assert_eq!(members.pop().unwrap().0, "MANIFEST.sha256");
        Self { place, archive, members }
    }

    fn prove(&self, limits: &Limits) -> Result<(), ArchiveError> {
        let identity = identity();
        prove(self.place.path(), BackupSecret::Identity(&identity), limits, Watch::nobody())
            .map(drop)
    }

    fn refuses_tar(&self, tar: &[u8]) -> ArchiveError {
        fs::write(&self.archive, seal_to(&age_key().to_public(), tar)).unwrap();
        self.prove(&Limits::STANDARD).unwrap_err()
    }

    fn refuses(&self, members: Members) -> ArchiveError {
        self.refuses_tar(&tarred(&with_manifest(members, &identity(), HEAD)))
    }

    fn fault(&self, members: Members) -> (String, MemberFault) {
        match self.refuses(members) {
            ArchiveError::Member { member, fault, .. } => (member, fault),
            other => panic!("{other}"),
        }
    }
}

#[test]
fn what_the_maker_put_together_holds() {
    let folder = Folder::new();
    let tar = tarred(&with_manifest(folder.members.clone(), &identity(), HEAD));
    fs::write(&folder.archive, seal_to(&age_key().to_public(), &tar)).unwrap();
    folder.prove(&Limits::STANDARD).unwrap();
}

#[test]
fn names_that_lead_elsewhere_links_and_extensions_are_refused() {
    let folder = Folder::new();
    let readme = folder.members[0].clone();
    for name in [
        "../../home/ada/.bashrc",
        "/etc/passwd",
        "entries/../x.md",
        "entries//x.md",
        "C:\\x.md",
        "é.md",
    ] {
        let (member, fault) = folder.fault(vec![readme.clone(), (name.into(), vec![])]);
        assert_eq!((member.as_str(), fault), (name, MemberFault::Name));
    }
    assert_eq!(
        folder.fault(vec![readme.clone(), ("autorun.inf".into(), vec![])]).1,
        MemberFault::Unknown
    );
    for kind in [
        EntryType::Symlink,
        EntryType::Link,
        EntryType::Char,
        EntryType::Fifo,
        EntryType::Directory,
        EntryType::GNULongName,
        EntryType::XHeader,
        EntryType::GNUSparse,
    ] {
        let mut tar = tar::Builder::new(Vec::new());
        tar.append(&header(b"README.txt", 0, EntryType::Regular), &b""[..]).unwrap();
        tar.append(&header(b"settings.json", 4, kind), &b"evil"[..]).unwrap();
        let refused = folder.refuses_tar(&tar.into_inner().unwrap());
        assert!(
            matches!(refused, ArchiveError::Member { fault: MemberFault::NotAFile, .. }),
            "{kind:?}: {refused}"
        );
    }
}

#[test]
fn members_out_of_place_twice_or_malformed_are_refused() {
    let folder = Folder::new();
    let all = || folder.members.clone();
    let at = |name: &str| all().iter().position(|(there, _)| there.ends_with(name)).unwrap();
    let mut swapped = all();
    swapped.swap(at(".md"), at(".json").max(at(".md") + 1));
    assert_eq!(folder.fault(swapped).1, MemberFault::Order);
    let mut twice = all();
    twice.splice(at(".md")..at(".md"), all()[at(".md")..at(".md") + 2].to_vec());
    assert_eq!(folder.fault(twice).1, MemberFault::Twice);
    let mut without = all();
    without.remove(at("identity.age"));
    assert_eq!(folder.fault(without).1, MemberFault::Order);
    for (name, bytes) in [
        ("settings.json", &b"{"[..]),
        ("settings.json", b"{\"format\":\"hearthkeep-settings\",\"version\":1,\"values\":[[[[[["),
        ("erased.jsonl", b"{\"id\":\"00\"}\n"),
        ("erased.jsonl", b"{\"id\":\"00000000000000000000000000000000\"}"),
        ("-00001.jsonl", b"{\"table\":\"x\",\"key\":\"\",\"value\":\"\"}\n"),
    ] {
        let mut bad = all();
        bad[at(name)].1 = bytes.to_vec();
        let (member, fault) = folder.fault(bad);
        assert!(member.ends_with(name) && fault == MemberFault::Form, "{member} {fault}");
    }
    let entry = all()
        .iter()
        .position(|(name, _)| name.starts_with("entries/") && name.ends_with(".json"))
        .unwrap();
    let mut elsewhere = all();
    let json = String::from_utf8(elsewhere[entry].1.clone()).unwrap();
    elsewhere[entry].1 = json.replace("2026-03-1", "2026-04-1").into_bytes();
    assert_eq!(folder.fault(elsewhere).1, MemberFault::Form, "an entry lies under its own day");
}

#[test]
fn what_the_manifest_does_not_say_is_refused() {
    let folder = Folder::new();
    let differs = |tar: Members| match folder.refuses_tar(&tarred(&tar)) {
        ArchiveError::ManifestDiffers { member, .. } => member,
        other => panic!("{other}"),
    };
    let good = || with_manifest(folder.members.clone(), &identity(), HEAD);
    // A member from another backup of the same person.
    let mut spliced = good();
    spliced[2].1 =
        b"{\"format\":\"hearthkeep-settings\",\"version\":1,\"values\":{\"lockAfterMin\":0}}"
            .to_vec();
    assert_eq!(differs(spliced), "settings.json");
    let mut fewer = good();
    fewer.remove(fewer.len() - 2);
    assert_eq!(differs(fewer), "MANIFEST.sha256");
    let lying = HEAD.replace("entries 2", "entries 1");
    assert_eq!(
        differs(with_manifest(folder.members.clone(), &identity(), &lying)),
        "MANIFEST.sha256"
    );
    let other_form = HEAD.replace("form folder", "form file");
    assert_eq!(
        differs(with_manifest(folder.members.clone(), &identity(), &other_form)),
        "MANIFEST.sha256"
    );
    let newer = HEAD.replace("backup 1", "backup 2");
    let refused =
        folder.refuses_tar(&tarred(&with_manifest(folder.members.clone(), &identity(), &newer)));
    assert!(matches!(refused, ArchiveError::Newer { version: 2, .. }), "{refused}");
    let refused = folder.refuses_tar(&tarred(&folder.members));
    assert!(matches!(refused, ArchiveError::ManifestMissing { .. }), "{refused}");
    // Everybody who has seen a backup can seal a file to it; only its owner can make the code.
    let forger = BackupIdentitySeed::from_bytes([8; 32]);
    let refused =
        folder.refuses_tar(&tarred(&with_manifest(folder.members.clone(), &forger, HEAD)));
    assert!(matches!(refused, ArchiveError::NotOurs { .. }), "{refused}");
    let mut after = good();
    after.push(("erased.jsonl".into(), vec![]));
    let refused = folder.refuses_tar(&tarred(&after));
    assert!(matches!(refused, ArchiveError::Member { fault: MemberFault::Order, .. }), "{refused}");
    let mut trailing = tarred(&good());
    trailing.extend_from_slice(b"more");
    let refused = folder.refuses_tar(&trailing);
    assert!(matches!(refused, ArchiveError::Damaged { .. }), "{refused}");
}

#[test]
fn bombs_and_crowds_are_stopped_at_their_limits() {
    let folder = Folder::new();
    let limits =
        Limits { slack: 1 << 20, expansion: 10, members: 50, text: 1 << 22, ..Limits::STANDARD };
    let mut bomb = folder.members.clone();
    bomb[2].1 = vec![b' '; 3 << 20];
    let tar = tarred(&with_manifest(bomb, &identity(), HEAD));
    fs::write(&folder.archive, seal_to(&age_key().to_public(), &tar)).unwrap();
    let refused = folder.prove(&limits).unwrap_err();
    assert!(matches!(refused, ArchiveError::Expands { .. }), "{refused}");
    let mut crowd = vec![folder.members[0].clone(), folder.members[1].clone()];
    crowd.extend(
        (0..100).map(|n| (format!("groups/{}-{n:05}.jsonl", "0".repeat(32)), b"{}\n".to_vec())),
    );
    crowd.iter_mut().skip(2).for_each(|(_, bytes)| bytes.clear());
    let tar = tarred(&crowd);
    fs::write(&folder.archive, seal_to(&age_key().to_public(), &tar)).unwrap();
    let refused = folder.prove(&Limits { members: 2, ..Limits::STANDARD }).unwrap_err();
    assert!(matches!(refused, ArchiveError::TooMany { limit: 2, .. }), "{refused}");
    let mut large = tar::Builder::new(Vec::new());
    large.append(&header(b"README.txt", 1 << 40, EntryType::Regular), &b""[..]).unwrap();
    let refused = folder.refuses_tar(&large.into_inner().unwrap());
    assert!(
        matches!(refused, ArchiveError::Member { fault: MemberFault::TooLarge, .. }),
        "{refused}"
    );
}

#[test]
fn every_cut_and_every_sampled_flip_is_refused() {
    let place = tempfile::tempdir().unwrap();
    to_folder(place.path(), &journal(&[]), &[], Watch::nobody()).unwrap();
    let archive = archives(place.path()).unwrap().remove(0);
    let whole = fs::read(&archive).unwrap();
    let identity = identity();
    let refused = |bytes: &[u8]| {
        fs::write(&archive, bytes).unwrap();
        let outcome = prove(
            place.path(),
            BackupSecret::Identity(&identity),
            &Limits::STANDARD,
            Watch::nobody(),
        );
        outcome.expect_err("it must not hold")
    };
    for cut in (0..whole.len()).step_by(97).chain([whole.len() - 1]) {
        let error = refused(&whole[..cut]);
        assert!(["damaged", "not_a_backup"].contains(&error.code()), "cut at {cut}: {error}");
    }
    for at in (0..whole.len()).step_by(61) {
        let mut flipped = whole.clone();
        flipped[at] ^= 1 << (at % 8);
        let error = refused(&flipped);
        let known = ["damaged", "not_a_backup", "wrong_secret", "wrong_kind_of_secret"];
        assert!(known.contains(&error.code()), "flip at {at}: {error}");
    }
}

#[test]
fn a_stream_cut_at_a_chunk_of_the_cipher_fails_though_every_chunk_before_it_opens() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("all.age");
    to_file(&file, &journal(&[400_000]), Watch::nobody()).unwrap();
    let whole = fs::read(&file).unwrap();
    let header = whole.windows(4).position(|part| part == b"\n---").unwrap();
    let body =
        header + whole[header + 1..].iter().position(|byte| *byte == b'\n').unwrap() + 2 + 16;
    let passphrase = BackupPassphrase::new(PASSPHRASE);
    for chunks in 0..=whole[body..].len() / (65_536 + 16) {
        fs::write(&file, &whole[..body + chunks * (65_536 + 16)]).unwrap();
        let refused =
            prove(&file, BackupSecret::Passphrase(&passphrase), &Limits::STANDARD, Watch::nobody())
                .unwrap_err();
        assert!(matches!(refused, ArchiveError::Damaged { .. }), "{chunks}: {refused}");
    }
}

#[test]
fn absurd_work_and_endless_headers_are_refused_before_any_work() {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("all.age");
    let passphrase = BackupPassphrase::new(PASSPHRASE);
    let refused = |bytes: &[u8]| {
        fs::write(&file, bytes).unwrap();
        prove(&file, BackupSecret::Passphrase(&passphrase), &Limits::STANDARD, Watch::nobody())
            .unwrap_err()
    };
    to_file(&file, &journal(&[]), Watch::nobody()).unwrap();
    let whole = fs::read(&file).unwrap();
    let line = whole.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let end = line + whole[line..].iter().position(|byte| *byte == b'\n').unwrap();
    let mut costly = whole[..end - 1].to_vec();
    costly.extend_from_slice(b"40");
    costly.extend_from_slice(&whole[end..]);
    let error = refused(&costly);
    assert!(matches!(error, ArchiveError::TooMuchWork { cost: 40, .. }), "{error}");
    let mut endless = b"age-encryption.org/v1\n-> scrypt ".to_vec();
    endless.resize(50 << 20, b'a');
    assert_eq!(refused(&endless).code(), "not_a_backup");
    assert_eq!(refused(b"").code(), "not_a_backup");
    assert_eq!(refused(&fs::read("/bin/sh").unwrap()).code(), "not_a_backup");
}

#[test]
#[cfg(unix)]
fn a_pipe_is_not_waited_for() {
    let place = tempfile::tempdir().unwrap();
    let pipe = place.path().join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let refused =
        prove(&pipe, BackupSecret::Identity(&identity()), &Limits::STANDARD, Watch::nobody());
    assert!(matches!(refused, Err(ArchiveError::NotABackup { .. })), "{refused:?}");
}

#[test]
fn every_byte_of_a_key_file_counts() {
    let place = tempfile::tempdir().unwrap();
    key_files(place.path());
    to_folder(place.path(), &journal(&[]), &[], Watch::nobody()).unwrap();
    let key = place.path().join("key.age");
    let whole = fs::read(&key).unwrap();
    let passphrase = BackupPassphrase::new(PASSPHRASE);
    let limits = Limits { work_factor: 6, ..Limits::STANDARD };
    for at in 0..whole.len() {
        let mut flipped = whole.clone();
        flipped[at] ^= 1;
        fs::write(&key, &flipped).unwrap();
        let outcome =
            prove(place.path(), BackupSecret::Passphrase(&passphrase), &limits, Watch::nobody());
        let error = outcome.expect_err("a changed key file must not open");
        let known =
            ["damaged", "not_a_backup", "wrong_secret", "wrong_kind_of_secret", "too_much_work"];
        assert!(known.contains(&error.code()), "flip at {at}: {error}");
    }
}
