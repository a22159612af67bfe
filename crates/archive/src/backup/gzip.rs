//! gzip whose strength changes between members: pictures do not shrink, and trying costs most of
//! a backup's time. Members may follow each other in a gzip stream; every tool reads them as one.

use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::{self, Write};

/// How strongly the next bytes are pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strength {
    /// Level 6.
    Text,
    /// Level 0: stored.
    Picture,
}

impl Strength {
    const fn level(self) -> Compression {
        match self {
            Self::Text => Compression::new(6),
            Self::Picture => Compression::none(),
        }
    }
}

/// A gzip stream of one or more members.
#[derive(Debug)]
pub(crate) struct Gzip<W: Write> {
    // None only after a failure, when nothing more can be written.
    encoder: Option<GzEncoder<W>>,
    strength: Strength,
}

impl<W: Write> Gzip<W> {
    pub(crate) fn new(out: W) -> Self {
        let strength = Strength::Text;
        Self { encoder: Some(GzEncoder::new(out, strength.level())), strength }
    }

    /// Begins a new member when the strength changes.
    pub(crate) fn press(&mut self, strength: Strength) -> io::Result<()> {
        if self.strength != strength {
            let out = self.encoder.take().ok_or_else(broken)?.finish()?;
            self.encoder = Some(GzEncoder::new(out, strength.level()));
            self.strength = strength;
        }
        Ok(())
    }

    /// Ends the stream.
    pub(crate) fn finish(self) -> io::Result<W> {
        self.encoder.ok_or_else(broken)?.finish()
    }
}

impl<W: Write> Write for Gzip<W> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.encoder.as_mut().ok_or_else(broken)?.write(buf)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.encoder.as_mut().ok_or_else(broken)?.flush()
    }
}

fn broken() -> io::Error {
    io::Error::other("an earlier write failed")
}
