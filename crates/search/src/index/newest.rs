//! Collects the newest of what answers, and counts all.

use crate::fields::joined;
use hearthkeep_model::EntryId;
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::ColumnValues;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

/// The newest so many. The engine's own collector sorts again whenever a later text is a newer one;
/// in a journal nearly every one is.
pub(super) struct Newest(pub(super) usize);

/// When each was lived, the newest first, and how many there are in all.
type Fruit = (Vec<(i64, EntryId)>, usize);

pub(super) struct NewestOfSegment {
    limit: usize,
    found: Vec<DocId>,
    at: Arc<dyn ColumnValues<i64>>,
    high: Arc<dyn ColumnValues<u64>>,
    low: Arc<dyn ColumnValues<u64>>,
}

impl Collector for Newest {
    type Fruit = Fruit;
    type Child = NewestOfSegment;

    fn for_segment(&self, _: SegmentOrdinal, part: &SegmentReader) -> tantivy::Result<Self::Child> {
        let fields = part.fast_fields();
        Ok(NewestOfSegment {
            limit: self.0,
            found: Vec::new(),
            at: fields.i64("at")?.first_or_default_col(0),
            high: fields.u64("high")?.first_or_default_col(0),
            low: fields.u64("low")?.first_or_default_col(0),
        })
    }

    fn requires_scoring(&self) -> bool {
        false
    }

    fn merge_fruits(&self, fruits: Vec<Fruit>) -> tantivy::Result<Fruit> {
        let total = fruits.iter().map(|(_, count)| *count).sum();
        let mut newest: Vec<_> = fruits.into_iter().flat_map(|(newest, _)| newest).collect();
        // Of the same moment, the order of ids: the same answer each time.
        newest.sort_unstable_by(|a, b| b.cmp(a));
        newest.truncate(self.0);
        Ok((newest, total))
    }
}

impl SegmentCollector for NewestOfSegment {
    type Fruit = Fruit;

    fn collect(&mut self, doc: DocId, _: Score) {
        self.found.push(doc);
    }

    fn collect_block(&mut self, docs: &[DocId]) {
        self.found.extend_from_slice(docs);
    }

    /// What was written last was mostly lived last: from the end on, few are newer than those that
    /// are held already.
    fn harvest(self) -> Fruit {
        let mut newest = BinaryHeap::with_capacity(self.limit.saturating_add(1));
        for doc in self.found.iter().rev() {
            let at = self.at.get_val(*doc);
            let full = newest.len() >= self.limit;
            if full && newest.peek().is_none_or(|Reverse((oldest, _))| at < *oldest) {
                continue;
            }
            let id = joined(self.high.get_val(*doc), self.low.get_val(*doc));
            newest.push(Reverse((at, id)));
            if full {
                newest.pop();
            }
        }
        let newest = newest.into_iter().map(|Reverse(hit)| hit).collect();
        (newest, self.found.len())
    }
}
