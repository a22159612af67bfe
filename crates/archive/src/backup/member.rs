//! Members of a tar: written one after the other, each hashed on the way.

use crate::backup::manifest::Members;
use hearthkeep_crypto::hash::Hasher;
use hearthkeep_model::{Day, Moment, Timestamp};
use std::io::{self, Read, Write};

/// A tar being written.
pub(crate) struct Tar<W: Write> {
    builder: tar::Builder<W>,
    day: u64,
    sent: Members,
}

impl<W: Write> Tar<W> {
    pub(crate) fn new(out: W, made: Moment) -> Self {
        Self { builder: tar::Builder::new(out), day: midnight(made), sent: Members::default() }
    }

    /// Takes out the list of what was sent; what is sent from now on is listed anew.
    pub(crate) fn take_sent(&mut self) -> Members {
        std::mem::take(&mut self.sent)
    }

    pub(crate) fn out(&mut self) -> &mut W {
        self.builder.get_mut()
    }

    /// Sends a member of known size. Fails when the content has another length.
    pub(crate) fn send(
        &mut self,
        name: &str,
        size: u64,
        content: &mut dyn Read,
    ) -> io::Result<[u8; 32]> {
        let hash = self.send_unlisted(name, size, content)?;
        self.sent.push(name, hash);
        Ok(hash)
    }

    /// Sends the one member that the list of members does not list: the list.
    pub(crate) fn send_unlisted(
        &mut self,
        name: &str,
        size: u64,
        content: &mut dyn Read,
    ) -> io::Result<[u8; 32]> {
        let mut header = tar::Header::new_ustar();
        header.set_path(name)?;
        header.set_size(size);
        header.set_mode(0o644);
        header.set_uid(0);
        header.set_gid(0);
        header.set_mtime(self.day);
        header.set_cksum();
        let mut hashed = Hashed::new(content.take(size.saturating_add(1)));
        self.builder.append(&header, &mut hashed)?;
        if hashed.bytes == size {
            Ok(hashed.hash.finish())
        } else {
            Err(io::Error::other("a picture changed while it was read"))
        }
    }

    /// Ends the tar.
    pub(crate) fn finish(self) -> io::Result<(W, Members)> {
        let Self { builder, sent, .. } = self;
        Ok((builder.into_inner()?, sent))
    }
}

/// The second at which the day of making began: an hour would tell more than the file's name.
fn midnight(made: Moment) -> u64 {
    let Day(days) = Moment::new(Timestamp(made.at.0), 0).day;
    u64::try_from(days).unwrap_or(0).saturating_mul(86_400)
}

/// A reader that hashes and counts what passes.
pub(crate) struct Hashed<R> {
    inner: R,
    pub(crate) hash: Hasher,
    pub(crate) bytes: u64,
}

impl<R> Hashed<R> {
    pub(crate) fn new(inner: R) -> Self {
        Self { inner, hash: Hasher::default(), bytes: 0 }
    }
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buf)?;
        self.hash.update(buf.get(..read).unwrap_or_default());
        self.bytes = self.bytes.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
        Ok(read)
    }
}

/// The content of a member that is being read.
pub(crate) type Content<'a> = Hashed<&'a mut (dyn Read + 'a)>;

impl Content<'_> {
    /// Reads what is left: the hash of all of it.
    pub(crate) fn rest(&mut self) -> io::Result<[u8; 32]> {
        io::copy(self, &mut io::sink())?;
        Ok(self.hash.clone().finish())
    }
}

/// A writer that hashes and counts what passes.
pub(crate) struct Tally<W> {
    inner: W,
    pub(crate) hash: Hasher,
    pub(crate) bytes: u64,
}

impl<W> Tally<W> {
    pub(crate) fn new(inner: W) -> Self {
        Self { inner, hash: Hasher::default(), bytes: 0 }
    }

    pub(crate) fn into_parts(self) -> (W, [u8; 32], u64) {
        (self.inner, self.hash.finish(), self.bytes)
    }
}

impl<W: Write> Write for Tally<W> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(buf)?;
        self.hash.update(buf.get(..written).unwrap_or_default());
        self.bytes = self.bytes.saturating_add(u64::try_from(written).unwrap_or(u64::MAX));
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
