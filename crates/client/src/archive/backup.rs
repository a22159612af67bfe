//! Backups: chosen, written, read back, proved.

use super::gather;
use super::kept::Kept;
use super::task::Told;
use crate::clock::Clock;
use crate::hearthkeep::{Hearthkeep, blocking};
use crate::view::{BackupProof, BackupStatus, Progress, Unreadable};
use crate::{ClientError, Event, Refusal};
use hearthkeep_archive::backup::{
    BackupSecret, BackupWriter, FileTarget, FolderTarget, KeyFiles, PackInfo, Step, Watch, Written,
    prove, set_key_files,
};
use hearthkeep_archive::{
    ArchiveError, AttachmentItem, BackupPassphrase, EntryItem, ErasedItem, Limits, Proof, SealCost,
    seal_identity,
};
use hearthkeep_crypto::Zeroizing;
use hearthkeep_crypto::hash::sha256;
use hearthkeep_crypto::secrets::Secrets;
use hearthkeep_model::{AttachmentId, EntryHead, EntryId, Moment, Timestamp};
use hearthkeep_store::{Store, StoreError};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::runtime::Handle;
use tokio::sync::mpsc;

/// Entries that are read at a time. As many wait to be written, and as many are being written.
const AT_A_TIME: usize = 32;

impl Hearthkeep {
    /// How the backups stand.
    ///
    /// # Errors
    /// [`ClientError::Locked`].
    pub async fn backup_status(&self) -> Result<BackupStatus, ClientError> {
        let store = self.store()?;
        let kept = Kept::read(&store).await?;
        Ok(BackupStatus {
            folder_there: kept.folder.as_ref().is_some_and(|folder| folder.is_dir()),
            up_to_date: kept.last_good.is_some() && kept.holds == store.number(),
            folder: kept.folder.map(|folder| folder.display().to_string()),
            last_good: kept.last_good,
            last_error: kept.last_error,
        })
    }

    /// Chooses the folder for backups, or gives the chosen one another passphrase. The key files
    /// are written; the first backup follows by hand or by itself.
    ///
    /// # Errors
    /// [`ClientError::TooWeak`]; what the system says about the folder.
    pub async fn choose_backup_folder(
        &self,
        folder: &Path,
        passphrase: &str,
    ) -> Result<BackupStatus, ClientError> {
        if !crate::session::enough(passphrase) {
            return Err(ClientError::TooWeak);
        }
        if folder.to_str().is_none() {
            let file = folder.display().to_string();
            let source = io::Error::new(io::ErrorKind::InvalidFilename, "not a name in UTF-8");
            return Err(ArchiveError::Io { file, source }.into());
        }
        let told = self.inner.tasks.begin(|_| {})?;
        let store = self.store()?;
        let secrets = store.secrets().await?;
        let (place, cost) = (folder.to_owned(), self.seal_cost());
        let passphrase = BackupPassphrase::new(passphrase);
        let (key, kit, kit_of) = blocking(move || {
            let key = seal_identity(&secrets.backup, &passphrase, cost)?;
            let (kit, kit_of) = kit(&secrets, cost)?;
            let files = KeyFiles { key: Some(&key), kit: Some(&kit) };
            set_key_files(&place, files, watch(&told))?;
            Ok::<_, ClientError>((key, kit, kit_of))
        })
        .await??;
        let folder = folder.to_owned();
        Kept::change(&store, |kept| {
            match &kept.folder {
                Some(same) if *same == folder => {}
                // Restoring knows packs, and perhaps this is where they lie.
                None => kept.folder = Some(folder),
                // Another folder begins anew: nothing of it has been proved.
                Some(_) => *kept = Kept { folder: Some(folder), ..Kept::default() },
            }
            (kept.key, kept.kit, kept.kit_of) = (key, kit, kit_of);
        })
        .await?;
        self.tell(Event::Backup);
        self.backup_status().await
    }

    /// Backs up into the chosen folder now. Answers only once everything was read back from the
    /// disk and compared. When nothing changed since the last proof, that proof is the answer.
    ///
    /// # Errors
    /// [`ClientError::NoBackupFolder`], [`ClientError::Busy`], and whatever went wrong.
    pub async fn backup_now(
        &self,
        tell: impl Fn(Progress) + Send + Sync + 'static,
    ) -> Result<BackupProof, ClientError> {
        let store = self.store()?;
        let kept = Kept::read(&store).await?;
        let folder = kept.folder.clone().ok_or(ClientError::NoBackupFolder)?;
        let told = self.inner.tasks.begin(tell)?;
        // Locking waits until what is kept about this backup is on the disk.
        let _until_kept = told.clone();
        if let Some(proof) = kept.last_good.as_ref().filter(|_| kept.holds == store.number())
            && folder.join(&proof.name).is_file()
        {
            return Ok(proof.clone());
        }
        let outcome = self.back_up(&store, kept, folder, told).await;
        let stopped = matches!(
            outcome,
            Err(ClientError::Stopped
                | ClientError::Locked
                | ClientError::Store(StoreError::Closed))
        );
        if let Err(error) = &outcome
            && !stopped
        {
            let code = serde_json::to_value(Refusal::from(error).code).ok();
            let code = code.and_then(|code| code.as_str().map(str::to_owned));
            Kept::change(&store, |kept| kept.last_error = code).await?;
        }
        self.tell(Event::Backup);
        outcome
    }

    async fn back_up(
        &self,
        store: &Store,
        kept: Kept,
        folder: PathBuf,
        told: Told,
    ) -> Result<BackupProof, ClientError> {
        let secrets = store.secrets().await?;
        let (cost, made) = (self.seal_cost(), self.clock().moment());
        let source = Source { store: store.clone(), runtime: Handle::current(), told };
        let began = store.number();
        let ((written, left_out), kit, kit_of) = blocking(move || {
            let (kit, kit_of) = if kept.kit_of == fingerprint(&secrets) {
                (kept.kit.clone(), kept.kit_of.clone())
            } else {
                kit(&secrets, cost)?
            };
            let files = KeyFiles { key: Some(&kept.key), kit: Some(&kit) };
            put_key_files(&folder, files, &source.told)?;
            let packs = kept.packs();
            let target = FolderTarget { folder: &folder, packs: &packs };
            let watch = watch(&source.told);
            let writer =
                BackupWriter::into_folder(target, &secrets.backup, &secrets.account, made, watch)?;
            Ok::<_, ClientError>((source.send(writer)?, kit, kit_of))
        })
        .await??;
        let mut proof = proof_view(&written.proof, self.clock());
        proof.damaged.extend(left_out);
        let (good, packs): (_, Vec<PackInfo>) = (proof.clone(), written.packs);
        Kept::change(store, |kept| {
            kept.last_good = Some(good);
            kept.last_error = None;
            kept.holds = began;
            kept.set_packs(&packs);
            (kept.kit, kept.kit_of) = (kit, kit_of);
        })
        .await?;
        Ok(proof)
    }

    /// Backs up into one file under a passphrase of its own.
    ///
    /// # Errors
    /// [`ClientError::TooWeak`], [`ClientError::Busy`], and whatever went wrong.
    pub async fn backup_file(
        &self,
        path: &Path,
        passphrase: &str,
        tell: impl Fn(Progress) + Send + Sync + 'static,
    ) -> Result<BackupProof, ClientError> {
        if !crate::session::enough(passphrase) {
            return Err(ClientError::TooWeak);
        }
        let store = self.store()?;
        let told = self.inner.tasks.begin(tell)?;
        let secrets = store.secrets().await?;
        let (path, cost, made) = (path.to_owned(), self.seal_cost(), self.clock().moment());
        let passphrase = BackupPassphrase::new(passphrase);
        let source = Source { store, runtime: Handle::current(), told };
        let (written, left_out) = blocking(move || {
            let target = FileTarget { path: &path, passphrase: &passphrase, cost };
            let watch = watch(&source.told);
            source.send(BackupWriter::into_file(
                target,
                &secrets.backup,
                &secrets.account,
                made,
                watch,
            )?)
        })
        .await??;
        let mut proof = proof_view(&written.proof, self.clock());
        proof.damaged.extend(left_out);
        Ok(proof)
    }

    /// Reads a backup to its end and compares every hash. Without a passphrase the open vault's
    /// own identity opens it. While the vault is open, the key files of its own folder are compared
    /// too: one of them is not needed for this reading, and is missed only on the worst day.
    ///
    /// # Errors
    /// Why it does not open or does not hold.
    pub async fn prove_backup(
        &self,
        path: &Path,
        passphrase: Option<&str>,
        tell: impl Fn(Progress) + Send + Sync + 'static,
    ) -> Result<BackupProof, ClientError> {
        let told = self.inner.tasks.begin(tell)?;
        let secrets = match passphrase {
            Some(_) => None,
            None => Some(self.store()?.secrets().await?),
        };
        let kept = match self.store() {
            Ok(store) => Some(Kept::read(&store).await?),
            Err(_) => None,
        };
        let passphrase = passphrase.map(BackupPassphrase::new);
        let (place, path) = (path.to_owned(), path.to_owned());
        let proof = blocking(move || {
            let secret = match (&passphrase, &secrets) {
                (Some(passphrase), _) => BackupSecret::Passphrase(passphrase),
                (None, Some(secrets)) => BackupSecret::Identity(&secrets.backup),
                (None, None) => return Err(ClientError::Locked),
            };
            Ok(prove(&path, secret, &Limits::STANDARD, watch(&told))?)
        })
        .await??;
        let mut view = proof_view(&proof, self.clock());
        if let Some(kept) = kept.filter(|kept| is_in(&place, kept.folder.as_deref())) {
            view.damaged.extend(kept.changed_key_files());
        }
        Ok(view)
    }

    /// Asks the backup, import or export that runs to stop. What was there before stays whole.
    pub fn cancel_backup(&self) {
        self.inner.tasks.stop();
    }
}

/// Whether a path is this folder, or an archive in it.
fn is_in(path: &Path, folder: Option<&Path>) -> bool {
    let real = |path: &Path| path.canonicalize().ok();
    let (Some(path), Some(folder)) = (real(path), folder.and_then(real)) else { return false };
    path == folder || path.parent() == Some(&folder)
}

/// The bytes of a picture that is what its entry names.
type Whole = Option<Zeroizing<Vec<u8>>>;

/// Sends a journal into a backup, from a thread that may wait.
struct Source {
    store: Store,
    runtime: Handle,
    told: Told,
}

impl Source {
    /// Sends all that opens, and names what does not.
    fn send(
        &self,
        mut writer: BackupWriter<'_>,
    ) -> Result<(Written, Vec<Unreadable>), ClientError> {
        let Self { store, runtime, told } = self;
        writer.settings(runtime.block_on(gather::settings(store))?)?;
        let heads = store.heads();
        let total = u32::try_from(heads.len()).unwrap_or(u32::MAX);
        let mut left_out = self.entries(&mut writer, heads, total)?;
        let erased = runtime.block_on(store.erased_between(0, u64::MAX))?;
        let erased: Vec<ErasedItem> = erased.into_iter().map(|id| ErasedItem { id }).collect();
        writer.erased(&erased)?;
        for (group, rows) in runtime.block_on(gather::groups(store))? {
            writer.group(&group)?;
            for row in rows {
                writer.row(&row)?;
            }
        }
        left_out.extend(self.pictures(&mut writer)?);
        let _: std::ops::ControlFlow<()> = told.progress(total, total);
        Ok((writer.finish()?, left_out))
    }

    fn entries(
        &self,
        writer: &mut BackupWriter<'_>,
        heads: Vec<Arc<EntryHead>>,
        total: u32,
    ) -> Result<Vec<Unreadable>, ClientError> {
        let mut entries = self.gather(heads.clone());
        let (mut left_out, mut done) = (Vec::new(), 0_u32);
        for some in heads.chunks(AT_A_TIME) {
            let mut missing: BTreeMap<_, _> = some.iter().map(|head| (head.id, head)).collect();
            for entry in entries.blocking_recv().ok_or(ClientError::Stopped)?? {
                writer.entry(&entry)?;
                missing.remove(&entry.id);
                done = done.saturating_add(1);
            }
            // What was erased meanwhile is not missed.
            let there = |head: &&Arc<EntryHead>| self.store.head(head.id).is_some();
            let missing = missing.into_values().filter(there);
            left_out.extend(missing.map(|head| Unreadable::damaged(head.fields.moment.rfc3339())));
            if self.told.progress(done, total).is_break() {
                return Err(ClientError::Stopped);
            }
        }
        Ok(left_out)
    }

    /// Reads the entries while those before them are written.
    fn gather(
        &self,
        heads: Vec<Arc<EntryHead>>,
    ) -> mpsc::Receiver<Result<Vec<EntryItem>, ClientError>> {
        let (send, entries) = mpsc::channel(1);
        let store = self.store.clone();
        self.runtime.spawn(async move {
            for some in heads.chunks(AT_A_TIME) {
                let ids: Vec<EntryId> = some.iter().map(|head| head.id).collect();
                // Nobody receives when the backup was stopped.
                if send.send(gather::entries(&store, &ids).await).await.is_err() {
                    return;
                }
            }
        });
        entries
    }

    fn pictures(&self, writer: &mut BackupWriter<'_>) -> Result<Vec<Unreadable>, ClientError> {
        let listed = writer.lists_pictures_first();
        let missing = writer.missing();
        let names: BTreeMap<_, _> = missing.iter().map(|item| (item.id, &item.name)).collect();
        let named = |id| {
            Unreadable::damaged(names.get(&id).map_or_else(String::new, |name| (*name).clone()))
        };
        let mut left_out = Vec::new();
        if listed {
            let mut pictures = self.read_ahead(writer.missing());
            while let Some((id, whole)) = pictures.blocking_recv() {
                if whole.is_none() {
                    writer.leave_out(id);
                    left_out.push(named(id));
                }
                if self.told.go_on().is_break() {
                    return Err(ClientError::Stopped);
                }
            }
        }
        let mut pictures = self.read_ahead(writer.missing());
        while let Some((id, whole)) = pictures.blocking_recv() {
            let bytes = match whole {
                Some(bytes) => bytes,
                // It was whole when it was listed: what is wrong with it now is the answer.
                None if listed => self.store.read_attachment(id)?,
                None => {
                    writer.leave_out(id);
                    left_out.push(named(id));
                    continue;
                }
            };
            writer.picture(id, &mut bytes.as_slice())?;
        }
        Ok(left_out)
    }

    /// Reads pictures while those before them are written. One that does not open, or is not what
    /// its entry names, is `None`.
    fn read_ahead(&self, items: Vec<AttachmentItem>) -> mpsc::Receiver<(AttachmentId, Whole)> {
        let (send, pictures) = mpsc::channel(1);
        let (store, told) = (self.store.clone(), self.told.clone());
        self.runtime.spawn_blocking(move || {
            // Locking waits until no picture is in memory.
            let _until_read = told;
            for item in items {
                let bytes = store.read_attachment(item.id).ok();
                let whole = bytes.filter(|bytes| sha256(bytes) == item.sha256);
                // Nobody receives when the backup was stopped.
                if send.blocking_send((item.id, whole)).is_err() {
                    return;
                }
            }
        });
        pictures
    }
}

/// Tells what is compared, and stops where the person wishes.
pub(super) fn watch(told: &Told) -> Watch<'static> {
    let told = told.clone();
    Watch::new(move |step| {
        let Step::Read { done, total } = step else { return told.go_on() };
        let thousandths = done.saturating_mul(1000).checked_div(total).unwrap_or(0);
        told.compared(u32::try_from(thousandths).unwrap_or(1000))
    })
}

fn put_key_files(folder: &Path, files: KeyFiles<'_>, told: &Told) -> Result<(), ClientError> {
    let same = |name: &str, bytes: Option<&[u8]>| {
        bytes.is_none_or(|bytes| std::fs::read(folder.join(name)).is_ok_and(|there| there == bytes))
    };
    if same("key.age", files.key)
        && same("kit.age", files.kit)
        && folder.join("README.txt").is_file()
    {
        return Ok(());
    }
    Ok(set_key_files(folder, files, watch(told))?)
}

fn kit(secrets: &Secrets, cost: SealCost) -> Result<(Vec<u8>, String), ClientError> {
    let words = BackupPassphrase::from_words(&secrets.phrase.text());
    Ok((seal_identity(&secrets.backup, &words, cost)?, fingerprint(secrets)))
}

/// Tells one set of words from another. Eight bytes of a hash of 256 random bits tell no more.
fn fingerprint(secrets: &Secrets) -> String {
    sha256(secrets.phrase.expose_entropy())
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// A proof as the screen shows it.
pub(super) fn proof_view(proof: &Proof, clock: &dyn Clock) -> BackupProof {
    let Proof { name, made, counts, bytes, damaged } = proof;
    let now: Moment = clock.moment();
    let unreadable = |(what, why): &(String, &'static str)| Unreadable {
        what: what.clone(),
        why: (*why).to_owned(),
    };
    BackupProof {
        name: name.clone(),
        made: made.rfc3339(),
        proved: Moment::new(Timestamp(now.at.0), now.offset_min).rfc3339(),
        entries: counts.entries,
        pictures: counts.pictures,
        groups: counts.groups,
        bytes: f64::from(u32::try_from(bytes >> 10).unwrap_or(u32::MAX)) * 1024.0
            + f64::from(u16::try_from(bytes & 1023).unwrap_or(0)),
        damaged: damaged.iter().map(unreadable).collect(),
    }
}
