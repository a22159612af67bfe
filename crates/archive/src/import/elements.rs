//! The elements of `entries` in a JSON file, one at a time: a file of any size needs the memory of
//! one entry, one that breaks off gives what stands before the break, and an element that cannot be
//! read costs itself only. Where an element ends is found by its brackets and quotes alone.

use crate::ArchiveError;
use crate::import::{Sink, Unfit, unreadable};
use serde_json::Value;
use std::io::{BufRead, BufReader, Read};

/// Why the reading of a file ended early.
pub(crate) enum Broken {
    /// The sink stopped it, or the system did.
    Stop(ArchiveError),
    /// The rest cannot be read.
    Unfit(Unfit),
}

impl From<ArchiveError> for Broken {
    fn from(error: ArchiveError) -> Self {
        Self::Stop(error)
    }
}

impl Broken {
    /// Names the rest of a file that cannot be read.
    pub(crate) fn told(
        self,
        sink: &mut Sink<'_>,
        file: &str,
        read: u32,
    ) -> Result<(), ArchiveError> {
        match self {
            Self::Stop(error) => Err(error),
            Self::Unfit(why) if read == 0 => unreadable(sink, file, why),
            Self::Unfit(why) => unreadable(sink, format!("{file}, after entry {read}"), why),
        }
    }
}

const DAMAGED: Broken = Broken::Unfit(Unfit::Damaged);
const SHAPE: Broken = Broken::Unfit(Unfit::Shape);

type Each<'a> = dyn FnMut(Result<Value, Unfit>) -> Result<(), Broken> + 'a;

/// Calls `each` with every element of `entries`, or with why it cannot be read. One of more than
/// `most` bytes is passed over.
pub(crate) fn each(input: impl Read, most: u64, each: &mut Each<'_>) -> Result<(), Broken> {
    let mut scan = Scan { input: BufReader::with_capacity(64 << 10, input) };
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    scan.byte_order_mark()?;
    scan.expect(b'{')?;
    let mut found = false;
    if scan.visible()? == Some(b'}') {
        return Err(SHAPE);
    }
    loop {
        let mut key = Kept::new(most);
        scan.visible()?;
        scan.value(&mut key)?;
        scan.expect(b':')?;
        if key.bytes == b"\"entries\"" {
            scan.elements(most, each)?;
            found = true;
        } else {
            scan.visible()?;
            scan.value(&mut Kept::new(0))?;
        }
        if scan.one_of(b',', b'}')? == b'}' {
            break;
        }
    }
    // The end is read too: a zip compares its checksum there.
    if found && scan.visible()?.is_none() { Ok(()) } else { Err(SHAPE) }
}

struct Scan<R> {
    input: BufReader<R>,
}

impl<R: Read> Scan<R> {
    fn byte_order_mark(&mut self) -> Result<(), Broken> {
        let start = self.input.fill_buf().map_err(|_| DAMAGED)?;
        if start.starts_with(b"\xef\xbb\xbf") {
            self.input.consume(3);
        }
        Ok(())
    }

    /// The next byte that is no space, left where it is; none at the end.
    fn visible(&mut self) -> Result<Option<u8>, Broken> {
        loop {
            let chunk = self.input.fill_buf().map_err(|_| DAMAGED)?;
            if chunk.is_empty() {
                return Ok(None);
            }
            let (spaces, all) = match chunk.iter().position(|byte| !byte.is_ascii_whitespace()) {
                Some(at) => (at, false),
                None => (chunk.len(), true),
            };
            let next = chunk.get(spaces).copied();
            self.input.consume(spaces);
            if !all {
                return Ok(next);
            }
        }
    }

    fn one_of(&mut self, one: u8, other: u8) -> Result<u8, Broken> {
        let next = self.visible()?.ok_or(DAMAGED)?;
        if next != one && next != other {
            return Err(SHAPE);
        }
        self.input.consume(1);
        Ok(next)
    }

    fn expect(&mut self, byte: u8) -> Result<(), Broken> {
        self.one_of(byte, byte)?;
        Ok(())
    }

    fn elements(&mut self, most: usize, each: &mut Each<'_>) -> Result<(), Broken> {
        self.expect(b'[')?;
        if self.visible()? == Some(b']') {
            self.input.consume(1);
            return Ok(());
        }
        loop {
            self.visible()?;
            let mut kept = Kept::new(most);
            self.value(&mut kept)?;
            each(kept.parsed())?;
            if self.one_of(b',', b']')? == b']' {
                return Ok(());
            }
        }
    }

    /// Reads to the end of a value that begins here.
    fn value(&mut self, kept: &mut Kept) -> Result<(), Broken> {
        let mut within = Within::default();
        loop {
            let chunk = self.input.fill_buf().map_err(|_| DAMAGED)?;
            if chunk.is_empty() {
                return Err(DAMAGED);
            }
            let (taken, ended) = match chunk.iter().position(|byte| within.ends_before(*byte)) {
                Some(at) => (at, true),
                None => (chunk.len(), false),
            };
            kept.push(chunk.get(..taken).unwrap_or_default());
            self.input.consume(taken);
            if ended {
                return Ok(());
            }
        }
    }
}

/// Where in a value the reading is.
#[derive(Default)]
struct Within {
    depth: u64,
    quoted: bool,
    escaped: bool,
    closed: bool,
}

impl Within {
    /// Whether the value was over before this byte; if not, the byte belongs to it.
    fn ends_before(&mut self, byte: u8) -> bool {
        if self.closed {
            return true;
        }
        if self.quoted {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' => self.escaped = true,
                b'"' => {
                    self.quoted = false;
                    self.closed = self.depth == 0;
                }
                _ => {}
            }
            return false;
        }
        match byte {
            b'"' => self.quoted = true,
            b'{' | b'[' => self.depth = self.depth.saturating_add(1),
            b'}' | b']' => {
                let Some(depth) = self.depth.checked_sub(1) else { return true };
                self.depth = depth;
                self.closed = depth == 0;
            }
            b',' | b':' | b' ' | b'\t' | b'\r' | b'\n' if self.depth == 0 => return true,
            _ => {}
        }
        false
    }
}

/// The bytes of a value, unless they are more than are taken.
struct Kept {
    bytes: Vec<u8>,
    most: usize,
    over: bool,
}

impl Kept {
    const fn new(most: usize) -> Self {
        Self { bytes: Vec::new(), most, over: false }
    }

    fn push(&mut self, more: &[u8]) {
        self.over |= self.bytes.len().saturating_add(more.len()) > self.most;
        if self.over {
            self.bytes = Vec::new();
        } else {
            self.bytes.extend_from_slice(more);
        }
    }

    fn parsed(&self) -> Result<Value, Unfit> {
        if self.over {
            return Err(Unfit::TooLarge);
        }
        let text = std::str::from_utf8(&self.bytes).map_err(|_| Unfit::NotText)?;
        serde_json::from_str(text).map_err(|_| Unfit::Shape)
    }
}
