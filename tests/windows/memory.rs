//! Looks for words in the memory of running processes.

use std::fs::{self, File};
use std::os::unix::fs::FileExt;

const CHUNK: u64 = 1 << 20;

/// How often a word stands in a process's memory, in UTF-8 and UTF-16.
pub(crate) fn copies(process: u32, word: &str) -> usize {
    let utf16: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let maps = fs::read_to_string(format!("/proc/{process}/maps")).unwrap_or_default();
    let Ok(memory) = File::open(format!("/proc/{process}/mem")) else { return 0 };
    maps.lines()
        .filter_map(region)
        .flat_map(|(from, to)| {
            [word.as_bytes(), &utf16].map(|needle| count(&memory, from, to, needle))
        })
        .sum()
}

/// The addresses of a readable region that is not the system's own.
fn region(line: &str) -> Option<(u64, u64)> {
    let mut fields = line.split_whitespace();
    let (range, rights) = (fields.next()?, fields.next()?);
    if !rights.starts_with('r') || line.contains("[vvar") || line.contains("[vsyscall") {
        return None;
    }
    let (from, to) = range.split_once('-')?;
    Some((u64::from_str_radix(from, 16).ok()?, u64::from_str_radix(to, 16).ok()?))
}

fn count(memory: &File, from: u64, to: u64, needle: &[u8]) -> usize {
    let overlap = needle.len().saturating_sub(1);
    let (mut found, mut at) = (0_usize, from);
    let mut kept: Vec<u8> = Vec::new();
    while at < to {
        let size = usize::try_from(CHUNK.min(to.saturating_sub(at))).expect("a mebibyte");
        let mut chunk = vec![0; size];
        let Ok(read) = memory.read_at(&mut chunk, at) else { break };
        if read == 0 {
            break;
        }
        chunk.truncate(read);
        kept.append(&mut chunk);
        let here = kept.windows(needle.len()).filter(|window| *window == needle).count();
        found = found.saturating_add(here);
        kept.drain(..kept.len().saturating_sub(overlap));
        at = at.saturating_add(u64::try_from(read).expect("a mebibyte"));
    }
    found
}
