//! A relay in memory that keeps to the rules of PROTOCOL, and can be told not to.

use hearthkeep_group::{Answer, Ask, Blob, Outgoing};
use hearthkeep_wire::{
    Content, Digest, Entry, Head, Idem, MailboxId, Page, blob_hash, delete_hash,
};
use std::collections::BTreeMap;

#[derive(Debug, Clone)]
pub struct Kept {
    pub at: Head,
    pub hash: Digest,
    pub blob: Option<Vec<u8>>,
    pub delete_hash: Option<Digest>,
}

#[derive(Debug, Clone)]
pub struct Mailbox {
    pub head: Head,
    pub entries: Vec<Kept>,
    pub idems: BTreeMap<Idem, (Digest, Head)>,
    pub sealed: bool,
}

impl Mailbox {
    pub fn new(id: &MailboxId) -> Self {
        Self { head: Head::genesis(id), entries: Vec::new(), idems: BTreeMap::new(), sealed: false }
    }

    pub fn push(&mut self, blob: &[u8], delete_hash: Option<Digest>) -> Head {
        let hash = blob_hash(blob);
        self.head = self.head.after(&hash);
        self.entries.push(Kept { at: self.head, hash, blob: Some(blob.to_vec()), delete_hash });
        self.head
    }

    /// Writes the chain anew, as a relay would that changed its past.
    pub fn relink(&mut self, id: &MailboxId) {
        self.head = Head::genesis(id);
        for entry in &mut self.entries {
            self.head = self.head.after(&entry.hash);
            entry.at = self.head;
        }
    }
}

/// A page that owns its bytes.
pub struct OwnedPage {
    pub entries: Vec<Kept>,
    pub head: Head,
}

impl OwnedPage {
    pub fn page(&self) -> Page<'_> {
        let entry = |kept: &'_ Kept| -> (u64, Digest) { (kept.at.seq, kept.at.link) };
        let entries = self.entries.iter().map(|kept| {
            let (seq, link) = entry(kept);
            let content = match &kept.blob {
                Some(blob) => Content::Blob(blob),
                None => Content::Tombstone(kept.hash),
            };
            Entry { seq, link, content }
        });
        Page { entries: entries.collect(), head: self.head }
    }
}

#[derive(Debug, Clone, Default)]
pub struct SimRelay {
    pub mailboxes: BTreeMap<MailboxId, Mailbox>,
    /// Everything that ever came in, for audits.
    pub heard: Vec<Outgoing>,
}

impl SimRelay {
    pub fn head(&self, mailbox: &MailboxId) -> Option<Head> {
        self.mailboxes.get(mailbox).map(|known| known.head)
    }

    pub fn fetch(&self, mailbox: &MailboxId, since: u64, limit: usize) -> Option<OwnedPage> {
        let known = self.mailboxes.get(mailbox)?;
        let entries = known.entries.iter().filter(|kept| kept.at.seq > since).take(limit).cloned();
        Some(OwnedPage { entries: entries.collect(), head: known.head })
    }

    pub fn take(&mut self, outgoing: &Outgoing) -> Answer {
        self.heard.push(outgoing.clone());
        match &outgoing.ask {
            Ask::Create(new, _) => {
                self.mailboxes.entry(new.mailbox).or_insert_with(|| Mailbox::new(&new.mailbox));
                Answer::Done(None)
            }
            Ask::Append(blob) => self.append(&outgoing.mailbox, outgoing.idem, blob),
            Ask::Rotate(blob, seal, open) => {
                if let Some(known) = self.known(&outgoing.mailbox, outgoing.idem, blob) {
                    return known;
                }
                for old in seal {
                    let Some(mailbox) = self.mailboxes.get(&old.mailbox) else {
                        return Answer::Gone;
                    };
                    if mailbox.sealed {
                        return Answer::Sealed;
                    }
                    if old.expect_head.is_some_and(|head| head != mailbox.head.seq) {
                        return Answer::HeadMoved;
                    }
                }
                let answer = self.append(&outgoing.mailbox, outgoing.idem, blob);
                if !matches!(answer, Answer::Done(_)) {
                    return answer;
                }
                for old in seal.iter().map(|old| old.mailbox).chain([outgoing.mailbox]) {
                    if let Some(mailbox) = self.mailboxes.get_mut(&old) {
                        mailbox.sealed = true;
                    }
                }
                for new in open {
                    self.mailboxes.insert(new.mailbox, Mailbox::new(&new.mailbox));
                }
                answer
            }
            Ask::Delete(seq, preimage) => {
                let mailbox = self.mailboxes.get_mut(&outgoing.mailbox);
                let entry = mailbox
                    .and_then(|known| known.entries.iter_mut().find(|kept| kept.at.seq == *seq));
                match entry {
                    Some(kept) if kept.blob.is_none() => Answer::Done(None),
                    Some(kept) if kept.delete_hash == Some(delete_hash(preimage)) => {
                        kept.blob = None;
                        Answer::Done(None)
                    }
                    Some(_) => Answer::Refused,
                    None => Answer::Gone,
                }
            }
            Ask::DropDel => {
                self.mailboxes.remove(&outgoing.mailbox);
                Answer::Done(None)
            }
        }
    }

    fn known(&self, mailbox: &MailboxId, idem: Idem, blob: &Blob) -> Option<Answer> {
        let (hash, at) = self.mailboxes.get(mailbox)?.idems.get(&idem)?;
        let same = *hash == blob_hash(&blob.bytes);
        Some(if same { Answer::Done(Some(*at)) } else { Answer::Refused })
    }

    fn append(&mut self, mailbox: &MailboxId, idem: Idem, blob: &Blob) -> Answer {
        if let Some(known) = self.known(mailbox, idem, blob) {
            return known;
        }
        let Some(known) = self.mailboxes.get_mut(mailbox) else { return Answer::Gone };
        if known.sealed {
            return Answer::Sealed;
        }
        if blob.expect_head.is_some_and(|head| head != known.head.seq) {
            return Answer::HeadMoved;
        }
        let at = known.push(&blob.bytes, blob.delete_hash);
        known.idems.insert(idem, (blob_hash(&blob.bytes), at));
        Answer::Done(Some(at))
    }
}
