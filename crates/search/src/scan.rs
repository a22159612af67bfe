//! Looks through texts one by one: the oracle of the tests, and the answer while the index is
//! being built.

use crate::fields::Facts;
use crate::fold::{composed, tokens};
use crate::index::FoundIds;
use crate::matching::{SELDOM, Wanted};
use crate::query::{Filter, Query};
use hearthkeep_model::EntryId;

/// A look through all texts.
#[allow(missing_debug_implementations, reason = "it holds words of the question")]
pub struct Scan {
    wanted: Vec<Wanted>,
    filter: Filter,
    /// In how many texts each part was found.
    counts: Vec<usize>,
    found: Vec<(i64, EntryId)>,
}

impl Scan {
    /// Begins to look.
    #[must_use]
    pub fn new(query: &Query) -> Self {
        let wanted: Vec<Wanted> = query.parts.iter().map(Wanted::new).collect();
        let counts = vec![0; wanted.len()];
        Self { wanted, filter: query.filter.clone(), counts, found: Vec::new() }
    }

    /// Looks at one text.
    pub fn look(&mut self, id: EntryId, text: &str, facts: &Facts) {
        let text = composed(text);
        let tokens = tokens(&text);
        let mut all = true;
        for (wanted, count) in self.wanted.iter().zip(&mut self.counts) {
            if wanted.is_in(&tokens) {
                *count = count.saturating_add(1);
            } else {
                all = false;
            }
        }
        if all && passes(&self.filter, facts) {
            self.found.push((facts.at.0, id));
        }
    }

    /// Whether a second look that forgives a slip could find more.
    #[must_use]
    pub fn is_forgiving_useful(&self) -> bool {
        let seldom = |(wanted, count): (&Wanted, &usize)| *count < SELDOM && wanted.may_slip();
        self.wanted.iter().zip(&self.counts).any(seldom)
    }

    /// After a first look: another one that forgives a slip, when a word was found too seldom.
    #[must_use]
    pub fn forgiving(self) -> Option<Self> {
        let mut wanted = self.wanted;
        let mut forgives = false;
        for (wanted, count) in wanted.iter_mut().zip(&self.counts) {
            if *count < SELDOM && wanted.may_slip() {
                wanted.allow_slip();
                forgives = true;
            }
        }
        let counts = vec![0; wanted.len()];
        forgives.then_some(Self { wanted, filter: self.filter, counts, found: Vec::new() })
    }

    /// What was found, newest first.
    #[must_use]
    pub fn finish(mut self, limit: usize) -> FoundIds {
        let total = self.found.len();
        self.found.sort_by(|a, b| b.cmp(a));
        self.found.truncate(limit);
        FoundIds { ids: self.found.into_iter().map(|(_, id)| id).collect(), total }
    }
}

fn passes(filter: &Filter, facts: &Facts) -> bool {
    filter.from.is_none_or(|from| facts.day >= from)
        && filter.to.is_none_or(|to| facts.day <= to)
        && filter.tag.as_ref().is_none_or(|tag| facts.tags.contains(tag))
        && filter.feeling.as_ref().is_none_or(|feeling| facts.feelings.contains(feeling))
        && (!filter.shared || facts.shared)
        && filter.drawer == facts.drawer
}
