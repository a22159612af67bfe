//! Looks for words in the memory of running processes.

use memchr::memmem::Finder;
use std::fs::{self, File};
use std::os::unix::fs::FileExt;

const PAGE: u64 = 4096;
// One entry of the page map a page, eight bytes each; two bits say whether there is anything.
const ENTRY: u64 = 8;
const PRESENT_OR_SWAPPED: u8 = 0b1100_0000;

/// How often any of some words stands in a process's memory, in UTF-8 and UTF-16.
pub(crate) fn copies(process: u32, words: &[&str]) -> usize {
    let utf16 = |word: &&str| word.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let needles: Vec<Vec<u8>> =
        words.iter().flat_map(|word| [word.as_bytes().to_vec(), utf16(word)]).collect();
    let finders: Vec<Finder<'_>> = needles.iter().map(Finder::new).collect();
    let maps = fs::read_to_string(format!("/proc/{process}/maps")).unwrap_or_default();
    let open = |what: &str| File::open(format!("/proc/{process}/{what}"));
    let (Ok(memory), Ok(page_map)) = (open("mem"), open("pagemap")) else { return 0 };
    maps.lines()
        .filter_map(region)
        .flat_map(|(from, to)| present(&page_map, from, to))
        .map(|(from, to)| count(&memory, from, to, &finders))
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

/// The parts of a region that hold anything: web views reserve far more than there is memory.
fn present(page_map: &File, from: u64, to: u64) -> Vec<(u64, u64)> {
    let pages = to.saturating_sub(from) / PAGE;
    let size = usize::try_from(pages.saturating_mul(ENTRY)).unwrap_or(0);
    let mut entries = vec![0; size];
    let place = (from / PAGE).saturating_mul(ENTRY);
    let read = page_map.read_at(&mut entries, place).unwrap_or(0);
    entries.truncate(read);
    let mut parts: Vec<(u64, u64)> = Vec::new();
    for (number, entry) in (0_u64..).zip(entries.chunks_exact(8)) {
        if entry.last().is_none_or(|flags| flags & PRESENT_OR_SWAPPED == 0) {
            continue;
        }
        let at = from.saturating_add(number.saturating_mul(PAGE));
        match parts.last_mut() {
            Some((_, end)) if *end == at => *end = at.saturating_add(PAGE),
            _ => parts.push((at, at.saturating_add(PAGE))),
        }
    }
    parts
}

fn count(memory: &File, from: u64, to: u64, finders: &[Finder<'_>]) -> usize {
    let mut bytes = vec![0; usize::try_from(to.saturating_sub(from)).unwrap_or(0)];
    let read = memory.read_at(&mut bytes, from).unwrap_or(0);
    bytes.truncate(read);
    finders.iter().map(|finder| finder.find_iter(&bytes).count()).sum()
}
