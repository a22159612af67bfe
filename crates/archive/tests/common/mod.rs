//! A small journal, the secrets of its person, and a sink that remembers what it was told.
#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    reason = "each test file uses its own part of this"
)]
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::indexing_slicing,
    reason = "a test may stop when its own ground gives way"
)]

use hearthkeep_archive::backup::{
    BackupWriter, FileTarget, FolderTarget, KeyFiles, PackInfo, RestoreSink, Watch, Written,
    set_key_files,
};
use hearthkeep_archive::{
    ArchiveError, AttachmentItem, BackupPassphrase, EntryItem, ErasedItem, GroupItem, GroupRow,
    NoteText, SealCost, VersionItem, seal_identity,
};
use hearthkeep_crypto::hash::sha256;
use hearthkeep_crypto::{AccountSecret, BackupIdentitySeed};
use hearthkeep_model::{AttachmentId, EntryFields, EntryId, GroupId, Moment, Timestamp, VersionId};
use std::collections::BTreeMap;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::Path;

pub const PASSPHRASE: &str = "seven quiet lanterns";
pub const WORDS: &str = "abandon ability able about above absent absorb abstract absurd abuse access accident account accuse achieve acid acoustic acquire across act action actor actress actual";
pub const COST: SealCost = SealCost::for_tests();

/// What a person has.
#[derive(Debug, Clone, PartialEq)]
pub struct Journal {
    pub settings: serde_json::Value,
    pub entries: Vec<EntryItem>,
    pub erased: Vec<ErasedItem>,
    pub groups: Vec<(GroupItem, Vec<GroupRow>)>,
    pub pictures: BTreeMap<AttachmentId, Vec<u8>>,
}

impl Default for Journal {
    fn default() -> Self {
        Self {
            settings: serde_json::Value::Null,
            entries: Vec::new(),
            erased: Vec::new(),
            groups: Vec::new(),
            pictures: BTreeMap::new(),
        }
    }
}

pub fn made() -> Moment {
    Moment::parse_rfc3339("2026-11-24T21:04:00+01:00").unwrap()
}

pub fn identity() -> BackupIdentitySeed {
    BackupIdentitySeed::from_bytes([7; 32])
}

pub fn account() -> AccountSecret {
    AccountSecret::from_bytes([9; 32])
}

fn entry(number: u8, at: &str, text: &str) -> EntryItem {
    let moment = Moment::parse_rfc3339(at).unwrap();
    EntryItem {
        id: EntryId::from_bytes([number; 16]),
        fields: EntryFields {
            moment,
            title: format!("Day {number}"),
            tags: vec![],
            feelings: vec![],
        },
        text: text.to_owned(),
        document: None,
        changed: moment.at,
        drawer: None,
        shared: false,
        attachments: vec![],
        versions: vec![],
    }
}

/// Two entries, one of them with everything an entry can have; pictures of these sizes.
pub fn journal(sizes: &[usize]) -> Journal {
    let mut journal =
        Journal { settings: serde_json::json!({ "lockAfterMin": 5 }), ..Journal::default() };
    journal.entries.push(entry(1, "2026-03-15T01:30:00+09:00", "A plain night."));
    let mut full = entry(2, "2026-03-14T21:05:00.250-03:30", "");
    full.fields.title = "Tage: \"wieder\" #1 – خانه".into();
    full.fields.tags = vec!["night".into(), "a: b".into()];
    full.fields.feelings = vec!["tender".into()];
    full.drawer = Some(Timestamp(1_780_000_000_000));
    full.shared = true;
    full.document = Some(vec![0, 1, 2, 255]);
    full.versions = vec![VersionItem {
        id: VersionId::from_bytes([5; 16]),
        at: Timestamp(1_770_000_000_000),
        text: "Before.".into(),
        lines: Some(serde_json::json!([{ "pieces": [] }])),
    }];
    for (place, size) in sizes.iter().enumerate() {
        let id = AttachmentId::from_bytes([u8::try_from(place + 100).unwrap(); 16]);
        let bytes: Vec<u8> = (0..*size).map(|i| (i % 251 + place) as u8).collect();
        full.attachments.push(AttachmentItem {
            id,
            name: format!("walk {place}.jpg"),
            media: "image/jpeg".into(),
            size: *size as u64,
            sha256: sha256(&bytes),
        });
        full.text.push_str(&format!("Look:\n\n![the lake](hk:{id})\n\n"));
        journal.pictures.insert(id, bytes);
    }
    journal.entries.push(full);
    journal.erased.push(ErasedItem { id: EntryId::from_bytes([3; 16]) });
    let group = GroupItem {
        id: GroupId::from_bytes([4; 16]),
        name: "Tuesday".into(),
        own_name: "Ada".into(),
        relay: "https://relay.example".into(),
    };
    let note = NoteText {
        author: "Bea".into(),
        mine: false,
        day: "2026-03-16".into(),
        kind: "note".into(),
        text: "Heard you.".into(),
    };
    let rows = vec![
        GroupRow {
            table: "group_record".into(),
            key: vec![1, 2],
            value: vec![0, 255, 7],
            note: Some(note),
        },
        GroupRow { table: "group_meta".into(), key: vec![], value: vec![], note: None },
    ];
    journal.groups.push((group, rows));
    journal
}

pub fn send(mut writer: BackupWriter<'_>, journal: &Journal) -> Result<Written, ArchiveError> {
    writer.settings(journal.settings.clone())?;
    for entry in &journal.entries {
        writer.entry(entry)?;
    }
    writer.erased(&journal.erased)?;
    for (group, rows) in &journal.groups {
        writer.group(group)?;
        for row in rows {
            writer.row(row)?;
        }
    }
    for item in writer.missing() {
        writer.picture(item.id, &mut journal.pictures[&item.id].as_slice())?;
    }
    writer.finish()
}

pub fn to_folder(
    folder: &Path,
    journal: &Journal,
    packs: &[PackInfo],
    watch: Watch<'_>,
) -> Result<Written, ArchiveError> {
    let identity = identity();
    let writer = BackupWriter::into_folder(
        FolderTarget { folder, packs },
        &identity,
        &account(),
        made(),
        watch,
    )?;
    send(writer, journal)
}

pub fn to_file(path: &Path, journal: &Journal, watch: Watch<'_>) -> Result<Written, ArchiveError> {
    let identity = identity();
    let passphrase = BackupPassphrase::new(PASSPHRASE);
    let target = FileTarget { path, passphrase: &passphrase, cost: COST };
    send(BackupWriter::into_file(target, &identity, &account(), made(), watch)?, journal)
}

/// Key files under the test's passphrase and words.
pub fn key_files(folder: &Path) {
    key_files_under(PASSPHRASE, folder, Watch::nobody());
}

pub fn key_files_under(passphrase: &str, folder: &Path, watch: Watch<'_>) {
    let key = seal_identity(&identity(), &BackupPassphrase::new(passphrase), COST).unwrap();
    let kit = seal_identity(&identity(), &BackupPassphrase::from_words(WORDS), COST).unwrap();
    set_key_files(folder, KeyFiles { key: Some(&key), kit: Some(&kit) }, watch).unwrap();
}

impl RestoreSink for Journal {
    fn settings(&mut self, values: serde_json::Value) -> ControlFlow<()> {
        self.settings = values;
        ControlFlow::Continue(())
    }

    fn entry(&mut self, entry: EntryItem) -> ControlFlow<()> {
        self.entries.push(entry);
        ControlFlow::Continue(())
    }

    fn erased(&mut self, erased: ErasedItem) -> ControlFlow<()> {
        self.erased.push(erased);
        ControlFlow::Continue(())
    }

    fn group(&mut self, group: GroupItem) -> ControlFlow<()> {
        self.groups.push((group, Vec::new()));
        ControlFlow::Continue(())
    }

    fn row(&mut self, group: GroupId, row: GroupRow) -> ControlFlow<()> {
        let (last, rows) = self.groups.last_mut().unwrap();
        assert_eq!(last.id, group);
        rows.push(row);
        ControlFlow::Continue(())
    }

    fn picture(&mut self, id: AttachmentId, size: u64, content: &mut dyn Read) -> ControlFlow<()> {
        let mut bytes = Vec::new();
        content.read_to_end(&mut bytes).unwrap();
        assert_eq!(bytes.len() as u64, size);
        self.pictures.insert(id, bytes);
        ControlFlow::Continue(())
    }
}
