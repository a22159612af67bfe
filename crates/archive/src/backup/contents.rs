//! What an archive's members say, in their order, up to the manifest that vouches for them.

use crate::backup::json::{self, GroupLine, Malformed, Place, PlaceJson, SettingsJson};
use crate::backup::line;
use crate::backup::manifest::{self, Form, Head, Members, unhex};
use crate::backup::member::Content;
use crate::backup::name::{self, MemberKind};
use crate::backup::read::{Pressed, Visit, Walk, Walked, fault, malformed, whole};
use crate::backup::sink::RestoreSink;
use crate::backup::watch::Watch;
use crate::error::{ArchiveError, MemberFault, shown};
use crate::item::{Counts, ErasedItem, GroupItem, GroupRow};
use crate::limits::{KEY_FILE, Limits};
use crate::seal::{OpenWith, open_identity_file};
use hearthkeep_crypto::{AccountSecret, BackupIdentitySeed};
use hearthkeep_model::{AttachmentId, EntryId, GroupId};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::Path;

/// An archive that was read to its end and whose manifest holds.
#[derive(Debug)]
pub(crate) struct Contents {
    pub(crate) head: Head,
    pub(crate) walked: Walked,
    /// SHA-256 of the manifest: names the whole content.
    pub(crate) manifest: [u8; 32],
    pub(crate) places: BTreeMap<AttachmentId, Place>,
    pub(crate) secrets: (BackupIdentitySeed, AccountSecret),
}

/// Reads an archive. `sink` is told everything on the way; only after `Ok` may it be believed.
pub(crate) fn read(
    file: &Path,
    input: File,
    with: OpenWith<'_>,
    limits: &Limits,
    sink: &mut dyn RestoreSink,
    watch: &mut Watch<'_>,
) -> Result<Contents, ArchiveError> {
    let mut reading = Reading {
        file,
        with,
        limits,
        sink,
        place: None,
        waiting: None,
        secrets: None,
        entries: BTreeSet::new(),
        erased: BTreeSet::new(),
        groups: BTreeSet::new(),
        places: BTreeMap::new(),
        packs: BTreeSet::new(),
        pictures: BTreeSet::new(),
        end: None,
    };
    let walk = Walk { file, with, limits, pressed: Pressed::Gzip };
    let walked = walk.run(input, watch, &mut reading)?;
    reading.finish(walked)
}

struct Reading<'a> {
    file: &'a Path,
    with: OpenWith<'a>,
    limits: &'a Limits,
    sink: &'a mut dyn RestoreSink,
    place: Option<u8>,
    // An entry's Markdown was seen; its JSON must follow.
    waiting: Option<String>,
    secrets: Option<(BackupIdentitySeed, AccountSecret)>,
    entries: BTreeSet<EntryId>,
    erased: BTreeSet<EntryId>,
    groups: BTreeSet<GroupId>,
    places: BTreeMap<AttachmentId, Place>,
    packs: BTreeSet<[u8; 32]>,
    pictures: BTreeSet<AttachmentId>,
    end: Option<(Head, [u8; 32])>,
}

impl Visit for Reading<'_> {
    fn visit(
        &mut self,
        name: &str,
        size: u64,
        before: &Members,
        content: &mut Content<'_>,
    ) -> Result<(), ArchiveError> {
        let kind = MemberKind::of(name);
        if before.len() == 0 && kind != Some(MemberKind::Readme) {
            return Err(ArchiveError::NotABackup { file: shown(self.file) });
        }
        let kind = kind.ok_or_else(|| fault(self.file, name, MemberFault::Unknown))?;
        self.in_order(kind, name)?;
        match kind {
            MemberKind::Readme | MemberKind::EntryMarkdown => {
                whole_is_bounded(self.file, name, size, self.limits.text)
            }
            MemberKind::Identity => self.identity(name, size, content),
            MemberKind::Settings => {
                let bytes = self.text(name, size, content)?;
                let values = SettingsJson::read(&bytes).map_err(|_| malformed(self.file, name))?;
                go_on(self.sink.settings(values))
            }
            MemberKind::EntryJson => self.entry(name, size, content),
            MemberKind::Erased => self.erased(name, content),
            MemberKind::Group => self.group(name, content),
            MemberKind::Attachments => self.attachments(name, content),
            MemberKind::Packs => self.packs(name, size, content),
            MemberKind::Picture => self.picture(name, size, content),
            MemberKind::Manifest => {
                let (seed, _) = self
                    .secrets
                    .as_ref()
                    .ok_or_else(|| fault(self.file, name, MemberFault::Order))?;
                self.end = Some(manifest::check(self.file, seed, before, content)?);
                Ok(())
            }
        }
    }
}

impl Reading<'_> {
    fn in_order(&mut self, kind: MemberKind, name: &str) -> Result<(), ArchiveError> {
        let order = || fault(self.file, name, MemberFault::Order);
        let once = !matches!(
            kind,
            MemberKind::EntryMarkdown
                | MemberKind::EntryJson
                | MemberKind::Group
                | MemberKind::Picture
        );
        let place = kind.place();
        if Some(place) < self.place || (once && Some(place) == self.place) {
            return Err(order());
        }
        // The identity is never left out: without it nobody vouches for the rest.
        if place > MemberKind::Identity.place() && self.secrets.is_none() {
            return Err(order());
        }
        self.place = Some(place);
        let stem = name.strip_suffix(".json").or_else(|| name.strip_suffix(".md"));
        let expected = self.waiting.take();
        if kind == MemberKind::EntryJson {
            return if expected.as_deref() == stem { Ok(()) } else { Err(order()) };
        }
        if expected.is_some() {
            return Err(order());
        }
        if kind == MemberKind::EntryMarkdown {
            self.waiting = stem.map(str::to_owned);
        }
        Ok(())
    }

    fn text(&self, name: &str, size: u64, content: &mut dyn Read) -> Result<Vec<u8>, ArchiveError> {
        whole(self.file, name, size, self.limits.text, content)
    }

    fn identity(
        &mut self,
        name: &str,
        size: u64,
        content: &mut dyn Read,
    ) -> Result<(), ArchiveError> {
        let bytes = whole(self.file, name, size, KEY_FILE, content)?;
        let inner = Path::new(name::IDENTITY);
        let (seed, account) = open_identity_file(inner, self.with, self.limits, bytes.as_slice())?;
        if let OpenWith::Identity(own) = self.with
            && own.expose() != seed.expose()
        {
            return Err(ArchiveError::NotOurs { file: shown(self.file) });
        }
        self.secrets = Some((seed, account.ok_or_else(|| malformed(self.file, name))?));
        Ok(())
    }

    fn entry(&mut self, name: &str, size: u64, content: &mut dyn Read) -> Result<(), ArchiveError> {
        let bytes = self.text(name, size, content)?;
        let entry = json::entry_of(&bytes).map_err(|_| malformed(self.file, name))?;
        if name.strip_suffix(".json") != Some(&name::entry(entry.fields.moment.day, entry.id)) {
            return Err(malformed(self.file, name));
        }
        if !self.entries.insert(entry.id) {
            return Err(fault(self.file, name, MemberFault::Twice));
        }
        go_on(self.sink.entry(entry))
    }

    fn erased(&mut self, name: &str, content: &mut dyn Read) -> Result<(), ArchiveError> {
        let Self { file, sink, erased, entries, .. } = self;
        line::each(file, name, content, |json: json::ErasedJson| {
            let item = ErasedItem::try_from(json).map_err(|_| malformed(file, name))?;
            if entries.contains(&item.id) || !erased.insert(item.id) {
                return Err(fault(file, name, MemberFault::Twice));
            }
            go_on(sink.erased(item))
        })
    }

    fn group(&mut self, name: &str, content: &mut dyn Read) -> Result<(), ArchiveError> {
        let bad = || malformed(self.file, name);
        let id =
            name.split_once('/').and_then(|(_, below)| name::group_id(below)).ok_or_else(bad)?;
        let known = self.groups.contains(&id);
        let mut head = known;
        let Self { file, sink, .. } = self;
        line::each(file, name, content, |line: GroupLine| {
            let bad = |Malformed| malformed(file, name);
            match (line, head) {
                (GroupLine::Head(json), false) => {
                    head = true;
                    let item = GroupItem::try_from(json).map_err(bad)?;
                    if item.id != id {
                        return Err(bad(Malformed));
                    }
                    go_on(sink.group(item))
                }
                (GroupLine::Row(json), true) => {
                    go_on(sink.row(id, GroupRow::try_from(json).map_err(bad)?))
                }
                _ => Err(bad(Malformed)),
            }
        })?;
        self.groups.insert(id);
        if head { Ok(()) } else { Err(malformed(self.file, name)) }
    }

    fn attachments(&mut self, name: &str, content: &mut dyn Read) -> Result<(), ArchiveError> {
        let Self { file, places, limits, .. } = self;
        line::each(file, name, content, |json: PlaceJson| {
            let place = Place::try_from(json).map_err(|_| malformed(file, name))?;
            if place.size > limits.picture {
                return Err(fault(file, &place.file, MemberFault::TooLarge));
            }
            match places.insert(place.id, place) {
                None => Ok(()),
                Some(place) => Err(fault(file, &place.file, MemberFault::Twice)),
            }
        })
    }

    fn packs(&mut self, name: &str, size: u64, content: &mut dyn Read) -> Result<(), ArchiveError> {
        let bytes = self.text(name, size, content)?;
        let bad = || malformed(self.file, name);
        let text = std::str::from_utf8(&bytes).map_err(|_| bad())?;
        for line in text.lines() {
            let (digits, path) = line.split_once("  ").ok_or_else(bad)?;
            let hash = unhex(digits).ok_or_else(bad)?;
            if path != format!("packs/{digits}.tar.age") || !self.packs.insert(hash) {
                return Err(bad());
            }
        }
        Ok(())
    }

    fn picture(
        &mut self,
        name: &str,
        size: u64,
        content: &mut Content<'_>,
    ) -> Result<(), ArchiveError> {
        let id = name.split_once('/').and_then(|(_, below)| name::picture_id(below));
        let place = id
            .and_then(|id| self.places.get(&id))
            .filter(|place| place.file == name && place.size == size);
        let place = place.ok_or_else(|| fault(self.file, name, MemberFault::Unknown))?;
        if !self.pictures.insert(place.id) {
            return Err(fault(self.file, name, MemberFault::Twice));
        }
        let hash = deliver(self.sink, place, content)?;
        if hash == place.sha256 {
            Ok(())
        } else {
            Err(ArchiveError::ManifestDiffers { file: shown(self.file), member: name.to_owned() })
        }
    }

    fn finish(self, walked: Walked) -> Result<Contents, ArchiveError> {
        let file = shown(self.file);
        let Some((head, manifest)) = self.end else {
            return Err(ArchiveError::ManifestMissing { file });
        };
        if let Some(name) = walked.members.twice() {
            return Err(fault(self.file, name, MemberFault::Twice));
        }
        let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
        let counts = Counts {
            entries: count(self.entries.len()),
            pictures: count(self.places.len()),
            groups: count(self.groups.len()),
        };
        let lying = match head.form {
            Form::File => self.pictures.len() != self.places.len() || !self.packs.is_empty(),
            Form::Folder => {
                let homeless =
                    |place: &Place| !place.pack.is_some_and(|pack| self.packs.contains(&pack));
                !self.pictures.is_empty() || self.places.values().any(homeless)
            }
        };
        let sealed_so = matches!(self.with, OpenWith::Passphrase(_)) == (head.form == Form::File);
        if counts != head.counts || lying || !sealed_so {
            return Err(manifest::differs(self.file));
        }
        let secrets = self.secrets.ok_or(ArchiveError::ManifestMissing { file })?;
        Ok(Contents { head, walked, manifest, places: self.places, secrets })
    }
}

/// Hands a picture's bytes to the sink; the hash is that of all of them, whatever the sink took.
pub(crate) fn deliver(
    sink: &mut dyn RestoreSink,
    place: &Place,
    content: &mut Content<'_>,
) -> Result<[u8; 32], ArchiveError> {
    go_on(sink.picture(place.id, place.size, content))?;
    content.rest().map_err(|error| ArchiveError::broken(Path::new(&place.file), error))
}

fn whole_is_bounded(file: &Path, name: &str, size: u64, limit: u64) -> Result<(), ArchiveError> {
    if size > limit { Err(fault(file, name, MemberFault::TooLarge)) } else { Ok(()) }
}

fn go_on(flow: ControlFlow<()>) -> Result<(), ArchiveError> {
    match flow {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(ArchiveError::Stopped),
    }
}
