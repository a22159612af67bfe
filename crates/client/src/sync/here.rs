//! The loop and this profile: started when the vault opens, ended before its keys go.

use std::sync::{Arc, Weak};

use hearthkeep_crypto::SigningKey;
use hearthkeep_group::{Answer, Outgoing};
use hearthkeep_model::GroupId;
use hearthkeep_wire::{Head, Idem, MailboxId, Page};

use super::{GroupState, Groups, Reading, Sync, Trouble};
use crate::{
    ClientError, Event,
    groups::{GroupsPort, Light, Nudge},
    hearthkeep::{Hearthkeep, Inner},
    session::Session,
    view::SyncLight,
};

/// The groups of a profile, which the loop does not keep alive.
#[derive(Debug, Clone)]
struct Here(Weak<Inner>);

impl Here {
    fn port(&self) -> Result<GroupsPort, Trouble> {
        let inner = self.0.upgrade().ok_or(Trouble::Closed)?;
        Ok(GroupsPort(Hearthkeep { inner }))
    }
}

/// What the loop does about it. What is wrong with a row or a disk is told where it is noticed.
fn trouble(error: &ClientError) -> Trouble {
    if matches!(error, ClientError::Locked | ClientError::NoSuchGroup) {
        Trouble::Closed
    } else {
        tracing::warn!("a group's turn could not be kept; it is tried again");
        Trouble::NotKept
    }
}

impl Groups for Here {
    async fn list(&self) -> Result<Vec<GroupId>, Trouble> {
        self.port()?.list().await.map_err(|error| trouble(&error))
    }

    async fn reading(&self, group: GroupId) -> Result<Reading, Trouble> {
        let reading = self.port()?.reading(group).await.map_err(|error| trouble(&error));
        reading.map(|(relay, mailboxes)| Reading { relay, mailboxes })
    }

    async fn page(
        &self,
        group: GroupId,
        mailbox: MailboxId,
        since: Head,
        page: Page<'_>,
    ) -> Result<(), Trouble> {
        let kept = self.port()?.page(group, mailbox, since, &page).await;
        kept.map_err(|error| trouble(&error))
    }

    async fn missing(
        &self,
        group: GroupId,
        mailbox: MailboxId,
        since: Head,
    ) -> Result<(), Trouble> {
        let kept = self.port()?.missing(group, mailbox, since).await;
        kept.map_err(|error| trouble(&error))
    }

    async fn next(&self, group: GroupId) -> Result<Option<(Outgoing, SigningKey)>, Trouble> {
        self.port()?.next(group).await.map_err(|error| trouble(&error))
    }

    async fn answered(&self, group: GroupId, idem: Idem, answer: Answer) -> Result<(), Trouble> {
        let kept = self.port()?.answered(group, idem, answer).await;
        kept.map_err(|error| trouble(&error))
    }

    async fn tick(&self, group: GroupId) -> Result<(), Trouble> {
        self.port()?.tick(group).await.map_err(|error| trouble(&error))
    }

    async fn state(&self, group: GroupId) -> Result<GroupState, Trouble> {
        let light = self.port()?.light(group).await.map_err(|error| trouble(&error))?;
        Ok(match light {
            Light::Sent => GroupState::Sent,
            Light::Waiting => GroupState::Waiting,
            Light::Held(held) => GroupState::Held(held),
            Light::Withheld => GroupState::Withheld,
            Light::Forked => GroupState::Forked,
        })
    }
}

impl Hearthkeep {
    /// Starts the loop of a session that has just begun.
    pub(crate) fn begin_sync(&self, session: &Session) {
        let here = Here(Arc::downgrade(&self.inner));
        let told = self.inner.events.clone();
        let sync = Arc::new(Sync::start(here, move || told.tell(Event::Light)));
        let nudged = Arc::clone(&sync);
        let nudge = move |nudge| match nudge {
            Nudge::Groups => nudged.groups_changed(),
            Nudge::Outbox(group) => nudged.outbox(group),
        };
        // Set once, here, for a session that nobody else has yet.
        drop(session.groups.nudged.set(Box::new(nudge)));
        drop(session.sync.set(sync));
    }

    /// Ends the loop: nothing is sent while the vault is locked.
    pub(crate) async fn end_sync(&self, session: &Session) {
        if let Some(sync) = session.sync.get() {
            sync.end().await;
        }
    }

    /// The one light.
    ///
    /// # Errors
    /// [`ClientError::Locked`].
    pub fn light(&self) -> Result<SyncLight, ClientError> {
        let session = self.session()?;
        Ok(session.sync.get().map_or(SyncLight::Saved, |sync| sync.light()))
    }

    /// Asks all relays now, also those that did not answer a moment ago.
    ///
    /// # Errors
    /// [`ClientError::Locked`].
    pub fn sync_now(&self) -> Result<(), ClientError> {
        let session = self.session()?;
        if let Some(sync) = session.sync.get() {
            sync.now();
        }
        Ok(())
    }
}
