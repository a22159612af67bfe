//! The one way in: a page of a mailbox. Every entry of every log passes here, one's own too.

use crate::bytes::Bytes;
use crate::changes::{AlarmKind, Effect};
use crate::entropy::Entropy;
use crate::error::GroupError;
use crate::group::{Group, day_of};
use crate::state::{Standing, Trust};
use hearthkeep_model::Timestamp;
use hearthkeep_wire::{ChainBreak, Content, Head, MailboxId, Page, follow};

/// What a mailbox of the group is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which {
    Handshake,
    Content(u32),
    Drop,
}

impl Group {
    /// Takes a page that was fetched from where the mailbox had been read to (`since`). A page
    /// that comes too late, because the cursor has moved meanwhile, changes nothing.
    ///
    /// # Errors
    /// [`GroupError`] when the state itself cannot be changed; everything is as it was kept, and
    /// the group should be loaded anew.
    pub fn apply(
        &mut self,
        mailbox: &MailboxId,
        since: Head,
        page: &Page<'_>,
        entropy: &mut Entropy,
        now: Timestamp,
    ) -> Result<Vec<Effect>, GroupError> {
        let Some(which) = self.which(mailbox, since) else { return Ok(Vec::new()) };
        if let Err(broken) = follow(&since, page) {
            return Ok(self.broken(which, mailbox, broken));
        }
        if self.is_present(mailbox) {
            self.core.seen_day = day_of(now).0;
        }
        let mut effects = Vec::new();
        let mut at = since;
        for entry in &page.entries {
            at = at.after(&entry.content.hash());
            match which {
                Which::Handshake => {
                    effects.extend(self.take_handshake(mailbox, &entry.content, at, entropy)?);
                    if self.core.standing != Standing::In {
                        return Ok(effects);
                    }
                }
                Which::Content(number) => {
                    self.take_content(number, &entry.content, at, &mut effects)
                }
                Which::Drop => {
                    self.drop_read(mailbox, at);
                    if let Content::Blob(blob) = entry.content {
                        effects.extend(self.apply_letter(mailbox, blob, entropy, now)?);
                    }
                }
            }
        }
        self.after_page(which, mailbox, page.head, at, &mut effects);
        Ok(effects)
    }

    /// Takes the relay's word that a mailbox, read so far, is not there. One that was never read
    /// may not be open yet; one whose time is over is there no more at any relay.
    pub fn missing(&mut self, mailbox: &MailboxId, since: Head, now: Timestamp) -> Vec<Effect> {
        let Some(which) = self.which(mailbox, since) else { return Vec::new() };
        let ended = self.ended(which);
        if since.seq == 0 && ended.is_none() {
            return Vec::new();
        }
        if self.may_be_over(mailbox, day_of(now).0) {
            return self.lose_the_way();
        }
        match ended {
            Some((number, cut)) if since.seq == 0 => self.ends_early(mailbox, number, cut),
            _ => {
                let broken = ChainBreak::Shortened { read: since.seq, head: 0 };
                self.broken(which, mailbox, broken)
            }
        }
    }

    // What a mailbox is for, if it is read, and has been read as far as that.
    fn which(&self, mailbox: &MailboxId, since: Head) -> Option<Which> {
        let known = self.watched().into_iter().find(|(watched, _)| watched == mailbox);
        if known != Some((*mailbox, since)) {
            return None;
        }
        for generation in &self.core.generations {
            if generation.handshake == *mailbox {
                return Some(Which::Handshake);
            }
            if generation.content == *mailbox {
                return Some(Which::Content(generation.number));
            }
        }
        self.drop_secret(mailbox).map(|_| Which::Drop)
    }

    // The generation of a content log that is over, and where its commit says that it ends.
    fn ended(&self, which: Which) -> Option<(u32, Head)> {
        let Which::Content(number) = which else { return None };
        let known = self.core.generations.iter().find(|known| known.number == number);
        known.and_then(|generation| generation.cut).map(|cut| (number, cut))
    }

    fn is_present(&self, mailbox: &MailboxId) -> bool {
        let present = self.generation();
        present.is_some_and(|known| known.handshake == *mailbox || known.content == *mailbox)
    }

    // A log that does not continue what was read is shown to a person, and nothing is written any
    // more. A drop is only a letter box: what breaks there is skipped.
    fn broken(&mut self, which: Which, mailbox: &MailboxId, broken: ChainBreak) -> Vec<Effect> {
        let (kind, trust, n) = match broken {
            ChainBreak::Shortened { head, .. } => (AlarmKind::Withheld, Trust::Withheld, head),
            ChainBreak::Empty { read, .. } => (AlarmKind::Withheld, Trust::Withheld, read),
            ChainBreak::Order { got, .. } => (AlarmKind::RelayFork, Trust::Forked, got),
            ChainBreak::Link { seq } | ChainBreak::End { seq } => {
                (AlarmKind::RelayFork, Trust::Forked, seq)
            }
        };
        if which == Which::Drop {
            return Vec::new();
        }
        self.core.trust = self.core.trust.max(trust);
        self.alarm_once(kind, None, Bytes(mailbox.0), n)
    }

    // The end of a log that is over is hidden. Once is no sign: that page may have been fetched
    // before its last records and the commit that ended it were written.
    fn ends_early(&mut self, mailbox: &MailboxId, number: u32, cut: Head) -> Vec<Effect> {
        if self.short.insert(number) {
            return Vec::new();
        }
        self.alarm_once(AlarmKind::Withheld, None, Bytes(mailbox.0), cut.seq)
    }

    fn take_handshake(
        &mut self,
        mailbox: &MailboxId,
        content: &Content<'_>,
        at: Head,
        entropy: &mut Entropy,
    ) -> Result<Vec<Effect>, GroupError> {
        // After a commit that began a generation the old log holds nothing more.
        if self.generation().is_none_or(|generation| generation.handshake != *mailbox) {
            return Ok(self.alarm_once(AlarmKind::CommitRefused, None, Bytes(mailbox.0), at.seq));
        }
        let effects = match content {
            Content::Blob(blob) => self.apply_commit(blob, at, entropy)?,
            // Nobody may remove a commit.
            Content::Tombstone(hash) => {
                self.core.trust = self.core.trust.max(Trust::Withheld);
                self.alarm_once(AlarmKind::Withheld, None, Bytes(hash.0), at.seq)
            }
        };
        let generation = self.core.generations.iter_mut().find(|known| known.handshake == *mailbox);
        if let Some(generation) = generation {
            generation.handshake_read = at;
        }
        Ok(effects)
    }

    fn take_content(
        &mut self,
        number: u32,
        content: &Content<'_>,
        at: Head,
        effects: &mut Vec<Effect>,
    ) {
        self.links.insert((number, at.seq), at.link);
        let generation = self.core.generations.iter_mut().find(|known| known.number == number);
        let Some(generation) = generation else { return };
        generation.content_read = at;
        // Beyond the cut a relay may show what it likes: nothing of it counts.
        let beyond = generation.cut.is_some_and(|cut| at.seq > cut.seq);
        let forked = generation.cut.is_some_and(|cut| at.seq == cut.seq && at.link != cut.link);
        if beyond {
            effects.extend(self.alarm_once(AlarmKind::BeyondCut, None, Bytes(at.link.0), at.seq));
            return;
        }
        if forked {
            self.core.trust = self.core.trust.max(Trust::Forked);
            effects.extend(self.alarm_once(AlarmKind::RelayFork, None, Bytes(at.link.0), at.seq));
        }
        effects.extend(match content {
            Content::Blob(blob) => self.apply_record(blob, number, at),
            Content::Tombstone(hash) => self.apply_tombstone(hash.0, number, at.seq),
        });
    }

    fn after_page(
        &mut self,
        which: Which,
        mailbox: &MailboxId,
        head: Head,
        at: Head,
        effects: &mut Vec<Effect>,
    ) {
        match which {
            Which::Handshake => {
                // Also a page that did not reach the end brings epochs that records wait for.
                effects.extend(self.wake());
                let current = self.generation().is_some_and(|g| g.handshake == *mailbox);
                if current && at.seq == head.seq {
                    self.behind = false;
                    effects.extend(self.handshakes_ended());
                }
            }
            Which::Content(number) => {
                let generation =
                    self.core.generations.iter_mut().find(|known| known.number == number);
                if let Some(generation) = generation {
                    generation.content_end = head.seq;
                }
                if let Some((number, cut)) = self.ended(which)
                    && at.seq == head.seq
                    && head.seq < cut.seq
                {
                    effects.extend(self.ends_early(mailbox, number, cut));
                }
                effects.extend(self.supersede());
                if self.all_read() {
                    effects.extend(self.settle());
                }
            }
            Which::Drop => {}
        }
    }

    // Whether the content of every generation was read to its end.
    fn all_read(&self) -> bool {
        let open = |generation: &crate::state::Generation| match generation.cut {
            Some(cut) => generation.content_read.seq < cut.seq,
            None => generation.content_read.seq < generation.content_end,
        };
        !self.core.generations.iter().any(open)
    }

    /// What time alone brings: secrets that have aged, keys that want renewal, people who leave.
    pub fn tick(&mut self, entropy: &mut Entropy, now: Timestamp) {
        if self.core.standing != Standing::In {
            return;
        }
        let today = day_of(now);
        self.forget_aged(today);
        self.renew(today, entropy);
        self.see_leavers_out(entropy, now);
        self.keep_door(today, entropy);
        self.tell_heads(today, entropy);
        self.tell_removals(today, entropy);
    }
}
