//! Answers a question from the index.

use super::{FoundIds, Index};
use crate::error::SearchError;
use crate::fields::{Fields, joined};
use crate::matching::{SELDOM, Wanted};
use crate::query::{Filter, Query};
use std::ops::Bound;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{
    AllQuery, BooleanQuery, FuzzyTermQuery, PhraseQuery, Query as Clause, RangeQuery, TermQuery,
    TermSetQuery,
};
use tantivy::schema::IndexRecordOption;
use tantivy::{Order, Searcher, Term};

impl Index {
    /// Finds the newest `limit` entries that answer, and counts all.
    ///
    /// # Errors
    /// [`SearchError::Engine`].
    pub fn find(&self, query: &Query, limit: usize) -> Result<FoundIds, SearchError> {
        self.refresh()?;
        let searcher = self.reader.searcher();
        let mut clauses: Vec<Box<dyn Clause>> = Vec::new();
        for part in &query.parts {
            clauses.push(self.clause(&searcher, Wanted::new(part))?);
        }
        clauses.extend(filter_clauses(&self.fields, &query.filter));
        let all: Box<dyn Clause> = Box::new(BooleanQuery::intersection(clauses));
        let top = TopDocs::with_limit(limit.max(1)).order_by_fast_field::<i64>("at", Order::Desc);
        let (top, total) = searcher.search(&all, &(top, Count))?;
        let mut ids = Vec::with_capacity(top.len());
        for (at, address) in top {
            let reader = searcher.segment_reader(address.segment_ord).fast_fields();
            let number = |field| -> Result<u64, SearchError> {
                let column = reader.u64(field)?;
                Ok(column.first(address.doc_id).unwrap_or_default())
            };
            ids.push((at, joined(number("high")?, number("low")?)));
        }
        // Of the same moment, the order of ids: the same answer each time.
        ids.sort_by(|a, b| b.cmp(a));
        ids.truncate(limit);
        Ok(FoundIds { ids: ids.into_iter().map(|(_, id)| id).collect(), total })
    }

    fn clause(
        &self,
        searcher: &Searcher,
        mut wanted: Wanted,
    ) -> Result<Box<dyn Clause>, SearchError> {
        let clause = self.exact(searcher, &wanted)?;
        if !wanted.may_slip() || searcher.search(&clause, &Count)? >= SELDOM {
            return Ok(clause);
        }
        wanted.allow_slip();
        let Wanted::Word { text, prefix, .. } = &wanted else { return Ok(clause) };
        let term = self.word(text);
        let near = if *prefix {
            FuzzyTermQuery::new_prefix(term, 1, true)
        } else {
            FuzzyTermQuery::new(term, 1, true)
        };
        Ok(Box::new(BooleanQuery::union(vec![clause, Box::new(near)])))
    }

    fn exact(&self, searcher: &Searcher, wanted: &Wanted) -> Result<Box<dyn Clause>, SearchError> {
        match wanted {
            Wanted::Phrase(words) => Ok(match words.as_slice() {
                [word] => self.term(word),
                words => Box::new(PhraseQuery::new(words.iter().map(|w| self.word(w)).collect())),
            }),
            Wanted::Word { text, prefix, .. } => {
                let forms = self.forms(searcher, wanted)?;
                let forms: Box<dyn Clause> = Box::new(TermSetQuery::new(forms));
                if *prefix {
                    let begun = FuzzyTermQuery::new_prefix(self.word(text), 0, true);
                    return Ok(Box::new(BooleanQuery::union(vec![forms, Box::new(begun)])));
                }
                Ok(forms)
            }
        }
    }

    /// The words of the dictionaries that are forms of the one wanted.
    fn forms(&self, searcher: &Searcher, wanted: &Wanted) -> Result<Vec<Term>, SearchError> {
        let Wanted::Word { text, stems, .. } = wanted else { return Ok(Vec::new()) };
        let mut forms = vec![self.word(text)];
        for segment in searcher.segment_readers() {
            let inverted = segment.inverted_index(self.fields.body)?;
            for head in stems.heads() {
                let mut end = head.clone();
                end.push(char::MAX);
                let mut words = inverted
                    .terms()
                    .range()
                    .ge(head.as_bytes())
                    .lt(end.as_bytes())
                    .into_stream()?;
                while words.advance() {
                    if let Ok(word) = std::str::from_utf8(words.key())
                        && word != text
                        && stems.fit(word)
                    {
                        forms.push(self.word(word));
                    }
                }
            }
        }
        Ok(forms)
    }

    fn word(&self, word: &str) -> Term {
        Term::from_field_text(self.fields.body, word)
    }

    fn term(&self, word: &str) -> Box<dyn Clause> {
        Box::new(TermQuery::new(self.word(word), IndexRecordOption::Basic))
    }
}

fn filter_clauses(fields: &Fields, filter: &Filter) -> Vec<Box<dyn Clause>> {
    let is = |term| -> Box<dyn Clause> { Box::new(TermQuery::new(term, IndexRecordOption::Basic)) };
    let mut clauses: Vec<Box<dyn Clause>> =
        vec![Box::new(AllQuery), is(Term::from_field_bool(fields.drawer, filter.drawer))];
    if let Some(tag) = &filter.tag {
        clauses.push(is(Term::from_field_text(fields.tag, tag)));
    }
    if let Some(feeling) = &filter.feeling {
        clauses.push(is(Term::from_field_text(fields.feeling, feeling)));
    }
    if filter.shared {
        clauses.push(is(Term::from_field_bool(fields.shared, true)));
    }
    if filter.from.is_some() || filter.to.is_some() {
        let bound = |day: Option<hearthkeep_model::Day>| {
            day.map_or(Bound::Unbounded, |day| {
                Bound::Included(Term::from_field_i64(fields.day, i64::from(day.0)))
            })
        };
        clauses.push(Box::new(RangeQuery::new(bound(filter.from), bound(filter.to))));
    }
    clauses
}
