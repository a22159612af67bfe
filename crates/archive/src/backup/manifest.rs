//! The last member of an archive: a hash of every other one, counts, and who made it.

use crate::ArchiveError;
use crate::backup::name;
use crate::error::shown;
use crate::item::Counts;
use hearthkeep_crypto::BackupIdentitySeed;
use hearthkeep_crypto::backup::ManifestMac;
use hearthkeep_crypto::hash::Hasher;
use hearthkeep_model::Moment;
use std::fmt::Write as _;
use std::io::{BufRead, Read};
use std::path::Path;

/// Which of the two forms an archive has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Folder,
    File,
}

impl Form {
    const fn word(self) -> &'static str {
        match self {
            Self::Folder => "folder",
            Self::File => "file",
        }
    }
}

/// What the manifest says beside the hashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) made: Moment,
    pub(crate) form: Form,
    pub(crate) counts: Counts,
}

/// Names and hashes of members, in the stream's order, packed: a hundred bytes for each.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Members {
    packed: Vec<u8>,
    count: u64,
}

impl Members {
    /// Takes the next member. Its name is one that [`name::permitted`] let through.
    pub(crate) fn push(&mut self, name: &str, hash: [u8; 32]) {
        self.packed.push(u8::try_from(name.len()).unwrap_or(u8::MAX));
        self.packed.extend_from_slice(name.as_bytes());
        self.packed.extend_from_slice(&hash);
        self.count = self.count.saturating_add(1);
    }

    pub(crate) const fn len(&self) -> u64 {
        self.count
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &[u8; 32])> {
        let mut rest = self.packed.as_slice();
        std::iter::from_fn(move || {
            let (length, after) = rest.split_first()?;
            let (name, after) = after.split_at_checked(usize::from(*length))?;
            let (hash, after) = after.split_first_chunk::<32>()?;
            rest = after;
            Some((std::str::from_utf8(name).ok()?, hash))
        })
    }

    /// The first name that two members share when case is ignored.
    pub(crate) fn twice(&self) -> Option<&str> {
        let mut names: Vec<&str> = self.iter().map(|(name, _)| name).collect();
        let folded = |name: &str| name.bytes().map(|c| c.to_ascii_lowercase()).collect::<Vec<u8>>();
        names.sort_unstable_by(|a, b| {
            a.bytes().map(|c| c.to_ascii_lowercase()).cmp(b.bytes().map(|c| c.to_ascii_lowercase()))
        });
        let mut pairs = names.iter().zip(names.iter().skip(1));
        pairs.find(|(a, b)| folded(a) == folded(b)).map(|(a, _)| *a)
    }

    /// The first member in which two lists differ.
    pub(crate) fn first_difference(&self, other: &Self) -> Option<String> {
        let mut others = other.iter();
        for mine in self.iter() {
            if others.next() != Some(mine) {
                return Some(mine.0.to_owned());
            }
        }
        others.next().map(|(name, _)| name.to_owned())
    }
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len().saturating_mul(2)), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap_or_default();
        text
    })
}

pub(crate) fn unhex(text: &str) -> Option<[u8; 32]> {
    text.parse::<hearthkeep_model::AccountId>().ok().map(|id| *id.as_bytes())
}

/// Writes the manifest, piece by piece.
pub(crate) fn pieces<'a>(head: &Head, members: &'a Members) -> impl Iterator<Item = String> + 'a {
    let Counts { entries, pictures, groups } = head.counts;
    let first = format!(
        "# hearthkeep-backup 1\n# made {}\n# form {}\n# entries {entries} pictures {pictures} groups {groups}\n# members {}\n",
        head.made.rfc3339(),
        head.form.word(),
        members.len(),
    );
    let lines = members.iter().map(|(name, hash)| format!("{}  {name}\n", hex(hash)));
    std::iter::once(first).chain(lines)
}

/// The last line.
pub(crate) fn mac_line(tag: &[u8; 32]) -> String {
    format!("# hmac-sha256 {}\n", hex(tag))
}

/// Reads a manifest against the members that came before it and against who must have made it.
pub(crate) fn check(
    file: &Path,
    seed: &BackupIdentitySeed,
    members: &Members,
    input: &mut dyn Read,
) -> Result<(Head, [u8; 32]), ArchiveError> {
    let mut lines = Lines {
        file,
        input: std::io::BufReader::new(input),
        mac: ManifestMac::new(seed),
        hash: Hasher::default(),
        line: String::new(),
    };
    let head = read_head(&mut lines, members.len())?;
    for (name, hash) in members.iter() {
        let line = lines.next()?;
        let said = line.split_once("  ").and_then(|(digits, said)| Some((said, unhex(digits)?)));
        if said != Some((name, *hash)) {
            return Err(ArchiveError::ManifestDiffers {
                file: shown(file),
                member: name.to_owned(),
            });
        }
        lines.take();
    }
    let line = lines.next()?;
    let tag = line.strip_prefix("# hmac-sha256 ").and_then(unhex);
    let tag = tag.ok_or_else(|| differs(file))?;
    lines.hash.update(lines.line.as_bytes());
    if !lines.at_end()? {
        return Err(differs(file));
    }
    if !lines.mac.is(&tag) {
        return Err(ArchiveError::NotOurs { file: shown(file) });
    }
    Ok((head, lines.hash.finish()))
}

fn read_head(lines: &mut Lines<'_, impl Read>, count: u64) -> Result<Head, ArchiveError> {
    let file = lines.file;
    let version = field(lines, "# hearthkeep-backup ")?;
    match version.parse::<u32>() {
        Ok(1) => {}
        Ok(version) => return Err(ArchiveError::Newer { file: shown(file), version }),
        Err(_) => return Err(differs(file)),
    }
    let made = Moment::parse_rfc3339(&field(lines, "# made ")?).map_err(|_| differs(file))?;
    let form = match field(lines, "# form ")?.as_str() {
        "folder" => Form::Folder,
        "file" => Form::File,
        _ => return Err(differs(file)),
    };
    let counts = counts(&field(lines, "# ")?).ok_or_else(|| differs(file))?;
    if field(lines, "# members ")?.parse() != Ok(count) {
        return Err(differs(file));
    }
    Ok(Head { made, form, counts })
}

fn field(lines: &mut Lines<'_, impl Read>, before: &str) -> Result<String, ArchiveError> {
    let file = lines.file;
    let value = lines.next()?.strip_prefix(before).map(str::to_owned);
    lines.take();
    value.ok_or_else(|| differs(file))
}

fn counts(text: &str) -> Option<Counts> {
    let mut words = text.split(' ');
    let mut count = |name: &str| (words.next()? == name).then(|| words.next()?.parse().ok())?;
    let counts = Counts {
        entries: count("entries")?,
        pictures: count("pictures")?,
        groups: count("groups")?,
    };
    words.next().is_none().then_some(counts)
}

pub(crate) fn differs(file: &Path) -> ArchiveError {
    ArchiveError::ManifestDiffers { file: shown(file), member: name::MANIFEST.to_owned() }
}

/// The manifest's lines, each taken into the HMAC once it was found right.
struct Lines<'a, R> {
    file: &'a Path,
    input: std::io::BufReader<R>,
    mac: ManifestMac,
    hash: Hasher,
    line: String,
}

impl<R: Read> Lines<'_, R> {
    // No line is longer than this: 64 digits, two spaces and a name; the last one is shorter.
    const LONGEST: u64 = 64 + 2 + 100 + 1;

    fn next(&mut self) -> Result<&str, ArchiveError> {
        self.line.clear();
        let mut bounded = (&mut self.input).take(Self::LONGEST);
        bounded
            .read_line(&mut self.line)
            .map_err(|error| ArchiveError::broken(self.file, error))?;
        self.line.strip_suffix('\n').ok_or_else(|| differs(self.file))
    }

    fn take(&mut self) {
        self.mac.update(self.line.as_bytes());
        self.hash.update(self.line.as_bytes());
    }

    fn at_end(&mut self) -> Result<bool, ArchiveError> {
        let rest = self.input.fill_buf().map_err(|error| ArchiveError::broken(self.file, error))?;
        Ok(rest.is_empty())
    }
}
