//! Who is to be woken, about what.
//!
//! A subscriber holds the newest number of each mailbox it listens to, never a queue: ten thousand
//! appends while it sleeps cost it eight bytes.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

use hearthkeep_wire::{MailboxId, limits};
use tokio::sync::Notify;

/// All subscribers of this process.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wakes {
    listeners: Arc<Mutex<BTreeMap<MailboxId, Vec<Weak<Subscriber>>>>>,
}

/// One socket, or one long poll.
#[derive(Debug, Default)]
pub(crate) struct Subscriber {
    /// Subscribed mailboxes; a number is there when it was not told yet.
    newest: Mutex<BTreeMap<MailboxId, Option<u64>>>,
    something: Notify,
}

/// A subscriber that is taken off all lists when it goes.
#[derive(Debug)]
pub(crate) struct Subscription {
    subscriber: Arc<Subscriber>,
    wakes: Wakes,
}

/// A socket listens to as many mailboxes as it may.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TooManySubs;

impl Wakes {
    /// A new subscriber that listens to nothing yet.
    pub(crate) fn subscriber(&self) -> Subscription {
        Subscription { subscriber: Arc::default(), wakes: self.clone() }
    }

    /// Tells everybody who listens that the mailbox has entries up to `seq`.
    pub(crate) fn wake(&self, mailbox: &MailboxId, seq: u64) {
        let listening: Vec<Arc<Subscriber>> = held(&self.listeners)
            .get(mailbox)
            .map(|all| all.iter().filter_map(Weak::upgrade).collect())
            .unwrap_or_default();
        for subscriber in listening {
            subscriber.tell(mailbox, seq);
        }
    }
}

impl Subscriber {
    fn tell(&self, mailbox: &MailboxId, seq: u64) {
        if let Some(newest) = held(&self.newest).get_mut(mailbox) {
            *newest = Some(newest.map_or(seq, |known| known.max(seq)));
        }
        self.something.notify_one();
    }
}

impl Subscription {
    /// Listens to a mailbox. The caller then reads the head, so that nothing falls between.
    pub(crate) fn listen(&self, mailbox: MailboxId) -> Result<(), TooManySubs> {
        {
            let mut newest = held(&self.subscriber.newest);
            if newest.contains_key(&mailbox) {
                return Ok(());
            }
            if newest.len() >= limits::SUBS_MAX {
                return Err(TooManySubs);
            }
            newest.insert(mailbox, None);
        }
        let mut listeners = held(&self.wakes.listeners);
        listeners.entry(mailbox).or_default().push(Arc::downgrade(&self.subscriber));
        Ok(())
    }

    /// Listens no longer.
    pub(crate) fn leave(&self, mailbox: &MailboxId) {
        held(&self.subscriber.newest).remove(mailbox);
        self.take_off(mailbox);
    }

    /// Waits until there is something to tell, and takes it.
    pub(crate) async fn news(&self) -> Vec<(MailboxId, u64)> {
        loop {
            let news: Vec<(MailboxId, u64)> = held(&self.subscriber.newest)
                .iter_mut()
                .filter_map(|(mailbox, newest)| Some((*mailbox, newest.take()?)))
                .collect();
            if !news.is_empty() {
                return news;
            }
            self.subscriber.something.notified().await;
        }
    }

    fn take_off(&self, mailbox: &MailboxId) {
        let mut listeners = held(&self.wakes.listeners);
        if let Some(all) = listeners.get_mut(mailbox) {
            let own = Arc::as_ptr(&self.subscriber);
            all.retain(|other| !std::ptr::eq(other.as_ptr(), own) && other.strong_count() > 0);
            if all.is_empty() {
                listeners.remove(mailbox);
            }
        }
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let names: Vec<MailboxId> = held(&self.subscriber.newest).keys().copied().collect();
        for name in &names {
            self.take_off(name);
        }
    }
}

/// What is under these locks is whole after every step, so a panic elsewhere does not spoil it.
fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}
