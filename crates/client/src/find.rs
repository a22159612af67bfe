//! Finding: the index while it is whole, a plain look through all texts while it is far behind.
//!
//! The sealed entries are the truth. The index follows them by the number of their last commit,
//! beside everything else, and is saved when nobody writes.

mod follow;
mod look;

use hearthkeep_model::EntryHead;
use hearthkeep_search::{Facts, Filter, Index};
use std::sync::atomic::{AtomicBool, AtomicU64};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// The index of a session, and how far it has followed.
#[derive(Debug, Default)]
pub(crate) struct Finder {
    index: Mutex<Option<Arc<Index>>>,
    /// Number of the last commit that is in the index.
    covered: AtomicU64,
    /// It was opened as it was saved, or has been built anew to the end in this session. An index that
    /// was saved half-built counts as well: how far it has followed is saved with it.
    whole: AtomicBool,
    /// The vault is being locked.
    closing: AtomicBool,
    /// Something is in the index that is not on the disk.
    unsaved: AtomicBool,
    /// One follows at a time.
    work: tokio::sync::Mutex<()>,
    wake: Notify,
}

impl Finder {
    fn index(&self) -> Option<Arc<Index>> {
        self.slot().clone()
    }

    fn slot(&self) -> MutexGuard<'_, Option<Arc<Index>>> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something was committed.
    pub(crate) fn wake(&self) {
        self.wake.notify_one();
    }
}

/// What the index knows of an entry beside its words.
fn facts(head: &EntryHead) -> Facts {
    Facts {
        at: head.fields.moment.at,
        day: head.fields.moment.day,
        tags: head.fields.tags.clone(),
        feelings: head.fields.feelings.clone(),
        shared: head.shared,
        drawer: head.trashed.is_some(),
    }
}

/// What is searched in an entry: its title and its text.
fn searched(head: &EntryHead, plain: &str) -> String {
    format!("{}\n{plain}", head.fields.title)
}

/// The filter of a list as a filter of the index.
fn filter_of(filter: &crate::view::EntryFilter) -> Result<Filter, crate::ClientError> {
    let day = |text: &Option<String>| text.as_deref().map(str::parse).transpose();
    Ok(Filter {
        from: day(&filter.from)?,
        to: day(&filter.to)?,
        tag: filter.tag.clone(),
        feeling: filter.feeling.clone(),
        shared: filter.shared,
        drawer: filter.drawer,
    })
}
