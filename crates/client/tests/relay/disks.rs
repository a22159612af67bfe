//! What lies on disks, opened with every key that somebody has: rows that are there, rows that a
//! database may have forgotten to overwrite, files of the index, pictures, and whatever in a
//! relay's files opens to any key among them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::net::PASSPHRASE;
use hearthkeep_crypto::{
    EpochSecret, Label, ProfileKey, keyed_id, label, pad,
    record::{self, MailboxClass, kid_of},
    row::open as open_row,
    sealed_file,
};
use hearthkeep_document::Document;
use hearthkeep_group::Group;
use hearthkeep_model::GroupId;
use hearthkeep_search::Index;
use hearthkeep_store::{ProfileFolder, Store, Table};
use hearthkeep_tests::legible::{Marks, files_below};

/// Blobs are looked for up to this length; what these tests send is shorter.
const LONGEST: usize = 16_384;
/// Rows of entries, versions and pictures in these tests are shorter than that.
const ANY: (usize, usize) = (1, 2_048);
/// Version, tag, nonce, commitment and tag of a blob.
const AROUND: usize = 1 + 8 + 24 + 32 + 16;

/// Something that opened.
#[derive(Debug)]
pub(crate) struct Opened {
    /// Where it lay.
    pub(crate) from: String,
    /// As it lay there.
    pub(crate) sealed: Vec<u8>,
    /// What it says.
    pub(crate) plain: Vec<u8>,
    /// The row that it is, if it is one.
    place: Option<Place>,
}

impl Opened {
    /// It is a page of the list of all entries.
    pub(crate) fn is_of_the_list(&self) -> bool {
        self.place.as_ref().is_some_and(|place| place.table == Table::Page)
    }
}

/// A row of a vault, by what authenticates its place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    table: Table,
    id: Vec<u8>,
    /// How long its content was in any copy: trying all lengths at every byte takes minutes.
    length: (usize, usize),
}

/// A copy of a profile as it lay on the disk at one moment, and its key.
pub(crate) struct Copied {
    pub(crate) folder: tempfile::TempDir,
    key: ProfileKey,
}

impl Copied {
    /// Copies a profile, whether it is open or not, and opens its key with the passphrase.
    pub(crate) fn of(profile: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        copy(profile, folder.path());
        let held = ProfileFolder::open(folder.path()).unwrap();
        let key = held.read_slots().unwrap().open_with_passphrase(PASSPHRASE).unwrap();
        Self { folder, key }
    }

    fn index(&self) -> PathBuf {
        self.folder.path().join("index")
    }

    /// Everything that the vault's own openers open.
    pub(crate) async fn opens(&self) -> Vec<Opened> {
        let (_place, store) = self.store().await;
        let mut all = Vec::new();
        for table in Table::ALL {
            for thing in store.scan_all(*table).await.unwrap() {
                let id = self.thing(&thing.scope, &thing.key);
                let plain = [&thing.scope, b" ".as_slice(), &thing.key, b" ", &thing.value];
                let plain = plain.concat();
                // Scope, key and value with what CBOR puts before them.
                let length = (plain.len().saturating_sub(64), plain.len() + 128);
                all.push(row(*table, id, plain, length));
            }
        }
        for head in store.heads() {
            let id = self.id(label::ID_ENTRY, head.id.as_bytes());
            // The list's first page holds the same.
            for (table, id) in [(Table::Entry, id), (Table::Page, vec![0; 4])] {
                all.push(row(table, id, format!("{head:?}").into_bytes(), ANY));
            }
            let text = store.entry_text(head.id).await.unwrap();
            all.push(file("a text", Document::open(&text).unwrap().plain_text().into_bytes()));
            for version in store.versions(&[head.id]).await.unwrap() {
                let id = self.id(label::ID_VERSION, version.id.as_bytes());
                let text = store.version_text(version.id).await.unwrap();
                all.push(row(Table::Version, id, text.to_vec(), ANY));
            }
        }
        for meta in store.attachments().await.unwrap() {
            let id = self.id(label::ID_ATTACHMENT, meta.id.as_bytes());
            all.push(row(Table::Attachment, id, format!("{meta:?}").into_bytes(), ANY));
            all.push(file("a picture", store.read_attachment(meta.id).unwrap().to_vec()));
        }
        let secrets = store.secrets().await.unwrap();
        let secrets = [*secrets.account.expose(), *secrets.backup.expose()];
        all.push(file("the secrets", secrets.concat()));
        store.close().await;
        all.extend(self.index_opens());
        all
    }

    /// The vault, opened in another copy: opening tidies up.
    async fn store(&self) -> (tempfile::TempDir, Store) {
        let place = tempfile::tempdir().unwrap();
        copy(self.folder.path(), place.path());
        let held = Arc::new(ProfileFolder::open(place.path()).unwrap());
        let key = ProfileKey::from_bytes(*self.key.expose());
        let store = Store::unlock(&held, key).await.unwrap();
        (place, store)
    }

    /// A group as this profile has it.
    pub(crate) async fn group(&self, group: &str) -> Group {
        let id: GroupId = group.parse().unwrap();
        let (_place, store) = self.store().await;
        let mut rows = Vec::new();
        for (table, kept) in [
            (Table::GroupState, hearthkeep_group::Table::GroupState),
            (Table::GroupRecord, hearthkeep_group::Table::GroupRecord),
            (Table::ContentKey, hearthkeep_group::Table::ContentKey),
            (Table::Outbox, hearthkeep_group::Table::Outbox),
            (Table::Cursor, hearthkeep_group::Table::Cursor),
        ] {
            for thing in store.scan(table, id.as_bytes()).await.unwrap() {
                rows.push((kept, thing.key, thing.value.to_vec()));
            }
        }
        store.close().await;
        Group::load(rows).unwrap()
    }

    /// Every file of the index that opens.
    fn index_opens(&self) -> Vec<Opened> {
        let key = self.key.index_key();
        let open = |(path, sealed): (PathBuf, Vec<u8>)| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            let inside = unhex(&name).unwrap_or(name.into_bytes());
            let plain = sealed_file::open(&key, &inside, &sealed).ok()?.to_vec();
            Some(Opened { from: path.display().to_string(), sealed, plain, place: None })
        };
        files_below(&self.index()).into_iter().filter_map(open).collect()
    }

    /// Whether the index's dictionaries hold a word.
    pub(crate) fn index_holds(&self, word: &str) -> bool {
        let place = tempfile::tempdir().unwrap();
        copy(&self.index(), place.path());
        let (index, _) = Index::open_or_rebuild(place.path(), self.key.index_key()).unwrap();
        index.holds_word(word).unwrap()
    }

    /// What a row with a scope and a key is bound to.
    fn thing(&self, scope: &[u8], key: &[u8]) -> Vec<u8> {
        let scope = self.id(label::ID_SCOPE, scope);
        let key = self.id(label::ID_ROW, &[scope.as_slice(), key].concat());
        [scope, key].concat()
    }

    fn id(&self, purpose: Label, bytes: &[u8]) -> Vec<u8> {
        keyed_id(&self.key.id_key(), purpose, bytes).to_vec()
    }

    /// Every copy of these rows that lies anywhere in the profile's files, in rows that are there
    /// or in what a database has let go of.
    pub(crate) fn finds(&self, places: &BTreeSet<Place>) -> Vec<Opened> {
        let mut found = Vec::new();
        let files = files_below(self.folder.path());
        for place in places {
            let label = place.table.label();
            let key = self.key.table_key(label);
            let lengths = sizes(64, 1 + 24 + 16, place.length);
            let open = |row: &[u8]| open_row(&key, label, &place.id, 1, row).ok();
            for (path, bytes) in files.iter().filter(|(path, _)| !path.ends_with("ballast")) {
                for at in (0..bytes.len()).filter(|at| bytes[*at] == 1) {
                    let rows = lengths.iter().filter_map(|length| bytes.get(at..at + length));
                    let opens = rows.filter_map(|row| Some((row.to_vec(), open(row)?)));
                    found.extend(opens.map(|(sealed, plain)| Opened {
                        from: format!("{} at {at}, of {:?}", path.display(), place.table),
                        sealed,
                        plain: plain.to_vec(),
                        place: Some(place.clone()),
                    }));
                }
            }
        }
        found
    }
}

/// Every 32 bytes that stand as a value in any of these: whatever could be a key.
pub(crate) fn keys_in(all: &[Opened]) -> BTreeSet<[u8; 32]> {
    let mut keys = BTreeSet::new();
    for plain in all.iter().map(|opened| &opened.plain) {
        // Byte strings of CBOR, and the secrets as they are.
        for at in 0..plain.len() {
            let value = plain[at..].strip_prefix(&[0x58, 0x20]);
            keys.extend(value.and_then(|value| value.first_chunk::<32>()));
        }
        keys.extend(plain.as_chunks::<32>().0.iter().filter(|_| plain.len().is_multiple_of(32)));
        // Key agreement keeps its bytes as lists of numbers.
        for list in plain.split(|byte| *byte == b'[').skip(1) {
            let list = list.split(|byte| *byte == b']').next().unwrap_or_default();
            let numbers = list.split(|byte| *byte == b',').map(|number| {
                std::str::from_utf8(number).ok().and_then(|number| number.trim().parse().ok())
            });
            let numbers: Option<Vec<u8>> = numbers.collect();
            keys.extend(numbers.and_then(|numbers| <[u8; 32]>::try_from(numbers).ok()));
        }
    }
    keys
}

/// Every record and every commit of a group that lies anywhere in a relay's files and opens to one
/// of these keys.
pub(crate) fn relay_opens(folder: &Path, group: &str, keys: &BTreeSet<[u8; 32]>) -> Vec<Opened> {
    let secrets = keys.iter().map(|key| EpochSecret::from_bytes(*key));
    let by_kid: BTreeMap<_, _> = secrets.map(|secret| (secret.kid(), secret)).collect();
    let mut lengths = sizes(256, AROUND, (1, LONGEST));
    lengths.extend((1..5).map(|times| AROUND + times * 16_384));
    let mut found = Vec::new();
    for (path, bytes) in files_below(folder) {
        for at in (0..bytes.len()).filter(|at| bytes[*at] == 1) {
            let Some(secret) = kid_of(&bytes[at..]).and_then(|kid| by_kid.get(&kid)) else {
                continue;
            };
            let blobs = lengths.iter().filter_map(|length| bytes.get(at..at + length));
            let open = |blob: &[u8]| Some((blob.to_vec(), blob_opens(secret, group, blob)?));
            found.extend(blobs.filter_map(open).map(|(sealed, plain)| Opened {
                from: format!("{} at {at}", path.display()),
                sealed,
                plain,
                place: None,
            }));
        }
    }
    found
}

/// What a blob says to somebody with this key.
pub(crate) fn blob_opens(secret: &EpochSecret, group: &str, blob: &[u8]) -> Option<Vec<u8>> {
    let id: GroupId = group.parse().unwrap();
    let content = record::context(id.as_bytes(), MailboxClass::Content);
    let handshake = record::context(id.as_bytes(), MailboxClass::Handshake);
    let opened = record::open(secret, &content, blob)
        .or_else(|_| record::open_handshake(secret, &handshake, blob));
    opened.ok().map(|plain| plain.to_vec())
}

/// All sizes that padding gives, with what is put around them.
fn sizes(floor: usize, around: usize, (shortest, longest): (usize, usize)) -> Vec<usize> {
    let sizes: BTreeSet<usize> = (shortest..=longest).map(|len| pad::padme(len, floor)).collect();
    sizes.into_iter().map(|size| size + around).collect()
}

fn row(table: Table, id: Vec<u8>, plain: Vec<u8>, length: (usize, usize)) -> Opened {
    let place = Some(Place { table, id, length });
    Opened { from: format!("a row of {table}"), sealed: Vec::new(), plain, place }
}

fn file(from: &str, plain: Vec<u8>) -> Opened {
    Opened { from: from.to_owned(), sealed: Vec::new(), plain, place: None }
}

/// Where these words stand, of what was opened.
pub(crate) fn says<'o>(all: &'o [Opened], words: &Marks) -> Vec<&'o Opened> {
    all.iter().filter(|opened| words.found_in(&opened.plain).is_some()).collect()
}

/// The rows in which these words stand.
pub(crate) fn rows_that_say(all: &[Opened], words: &Marks) -> BTreeSet<Place> {
    says(all, words).into_iter().filter_map(|opened| opened.place.clone()).collect()
}

fn unhex(name: &str) -> Option<Vec<u8>> {
    let pairs = name.as_bytes().as_chunks::<2>().0;
    (name.len() == 32).then_some(())?;
    pairs.iter().map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

/// Copies a folder with all that is in it.
pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let there = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &there);
        } else if path.ends_with("ballast") {
            // It only has to be there.
            std::fs::hard_link(&path, &there).unwrap();
        } else {
            // What an open profile removes meanwhile is not there to be copied.
            drop(std::fs::copy(&path, &there));
        }
    }
}
