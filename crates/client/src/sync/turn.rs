//! One turn of one group: read all, then send all, until nothing is left of either.

use std::collections::BTreeSet;

use hearthkeep_group::{Answer, Held};
use hearthkeep_model::GroupId;
use hearthkeep_wire::{Head, Idem, MailboxId, Refusal};

use super::groups::{GroupState, Groups, Trouble};
use crate::relay::{LinkError, RelayLink, is_last, read_page};

/// More rounds than any honest turn has: each one moves something. The rest is for the next turn.
const ROUNDS_MAX: usize = 1_000;

/// How a turn ended that went through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Turned {
    /// All was read, and all was sent that may go.
    Whole,
    /// The next request was answered and still waits: its mailbox is not there yet, or is full. Or
    /// somebody who leaves has to be seen out, and it is not this device's turn yet.
    NotYet,
}

/// Why a turn did not go through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TurnError {
    /// The relay.
    Link(LinkError),
    /// This computer.
    Here(Trouble),
}

impl From<LinkError> for TurnError {
    fn from(error: LinkError) -> Self {
        Self::Link(error)
    }
}

impl From<Trouble> for TurnError {
    fn from(trouble: Trouble) -> Self {
        Self::Here(trouble)
    }
}

/// Takes a turn.
pub(crate) async fn turn<G: Groups>(
    groups: &G,
    link: &RelayLink,
    group: GroupId,
) -> Result<Turned, TurnError> {
    for _ in 0..ROUNDS_MAX {
        pull(groups, link, group).await?;
        // What was read may ask for something of this device, such as to say what it has removed.
        groups.tick(group).await?;
        match push(groups, link, group).await? {
            Pushed::ReadOn => {}
            Pushed::Nothing if somebody_leaves(groups, group).await? => return Ok(Turned::NotYet),
            Pushed::Nothing => return Ok(Turned::Whole),
            Pushed::Stuck => return Ok(Turned::NotYet),
        }
    }
    Ok(Turned::Whole)
}

/// Nothing is said to the group before they are out: each device waits its turn, and no longer.
async fn somebody_leaves<G: Groups>(groups: &G, group: GroupId) -> Result<bool, Trouble> {
    Ok(groups.state(group).await? == GroupState::Held(Held::RemovalPending))
}

/// What sending the outbox came to.
enum Pushed {
    /// Reading again may bring it further.
    ReadOn,
    /// There was nothing to send.
    Nothing,
    /// It was answered and is still the next: only time can help.
    Stuck,
}

/// Reads every mailbox to its end. A commit may open others, so what to read is asked again.
async fn pull<G: Groups>(groups: &G, link: &RelayLink, group: GroupId) -> Result<(), TurnError> {
    let mut read_to_end: BTreeSet<MailboxId> = BTreeSet::new();
    for _ in 0..ROUNDS_MAX {
        let reading = groups.reading(group).await?;
        let open: Vec<_> = reading
            .mailboxes
            .iter()
            .filter(|(mailbox, ..)| !read_to_end.contains(mailbox))
            .collect();
        if open.is_empty() {
            break;
        }
        for (mailbox, since, key) in open {
            let bytes = match link.fetch(mailbox, key, since.seq).await {
                Ok(bytes) => bytes,
                Err(LinkError::Refused(refusal)) if is_about_mailbox(refusal) => {
                    groups.missing(group, *mailbox, *since).await?;
                    read_to_end.insert(*mailbox);
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            let page = read_page(&bytes)?;
            // A page that is empty brings nothing more, whatever its head claims: the group has
            // been shown the claim.
            if page.entries.is_empty() || is_last(&page, *since) {
                read_to_end.insert(*mailbox);
            }
            groups.page(group, *mailbox, *since, page).await?;
        }
        stop_where_nothing_moved(groups, group, &reading.mailboxes, &mut read_to_end).await?;
    }
    Ok(())
}

/// Whether it is the mailbox that is missing, and not the relay.
const fn is_about_mailbox(refusal: Refusal) -> bool {
    matches!(refusal, Refusal::NoSuchMailbox | Refusal::Signature)
}

/// A page that did not continue what was read has moved no cursor: asking again would bring the
/// same page for ever.
async fn stop_where_nothing_moved<G: Groups>(
    groups: &G,
    group: GroupId,
    before: &[(MailboxId, Head, hearthkeep_crypto::SigningKey)],
    read_to_end: &mut BTreeSet<MailboxId>,
) -> Result<(), Trouble> {
    let now = groups.reading(group).await?;
    for (mailbox, at, _) in before {
        if now.mailboxes.iter().any(|(same, still, _)| same == mailbox && still == at) {
            read_to_end.insert(*mailbox);
        }
    }
    Ok(())
}

/// Sends the outbox in order.
async fn push<G: Groups>(
    groups: &G,
    link: &RelayLink,
    group: GroupId,
) -> Result<Pushed, TurnError> {
    let mut sent = false;
    let mut last: Option<Idem> = None;
    while let Some((outgoing, key)) = groups.next(group).await? {
        if last == Some(outgoing.idem) {
            return Ok(if sent { Pushed::ReadOn } else { Pushed::Stuck });
        }
        last = Some(outgoing.idem);
        let answer = link.send_out(&outgoing, &key).await?;
        groups.answered(group, outgoing.idem, answer).await?;
        match answer {
            Answer::Done(_) => sent = true,
            Answer::HeadMoved | Answer::Sealed => return Ok(Pushed::ReadOn),
            Answer::Gone | Answer::NoRoom | Answer::Refused => {}
        }
    }
    Ok(if sent { Pushed::ReadOn } else { Pushed::Nothing })
}
