//! Reads an update before the library does, and refuses what a flat text never needs.
//!
//! The library aborts the process on some inputs (deep nesting, a hundred thousand clients) and
//! takes others that make the next read or save fail. Both were measured, so nothing reaches it
//! that is not a text, a mark, an embed or a deletion inside the one text `t`.

mod cursor;

use crate::refused::{Fault, Refused};
use cursor::Cursor;
use std::collections::BTreeMap;

/// What an update may be at most.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Bytes.
    pub bytes: u64,
    /// Clients in the block part, and in the deletion part.
    pub clients: u64,
    /// Blocks of all clients, and deleted ranges.
    pub blocks: u64,
    /// One past the largest clock.
    pub clock: u64,
    /// Bytes of one embedded JSON value.
    pub json_bytes: usize,
    /// Nesting of one embedded JSON value.
    pub json_depth: u32,
    /// Bytes of a mark's name.
    pub mark_bytes: usize,
}

impl Limits {
    /// For what comes from outside: one batch of keys, or one record.
    pub const UPDATE: Self = Self {
        bytes: 1 << 20,
        clients: 256,
        blocks: 100_000,
        clock: 1 << 31,
        json_bytes: 64 << 10,
        json_depth: 16,
        mark_bytes: 64,
    };

    /// For a whole document.
    pub const SNAPSHOT: Self = Self { bytes: 8 << 20, blocks: 1_000_000, ..Self::UPDATE };
}

/// Block kinds of the encoding that a flat text has.
mod kind {
    pub(super) const COLLECTED: u8 = 0;
    pub(super) const DELETED: u8 = 1;
    pub(super) const STRING: u8 = 4;
    pub(super) const EMBED: u8 = 5;
    pub(super) const FORMAT: u8 = 6;
    /// The low bits of a block's first byte.
    pub(super) const MASK: u8 = 0x1f;
    pub(super) const ORIGIN_LEFT: u8 = 0x80;
    pub(super) const ORIGIN_RIGHT: u8 = 0x40;
    pub(super) const MAP_KEY: u8 = 0x20;
}

/// Checks that `bytes` are an update that fits to what is known.
///
/// `known(client)` is the next clock that the document expects of a client; `may_write(client)`
/// says whether the author owns that client id.
///
/// # Errors
/// [`Refused`] with the culprit. [`Refused::Gap`] may become valid once an earlier update is here.
pub fn check_update(
    bytes: &[u8],
    limits: &Limits,
    known: &dyn Fn(u64) -> u64,
    may_write: &dyn Fn(u64) -> bool,
) -> Result<(), Refused> {
    at_most("bytes", bytes.len() as u64, limits.bytes)?;
    let mut check = Check {
        cursor: Cursor::new(bytes),
        limits,
        known,
        ends: BTreeMap::new(),
        origins: BTreeMap::new(),
        blocks: 0,
    };
    check.clients(may_write)?;
    check.origins_are_here()?;
    check.deletions()?;
    check.cursor.end()
}

fn at_most(what: &'static str, count: u64, most: u64) -> Result<(), Refused> {
    if count <= most { Ok(()) } else { Err(Refused::TooMany { what, count, most }) }
}

struct Check<'a> {
    cursor: Cursor<'a>,
    limits: &'a Limits,
    known: &'a dyn Fn(u64) -> u64,
    /// Where each client of this update ends.
    ends: BTreeMap<u64, u64>,
    /// The largest clock of each client that some block refers to.
    origins: BTreeMap<u64, u64>,
    blocks: u64,
}

impl Check<'_> {
    fn clients(&mut self, may_write: &dyn Fn(u64) -> bool) -> Result<(), Refused> {
        let count = self.cursor.count(3)?;
        at_most("clients", count, self.limits.clients)?;
        for _ in 0..count {
            let blocks = self.cursor.count(2)?;
            self.blocks = self.blocks.saturating_add(blocks);
            at_most("blocks", self.blocks, self.limits.blocks)?;
            if blocks == 0 {
                return Err(self.cursor.fault(Fault::Empty));
            }
            let client = self.cursor.client()?;
            let end = self.blocks_of(client, blocks)?;
            if end > (self.known)(client) && !may_write(client) {
                return Err(Refused::NotTheirs { client });
            }
            if self.ends.insert(client, end).is_some() {
                return Err(self.cursor.fault(Fault::Client));
            }
        }
        Ok(())
    }

    /// Reads the blocks of one client and returns the clock behind the last one.
    fn blocks_of(&mut self, client: u64, blocks: u64) -> Result<u64, Refused> {
        let mut clock = self.cursor.number()?;
        let have = (self.known)(client);
        if clock > have {
            return Err(Refused::Gap { client, have, from: clock });
        }
        for _ in 0..blocks {
            let length = self.block(client, clock)?;
            if length == 0 {
                return Err(self.cursor.fault(Fault::Empty));
            }
            clock = clock.saturating_add(length);
            if clock >= self.limits.clock {
                return Err(self.cursor.fault(Fault::Clock));
            }
        }
        Ok(clock)
    }

    fn block(&mut self, client: u64, clock: u64) -> Result<u64, Refused> {
        let info = self.cursor.byte()?;
        let which = info & kind::MASK;
        if which == kind::COLLECTED {
            // Yjs calls 10 a skip; a collected block has no flags at all.
            return if info == 0 {
                self.cursor.number()
            } else {
                Err(self.cursor.fault(Fault::Kind))
            };
        }
        self.place(info, client, clock)?;
        match which {
            kind::DELETED => self.cursor.number(),
            kind::STRING => Ok(self.cursor.text()?.encode_utf16().count() as u64),
            kind::EMBED => self.embed(),
            kind::FORMAT => {
                if self.cursor.text()?.len() > self.limits.mark_bytes {
                    return Err(self.cursor.fault(Fault::Mark));
                }
                self.json().map(|_| 1)
            }
            _ => Err(self.cursor.fault(Fault::Kind)),
        }
    }

    /// Where a block lies: between two others, or first of all in the text `t`. Never under a
    /// parent given by id or under a map key: without a tree there is no cycle and no depth.
    fn place(&mut self, info: u8, client: u64, clock: u64) -> Result<(), Refused> {
        let mut origins = 0u32;
        for side in [kind::ORIGIN_LEFT, kind::ORIGIN_RIGHT] {
            if info & side != 0 {
                self.origin(client, clock)?;
                origins = origins.saturating_add(1);
            }
        }
        if origins > 0 {
            return Ok(());
        }
        if self.cursor.byte()? != 1 || self.cursor.text()? != "t" || info & kind::MAP_KEY != 0 {
            return Err(self.cursor.fault(Fault::Place));
        }
        Ok(())
    }

    fn origin(&mut self, client: u64, clock: u64) -> Result<(), Refused> {
        let of = self.cursor.client()?;
        let at = self.cursor.number()?;
        if at >= self.limits.clock {
            return Err(self.cursor.fault(Fault::Clock));
        }
        if of == client && at >= clock {
            return Err(self.cursor.fault(Fault::Origin));
        }
        let most = self.origins.entry(of).or_insert(at);
        *most = at.max(*most);
        Ok(())
    }

    fn embed(&mut self) -> Result<u64, Refused> {
        // An embedded string could not be told from text.
        if self.json()?.trim_start().starts_with('{') {
            Ok(1)
        } else {
            Err(self.cursor.fault(Fault::Json))
        }
    }

    /// JSON is parsed by the library: its size and depth are what could hurt.
    fn json(&mut self) -> Result<&str, Refused> {
        let json = self.cursor.text()?;
        if json.len() > self.limits.json_bytes || depth_of(json) > self.limits.json_depth {
            return Err(self.cursor.fault(Fault::Json));
        }
        Ok(json)
    }

    /// The clock behind the last block of a client that is known or in this update.
    fn end_of(&self, client: u64) -> u64 {
        self.ends.get(&client).copied().unwrap_or(0).max((self.known)(client))
    }

    fn origins_are_here(&self) -> Result<(), Refused> {
        for (&client, &at) in &self.origins {
            let have = self.end_of(client);
            if at >= have {
                return Err(Refused::Gap { client, have, from: at });
            }
        }
        Ok(())
    }

    fn deletions(&mut self) -> Result<(), Refused> {
        let clients = self.cursor.count(2)?;
        at_most("clients", clients, self.limits.clients)?;
        let mut ranges = 0u64;
        let mut seen = BTreeMap::new();
        for _ in 0..clients {
            let client = self.cursor.client()?;
            let count = self.cursor.count(2)?;
            ranges = ranges.saturating_add(count);
            at_most("deleted ranges", ranges, self.limits.blocks)?;
            if seen.insert(client, ()).is_some() {
                return Err(self.cursor.fault(Fault::Client));
            }
            let have = self.end_of(client);
            for _ in 0..count {
                self.deletion(client, have)?;
            }
        }
        Ok(())
    }

    fn deletion(&mut self, client: u64, have: u64) -> Result<(), Refused> {
        let from = self.cursor.number()?;
        let length = self.cursor.number()?;
        if length == 0 {
            return Err(self.cursor.fault(Fault::Empty));
        }
        let end = from.saturating_add(length);
        if end > have {
            return Err(Refused::Gap { client, have, from: end });
        }
        Ok(())
    }
}

/// How deeply brackets are nested outside of strings.
fn depth_of(json: &str) -> u32 {
    let (mut depth, mut most, mut quoted, mut escaped) = (0u32, 0u32, false, false);
    for byte in json.bytes() {
        match (quoted, escaped, byte) {
            (true, true, _) => escaped = false,
            (true, false, b'\\') => escaped = true,
            (_, _, b'"') => quoted = !quoted,
            (false, _, b'[' | b'{') => {
                depth = depth.saturating_add(1);
                most = most.max(depth);
            }
            (false, _, b']' | b'}') => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    most
}
