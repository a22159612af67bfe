//! What another app wrote comes in, each entry once.

use super::fit::fit;
use super::task::Told;
use crate::clock::Clock;
use crate::hearthkeep::{Hearthkeep, blocking};
use crate::journal::{head_of, picture_type};
use crate::view::{ImportFormat, ImportPreview, Imported, Progress, Unreadable};
use crate::{ClientError, Event};
use hearthkeep_archive::ArchiveError;
use hearthkeep_archive::import::{
    self, Found, Import, ImportLimits, ImportedEntry, Pictures, UnreadableItem,
};
use hearthkeep_document::Document;
use hearthkeep_model::{Day, EntryHead, EntryId, Timestamp};
use hearthkeep_store::{AttachmentMeta, ChangeSet, Store};
use jiff::tz::{Offset, TimeZone};
use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::Path;
use tokio::runtime::Handle;
use tokio::task::JoinHandle;

/// Entries of one transaction: each costs one wait for the disk.
const BATCH: usize = 512;
/// Bytes of the longest text that is taken.
const LONGEST: usize = 16 << 20;
/// Bytes of text of one transaction.
const BATCH_BYTES: usize = 16 << 20;

impl Hearthkeep {
    /// What an import would bring. Nothing is changed.
    ///
    /// # Errors
    /// [`ArchiveError::NotAnImport`] and others.
    pub async fn import_preview(&self, path: &Path) -> Result<ImportPreview, ClientError> {
        let told = self.inner.tasks.begin(|_| {})?;
        let (path, store, zone) = (path.to_owned(), self.store()?, zone(self.clock()));
        let known = known(&store).await?;
        blocking(move || {
            let import = Import::open(&path, ImportLimits::STANDARD)?;
            let mut preview = Preview::new(import.format());
            import.read(&zone, &mut |found| {
                preview.take(found, &known);
                told.go_on()
            })?;
            Ok(preview.view)
        })
        .await?
    }

    /// Imports. Entries that are here, or were erased here, are left as they are. What was added
    /// when it is stopped stays.
    ///
    /// # Errors
    /// [`ArchiveError::NotAnImport`], and what the store says; then what was added stays.
    pub async fn import(
        &self,
        path: &Path,
        tell: impl Fn(Progress) + Send + Sync + 'static,
    ) -> Result<Imported, ClientError> {
        let told = self.inner.tasks.begin(tell)?;
        let (path, store, zone) = (path.to_owned(), self.store()?, zone(self.clock()));
        let known = known(&store).await?;
        let (here, runtime) = (self.clone(), Handle::current());
        let outcome = blocking(move || {
            let import = Import::open(&path, ImportLimits::STANDARD)?;
            let mut total = 0u32;
            import.read(&zone, &mut |found| {
                total = total.saturating_add(u32::from(matches!(found, Found::Entry(_))));
                told.go_on()
            })?;
            let pictures = import.pictures()?;
            let mut taking = Taking::new(&here, (store, runtime), known, (told, total), pictures);
            let read = import.read(&zone, &mut |found| taking.take(found));
            taking.finish(read)
        })
        .await?;
        self.tell(Event::Entries);
        outcome
    }

    /// Asks the import that runs to stop.
    pub fn cancel_import(&self) {
        self.inner.tasks.stop();
    }
}

/// Entries that are here, and those that were erased here.
async fn known(store: &Store) -> Result<BTreeSet<EntryId>, ClientError> {
    let erased = store.erased_between(0, u64::MAX).await?;
    Ok(store.heads().iter().map(|head| head.id).chain(erased).collect())
}

/// Where times without a zone were lived: here. The computer's zone with its summers and winters,
/// unless a test's clock says otherwise.
fn zone(clock: &dyn Clock) -> TimeZone {
    let system = TimeZone::system();
    let now = clock.now();
    let at = jiff::Timestamp::from_millisecond(now.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let seconds = i32::from(clock.offset_min(now)).saturating_mul(60);
    let fixed = Offset::from_seconds(seconds).unwrap_or(Offset::UTC);
    if system.to_offset(at) == fixed { system } else { TimeZone::fixed(fixed) }
}

/// The text with a picture's words in its place.
fn without_picture(markdown: &str, id: &str) -> String {
    let link = format!("](hk:{id})");
    let Some((before, after)) = markdown.split_once(&link) else { return markdown.to_owned() };
    let (before, alt) = before.rsplit_once("![").unwrap_or((before, ""));
    format!("{before}{alt}{after}")
}

fn unreadable(item: UnreadableItem) -> Unreadable {
    Unreadable { what: item.what, why: item.why.to_string() }
}

struct Preview {
    view: ImportPreview,
    seen: BTreeSet<EntryId>,
    days: Option<(Day, Day)>,
}

impl Preview {
    fn new(format: import::ImportFormat) -> Self {
        let format = match format {
            import::ImportFormat::DayOne => ImportFormat::DayOne,
            import::ImportFormat::Markdown => ImportFormat::Markdown,
            import::ImportFormat::Jrnl => ImportFormat::Jrnl,
        };
        let view = ImportPreview {
            format,
            entries: 0,
            known: 0,
            pictures: 0,
            days: None,
            unreadable: vec![],
        };
        Self { view, seen: BTreeSet::new(), days: None }
    }

    fn take(&mut self, found: Found, known: &BTreeSet<EntryId>) {
        let entry = match found {
            Found::Entry(entry) => entry,
            Found::Unreadable(item) => return self.view.unreadable.push(unreadable(item)),
        };
        if !self.seen.insert(entry.id) {
            return;
        }
        let day = entry.fields.moment.day;
        let (first, last) = self.days.unwrap_or((day, day));
        self.days = Some((first.min(day), last.max(day)));
        self.view.days = self.days.map(|(first, last)| (first.to_string(), last.to_string()));
        self.view.entries = self.view.entries.saturating_add(1);
        self.view.known = self.view.known.saturating_add(u32::from(known.contains(&entry.id)));
        let pictures = u32::try_from(entry.pictures.len()).unwrap_or(u32::MAX);
        self.view.pictures = self.view.pictures.saturating_add(pictures);
    }
}

/// A batch on its way to the disk: what changed, entries, pictures.
type Writing = JoinHandle<Result<(ChangeSet, usize, usize), ClientError>>;

/// Takes what is found into the vault, in big transactions.
struct Taking<'a> {
    here: &'a Hearthkeep,
    store: Store,
    runtime: Handle,
    known: BTreeSet<EntryId>,
    told: Told,
    total: u32,
    pictures: Pictures,
    batch: Vec<(EntryHead, Vec<u8>, Vec<AttachmentMeta>)>,
    bytes: usize,
    writing: Option<Writing>,
    done: u32,
    imported: Imported,
    failed: Option<ClientError>,
}

impl<'a> Taking<'a> {
    fn new(
        here: &'a Hearthkeep,
        (store, runtime): (Store, Handle),
        known: BTreeSet<EntryId>,
        (told, total): (Told, u32),
        pictures: Pictures,
    ) -> Self {
        let imported =
            Imported { added: 0, known: 0, pictures: 0, unreadable: vec![], cancelled: false };
        Self {
            here,
            store,
            runtime,
            known,
            told,
            total,
            pictures,
            batch: Vec::new(),
            bytes: 0,
            writing: None,
            done: 0,
            imported,
            failed: None,
        }
    }

    fn take(&mut self, found: Found) -> ControlFlow<()> {
        let entry = match found {
            Found::Entry(entry) => entry,
            Found::Unreadable(item) => {
                self.imported.unreadable.push(unreadable(item));
                return self.told.go_on();
            }
        };
        self.done = self.done.saturating_add(1);
        let taken = self.entry(entry);
        let full = self.batch.len() >= BATCH || self.bytes >= BATCH_BYTES;
        match taken.and_then(|()| if full { self.commit() } else { Ok(()) }) {
            Ok(()) => self.told.progress(self.done, self.total),
            Err(error) => {
                self.failed = Some(error);
                ControlFlow::Break(())
            }
        }
    }

    fn entry(&mut self, entry: ImportedEntry) -> Result<(), ClientError> {
        let ImportedEntry { id, mut fields, mut markdown, pictures } = entry;
        if !self.known.insert(id) {
            self.imported.known = self.imported.known.saturating_add(1);
            return Ok(());
        }
        fit(&mut fields, &mut markdown);
        let mut metas = Vec::new();
        for picture in pictures {
            let read = self.pictures.read(&picture).map_err(|why| why.to_string());
            let bytes = match read {
                Ok((_, bytes)) => bytes,
                Err(why) => {
                    let what = format!("{} of {}", picture.name, fields.moment.rfc3339());
                    self.imported.unreadable.push(Unreadable { what, why });
                    markdown = without_picture(&markdown, &picture.id.to_string());
                    continue;
                }
            };
            let media = picture_type(&bytes).ok_or(ClientError::NotAPicture)?;
            self.store.write_attachment(picture.id, &bytes)?;
            metas.push(AttachmentMeta::of(picture.id, id, &picture.name, media, &bytes));
        }
        let snapshot =
            Document::from_markdown(&markdown).map(|document| (document.snapshot(), document));
        let (snapshot, document) = match snapshot {
            Ok(taken) if taken.0.len() <= LONGEST => taken,
            _ => {
                let (what, why) = (fields.moment.rfc3339(), import::Unfit::TooLarge.to_string());
                self.imported.unreadable.push(Unreadable { what, why });
                return Ok(());
            }
        };
        // An imported entry changed last when it was lived: no app tells more that can be trusted.
        let changed = Timestamp(fields.moment.at.0);
        let head = head_of(id, fields, &document, changed);
        self.bytes = self.bytes.saturating_add(snapshot.len());
        self.batch.push((head, snapshot, metas));
        Ok(())
    }

    /// Sends what was taken to the disk, once what was sent before is there. The next entries are
    /// read meanwhile.
    fn commit(&mut self) -> Result<(), ClientError> {
        self.settle()?;
        let batch = std::mem::take(&mut self.batch);
        self.bytes = 0;
        let store = self.store.clone();
        self.writing = Some(self.runtime.spawn(async move {
            let (added, mut pictures) = (batch.len(), 0usize);
            let mut tx = store.begin().await?;
            for (head, snapshot, metas) in &batch {
                tx.put_entry(head, snapshot)?;
                metas.iter().for_each(|meta| tx.put_attachment(meta));
                pictures = pictures.saturating_add(metas.len());
            }
            Ok((tx.commit().await?, added, pictures))
        }));
        Ok(())
    }

    /// Waits for what is on its way to the disk.
    fn settle(&mut self) -> Result<(), ClientError> {
        let Some(writing) = self.writing.take() else { return Ok(()) };
        let written = self.runtime.block_on(writing).map_err(|_| ClientError::Stopped)?;
        let (changes, added, pictures) = written?;
        self.here.tell_changes(&changes);
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        self.imported.added = self.imported.added.saturating_add(count(added));
        self.imported.pictures = self.imported.pictures.saturating_add(count(pictures));
        Ok(())
    }

    fn finish(mut self, read: Result<(), ArchiveError>) -> Result<Imported, ClientError> {
        // What is on its way stays in any case; told is why it failed first.
        let settled = self.settle();
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        match read {
            Ok(()) => {}
            Err(ArchiveError::Stopped) => self.imported.cancelled = true,
            Err(error) => return Err(error.into()),
        }
        settled?;
        self.commit()?;
        self.settle()?;
        Ok(self.imported)
    }
}
