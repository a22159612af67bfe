//! A vault in a temporary folder, and entries to put into it.
#![allow(dead_code, unreachable_pub, reason = "each test file uses a part of this")]

use hearthkeep_crypto::passphrase::KdfParams;
use hearthkeep_crypto::secrets::Secrets;
use hearthkeep_model::{EntryFields, EntryHead, EntryId, Moment, Timestamp};
use hearthkeep_store::{ProfileFolder, Store};
use std::path::Path;
use std::sync::Arc;

pub const PASSPHRASE: &str = "a long walk by the sea";

pub async fn create(path: &Path) -> (Arc<ProfileFolder>, Store, Secrets) {
    let folder = Arc::new(ProfileFolder::open(path).unwrap());
    let secrets = Secrets::generate();
    let store = Store::create(&folder, PASSPHRASE, &secrets, KdfParams::FLOOR).await.unwrap();
    (folder, store, secrets)
}

/// Opens with the words: no Argon2, so that many openings cost little.
pub async fn reopen(path: &Path, secrets: &Secrets) -> Store {
    let folder = Arc::new(ProfileFolder::open(path).unwrap());
    let key = folder.read_slots().unwrap().open_with_words(&secrets.phrase).unwrap();
    Store::unlock(&folder, key).await.unwrap()
}

pub fn id(n: u32) -> EntryId {
    let mut bytes = [0; 16];
    bytes[..4].copy_from_slice(&n.to_be_bytes());
    EntryId::from_bytes(bytes)
}

pub fn head(n: u32, title: &str) -> EntryHead {
    EntryHead {
        id: id(n),
        fields: EntryFields {
            moment: Moment::new(Timestamp(i64::from(n) * 60_000), 60),
            title: title.to_owned(),
            tags: vec!["tag".into()],
            feelings: vec!["calm".into()],
        },
        first_line: format!("line {n}"),
        words: n,
        pictures: 0,
        shared: false,
        trashed: None,
        changed: Timestamp(i64::from(n)),
    }
}

pub async fn put(store: &Store, n: u32, text: &str) {
    let mut tx = store.begin().await.unwrap();
    tx.put_entry(&head(n, "title"), text.as_bytes()).unwrap();
    tx.commit().await.unwrap();
}

/// Copies a profile as a crash at this moment would leave it. The ballast is linked: it only has
/// to be there.
pub fn copy_profile(from: &Path, to: &Path) {
    std::fs::create_dir_all(to.join("attachments")).unwrap();
    for folder in ["", "attachments"] {
        for file in std::fs::read_dir(from.join(folder)).unwrap().flatten() {
            let (path, target) = (file.path(), to.join(folder).join(file.file_name()));
            if path.ends_with("ballast") {
                std::fs::hard_link(path, target).unwrap();
            } else if path.is_file() {
                std::fs::copy(path, target).unwrap();
            }
        }
    }
}

/// Opens a profile as it lies there; `None` when it refuses.
pub async fn try_reopen(path: &Path, secrets: &Secrets) -> Option<Store> {
    let folder = Arc::new(ProfileFolder::open(path).ok()?);
    let key = folder.read_slots().ok()?.open_with_words(&secrets.phrase).ok()?;
    Store::unlock(&folder, key).await.ok()
}
