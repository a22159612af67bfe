//! Packs: pictures in files that are written once, named by the hash of what lies on the disk.

use crate::backup::aside::Aside;
use crate::backup::contents::deliver;
use crate::backup::json::Place;
use crate::backup::manifest::{Members, hex};
use crate::backup::member::{Content, Tally, Tar};
use crate::backup::name::{self, MemberKind};
use crate::backup::part::Part;
use crate::backup::read::{Pressed, Visit, Walk, fault};
use crate::backup::sink::RestoreSink;
use crate::backup::watch::{Step, Watch};
use crate::error::{ArchiveError, MemberFault, shown};
use crate::limits::{Limits, PACK};
use crate::seal::{OpenWith, SealTo, seal};
use age::stream::StreamWriter;
use hearthkeep_crypto::BackupIdentitySeed;
use hearthkeep_model::{AttachmentId, Moment};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufWriter, Read};
use std::path::{Path, PathBuf};

/// A pack that lies in a folder: what the next backup must know of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackInfo {
    /// SHA-256 of its file, which is its name.
    pub hash: [u8; 32],
    /// Which pictures it holds.
    pub pictures: Vec<AttachmentId>,
}

/// File name of a pack.
pub(crate) fn file_name(hash: &[u8; 32]) -> String {
    format!("{}.tar.age", hex(hash))
}

/// Packs being written into a folder.
pub(crate) struct Packs<'a> {
    folder: PathBuf,
    identity: &'a BackupIdentitySeed,
    made: Moment,
    limits: Limits,
    full_at: u64,
    known: BTreeMap<AttachmentId, [u8; 32]>,
    open: Option<OpenPack>,
    comparing: Option<([u8; 32], Aside<Part>)>,
    finished: Vec<PackInfo>,
}

struct OpenPack {
    part: Part,
    tar: Tar<StreamWriter<Tally<BufWriter<File>>>>,
    size: u64,
    pictures: Vec<AttachmentId>,
}

impl<'a> Packs<'a> {
    /// Takes stock of the packs that are there. A pack that vanished is no longer known, and its
    /// pictures are packed again.
    pub(crate) fn new(
        folder: &Path,
        identity: &'a BackupIdentitySeed,
        made: Moment,
        known: &[PackInfo],
    ) -> Result<Self, ArchiveError> {
        let folder = folder.join(name::PACK_FOLDER);
        match fs::create_dir(&folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(ArchiveError::io(&folder, error));
            }
            _ => {}
        }
        super::part::sweep(&folder)?;
        let there = |pack: &&PackInfo| folder.join(file_name(&pack.hash)).is_file();
        let places =
            |pack: &PackInfo| pack.pictures.iter().map(|id| (*id, pack.hash)).collect::<Vec<_>>();
        let known = known.iter().filter(there).flat_map(places).collect();
        Ok(Self {
            folder,
            identity,
            made,
            limits: Limits::STANDARD,
            full_at: PACK,
            known,
            open: None,
            comparing: None,
            finished: Vec::new(),
        })
    }

    /// In which pack a picture lies already.
    pub(crate) fn pack_of(&self, id: AttachmentId) -> Option<[u8; 32]> {
        self.known.get(&id).copied()
    }

    /// Sends a picture into the open pack.
    pub(crate) fn send(
        &mut self,
        place: &Place,
        content: &mut dyn Read,
        watch: &mut Watch<'_>,
    ) -> Result<[u8; 32], ArchiveError> {
        if self
            .open
            .as_ref()
            .is_some_and(|pack| pack.size.saturating_add(place.size) > self.full_at)
        {
            self.close(watch)?;
        }
        if self.open.is_none() {
            self.open = Some(self.begin(watch)?);
        }
        let Some(pack) = self.open.as_mut() else { return Err(ArchiveError::Stopped) };
        let sent = pack.tar.send(&place.file, place.size, content);
        let hash = sent.map_err(|error| ArchiveError::io(pack.part.path(), error))?;
        pack.size = pack.size.saturating_add(place.size);
        pack.pictures.push(place.id);
        if let Some((_, comparing)) = &self.comparing {
            comparing.tell(watch)?;
        }
        watch.step(Step::Sent)?;
        Ok(hash)
    }

    fn begin(&self, watch: &mut Watch<'_>) -> Result<OpenPack, ArchiveError> {
        // The one before it may still lie beside it.
        let name = format!("pack-{}.tar.age", self.finished.len());
        let (part, file) = Part::create(&self.folder, &name, watch)?;
        let out = Tally::new(BufWriter::with_capacity(256 << 10, file));
        let sealed = seal(SealTo::Identity(self.identity), out)
            .map_err(|error| ArchiveError::io(part.path(), error))?;
        Ok(OpenPack { part, tar: Tar::new(sealed, self.made), size: 0, pictures: Vec::new() })
    }

    /// Ends the open pack and begins to compare it: its name is known, and given later. The one
    /// before it is given its name now.
    pub(crate) fn close(&mut self, watch: &mut Watch<'_>) -> Result<(), ArchiveError> {
        let Some(OpenPack { part, tar, pictures, .. }) = self.open.take() else { return Ok(()) };
        self.publish(watch)?;
        let end = || {
            let (sealed, sent) = tar.finish()?;
            let (out, hash, _) = sealed.finish()?.into_parts();
            Ok((out.into_inner()?, sent, hash))
        };
        let (file, sent, hash) =
            end().map_err(|error: io::Error| ArchiveError::io(part.path(), error))?;
        let back = ReadBack {
            part,
            sent,
            hash,
            identity: BackupIdentitySeed::from_bytes(*self.identity.expose()),
            limits: self.limits,
        };
        self.comparing = Some((hash, Aside::begin(move |watch| back.compare(file, watch))));
        self.known.extend(pictures.iter().map(|id| (*id, hash)));
        self.finished.push(PackInfo { hash, pictures });
        Ok(())
    }

    /// Waits until the pack that was closed last is compared, and gives it its name.
    pub(crate) fn publish(&mut self, watch: &mut Watch<'_>) -> Result<(), ArchiveError> {
        let Some((hash, comparing)) = self.comparing.take() else { return Ok(()) };
        comparing.end(watch)?.publish(&file_name(&hash), watch).map(drop)
    }

    /// The packs that these pictures need, with all that is known to be in them.
    pub(crate) fn needed(
        &self,
        places: &BTreeMap<AttachmentId, Place>,
    ) -> BTreeMap<[u8; 32], Vec<AttachmentId>> {
        let mut packs: BTreeMap<[u8; 32], Vec<AttachmentId>> = BTreeMap::new();
        for pack in places.values().filter_map(|place| place.pack) {
            packs.entry(pack).or_default();
        }
        for (id, pack) in &self.known {
            if let Some(pictures) = packs.get_mut(pack) {
                pictures.push(*id);
            }
        }
        packs
    }
}

/// A pack that was written, and what was sent into it.
struct ReadBack {
    part: Part,
    sent: Members,
    hash: [u8; 32],
    identity: BackupIdentitySeed,
    limits: Limits,
}

impl ReadBack {
    /// Reads it from the medium and compares all of it.
    fn compare(self, written: File, watch: &mut Watch<'_>) -> Result<Part, ArchiveError> {
        let Self { part, sent, hash, identity, limits } = self;
        let back = part.reopen(written, watch)?;
        let walk = Walk {
            file: part.path(),
            with: OpenWith::Identity(&identity),
            limits: &limits,
            pressed: Pressed::Not,
        };
        let walked = walk.run(back, watch, &mut JustHash)?;
        let differs = |member| ArchiveError::ReadBack { file: shown(part.path()), member };
        if let Some(member) = sent.first_difference(&walked.members) {
            return Err(differs(member));
        }
        if walked.cipher != hash {
            return Err(differs(file_name(&hash)));
        }
        watch.step(Step::Compared)?;
        Ok(part)
    }
}

struct JustHash;

impl Visit for JustHash {
    fn visit(
        &mut self,
        _: &str,
        _: u64,
        _: &Members,
        _: &mut Content<'_>,
    ) -> Result<(), ArchiveError> {
        Ok(())
    }
}

/// Reads one pack, tells the sink of the pictures that the archive names, and compares all of it.
pub(crate) fn read(
    folder: &Path,
    hash: [u8; 32],
    places: &BTreeMap<AttachmentId, Place>,
    identity: &BackupIdentitySeed,
    sink: &mut dyn RestoreSink,
    (limits, watch): (&Limits, &mut Watch<'_>),
) -> Result<u64, ArchiveError> {
    let file = folder.join(name::PACK_FOLDER).join(file_name(&hash));
    let input = File::open(&file).map_err(|error| ArchiveError::io(&file, error))?;
    let mut reading = Reading { file: &file, hash, places, sink, seen: BTreeSet::new() };
    let walk =
        Walk { file: &file, with: OpenWith::Identity(identity), limits, pressed: Pressed::Not };
    let walked = walk.run(input, watch, &mut reading)?;
    let wanted = places.values().filter(|place| place.pack == Some(hash)).count();
    if walked.cipher != hash || reading.seen.len() != wanted {
        return Err(ArchiveError::Damaged { file: shown(&file), at: walked.bytes });
    }
    Ok(walked.bytes)
}

struct Reading<'a> {
    file: &'a Path,
    hash: [u8; 32],
    places: &'a BTreeMap<AttachmentId, Place>,
    sink: &'a mut dyn RestoreSink,
    seen: BTreeSet<AttachmentId>,
}

impl Visit for Reading<'_> {
    fn visit(
        &mut self,
        name: &str,
        size: u64,
        _: &Members,
        content: &mut Content<'_>,
    ) -> Result<(), ArchiveError> {
        if MemberKind::of(name) != Some(MemberKind::Picture) {
            return Err(fault(self.file, name, MemberFault::Unknown));
        }
        let id = name.split_once('/').and_then(|(_, below)| name::picture_id(below));
        let place =
            id.and_then(|id| self.places.get(&id)).filter(|place| place.pack == Some(self.hash));
        // A picture that was erased since lives on in its pack; nobody asks for it.
        let Some(place) = place else { return Ok(()) };
        if place.file != name || place.size != size || !self.seen.insert(place.id) {
            return Err(fault(self.file, name, MemberFault::Form));
        }
        if deliver(self.sink, place, content)? == place.sha256 {
            Ok(())
        } else {
            Err(ArchiveError::ManifestDiffers { file: shown(self.file), member: name.to_owned() })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hearthkeep_crypto::hash::sha256;

    /// Five pictures, packed into packs of at most a hundred bytes.
    fn sent<'a>(folder: &Path, identity: &'a BackupIdentitySeed) -> Packs<'a> {
        let made = Moment::new(hearthkeep_model::Timestamp(0), 0);
        let mut packs = Packs::new(folder, identity, made, &[]).unwrap();
        packs.full_at = 100;
        for (number, size) in [(1u8, 60usize), (2, 40), (3, 1), (4, 500), (5, 7)] {
            let bytes = vec![number; size];
            let id = AttachmentId::from_bytes([number; 16]);
            let place = Place {
                id,
                file: name::picture(id, "image/png"),
                size: size as u64,
                sha256: sha256(&bytes),
                pack: None,
            };
            packs.send(&place, &mut bytes.as_slice(), &mut Watch::nobody()).unwrap();
        }
        packs.close(&mut Watch::nobody()).unwrap();
        packs
    }

    fn files(folder: &Path) -> Vec<String> {
        let files = fs::read_dir(folder.join(name::PACK_FOLDER)).unwrap();
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        names.collect::<BTreeSet<_>>().into_iter().collect()
    }

    #[test]
    fn a_pack_is_closed_before_it_would_grow_too_large() {
        let folder = tempfile::tempdir().unwrap();
        let identity = BackupIdentitySeed::from_bytes([7; 32]);
        let mut packs = sent(folder.path(), &identity);
        packs.publish(&mut Watch::nobody()).unwrap();
        let held: Vec<usize> = packs.finished.iter().map(|pack| pack.pictures.len()).collect();
        assert_eq!(held, [2, 1, 1, 1]);
        let mut named: Vec<_> = packs.finished.iter().map(|pack| file_name(&pack.hash)).collect();
        named.sort_unstable();
        assert_eq!(files(folder.path()), named);
    }

    #[test]
    fn what_is_stopped_while_a_pack_is_compared_leaves_only_packs_that_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let identity = BackupIdentitySeed::from_bytes([7; 32]);
        let mut packs = sent(folder.path(), &identity);
        let mut stop = Watch::new(|_| std::ops::ControlFlow::Break(()));
        let stopped = packs.publish(&mut stop);
        assert!(matches!(stopped, Err(ArchiveError::Stopped)), "{stopped:?}");
        let left = files(folder.path());
        assert_eq!(left.len(), 3, "{left:?}");
        assert!(left.iter().all(|name| !name.starts_with('.')), "{left:?}");
    }
}
