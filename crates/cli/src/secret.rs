//! Secrets come from files, and go to files that only their owner can read.

use crate::exit::Failure;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::path::Path;

/// More than any passphrase has.
const MOST: usize = 4096;

/// A passphrase, or words: the file's content without its last line's end, and without the mark
/// that some editors put before the first.
pub(crate) fn read(path: &Path) -> Result<String, Failure> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| Failure::file(path, error))?;
    let most = u64::try_from(MOST).unwrap_or(u64::MAX).saturating_add(1);
    file.take(most).read_to_end(&mut bytes).map_err(|error| Failure::file(path, error))?;
    let text = String::from_utf8(bytes).ok().filter(|text| text.len() <= MOST);
    let text = text.ok_or_else(|| Failure::NotASecret { path: path.display().to_string() })?;
    let line = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let line = line.strip_suffix('\n').unwrap_or(line);
    Ok(line.strip_suffix('\r').unwrap_or(line).to_owned())
}

/// A new file for words. It is made before there are words, so that no vault is made whose words
/// have nowhere to go.
pub(crate) struct WordsFile<'a> {
    path: &'a Path,
    file: File,
}

impl<'a> WordsFile<'a> {
    pub(crate) fn create(path: &'a Path) -> Result<Self, Failure> {
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(path).map_err(|error| Failure::file(path, error))?;
        Ok(Self { path, file })
    }

    pub(crate) fn write(mut self, words: &[String]) -> Result<(), Failure> {
        let written =
            writeln!(self.file, "{}", words.join(" ")).and_then(|()| self.file.sync_all());
        written.map_err(|error| Failure::file(self.path, error))
    }

    /// There are no words to keep after all.
    pub(crate) fn discard(self) {
        fs::remove_file(self.path).unwrap_or_default();
    }
}
