//! The index while a profile is unlocked: in memory, and sealed on the disk when it is saved.

mod ask;
mod newest;
mod purge;

use crate::disk::{Disk, List};
use crate::error::SearchError;
use crate::fields::{BEGINNINGS, FOLD, Facts, Fields, VERSION, document, schema};
use crate::tokenizer::{BeginningsTokenizer, FoldTokenizer};
use hearthkeep_crypto::IndexKey;
use hearthkeep_model::EntryId;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};
use tantivy::directory::{Directory, RamDirectory};
use tantivy::index::SegmentId;
use tantivy::tokenizer::TextAnalyzer;
use tantivy::{IndexReader, IndexSettings, IndexWriter, ReloadPolicy, Term};

/// Memory for texts that are not in a segment yet.
const WRITER_BYTES: usize = 30_000_000;

/// Files that the engine writes anew each time. All others never change under their name.
const LISTS: [&str; 2] = ["meta.json", ".managed.json"];

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundIds {
    /// The first of them, newest first.
    pub ids: Vec<EntryId>,
    /// Hits in all.
    pub total: usize,
}

/// Words were taken out, and the index files still hold them: write that down in the same commit
/// that takes them from the entry, and call [`Index::purge`] before saying that they are gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "the index files hold the removed words until they are purged"]
pub struct PurgeOwed;

/// How the index was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opened {
    /// It is whole, and covers the changes up to [`Index::watermark`].
    Whole,
    /// It was missing, damaged or of another version: put every entry in.
    Rebuild,
}

/// The full-text index of one profile.
pub struct Index {
    disk: Disk,
    ram: RamDirectory,
    engine: tantivy::Index,
    reader: IndexReader,
    fields: Fields,
    state: Mutex<State>,
}

/// What changes while the index is in use.
struct State {
    /// Made when it is first needed: it takes memory.
    writer: Option<IndexWriter>,
    /// Something was put in or out since the last commit.
    dirty: bool,
    list: List,
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Index(…)")
    }
}

impl Index {
    /// Opens the index in a folder, or begins an empty one. A damaged index is never an error.
    ///
    /// # Errors
    /// [`SearchError::Engine`] when not even an empty index can be made.
    pub fn open_or_rebuild(folder: &Path, key: IndexKey) -> Result<(Self, Opened), SearchError> {
        let disk = Disk::new(folder.to_owned(), key);
        if let Some((list, files)) = disk.read(VERSION) {
            let ram = RamDirectory::create();
            let filled = files
                .iter()
                .all(|(name, bytes)| ram.atomic_write(&PathBuf::from(name), bytes).is_ok());
            drop(files);
            if filled && let Ok(engine) = tantivy::Index::open(ram.clone()) {
                return Ok((Self::over(disk, ram, engine, list)?, Opened::Whole));
            }
        }
        let (ram, list) = (RamDirectory::create(), List { version: VERSION, ..List::default() });
        let engine = tantivy::Index::create(ram.clone(), schema().0, IndexSettings::default())?;
        Ok((Self::over(disk, ram, engine, list)?, Opened::Rebuild))
    }

    fn over(
        disk: Disk,
        ram: RamDirectory,
        engine: tantivy::Index,
        list: List,
    ) -> Result<Self, SearchError> {
        engine.tokenizers().register(FOLD, TextAnalyzer::builder(FoldTokenizer).build());
        let beginnings = TextAnalyzer::builder(BeginningsTokenizer).build();
        engine.tokenizers().register(BEGINNINGS, beginnings);
        let reader = engine.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let state = Mutex::new(State { writer: None, dirty: false, list });
        Ok(Self { disk, ram, engine, reader, fields: schema().1, state })
    }

    /// The last change of the entries that the saved index covers.
    ///
    /// # Errors
    /// [`SearchError::Broken`] after a panic in another call.
    pub fn watermark(&self) -> Result<u64, SearchError> {
        Ok(self.state()?.list.watermark)
    }

    /// Puts a text in, in the place of what was there under the id.
    ///
    /// # Errors
    /// [`SearchError::Engine`].
    pub fn put(&self, id: EntryId, text: &str, facts: &Facts) -> Result<PurgeOwed, SearchError> {
        let mut state = self.state()?;
        let writer = self.writer(&mut state)?;
        writer.delete_term(Term::from_field_bytes(self.fields.id, id.as_bytes()));
        writer.add_document(document(&self.fields, id, text, facts))?;
        state.dirty = true;
        Ok(PurgeOwed)
    }

    /// Puts a text in whose id is not there yet: for building the index anew.
    ///
    /// # Errors
    /// [`SearchError::Engine`].
    pub fn add(&self, id: EntryId, text: &str, facts: &Facts) -> Result<(), SearchError> {
        let mut state = self.state()?;
        self.writer(&mut state)?.add_document(document(&self.fields, id, text, facts))?;
        state.dirty = true;
        Ok(())
    }

    /// Takes a text out.
    ///
    /// # Errors
    /// [`SearchError::Broken`].
    pub fn remove(&self, id: EntryId) -> Result<PurgeOwed, SearchError> {
        let mut state = self.state()?;
        let writer = self.writer(&mut state)?;
        writer.delete_term(Term::from_field_bytes(self.fields.id, id.as_bytes()));
        state.dirty = true;
        Ok(PurgeOwed)
    }

    /// Texts in the index.
    ///
    /// # Errors
    /// [`SearchError::Engine`].
    pub fn len(&self) -> Result<u64, SearchError> {
        self.refresh()?;
        Ok(self.reader.searcher().num_docs())
    }

    /// Whether no text is in the index.
    ///
    /// # Errors
    /// [`SearchError::Engine`].
    pub fn is_empty(&self) -> Result<bool, SearchError> {
        Ok(self.len()? == 0)
    }

    /// Writes the index to the disk. `watermark` is the last change of the entries that was put in.
    ///
    /// # Errors
    /// [`SearchError::Disk`]; then the index on the disk is the one saved before.
    pub fn save(&self, watermark: u64) -> Result<(), SearchError> {
        let mut state = self.state()?;
        self.settle(&mut state)?;
        self.write_out(&mut state, watermark)
    }

    fn write_out(&self, state: &mut State, watermark: u64) -> Result<(), SearchError> {
        let mut names: Vec<String> = self.live_files()?;
        names.extend(LISTS.map(str::to_owned));
        let mut files = BTreeMap::new();
        for name in names {
            let place = match state.list.files.get(&name) {
                Some(place) if !LISTS.contains(&name.as_str()) => place.clone(),
                _ => self.disk.write(&self.bytes_of(&name)?)?,
            };
            files.insert(name, place);
        }
        let list = List { version: VERSION, watermark, files };
        self.disk.publish(&list)?;
        state.list = list;
        Ok(())
    }

    /// The files of the segments that are searched, and of no other.
    fn live_files(&self) -> Result<Vec<String>, SearchError> {
        let segments = self.engine.searchable_segment_ids()?;
        let segments: Vec<String> = segments.iter().map(SegmentId::uuid_string).collect();
        let managed = self.engine.directory().list_managed_files();
        let names = managed.iter().filter_map(|path| path.to_str());
        let live = names.filter(|name| segments.iter().any(|id| name.starts_with(id.as_str())));
        let here = live.filter(|name| self.ram.open_read(Path::new(name)).is_ok());
        Ok(here.map(str::to_owned).collect())
    }

    fn bytes_of(&self, name: &str) -> Result<Vec<u8>, SearchError> {
        let bytes = self.ram.open_read(Path::new(name)).map_err(tantivy::TantivyError::from)?;
        Ok(bytes.read_bytes()?.as_slice().to_vec())
    }

    /// Makes what was put in findable.
    fn refresh(&self) -> Result<(), SearchError> {
        let mut state = self.state()?;
        self.commit(&mut state)
    }

    fn commit(&self, state: &mut State) -> Result<(), SearchError> {
        if state.dirty {
            self.writer(state)?.commit()?;
            state.dirty = false;
            self.reader.reload()?;
        }
        Ok(())
    }

    fn writer<'a>(&self, state: &'a mut State) -> Result<&'a mut IndexWriter, SearchError> {
        if state.writer.is_none() {
            state.writer = Some(self.engine.writer_with_num_threads(1, WRITER_BYTES)?);
        }
        state.writer.as_mut().ok_or(SearchError::Broken)
    }

    /// Waits until no merge runs and no file of an older state is left in memory.
    fn settle(&self, state: &mut State) -> Result<(), SearchError> {
        self.commit(state)?;
        if let Some(writer) = state.writer.take() {
            writer.wait_merging_threads()?;
        }
        self.reader.reload()?;
        self.writer(state)?.garbage_collect_files().wait()?;
        state.writer = None;
        Ok(())
    }

    fn state(&self) -> Result<MutexGuard<'_, State>, SearchError> {
        self.state.lock().map_err(|_| SearchError::Broken)
    }
}
