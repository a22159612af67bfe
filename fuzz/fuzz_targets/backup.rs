//! A backup by anybody, and one by somebody who holds its passphrase: refused by name, and never
//! more read than the limits allow.
#![no_main]

use age::x25519;
use flate2::Compression;
use flate2::write::GzEncoder;
use hearthkeep_archive::Limits;
use hearthkeep_archive::backup::{BackupSecret, Watch, prove};
use hearthkeep_archive::BackupPassphrase;
use hearthkeep_crypto::{AccountSecret, BackupIdentitySeed, backup};
use libfuzzer_sys::fuzz_target;
use std::io::Write as _;
use std::sync::LazyLock;

static PLACE: LazyLock<tempfile::TempDir> =
    LazyLock::new(|| tempfile::tempdir().expect("there is room"));
static IDENTITY: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let account = AccountSecret::from_bytes([8; 32]);
    seal(backup::identity_file(&seed(), Some(&account)).as_bytes())
});

/// Names that members have. The one of the identity is left out: that one is always the true one.
const NAMES: [&str; 10] = [
    "settings.json",
    "entries/2026/2026-01-02-00000000000000000000000000000001.md",
    "entries/2026/2026-01-02-00000000000000000000000000000001.json",
    "erased.jsonl",
    "groups/00000000000000000000000000000002-00000.jsonl",
    "attachments.jsonl",
    "packs.sha256",
    "attachments/00000000000000000000000000000003.png",
    "MANIFEST.sha256",
    "elsewhere",
];

fuzz_target!(|input: &[u8]| {
    let Some((kind, bytes)) = input.split_first() else { return };
    match kind % 4 {
        0 => {
            let passphrase = BackupPassphrase::new("seven quiet lanterns");
            read(bytes, BackupSecret::Passphrase(&passphrase));
            read(bytes, BackupSecret::Identity(&seed()));
        }
        1 => read(&seal(bytes), BackupSecret::Identity(&seed())),
        2 => read(&seal(&pressed(bytes)), BackupSecret::Identity(&seed())),
        _ => read(&seal(&pressed(&members(bytes))), BackupSecret::Identity(&seed())),
    }
});

fn seed() -> BackupIdentitySeed {
    BackupIdentitySeed::from_bytes([7; 32])
}

fn seal(plain: &[u8]) -> Vec<u8> {
    let identity: x25519::Identity = backup::age_identity(&seed()).parse().expect("it is ours");
    age::encrypt(&identity.to_public(), plain).expect("into memory")
}

fn pressed(plain: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(plain).expect("into memory");
    gzip.finish().expect("into memory")
}

/// A tar whose members come one after another: which name, length, content.
fn members(mut bytes: &[u8]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    let mut add = |name: &str, content: &[u8]| {
        let mut header = tar::Header::new_ustar();
        header.set_size(u64::try_from(content.len()).expect("it is in memory"));
        header.set_mode(0o600);
        header.set_entry_type(tar::EntryType::Regular);
        tar.append_data(&mut header, name, content).expect("into memory");
    };
    add("README.txt", b"");
    add("identity.age", &IDENTITY);
    while let Some(([which, high, low], rest)) = bytes.split_first_chunk::<3>() {
        let length = usize::from(u16::from_be_bytes([*high, *low])).min(rest.len());
        let (content, rest) = rest.split_at(length);
        add(NAMES[usize::from(*which) % NAMES.len()], content);
        bytes = rest;
    }
    tar.into_inner().expect("into memory")
}

fn read(file: &[u8], secret: BackupSecret<'_>) {
    let path = PLACE.path().join("hearthkeep-2026-11-24.tar.gz.age");
    std::fs::write(&path, file).expect("there is room");
    // Nobody can make a manifest for what the fuzzer thinks up, but guessing costs little here.
    let limits = Limits { work_factor: 4, slack: 1 << 20, ..Limits::STANDARD };
    assert!(prove(&path, secret, &limits, Watch::nobody()).is_err());
}
