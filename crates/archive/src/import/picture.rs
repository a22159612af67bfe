//! Which pictures are taken, and their bytes.

use crate::import::Unfit;
use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

/// The media type that the first bytes show.
pub(crate) fn media_of(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        return Some("image/jpeg");
    }
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some("image/png");
    }
    if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
        return Some("image/gif");
    }
    let part = |from: usize| bytes.get(from..from.saturating_add(4)).unwrap_or_default();
    match (part(0), part(4), part(8)) {
        (b"RIFF", _, b"WEBP") => Some("image/webp"),
        (_, b"ftyp", b"avif" | b"avis") => Some("image/avif"),
        (_, b"ftyp", b"heic" | b"heix" | b"mif1" | b"msf1") => Some("image/heic"),
        _ => None,
    }
}

/// Reads a file that is no larger than the limit and no link.
pub(crate) fn file_bytes(path: &Path, limit: u64) -> Result<Vec<u8>, Unfit> {
    let facts = fs::symlink_metadata(path).map_err(|_| Unfit::Missing)?;
    if !facts.is_file() {
        return Err(Unfit::Outside);
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|_| Unfit::Missing)?;
    let read =
        file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(|_| Unfit::Damaged)?;
    if u64::try_from(read).unwrap_or(u64::MAX) > limit {
        return Err(Unfit::TooLarge);
    }
    Ok(bytes)
}
