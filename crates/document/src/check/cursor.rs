//! Reads the primitives of the v1 encoding, and never past the end.

use crate::refused::{Fault, Refused};

/// One past the largest client id.
const CLIENT_END: u64 = 1 << 53;

pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, rest: bytes }
    }

    /// Bytes that have not been read.
    pub(super) fn left(&self) -> u64 {
        self.rest.len() as u64
    }

    pub(super) fn fault(&self, fault: Fault) -> Refused {
        Refused::Malformed { at: self.bytes.len().saturating_sub(self.rest.len()), fault }
    }

    pub(super) fn byte(&mut self) -> Result<u8, Refused> {
        let Some((first, rest)) = self.rest.split_first() else {
            return Err(self.fault(Fault::End));
        };
        self.rest = rest;
        Ok(*first)
    }

    /// A number of at most 56 bits in its shortest form. The shortest form alone is taken, so that
    /// no two byte strings mean the same update.
    pub(super) fn number(&mut self) -> Result<u64, Refused> {
        let mut value = 0u64;
        for shift in (0..56u32).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                let padded = shift > 0 && byte == 0;
                return if padded { Err(self.fault(Fault::Number)) } else { Ok(value) };
            }
        }
        Err(self.fault(Fault::Number))
    }

    /// A count of things that each take at least `least` bytes of what follows.
    pub(super) fn count(&mut self, least: u64) -> Result<u64, Refused> {
        let count = self.number()?;
        match count.checked_mul(least) {
            Some(bytes) if bytes <= self.left() => Ok(count),
            _ => Err(self.fault(Fault::Count)),
        }
    }

    pub(super) fn text(&mut self) -> Result<&'a str, Refused> {
        let length = self.number()?;
        let split = usize::try_from(length).ok().and_then(|n| self.rest.split_at_checked(n));
        let Some((text, rest)) = split else {
            return Err(self.fault(Fault::Count));
        };
        self.rest = rest;
        std::str::from_utf8(text).map_err(|_| self.fault(Fault::Utf8))
    }

    pub(super) fn client(&mut self) -> Result<u64, Refused> {
        let client = self.number()?;
        if client < CLIENT_END { Ok(client) } else { Err(self.fault(Fault::Client)) }
    }

    pub(super) fn end(&self) -> Result<(), Refused> {
        if self.rest.is_empty() { Ok(()) } else { Err(self.fault(Fault::Trailing)) }
    }
}
