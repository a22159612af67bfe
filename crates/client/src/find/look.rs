//! A question and its answer.

use super::follow::caught_up;
use super::{facts, filter_of, searched};
use crate::ClientError;
use crate::hearthkeep::{Hearthkeep, blocking};
use crate::journal::entry_row;
use crate::session::Session;
use crate::view::{Found, Hit, Piece, Question};
use hearthkeep_document::Document;
use hearthkeep_model::EntryId;
use hearthkeep_search::{FoundIds, Query, Scan, snippet};
use std::sync::Arc;

/// Hits that one call answers at most.
const MOST: u32 = 200;
/// Texts that are looked through at a time.
const BATCH: usize = 128;

impl Hearthkeep {
    /// Finds entries, newest first.
    ///
    /// # Errors
    /// [`ClientError::Locked`], [`ClientError::Time`] when a day of the filter is none.
    pub async fn find(&self, question: &Question) -> Result<Found, ClientError> {
        let session = self.session()?;
        self.activity();
        let query = Query::parse(&question.words, filter_of(&question.filter)?);
        let limit = usize::try_from(question.limit.clamp(1, MOST)).unwrap_or(1);
        if query.is_empty() {
            return self.all_of(question);
        }
        let query = Arc::new(query);
        let behind = !caught_up(&session).await;
        let found = match session.finder.index() {
            Some(index) if !behind => {
                let query = Arc::clone(&query);
                blocking(move || index.find(&query, limit)).await?.ok()
            }
            _ => None,
        };
        let (found, behind) = match found {
            Some(found) => (found, behind),
            None => (look_through(&session, &query, limit).await?, true),
        };
        let mut hits = Vec::with_capacity(found.ids.len());
        for id in found.ids {
            hits.extend(hit(&session, id, &query).await);
        }
        Ok(Found { total: u32::try_from(found.total).unwrap_or(u32::MAX), hits, behind })
    }

    /// Without words a question is a list.
    fn all_of(&self, question: &Question) -> Result<Found, ClientError> {
        let page = self.entries(&question.filter, 0, question.limit.clamp(1, MOST))?;
        let hit = |entry: crate::view::EntryRow| Hit {
            line: vec![Piece { text: entry.first_line.clone(), found: false }],
            entry,
        };
        let hits = page.rows.into_iter().map(hit).collect();
        Ok(Found { total: page.total, hits, behind: false })
    }
}

/// A hit with one line of its text. An entry that was erased meanwhile is none.
async fn hit(session: &Session, id: EntryId, query: &Query) -> Option<Hit> {
    let head = session.store.head(id)?;
    let plain = match session.store.entry_text(id).await {
        Ok(text) => Document::open(&text).map(|text| text.plain_text()).unwrap_or_default(),
        Err(_) => String::new(),
    };
    let pieces = snippet(&searched(&head, &plain), query);
    let piece = |piece: hearthkeep_search::Piece| Piece { text: piece.text, found: piece.found };
    Some(Hit { entry: entry_row(&head), line: pieces.into_iter().map(piece).collect() })
}

/// Looks through all texts: slower than the index, and never behind.
async fn look_through(
    session: &Session,
    query: &Arc<Query>,
    limit: usize,
) -> Result<FoundIds, ClientError> {
    let first = look(session, Scan::new(query)).await?;
    if !first.is_forgiving_useful() {
        return Ok(first.finish(limit));
    }
    match first.forgiving() {
        Some(second) => Ok(look(session, second).await?.finish(limit)),
        None => Ok(FoundIds { ids: Vec::new(), total: 0 }),
    }
}

async fn look(session: &Session, mut scan: Scan) -> Result<Scan, ClientError> {
    for heads in session.store.heads().chunks(BATCH) {
        let mut texts = Vec::with_capacity(heads.len());
        for head in heads {
            // A damaged text is listed elsewhere; it is found by its title.
            let text = session.store.entry_text(head.id).await.unwrap_or_default();
            texts.push((Arc::clone(head), text));
        }
        scan = blocking(move || {
            for (head, text) in texts {
                let plain = Document::open(&text).map(|text| text.plain_text());
                let text = searched(&head, &plain.unwrap_or_default());
                scan.look(head.id, &text, &facts(&head));
            }
            scan
        })
        .await?;
    }
    Ok(scan)
}
