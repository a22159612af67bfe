//! Secrets come from files, and go to files that only their owner can read.

use crate::exit::Failure;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::path::Path;

/// A passphrase, or words: the file's content without its last line's end.
pub(crate) fn read(path: &Path) -> Result<String, Failure> {
    let mut text = String::new();
    let file = File::open(path).map_err(|error| Failure::file(path, error))?;
    file.take(4096).read_to_string(&mut text).map_err(|error| Failure::file(path, error))?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
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
