//! Reads a sealed file chunk by chunk.

use super::{CHUNK, COMMITMENT, FileKey, HEAD, VERSION, chunk_nonce, committed};
use crate::OpenError;
use crate::aead::{self, NONCE, TAG};
use std::fmt;
use std::io::Read;
use zeroize::Zeroizing;

/// Gives the content of a sealed file in parts of at most 64 KiB. What was given is authentic as
/// far as it goes; only `None` says that it was the whole.
pub struct Reader<R> {
    from: R,
    key: Zeroizing<[u8; 32]>,
    com: [u8; COMMITMENT],
    number: usize,
    ahead: Vec<u8>,
    chunk: Zeroizing<Vec<u8>>,
    /// Bytes of content still to come; unknown before the first chunk.
    left: Option<u64>,
    done: bool,
}

impl<R> fmt::Debug for Reader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("sealed_file::Reader(…)")
    }
}

impl<R: Read> Reader<R> {
    /// Begins to read the file that is called `name` inside.
    ///
    /// # Errors
    /// [`OpenError`] when it was sealed under another key or name, or is no sealed file.
    pub fn new(key: &impl FileKey, name: &[u8], mut from: R) -> Result<Self, OpenError> {
        let mut head = [0u8; HEAD];
        from.read_exact(&mut head).map_err(|_| OpenError::CutShort)?;
        let short = OpenError::Short { least: HEAD, got: 0 };
        let (version, rest) = head.split_first().ok_or(short)?;
        if *version != VERSION {
            return Err(OpenError::Version { got: *version });
        }
        let (nonce, rest) = rest.split_first_chunk::<NONCE>().ok_or(short)?;
        let com: [u8; COMMITMENT] = rest.try_into().map_err(|_| short)?;
        let (file_key, expected) = super::key_and_commitment(key, name, nonce);
        committed(&expected, &com)?;
        let mut reader = Self {
            from,
            key: file_key,
            com,
            number: 0,
            ahead: Vec::new(),
            chunk: Zeroizing::new(Vec::new()),
            left: None,
            done: false,
        };
        reader.ahead = reader.read_chunk()?;
        Ok(reader)
    }

    /// The next part of the content, or `None` after the last one.
    ///
    /// # Errors
    /// [`OpenError`] when the file was changed or cut.
    pub fn next_part(&mut self) -> Result<Option<&[u8]>, OpenError> {
        if self.done {
            return Ok(None);
        }
        let next = self.read_chunk()?;
        *self.chunk = std::mem::replace(&mut self.ahead, next);
        self.done = self.ahead.is_empty();
        let nonce = chunk_nonce(self.number, self.done);
        aead::open(&self.key, &nonce, &self.com, &mut self.chunk)?;
        self.number = self.number.saturating_add(1);
        let (left, content) = if let Some(left) = self.left {
            (left, self.chunk.as_slice())
        } else {
            let (length, content) =
                self.chunk.split_first_chunk::<8>().ok_or(OpenError::Padding)?;
            (u64::from_be_bytes(*length), content)
        };
        let take = usize::try_from(left).unwrap_or(usize::MAX).min(content.len());
        let (part, zeros) = content.split_at_checked(take).ok_or(OpenError::Padding)?;
        let left = left.saturating_sub(u64::try_from(take).unwrap_or(u64::MAX));
        self.left = Some(left);
        if zeros.iter().any(|byte| *byte != 0) || (self.done && left != 0) {
            return Err(OpenError::Padding);
        }
        Ok(Some(part))
    }

    /// At most one chunk with its tag; empty at the end.
    fn read_chunk(&mut self) -> Result<Vec<u8>, OpenError> {
        let limit = u64::try_from(CHUNK + TAG).unwrap_or(u64::MAX);
        let mut chunk = Vec::with_capacity(CHUNK + TAG);
        Read::by_ref(&mut self.from)
            .take(limit)
            .read_to_end(&mut chunk)
            .map_err(|_| OpenError::CutShort)?;
        Ok(chunk)
    }
}
