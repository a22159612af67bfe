//! Lines of the `.jsonl` members: read one at a time, bounded.

use crate::ArchiveError;
use crate::backup::read::malformed;
use crate::limits::LINE;
use serde::Deserialize;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

/// Calls `each` with every line that was read as a `T`.
pub(crate) fn each<T: for<'de> Deserialize<'de>>(
    file: &Path,
    member: &str,
    input: &mut dyn Read,
    mut each: impl FnMut(T) -> Result<(), ArchiveError>,
) -> Result<(), ArchiveError> {
    let most = u64::try_from(LINE).unwrap_or(u64::MAX);
    let mut input = BufReader::new(input);
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = (&mut input)
            .take(most)
            .read_until(b'\n', &mut line)
            .map_err(|error| ArchiveError::broken(file, error))?;
        if read == 0 {
            return Ok(());
        }
        let line = line.strip_suffix(b"\n").ok_or_else(|| malformed(file, member))?;
        each(serde_json::from_slice(line).map_err(|_| malformed(file, member))?)?;
    }
}
