//! A question and its answer.

use super::follow::caught_up;
use super::{facts, filter_of, searched};
use crate::ClientError;
use crate::hearthkeep::{Hearthkeep, blocking};
use crate::journal::entry_row;
use crate::session::Session;
use crate::view::{Found, Hit, Piece, Question};
use hearthkeep_crypto::Zeroizing;
use hearthkeep_document::Document;
use hearthkeep_model::{EntryHead, EntryId};
use hearthkeep_search::{FoundIds, Query, Scan, Snippets};
use std::collections::HashMap;
use std::num::NonZero;
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
        let hits = hits(&session, &found.ids, &query).await?;
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

/// Hits with one line of their text each. An entry that was erased meanwhile is none.
async fn hits(session: &Session, ids: &[EntryId], query: &Query) -> Result<Vec<Hit>, ClientError> {
    let snippets = Arc::new(Snippets::new(query));
    let mut texts = texts(session, ids).await?;
    let known = ids.iter().filter_map(|id| session.store.head(*id));
    let known: Vec<_> =
        known.map(|head| (texts.remove(&head.id).unwrap_or_default(), head)).collect();
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    let mut parts = Vec::new();
    let mut rest = known.into_iter().peekable();
    let share = ids.len().div_ceil(threads).max(1);
    while rest.peek().is_some() {
        let part: Vec<_> = rest.by_ref().take(share).collect();
        let snippets = Arc::clone(&snippets);
        parts.push(tokio::task::spawn_blocking(move || {
            part.iter().map(|(text, head)| hit(head, text, &snippets)).collect::<Vec<_>>()
        }));
    }
    let mut hits = Vec::with_capacity(ids.len());
    for part in parts {
        hits.extend(part.await.map_err(|_| ClientError::Stopped)?);
    }
    Ok(hits)
}

/// Snapshots of the texts that open. A damaged one is listed elsewhere.
async fn texts(
    session: &Session,
    ids: &[EntryId],
) -> Result<HashMap<EntryId, Zeroizing<Vec<u8>>>, ClientError> {
    let entries = session.store.entries(ids).await?;
    Ok(entries.into_iter().map(|entry| (entry.head.id, entry.snapshot)).collect())
}

fn hit(head: &EntryHead, text: &[u8], snippets: &Snippets) -> Hit {
    let plain = Document::open(text).map(|text| text.plain_text()).unwrap_or_default();
    let pieces = snippets.of(&searched(head, &plain));
    let piece = |piece: hearthkeep_search::Piece| Piece { text: piece.text, found: piece.found };
    Hit { entry: entry_row(head), line: pieces.into_iter().map(piece).collect() }
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
        let ids: Vec<EntryId> = heads.iter().map(|head| head.id).collect();
        let (heads, mut texts) = (heads.to_vec(), texts(session, &ids).await?);
        scan = blocking(move || {
            for head in heads {
                // Without its text it is found by its title.
                let text = texts.remove(&head.id).unwrap_or_default();
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
