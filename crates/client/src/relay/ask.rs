//! What is asked of a relay, and what its answers mean to a group.

use hearthkeep_crypto::SigningKey;
use hearthkeep_group::{Answer, Ask, Blob, Outgoing};
use hearthkeep_wire::{
    Append, Appended, Create, Delete, DropDel, Fetch, Head, MailboxId, Op, Page, Proof, Refusal,
    Rotate, Rotated, decode_exact, limits,
};

use super::{LinkError, RelayLink};

/// Entries of a page that is asked for: all that a relay gives at once.
const PAGE: u16 = 1_000;

impl RelayLink {
    /// The bytes of the page after `since`. They are to be read with [`read_page`].
    pub(crate) async fn fetch(
        &self,
        mailbox: &MailboxId,
        key: &SigningKey,
        since: u64,
    ) -> Result<Vec<u8>, LinkError> {
        let fetch = Fetch { since, limit: PAGE };
        self.ask(Op::Fetch, mailbox, key, &fetch, limits::PAGE_WIRE_MAX).await
    }

    /// Sends one request out of the outbox. An error leaves it there, to be sent again as it is.
    pub(crate) async fn send_out(
        &self,
        outgoing: &Outgoing,
        key: &SigningKey,
    ) -> Result<Answer, LinkError> {
        let sent = self.send_ask(outgoing, key).await;
        match sent {
            Ok(answer) => Ok(answer),
            Err(LinkError::Refused(refusal)) => meaning(&outgoing.ask, refusal),
            Err(other) => Err(other),
        }
    }

    async fn send_ask(&self, outgoing: &Outgoing, key: &SigningKey) -> Result<Answer, LinkError> {
        let (mailbox, max) = (&outgoing.mailbox, limits::CONTROL_MAX);
        match &outgoing.ask {
            Ask::Create(new, token) => {
                let create = Create { new: new.clone(), token: *token };
                self.ask(Op::Create, mailbox, key, &create, max).await?;
                Ok(Answer::Done(None))
            }
            Ask::Append(blob) => {
                let bytes =
                    self.ask(Op::Append, mailbox, key, &append(outgoing, blob), max).await?;
                let appended: Appended = reply(&bytes)?;
                Ok(Answer::Done(Some(appended.at)))
            }
            Ask::Rotate(blob, seal, open) => {
                let commit = append(outgoing, blob);
                let rotate = Rotate { commit, seal: seal.clone(), open: open.clone() };
                let bytes = self.ask(Op::Rotate, mailbox, key, &rotate, max).await?;
                let rotated: Rotated = reply(&bytes)?;
                Ok(Answer::Done(Some(rotated.at)))
            }
            Ask::Delete(seq, preimage) => {
                let delete = Delete { seq: *seq, proof: Proof::Preimage(*preimage) };
                self.ask(Op::Delete, mailbox, key, &delete, max).await?;
                Ok(Answer::Done(None))
            }
            Ask::DropDel => {
                self.ask(Op::DropDel, mailbox, key, &DropDel {}, max).await?;
                Ok(Answer::Done(None))
            }
        }
    }
}

/// Reads a page, and no more than a page.
pub(crate) fn read_page(bytes: &[u8]) -> Result<Page<'_>, LinkError> {
    let page: Page<'_> =
        decode_exact(bytes, limits::PAGE_WIRE_MAX).map_err(|_| LinkError::NotARelay)?;
    if page.entries.len() > limits::PAGE_ENTRIES_MAX {
        return Err(LinkError::NotARelay);
    }
    Ok(page)
}

/// Whether a page goes to the end of its mailbox, by its own account.
pub(crate) fn is_last(page: &Page<'_>, since: Head) -> bool {
    page.entries.last().map_or(since.seq, |entry| entry.seq) >= page.head.seq
}

/// What a refusal means to the group.
///
/// A relay may lie. So only what the group can check or repair counts as an answer; a refusal that
/// an honest relay has no reason for leaves the request in the outbox: no word is given up because
/// a relay says so.
fn meaning(ask: &Ask, refusal: Refusal) -> Result<Answer, LinkError> {
    match refusal {
        Refusal::HeadMoved { .. } => Ok(Answer::HeadMoved),
        Refusal::Sealed => Ok(Answer::Sealed),
        Refusal::NoSuchMailbox | Refusal::NoSuchEntry => Ok(Answer::Gone),
        Refusal::QuotaUsedUp | Refusal::Token => Ok(Answer::NoRoom),
        Refusal::Preimage if matches!(ask, Ask::Delete(..)) => Ok(Answer::Gone),
        Refusal::TooLarge if is_too_large(ask) => Ok(Answer::Refused),
        Refusal::Malformed
        | Refusal::StaleNonce { .. }
        | Refusal::Signature
        | Refusal::Exists
        | Refusal::TooLarge
        | Refusal::IdemMismatch
        | Refusal::Preimage
        | Refusal::TooMany { .. }
        | Refusal::Busy { .. }
        | Refusal::TooSlow
        | Refusal::Other { .. } => Err(LinkError::Refused(refusal)),
    }
}

fn is_too_large(ask: &Ask) -> bool {
    match ask {
        Ask::Append(blob) => blob.bytes.len() > limits::LOG_BLOB_MAX,
        Ask::Rotate(blob, ..) => blob.bytes.len() > limits::HANDSHAKE_BLOB_MAX,
        Ask::Create(..) | Ask::Delete(..) | Ask::DropDel => false,
    }
}

const fn append<'b>(outgoing: &Outgoing, blob: &'b Blob) -> Append<'b> {
    Append {
        idem: outgoing.idem,
        expect_head: blob.expect_head,
        delete_hash: blob.delete_hash,
        blob: blob.bytes.as_slice(),
    }
}

fn reply<T: for<'b> minicbor::Decode<'b, ()>>(bytes: &[u8]) -> Result<T, LinkError> {
    decode_exact(bytes, limits::CONTROL_MAX).map_err(|_| LinkError::NotARelay)
}
