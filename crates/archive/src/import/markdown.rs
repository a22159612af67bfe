//! A folder of Markdown files, with or without front matter, pictures beside them.

use crate::ArchiveError;
use crate::error::shown;
use crate::import::front::{self, Front, instant_in};
use crate::import::links::{Fate, repoint};
use crate::import::picture::file_bytes;
use crate::import::{
    Found, ImportLimits, ImportedEntry, ImportedPicture, Sink, Source, Unfit, UnreadableItem,
    stable_id, tell, unreadable,
};
use hearthkeep_model::{AttachmentId, EntryFields, EntryId, Moment, Timestamp};
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::time::UNIX_EPOCH;

const FORMAT: &str = "markdown";

/// Reads every Markdown file of the folder and of those within, in the order of their names.
pub(crate) fn read(
    root: &Path,
    limits: &ImportLimits,
    zone: &TimeZone,
    sink: &mut Sink<'_>,
) -> Result<(), ArchiveError> {
    let (mut left, mut nothing) = (limits.entries, true);
    let mut waiting = vec![(root.to_owned(), limits.depth)];
    while let Some((folder, depth)) = waiting.pop() {
        let mut paths = match listed(&folder) {
            Ok(paths) => paths,
            Err(error) if folder == root => return Err(error),
            Err(_) => {
                unreadable(sink, relative(root, &folder), Unfit::Missing)?;
                continue;
            }
        };
        paths.sort_unstable();
        for path in paths {
            let what = relative(root, &path);
            let Ok(facts) = fs::symlink_metadata(&path) else {
                unreadable(sink, what, Unfit::Missing)?;
                continue;
            };
            let page = path.extension().is_some_and(|ending| {
                ending.eq_ignore_ascii_case("md") || ending.eq_ignore_ascii_case("markdown")
            });
            nothing &= !page;
            if facts.is_dir() {
                match depth.checked_sub(1) {
                    Some(depth) => waiting.push((path, depth)),
                    None => unreadable(sink, what, Unfit::TooMany)?,
                }
            } else if page && !facts.is_file() {
                // A link may lead anywhere, and in circles.
                unreadable(sink, what, Unfit::Outside)?;
            } else if page {
                let Some(fewer) = left.checked_sub(1) else {
                    return unreadable(sink, what, Unfit::TooMany);
                };
                left = fewer;
                match page_of(root, &path, limits, zone) {
                    Ok((entry, lost)) => {
                        for item in lost {
                            tell(sink, Found::Unreadable(item))?;
                        }
                        tell(sink, Found::Entry(entry))?;
                    }
                    Err(why) => unreadable(sink, what, why)?,
                }
            }
        }
    }
    if nothing { Err(ArchiveError::NotAnImport { file: shown(root) }) } else { Ok(()) }
}

fn listed(folder: &Path) -> Result<Vec<PathBuf>, ArchiveError> {
    let refuse = |error| ArchiveError::io(folder, error);
    let mut paths = Vec::new();
    for item in fs::read_dir(folder).map_err(refuse)? {
        let item = item.map_err(refuse)?;
        if !item.file_name().to_string_lossy().starts_with('.') {
            paths.push(item.path());
        }
    }
    Ok(paths)
}

/// The path below the root, with `/` on every system: it names the entry everywhere the same.
fn relative(root: &Path, path: &Path) -> String {
    let below = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

fn page_of(
    root: &Path,
    path: &Path,
    limits: &ImportLimits,
    zone: &TimeZone,
) -> Result<(ImportedEntry, Vec<UnreadableItem>), Unfit> {
    let bytes = file_bytes(path, limits.entry)?;
    let page = String::from_utf8(bytes).map_err(|_| Unfit::NotText)?;
    let (front, text) = front::split(&page)?;
    let moment = lived(&front, path, zone)?;
    let what = relative(root, path);
    // Our own export says which entry it is.
    let own = front.id.as_deref().and_then(|id| id.parse::<EntryId>().ok());
    let id = own.unwrap_or_else(|| EntryId::from_bytes(stable_id(FORMAT, &[&what, &page])));
    let mut pictures: BTreeMap<AttachmentId, ImportedPicture> = BTreeMap::new();
    let mut lost = Vec::new();
    let text = text.replace("\r\n", "\n");
    // Our own export writes one empty line before the text and ends its last line, no more: other
    // empty lines are the member's.
    let text = if own.is_some() {
        let text = text.strip_prefix('\n').unwrap_or(&text);
        text.strip_suffix('\n').unwrap_or(text)
    } else {
        text.trim_matches('\n')
    };
    let markdown = repoint(text, |to| {
        if to.contains(':') || to.starts_with('#') || to.is_empty() {
            return Fate::Stays;
        }
        match beside(root, path, to) {
            Ok(file) => {
                let below = relative(root, &file);
                let picture =
                    AttachmentId::from_bytes(stable_id(FORMAT, &[&id.to_string(), &below]));
                let size = fs::metadata(&file).map_or(0, |facts| facts.len());
                let found = ImportedPicture {
                    id: picture,
                    name: shown(&file),
                    size,
                    source: Source::File(file),
                };
                pictures.insert(picture, found);
                Fate::Is(picture)
            }
            Err(why) => {
                let to: String = to.chars().take(100).collect();
                lost.push(UnreadableItem { what: format!("{to} of {what}"), why });
                Fate::Gone
            }
        }
    });
    let fields = EntryFields {
        moment,
        title: front.title.unwrap_or_default(),
        tags: front.tags.map(|tags| tags.into_vec(own.is_some())).unwrap_or_default(),
        feelings: front.feelings.map(|list| list.into_vec(own.is_some())).unwrap_or_default(),
    };
    Ok((ImportedEntry { id, fields, markdown, pictures: pictures.into_values().collect() }, lost))
}

/// Front matter says when; else the file's name; else when the file was last changed.
fn lived(front: &Front, path: &Path, zone: &TimeZone) -> Result<Moment, Unfit> {
    if let Some(at) = &front.at {
        let mut moment = front::moment(at, zone)?;
        if let Some(day) = &front.day {
            moment.day = day.parse().map_err(|_| Unfit::Time)?;
        }
        return Ok(moment);
    }
    let name = path.file_stem().map(|stem| stem.to_string_lossy()).unwrap_or_default();
    if let Some(Ok(moment)) = name.get(..10).map(|date| front::moment(date, zone)) {
        return Ok(moment);
    }
    let changed = fs::metadata(path).and_then(|facts| facts.modified()).map_err(|_| Unfit::Time)?;
    let since = changed.duration_since(UNIX_EPOCH).map_err(|_| Unfit::Time)?;
    instant_in(Timestamp(i64::try_from(since.as_millis()).map_err(|_| Unfit::Time)?), zone)
}

/// A picture that a page names by its path, if that leads to a file within the root.
fn beside(root: &Path, page: &Path, to: &str) -> Result<PathBuf, Unfit> {
    let decoded = percent_decoded(to).ok_or(Unfit::Missing)?;
    let to = Path::new(&decoded);
    if to.components().any(|part| matches!(part, Component::RootDir | Component::Prefix(_))) {
        return Err(Unfit::Outside);
    }
    let joined = page.parent().unwrap_or(root).join(to);
    let root = root.canonicalize().map_err(|_| Unfit::Missing)?;
    let real = joined.canonicalize().map_err(|_| Unfit::Missing)?;
    // Links are followed here, so that one that leads outside is seen to.
    if !real.starts_with(&root) {
        return Err(Unfit::Outside);
    }
    if real.is_file() { Ok(real) } else { Err(Unfit::Missing) }
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || char::from(rest.next()?).to_digit(16).and_then(|d| u8::try_from(d).ok());
        let (high, low) = (digit()?, digit()?);
        bytes.push((high << 4) | low);
    }
    String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))
}
