//! A journal comes back: onto an empty profile, with a new key and new words.
//!
//! The vault is made aside and takes its place when all of it is there: a crash or a refusal
//! before leaves an empty profile.

use super::backup::{proof_view, watch};
use super::gather::GROUP_TABLES;
use super::kept::Kept;
use super::task::Told;
use crate::ClientError;
use crate::hearthkeep::{Hearthkeep, blocking};
use crate::journal::head_of;
use crate::settings;
use crate::view::{NewWords, Progress, RestoreSecret, Restored, Unreadable};
use hearthkeep_archive::backup::{BackupSecret, Opened, PackInfo, RestoreSink, Watch, open};
use hearthkeep_archive::{
    ArchiveError, AttachmentItem, BackupPassphrase, EntryItem, ErasedItem, GroupItem, GroupRow,
    Limits, Proof, VersionItem,
};
use hearthkeep_crypto::secrets::Secrets;
use hearthkeep_crypto::words::RecoveryPhrase;
use hearthkeep_crypto::{AccountSecret, BackupIdentitySeed, Zeroizing};
use hearthkeep_document::{
    Document, lines_from_json, lines_from_markdown, lines_to_json, word_count,
};
use hearthkeep_model::{AttachmentId, EntryHead, EntryId, GroupId};
use hearthkeep_store::{AttachmentMeta, ProfileFolder, Store, StoreError, Table, Tx, VersionHead};
use std::collections::BTreeMap;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::runtime::Handle;

/// Entries and rows of one transaction.
const BATCH: u32 = 512;

impl Hearthkeep {
    /// Brings a backup back onto a profile without a vault, and leaves it unlocked. The whole
    /// backup is read and compared before anything is made of it.
    ///
    /// # Errors
    /// [`StoreError::Exists`] when there is a vault; [`ClientError::TooWeak`]; why the backup does
    /// not open or does not hold.
    pub async fn restore(
        &self,
        path: &Path,
        secret: RestoreSecret,
        new_passphrase: &str,
        tell: impl Fn(Progress) + Send + Sync + 'static,
    ) -> Result<Restored, ClientError> {
        if !crate::session::enough(new_passphrase) {
            return Err(ClientError::TooWeak);
        }
        if self.inner.folder.has_vault() {
            return Err(StoreError::Exists.into());
        }
        let told = self.inner.tasks.begin(tell)?;
        let work = Work {
            here: self.clone(),
            runtime: Handle::current(),
            told,
            backup: path.to_owned(),
            passphrase: Zeroizing::new(new_passphrase.to_owned()),
        };
        let made = blocking(move || work.run(&secret)).await??;
        let _gate = self.inner.gate.lock().await;
        self.inner.folder.adopt(made.folder)?;
        let key = self.key_of_passphrase(new_passphrase).await?;
        self.begin_session(Store::unlock(&self.inner.folder, key).await?);
        let proof = proof_view(&made.proof, self.clock());
        let mut damaged = proof.damaged;
        damaged.extend(made.damaged);
        Ok(Restored {
            entries: made.entries,
            pictures: made.pictures,
            groups: made.groups,
            words: made.words,
            damaged,
        })
    }
}

struct Work {
    here: Hearthkeep,
    runtime: Handle,
    told: Told,
    backup: PathBuf,
    passphrase: Zeroizing<String>,
}

/// A vault that was made aside and is closed.
struct Made {
    folder: ProfileFolder,
    proof: Proof,
    entries: u32,
    pictures: u32,
    groups: Vec<String>,
    words: NewWords,
    damaged: Vec<Unreadable>,
}

impl Work {
    fn run(self, secret: &RestoreSecret) -> Result<Made, ClientError> {
        let passphrase = match secret {
            RestoreSecret::Passphrase(text) => BackupPassphrase::new(text),
            RestoreSecret::Words(words) => {
                BackupPassphrase::from_words(&RecoveryPhrase::parse(words)?.text())
            }
        };
        let secret = match secret {
            RestoreSecret::Passphrase(_) => BackupSecret::Passphrase(&passphrase),
            RestoreSecret::Words(_) => BackupSecret::Words(&passphrase),
        };
        let mut opened = open(&self.backup, secret, &Limits::STANDARD, watch(&self.told))?;
        let made = self.make(&mut opened);
        if made.is_err() {
            // The refusal is what counts; what is left is removed before the next try.
            self.here.inner.folder.clear_aside().ok();
        }
        made
    }

    fn make(&self, opened: &mut Opened<'_>) -> Result<Made, ClientError> {
        let secrets = Secrets {
            account: AccountSecret::from_bytes(*opened.account.expose()),
            backup: BackupIdentitySeed::from_bytes(*opened.identity.expose()),
            phrase: RecoveryPhrase::generate(),
        };
        let words = crate::session::new_words(&secrets.phrase);
        let folder = Arc::new(self.here.inner.folder.open_aside()?);
        let params = self.here.kdf_params();
        let store =
            self.runtime.block_on(Store::create(&folder, &self.passphrase, &secrets, params))?;
        let mut bringing = Bringing::new(self, store.clone(), &opened.proof);
        // It was compared already: now its things count.
        let told = self.told.clone();
        let brought = opened.bring_back(&mut bringing, Watch::new(move |_| told.go_on()));
        let outcome = bringing.finish(brought, &opened.packs);
        self.runtime.block_on(store.close());
        drop((store, bringing.store));
        outcome?;
        let folder = Arc::into_inner(folder).ok_or(ClientError::Stopped)?;
        Ok(Made {
            folder,
            proof: opened.proof.clone(),
            entries: bringing.entries,
            pictures: bringing.pictures,
            groups: bringing.groups,
            words,
            damaged: bringing.damaged,
        })
    }
}

/// Takes what a backup tells into a vault.
struct Bringing {
    store: Store,
    runtime: Handle,
    told: Told,
    total: u32,
    tx: Option<Tx>,
    waiting: u32,
    owners: BTreeMap<AttachmentId, (EntryId, AttachmentItem)>,
    entries: u32,
    pictures: u32,
    groups: Vec<String>,
    damaged: Vec<Unreadable>,
    failed: Option<ClientError>,
}

impl Bringing {
    fn new(work: &Work, store: Store, proof: &Proof) -> Self {
        Self {
            store,
            runtime: work.runtime.clone(),
            told: work.told.clone(),
            total: proof.counts.entries.saturating_add(proof.counts.pictures),
            tx: None,
            waiting: 0,
            owners: BTreeMap::new(),
            entries: 0,
            pictures: 0,
            groups: Vec::new(),
            damaged: Vec::new(),
            failed: None,
        }
    }

    fn finish(
        &mut self,
        brought: Result<(), ArchiveError>,
        packs: &[PackInfo],
    ) -> Result<(), ClientError> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        brought?;
        self.commit()?;
        let (runtime, store) = (self.runtime.clone(), self.store.clone());
        // The next backup into that folder need not pack the pictures again.
        runtime.block_on(Kept::change(&store, |kept| kept.set_packs(packs)))?;
        Ok(())
    }

    fn commit(&mut self) -> Result<(), ClientError> {
        self.waiting = 0;
        if let Some(tx) = self.tx.take() {
            self.runtime.block_on(tx.commit())?;
        }
        Ok(())
    }

    /// Does something within a transaction that is committed from time to time.
    fn within(
        &mut self,
        act: impl FnOnce(&mut Self, &mut Tx) -> Result<(), ClientError>,
    ) -> ControlFlow<()> {
        match self.try_within(act) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                self.failed = Some(error);
                ControlFlow::Break(())
            }
        }
    }

    fn try_within(
        &mut self,
        act: impl FnOnce(&mut Self, &mut Tx) -> Result<(), ClientError>,
    ) -> Result<(), ClientError> {
        let mut tx = match self.tx.take() {
            Some(tx) => tx,
            None => self.runtime.clone().block_on(self.store.begin())?,
        };
        act(self, &mut tx)?;
        self.tx = Some(tx);
        self.waiting = self.waiting.saturating_add(1);
        if self.waiting >= BATCH { self.commit() } else { Ok(()) }
    }

    /// Tells how much is back.
    fn tells(&self, done: ControlFlow<()>) -> ControlFlow<()> {
        done?;
        self.told.progress(self.entries.saturating_add(self.pictures), self.total)
    }

    fn put_entry(&mut self, tx: &mut Tx, item: EntryItem) -> Result<(), ClientError> {
        // What Markdown does not carry comes from the document, if that can still be taken.
        let exact = item.document.as_deref().and_then(|bytes| Document::open(bytes).ok());
        let document = exact.map_or_else(|| Document::from_markdown(&item.text), Ok)?;
        let head = head_of(item.id, item.fields, &document, item.changed);
        let head = EntryHead { shared: item.shared, trashed: item.drawer, ..head };
        tx.put_entry(&head, &document.snapshot())?;
        for version in item.versions {
            put_version(tx, item.id, version)?;
        }
        for attachment in item.attachments {
            self.owners.insert(attachment.id, (item.id, attachment));
        }
        self.entries = self.entries.saturating_add(1);
        Ok(())
    }
}

fn put_version(tx: &mut Tx, entry: EntryId, item: VersionItem) -> Result<(), ClientError> {
    let exact = item.lines.as_ref().and_then(|lines| lines_from_json(lines).ok());
    let lines = exact.unwrap_or_else(|| lines_from_markdown(&item.text));
    let head = VersionHead { id: item.id, entry, at: item.at, words: word_count(&lines) };
    let text = serde_json::to_vec(&lines_to_json(&lines)).expect("lines are plain data");
    Ok(tx.put_version(&head, &text)?)
}

impl RestoreSink for Bringing {
    fn settings(&mut self, values: serde_json::Value) -> ControlFlow<()> {
        self.within(|_, tx| {
            for (name, value) in values.as_object().cloned().into_iter().flatten() {
                let value = match name.as_str() {
                    super::kept::SETTING => continue,
                    settings::SETTINGS => settings::with_untried_words(value),
                    _ => value,
                };
                tx.put_setting(&name, value.to_string().as_bytes());
            }
            Ok(())
        })
    }

    fn entry(&mut self, entry: EntryItem) -> ControlFlow<()> {
        let what = format!("{} {}", entry.fields.moment.day, entry.id);
        let put = self.within(|here, tx| {
            let put = here.put_entry(tx, entry);
            if matches!(put, Err(ClientError::Document(_))) {
                // A text that no longer opens costs that text only, and is named.
                here.damaged.push(Unreadable::damaged(what));
                return Ok(());
            }
            put
        });
        self.tells(put)
    }

    fn erased(&mut self, erased: ErasedItem) -> ControlFlow<()> {
        let runtime = self.runtime.clone();
        self.within(|_, tx| Ok(runtime.block_on(tx.erase_entry(erased.id))?))
    }

    fn group(&mut self, group: GroupItem) -> ControlFlow<()> {
        self.groups.push(if group.name.is_empty() { group.id.to_string() } else { group.name });
        ControlFlow::Continue(())
    }

    fn row(&mut self, group: GroupId, row: GroupRow) -> ControlFlow<()> {
        let known = GROUP_TABLES.iter().find(|(_, name)| *name == row.table);
        // What a newer Hearthkeep kept elsewhere waits for one that knows where.
        let table = known.map_or(Table::Quarantine, |(table, _)| *table);
        self.within(|_, tx| {
            tx.put(table, group.as_bytes(), &row.key, &row.value);
            Ok(())
        })
    }

    fn picture(&mut self, id: AttachmentId, _: u64, content: &mut dyn Read) -> ControlFlow<()> {
        let Some((entry, item)) = self.owners.remove(&id) else { return ControlFlow::Continue(()) };
        let mut bytes = Zeroizing::new(Vec::new());
        if let Err(source) = content.read_to_end(&mut bytes) {
            self.failed = Some(ArchiveError::Io { file: item.name, source }.into());
            return ControlFlow::Break(());
        }
        self.pictures = self.pictures.saturating_add(1);
        let put = self.within(|here, tx| {
            here.store.write_attachment(id, &bytes)?;
            tx.put_attachment(&AttachmentMeta::of(id, entry, &item.name, &item.media, &bytes));
            Ok(())
        });
        self.tells(put)
    }
}
