//! Packs: pictures in files that are written once, named by the hash of what lies on the disk.

use crate::backup::contents::deliver;
use crate::backup::json::Place;
use crate::backup::manifest::{Members, hex};
use crate::backup::member::{Tally, Tar};
use crate::backup::name::{self, MemberKind};
use crate::backup::part::Part;
use crate::backup::prove::RestoreSink;
use crate::backup::read::{Pressed, Visit, Walk, fault};
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
        watch.step(Step::Sent)?;
        Ok(hash)
    }

    fn begin(&self, watch: &mut Watch<'_>) -> Result<OpenPack, ArchiveError> {
        let (part, file) = Part::create(&self.folder, "pack.tar.age", watch)?;
        let out = Tally::new(BufWriter::with_capacity(256 << 10, file));
        let sealed = seal(SealTo::Identity(self.identity), out)
            .map_err(|error| ArchiveError::io(part.path(), error))?;
        Ok(OpenPack { part, tar: Tar::new(sealed, self.made), size: 0, pictures: Vec::new() })
    }

    /// Ends the open pack, reads it back and gives it its name.
    pub(crate) fn close(&mut self, watch: &mut Watch<'_>) -> Result<(), ArchiveError> {
        let Some(OpenPack { part, tar, pictures, .. }) = self.open.take() else { return Ok(()) };
        let end = || {
            let (sealed, sent) = tar.finish()?;
            let (out, hash, _) = sealed.finish()?.into_parts();
            Ok((out.into_inner()?, sent, hash))
        };
        let (file, sent, hash) =
            end().map_err(|error: io::Error| ArchiveError::io(part.path(), error))?;
        let back = part.reopen(file, watch)?;
        let walk = Walk {
            file: part.path(),
            with: OpenWith::Identity(self.identity),
            limits: &self.limits,
            pressed: Pressed::Not,
        };
        let walked = walk.run(back, watch, &mut JustHash)?;
        if let Some(member) = sent.first_difference(&walked.members) {
            return Err(ArchiveError::ReadBack { file: shown(part.path()), member });
        }
        if walked.cipher != hash {
            return Err(ArchiveError::ReadBack {
                file: shown(part.path()),
                member: file_name(&hash),
            });
        }
        watch.step(Step::Compared)?;
        part.publish(&file_name(&hash), watch)?;
        self.known.extend(pictures.iter().map(|id| (*id, hash)));
        self.finished.push(PackInfo { hash, pictures });
        Ok(())
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

struct JustHash;

impl Visit for JustHash {
    fn visit(
        &mut self,
        _: &str,
        _: u64,
        _: &Members,
        _: &mut dyn Read,
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
        content: &mut dyn Read,
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

    #[test]
    fn a_pack_is_closed_before_it_would_grow_too_large() {
        let folder = tempfile::tempdir().unwrap();
        let identity = BackupIdentitySeed::from_bytes([7; 32]);
        let made = Moment::new(hearthkeep_model::Timestamp(0), 0);
        let mut packs = Packs::new(folder.path(), &identity, made, &[]).unwrap();
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
        let held: Vec<usize> = packs.finished.iter().map(|pack| pack.pictures.len()).collect();
        assert_eq!(held, [2, 1, 1, 1]);
    }
}
