//! The index follows the entries: at unlock, after every commit, and until the vault is locked.

use super::{facts, searched};
use crate::ClientError;
use crate::hearthkeep::{Hearthkeep, blocking};
use crate::session::Session;
use hearthkeep_document::Document;
use hearthkeep_search::{Index, Opened, SearchError};
use hearthkeep_store::Entry;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Entries that are put in at a time.
const BATCH: u32 = 256;
/// Nobody wrote for so long: the index is saved.
const QUIET: Duration = Duration::from_secs(20);
/// Up to so many texts the index is purged at lock; above, when it is quiet.
const QUICK_PURGE: u64 = 20_000;

impl Hearthkeep {
    /// Follows for as long as this session lasts.
    pub(crate) fn watch_index(&self) {
        let Ok(session) = self.session() else { return };
        let session = Arc::downgrade(&session);
        tokio::spawn(async move {
            while let Some(session) = session.upgrade() {
                if session.finder.closing.load(Ordering::Acquire) {
                    return;
                }
                if let Err(error) = follow(&session).await {
                    // The entries are safe; finding answers by looking through them.
                    tracing::warn!(code = ?crate::Refusal::from(error).code, "index stays behind");
                }
                let woken = tokio::time::timeout(QUIET, session.finder.wake.notified()).await;
                if woken.is_err() {
                    save(&session, true).await.ok();
                }
            }
        });
    }

    /// Takes erased entries out of the index and its files.
    pub(crate) async fn purge_index(&self, session: &Session) -> Result<(), ClientError> {
        follow(session).await?;
        let _work = session.finder.work.lock().await;
        let Some(index) = session.finder.index() else { return Ok(()) };
        let covered = session.finder.covered.load(Ordering::Acquire);
        blocking(move || index.purge(covered)).await??;
        session.finder.unsaved.store(false, Ordering::Release);
        Ok(())
    }

    /// Saves the index and lets go of it: before locking.
    pub(crate) async fn close_index(&self, session: &Session) {
        session.finder.closing.store(true, Ordering::Release);
        session.finder.wake();
        let small = session
            .finder
            .index()
            .is_some_and(|index| index.len().is_ok_and(|texts| texts <= QUICK_PURGE));
        // What was not saved is followed again at the next unlock.
        save(session, small).await.ok();
        drop(session.finder.slot().take());
    }
}

/// Whether the index holds everything that was committed until now. Who asks just after unlocking
/// waits until it is opened, which is quicker than looking through all texts; and the last few
/// commits are followed here, so that who asks just after writing finds what they wrote.
pub(super) async fn caught_up(session: &Session) -> bool {
    let finder = &session.finder;
    if finder.index().is_none() {
        let _work = finder.work.lock().await;
        if finder.closing.load(Ordering::Acquire) || opened(session).await.is_err() {
            return false;
        }
    }
    if !finder.whole.load(Ordering::Acquire) {
        return false;
    }
    match session.store.number().saturating_sub(finder.covered.load(Ordering::Acquire)) {
        0 => true,
        few if few <= u64::from(BATCH) => follow(session).await.is_ok(),
        _many => false,
    }
}

/// Puts in what was committed since.
async fn follow(session: &Session) -> Result<(), ClientError> {
    loop {
        // One batch at a time: who asks meanwhile does not wait for all of them.
        let _work = session.finder.work.lock().await;
        if session.finder.closing.load(Ordering::Acquire) || follow_batch(session).await? {
            return Ok(());
        }
    }
}

/// Puts one batch in; true when there is no other.
async fn follow_batch(session: &Session) -> Result<bool, ClientError> {
    let finder = &session.finder;
    let index = opened(session).await?;
    let (here, covered) = (session.store.number(), finder.covered.load(Ordering::Acquire));
    if here == covered && finder.whole.load(Ordering::Acquire) {
        return Ok(true);
    }
    let batch = session.store.changed_since(covered, BATCH).await?;
    // Each erasing is asked for once: with the batch of the commits around it.
    let until = batch.last.unwrap_or(here.max(covered));
    for id in session.store.erased_between(covered, until).await? {
        // Purged where the erasing is told; here it only must not be found.
        let _owed = index.remove(id)?;
        finder.unsaved.store(true, Ordering::Release);
    }
    let Some(last) = batch.last else {
        finder.covered.store(here.max(covered), Ordering::Release);
        finder.whole.store(true, Ordering::Release);
        return Ok(true);
    };
    // Until it has been whole once, no text is put in twice.
    let fresh = !finder.whole.load(Ordering::Acquire);
    blocking(move || put_all(&index, &batch.entries, fresh)).await??;
    finder.unsaved.store(true, Ordering::Release);
    finder.covered.store(last, Ordering::Release);
    Ok(false)
}

/// The index of this session, opened when it is first needed.
async fn opened(session: &Session) -> Result<Arc<Index>, ClientError> {
    let finder = &session.finder;
    if let Some(index) = finder.index() {
        return Ok(index);
    }
    let (folder, key) = (session.store.folder().index(), session.store.index_key()?);
    let (index, how) = blocking(move || Index::open_or_rebuild(&folder, key)).await??;
    let whole = how == Opened::Whole;
    finder.covered.store(if whole { index.watermark()? } else { 0 }, Ordering::Release);
    finder.whole.store(whole, Ordering::Release);
    let index = Arc::new(index);
    *finder.slot() = Some(Arc::clone(&index));
    Ok(index)
}

fn put_all(index: &Index, batch: &[Entry], fresh: bool) -> Result<(), SearchError> {
    for entry in batch {
        let head = &entry.head;
        // A text that does not open as a document is found by its title.
        let plain = Document::open(&entry.snapshot).map(|text| text.plain_text());
        let text = searched(head, &plain.unwrap_or_default());
        if fresh {
            index.add(head.id, &text, &facts(head))?;
        } else {
            // Words that were taken out are purged when it is quiet, and at lock.
            let _owed = index.put(head.id, &text, &facts(head))?;
        }
    }
    Ok(())
}

async fn save(session: &Session, purge: bool) -> Result<(), ClientError> {
    let finder = &session.finder;
    let _work = finder.work.lock().await;
    let Some(index) = finder.index() else { return Ok(()) };
    if !finder.unsaved.load(Ordering::Acquire) {
        return Ok(());
    }
    let covered = finder.covered.load(Ordering::Acquire);
    let write = move || {
        if purge && index.purge_owed()? { index.purge(covered) } else { index.save(covered) }
    };
    blocking(write).await??;
    finder.unsaved.store(false, Ordering::Release);
    Ok(())
}
