//! Takes removed words out of the files, and proves it.

use super::Index;
use crate::error::SearchError;
use tantivy::SegmentReader;
use tantivy::merge_policy::NoMergePolicy;

impl Index {
    /// Whether some segment still holds words of texts that were taken out.
    ///
    /// # Errors
    /// [`SearchError::Engine`].
    pub fn purge_owed(&self) -> Result<bool, SearchError> {
        self.refresh()?;
        Ok(self.reader.searcher().segment_readers().iter().any(holds_removed))
    }

    /// Merges all segments into one without the removed texts, replaces the files on the disk and
    /// checks that no old one is left. `watermark` as for [`Index::save`].
    ///
    /// # Errors
    /// [`SearchError::NotPurged`] or [`SearchError::Disk`]: the purge is still owed.
    pub fn purge(&self, watermark: u64) -> Result<(), SearchError> {
        let mut state = self.state()?;
        self.settle(&mut state)?;
        let holding = self.reader.searcher().segment_readers().iter().any(holds_removed);
        if holding {
            let parts = self.engine.searchable_segment_ids()?;
            let writer = self.writer(&mut state)?;
            writer.set_merge_policy(Box::new(NoMergePolicy));
            writer.merge(&parts).wait()?;
            self.settle(&mut state)?;
        }
        self.write_out(&mut state, watermark)?;
        let searcher = self.reader.searcher();
        let clean = !searcher.segment_readers().iter().any(holds_removed);
        if clean && self.disk.holds_only(&state.list)? {
            Ok(())
        } else {
            Err(SearchError::NotPurged)
        }
    }

    /// Whether any dictionary holds a word, be it of a text that was taken out.
    ///
    /// # Errors
    /// [`SearchError::Engine`].
    pub fn holds_word(&self, word: &str) -> Result<bool, SearchError> {
        self.refresh()?;
        for part in self.reader.searcher().segment_readers() {
            let inverted = part.inverted_index(self.fields.body)?;
            if inverted.terms().get(word.as_bytes())?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// A segment keeps the words of removed texts until it is merged.
fn holds_removed(part: &SegmentReader) -> bool {
    part.num_deleted_docs() > 0
}
