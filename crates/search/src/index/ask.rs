//! Answers a question from the index.

use super::newest::Newest;
use super::{FoundIds, Index};
use crate::error::SearchError;
use crate::fields::Fields;
use crate::matching::{SELDOM, Wanted};
use crate::query::{Filter, Query};
use crate::tokenizer::BEGINNING;
use std::ops::Bound;
use tantivy::collector::Count;
use tantivy::query::{
    AllQuery, BooleanQuery, FuzzyTermQuery, Occur, PhraseQuery, Query as Clause, RangeQuery,
    TermQuery, TermSetQuery,
};
use tantivy::schema::IndexRecordOption;
use tantivy::{Searcher, Term};

impl Index {
    /// Finds the newest `limit` entries that answer, and counts all.
    ///
    /// # Errors
    /// [`SearchError::Engine`].
    pub fn find(&self, query: &Query, limit: usize) -> Result<FoundIds, SearchError> {
        self.refresh()?;
        let searcher = self.reader.searcher();
        let mut clauses = filter_clauses(&self.fields, &query.filter);
        for part in &query.parts {
            clauses.push((Occur::Must, self.clause(&searcher, Wanted::new(part))?));
        }
        if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
            clauses.push((Occur::Must, Box::new(AllQuery)));
        }
        let all: Box<dyn Clause> = Box::new(BooleanQuery::new(clauses));
        let (newest, total) = searcher.search(&all, &Newest(limit))?;
        Ok(FoundIds { ids: newest.into_iter().map(|(_, id)| id).collect(), total })
    }

    fn clause(
        &self,
        searcher: &Searcher,
        mut wanted: Wanted,
    ) -> Result<Box<dyn Clause>, SearchError> {
        let clause = self.exact(searcher, &wanted)?;
        if !wanted.may_slip()
            || self.is_often(searcher, &wanted)?
            || searcher.search(&clause, &Count)? >= SELDOM
        {
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

    /// Whether the dictionaries alone tell that a word is in enough texts: some of its ends stands in
    /// more than were taken out. Counting would go through all of them.
    fn is_often(&self, searcher: &Searcher, wanted: &Wanted) -> Result<bool, SearchError> {
        let Wanted::Word { text, prefix, .. } = wanted else { return Ok(false) };
        for segment in searcher.segment_readers() {
            let enough = SELDOM
                .saturating_add(usize::try_from(segment.num_deleted_docs()).unwrap_or(usize::MAX));
            let inverted = segment.inverted_index(self.fields.body)?;
            let mut end = text.clone();
            end.push(if *prefix { char::MAX } else { '\0' });
            let range = inverted.terms().range().ge(text.as_bytes()).lt(end.as_bytes());
            let mut words = range.into_stream()?;
            while words.advance() {
                if usize::try_from(words.value().doc_freq).unwrap_or(usize::MAX) >= enough {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    fn exact(&self, searcher: &Searcher, wanted: &Wanted) -> Result<Box<dyn Clause>, SearchError> {
        match wanted {
            Wanted::Phrase(words) => Ok(match words.as_slice() {
                [word] => self.term(word),
                words => Box::new(PhraseQuery::new(words.iter().map(|w| self.word(w)).collect())),
            }),
            Wanted::Word { text, prefix, .. } => {
                let mut forms = self.forms(searcher, wanted)?;
                if !*prefix {
                    return Ok(Box::new(TermSetQuery::new(forms)));
                }
                let begun = self.begun(text);
                // Forms that begin with it are found by their beginning.
                forms.retain(|form| {
                    !form.value().as_str().is_some_and(|word| word.starts_with(text.as_str()))
                });
                if forms.is_empty() {
                    return Ok(begun);
                }
                Ok(Box::new(BooleanQuery::union(vec![Box::new(TermSetQuery::new(forms)), begun])))
            }
        }
    }

    /// Words with this beginning.
    fn begun(&self, text: &str) -> Box<dyn Clause> {
        if text.chars().count() <= BEGINNING {
            let term = Term::from_field_text(self.fields.begun, text);
            return Box::new(TermQuery::new(term, IndexRecordOption::Basic));
        }
        Box::new(FuzzyTermQuery::new_prefix(self.word(text), 0, true))
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

fn filter_clauses(fields: &Fields, filter: &Filter) -> Vec<(Occur, Box<dyn Clause>)> {
    let term =
        |term| -> Box<dyn Clause> { Box::new(TermQuery::new(term, IndexRecordOption::Basic)) };
    let is = |wanted| (Occur::Must, term(wanted));
    // The few that lie in the drawer are left out: asking for those outside would go through all.
    let drawer = if filter.drawer { Occur::Must } else { Occur::MustNot };
    let mut clauses = vec![(drawer, term(Term::from_field_bool(fields.drawer, true)))];
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
        let range = RangeQuery::new(bound(filter.from), bound(filter.to));
        clauses.push((Occur::Must, Box::new(range)));
    }
    clauses
}
