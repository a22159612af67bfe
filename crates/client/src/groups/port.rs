//! What the loop that speaks to relays needs of the groups. Whatever it changes is kept before it
//! returns.

use crate::ClientError;
use crate::groups::state::Hands;
use crate::hearthkeep::Hearthkeep;
use hearthkeep_crypto::SigningKey;
use hearthkeep_group::{Answer, Effect, Group, GroupError, Held, Outgoing, Standing, Trust};
use hearthkeep_model::GroupId;
use hearthkeep_wire::{Head, Idem, MailboxId, Page};

/// What the light shows of one group, besides whether its relay answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Light {
    /// All that was written has been sent.
    Sent,
    /// Something waits, or is on its way.
    Waiting,
    /// Something waits and must not go yet.
    Held(Held),
    /// The relay does not show all that was written.
    Withheld,
    /// The relay shows two pasts.
    Forked,
}

/// The groups, as the loop sees them.
#[derive(Debug, Clone)]
pub(crate) struct GroupsPort(pub(crate) Hearthkeep);

impl GroupsPort {
    /// Groups that have a relay to speak to.
    pub(crate) async fn list(&self) -> Result<Vec<GroupId>, ClientError> {
        let mut speaking = Vec::new();
        for id in self.0.group_ids().await? {
            let room = self.0.room(id).await?;
            let speaks = room
                .group
                .as_ref()
                .is_some_and(|group| matches!(group.standing(), Standing::In | Standing::Asking));
            if speaks {
                speaking.push(id);
            }
        }
        Ok(speaking)
    }

    /// Where a group's relay is, and which mailboxes to read: each with how far it was read, and
    /// the key that signs for it.
    pub(crate) async fn reading(
        &self,
        id: GroupId,
    ) -> Result<(String, Vec<(MailboxId, Head, SigningKey)>), ClientError> {
        self.0
            .look_at(id, |group| {
                let watched = group.watched().into_iter();
                let keyed = watched.filter_map(|(mailbox, read)| {
                    group.capability(&mailbox).map(|key| (mailbox, read, key))
                });
                (group.relay().to_owned(), keyed.collect())
            })
            .await
    }

    /// Takes a page that was fetched from `since`.
    pub(crate) async fn page(
        &self,
        id: GroupId,
        mailbox: MailboxId,
        since: Head,
        page: &Page<'_>,
    ) -> Result<(), ClientError> {
        self.took(id, |hands| hands.group.apply(&mailbox, since, page, hands.entropy, hands.now))
            .await
    }

    /// Takes the relay's word that a mailbox, read as far as `since`, is not there.
    pub(crate) async fn missing(
        &self,
        id: GroupId,
        mailbox: MailboxId,
        since: Head,
    ) -> Result<(), ClientError> {
        self.took(id, |hands| Ok(hands.group.missing(&mailbox, since, hands.now))).await
    }

    // What a relay has said, and whether a place in a group was won or lost by it.
    async fn took(
        &self,
        id: GroupId,
        take: impl FnOnce(&mut Hands<'_>) -> Result<Vec<Effect>, GroupError>,
    ) -> Result<(), ClientError> {
        let news = self
            .0
            .change(id, |hands| {
                let effects = take(hands)?;
                let news =
                    effects.iter().any(|effect| matches!(effect, Effect::Joined | Effect::Removed));
                Ok((news, effects))
            })
            .await?;
        if news {
            self.0.groups_changed();
        }
        Ok(())
    }

    /// The request that is on its way, or the next one, kept as being on its way, with the key
    /// that signs it.
    pub(crate) async fn next(
        &self,
        id: GroupId,
    ) -> Result<Option<(Outgoing, SigningKey)>, ClientError> {
        self.0
            .change(id, |hands| {
                let next = hands.group.next_outgoing(hands.secret, hands.entropy, hands.now)?;
                let keyed = next.and_then(|outgoing| {
                    let key = hands.group.capability(&outgoing.mailbox)?;
                    Some((outgoing, key))
                });
                Ok((keyed, Vec::new()))
            })
            .await
    }

    /// What the relay has answered.
    pub(crate) async fn answered(
        &self,
        id: GroupId,
        idem: Idem,
        answer: Answer,
    ) -> Result<(), ClientError> {
        self.0
            .change(id, |hands| {
                let effects = hands.group.answered(idem, answer, hands.entropy)?;
                Ok(((), effects))
            })
            .await
    }

    /// What time alone brings.
    pub(crate) async fn tick(&self, id: GroupId) -> Result<(), ClientError> {
        self.0
            .change(id, |hands| {
                hands.group.tick(hands.entropy, hands.now);
                Ok(((), Vec::new()))
            })
            .await
    }

    /// What the light shows.
    pub(crate) async fn light(&self, id: GroupId) -> Result<Light, ClientError> {
        self.0.look_at(id, light).await
    }
}

fn light(group: &Group) -> Light {
    match (group.trust(), group.held(), group.has_outgoing()) {
        (Trust::Forked, _, _) => Light::Forked,
        (Trust::Withheld, _, _) => Light::Withheld,
        (Trust::Whole | Trust::OldCopy, Some(held), _) => Light::Held(held),
        (Trust::Whole | Trust::OldCopy, None, true) => Light::Waiting,
        (Trust::Whole | Trust::OldCopy, None, false) => Light::Sent,
    }
}
