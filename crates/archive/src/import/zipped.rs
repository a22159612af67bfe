//! A zip that anybody may have made: names are only compared, sizes are measured, never believed.

use crate::ArchiveError;
use crate::error::shown;
use crate::import::{ImportLimits, Unfit};
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;
use zip::ZipArchive;
use zip::result::ZipError;

/// A zip file.
#[derive(Debug)]
pub(crate) struct Zip {
    archive: ZipArchive<BufReader<File>>,
    expansion: u64,
}

impl Zip {
    pub(crate) fn open(path: &Path, limits: &ImportLimits) -> Result<Self, ArchiveError> {
        let file = File::open(path).map_err(|error| ArchiveError::io(path, error))?;
        let archive = ZipArchive::new(BufReader::new(file));
        let archive = archive.map_err(|_| ArchiveError::NotAnImport { file: shown(path) })?;
        Ok(Self { archive, expansion: limits.expansion })
    }

    /// Names of the files within, as they are written.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.archive.file_names()
    }

    /// What the zip says of a member's size.
    pub(crate) fn said_size(&mut self, name: &str) -> Option<u64> {
        self.archive.by_name(name).ok().map(|file| file.size())
    }

    /// Reads a member bit by bit, no more than the limit and than packing allows for.
    pub(crate) fn reader(&mut self, name: &str, limit: u64) -> Result<impl Read, Unfit> {
        let file = self.archive.by_name(name).map_err(|error| {
            // All else: packed or sealed in a way that is not ours to open, or cut.
            if matches!(error, ZipError::FileNotFound) { Unfit::Missing } else { Unfit::Damaged }
        })?;
        if file.size() > limit {
            return Err(Unfit::TooLarge);
        }
        let packed = file.compressed_size().saturating_mul(self.expansion).saturating_add(1 << 20);
        if file.size() > packed {
            return Err(Unfit::Expands);
        }
        Ok(AtMost { inner: file, left: limit.min(packed) })
    }

    /// Reads a member whole.
    pub(crate) fn bytes(&mut self, name: &str, limit: u64) -> Result<Vec<u8>, Unfit> {
        let mut bytes = Vec::new();
        // The zip's own checksum is compared at the end of the reading.
        self.reader(name, limit)?.read_to_end(&mut bytes).map_err(|_| Unfit::Damaged)?;
        Ok(bytes)
    }
}

/// Fails, rather than ending early, when more comes than was said.
struct AtMost<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for AtMost<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buf)?;
        self.left = self
            .left
            .checked_sub(u64::try_from(read).unwrap_or(u64::MAX))
            .ok_or_else(|| io::Error::other("longer than it says"))?;
        Ok(read)
    }
}
