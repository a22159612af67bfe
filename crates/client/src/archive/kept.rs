//! What is kept about backups: where they go, what lies there, how the last one went.

use crate::ClientError;
use crate::view::{BackupProof, Unreadable};
use hearthkeep_archive::backup::PackInfo;
use hearthkeep_model::AttachmentId;
use hearthkeep_store::{Store, Tx};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// The setting's name. It stays behind when the settings travel: it is about this computer.
pub(crate) const SETTING: &str = "backup";

/// The state of backups.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Kept {
    /// The folder, once one was chosen.
    pub(crate) folder: Option<PathBuf>,
    /// Its `key.age`, so that it can be put back when somebody removed it.
    pub(crate) key: Vec<u8>,
    /// Its `kit.age`.
    pub(crate) kit: Vec<u8>,
    /// Which words the kit was made of, as a short hash of them.
    pub(crate) kit_of: String,
    /// The packs that lie there.
    pub(crate) packs: Vec<Pack>,
    /// The last backup that was compared.
    pub(crate) last_good: Option<BackupProof>,
    /// Code of the last try's failure.
    pub(crate) last_error: Option<String>,
    /// Number of the commit up to which the last good one holds everything.
    pub(crate) holds: u64,
    /// The day of the last try by itself, ISO 8601.
    pub(crate) tried: Option<String>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Pack {
    hash: [u8; 32],
    pictures: Vec<String>,
}

impl Kept {
    pub(crate) async fn read(store: &Store) -> Result<Self, ClientError> {
        let kept = store.setting(SETTING).await?;
        Ok(kept.and_then(|kept| serde_json::from_slice(&kept).ok()).unwrap_or_default())
    }

    pub(crate) fn put(&self, tx: &mut Tx) {
        let bytes = serde_json::to_vec(self).expect("the state of backups is plain data");
        tx.put_setting(SETTING, &bytes);
    }

    /// Changes what is kept, in a transaction of its own. Nothing else changed by that: a backup
    /// that held everything still does.
    pub(crate) async fn change(
        store: &Store,
        change: impl FnOnce(&mut Self),
    ) -> Result<Self, ClientError> {
        let mut tx = store.begin().await?;
        let before = store.number();
        let mut kept = Self::read(store).await?;
        change(&mut kept);
        if kept.holds == before {
            kept.holds = before.saturating_add(1);
        }
        kept.put(&mut tx);
        tx.commit().await?;
        Ok(kept)
    }

    /// The key files of the folder that are not what was written there.
    pub(crate) fn changed_key_files(&self) -> Vec<Unreadable> {
        let folder = self.folder.as_deref().unwrap_or(Path::new("."));
        let files = [("key.age", &self.key), ("kit.age", &self.kit)];
        let written = files.into_iter().filter(|(_, bytes)| !bytes.is_empty());
        let faults = written.filter_map(|(name, bytes)| {
            let why = match std::fs::read(folder.join(name)) {
                Ok(there) if there == *bytes => return None,
                Ok(_) => "damaged",
                Err(_) => "missing",
            };
            Some(Unreadable { what: name.to_owned(), why: why.to_owned() })
        });
        faults.collect()
    }

    pub(crate) fn packs(&self) -> Vec<PackInfo> {
        let ids = |pack: &Pack| pack.pictures.iter().filter_map(|id| id.parse().ok()).collect();
        self.packs.iter().map(|pack| PackInfo { hash: pack.hash, pictures: ids(pack) }).collect()
    }

    pub(crate) fn set_packs(&mut self, packs: &[PackInfo]) {
        let pack = |pack: &PackInfo| Pack {
            hash: pack.hash,
            pictures: pack.pictures.iter().map(AttachmentId::to_string).collect(),
        };
        self.packs = packs.iter().map(pack).collect();
    }
}
