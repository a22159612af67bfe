//! Writing a backup: everything is sent, read back from the disk, compared, and only then named.

use crate::backup::contents;
use crate::backup::folder::free_name;
use crate::backup::gzip::{Gzip, Strength};
use crate::backup::json::{self, ErasedJson, GroupJson, Place, PlaceJson, RowJson, SettingsJson};
use crate::backup::manifest::{self, Form, Head, Members, hex};
use crate::backup::member::{Tally, Tar};
use crate::backup::name;
use crate::backup::pack::{PackInfo, Packs};
use crate::backup::part::{Part, free_or_backup, sweep};
use crate::backup::readme;
use crate::backup::sink::Nobody;
use crate::backup::watch::{Step, Watch};
use crate::error::{ArchiveError, MemberFault, shown};
use crate::item::{AttachmentItem, Counts, EntryItem, ErasedItem, GroupItem, GroupRow, Proof};
use crate::limits::{GROUP_FILE, Limits};
use crate::markdown;
use crate::seal::{BackupPassphrase, OpenWith, SealCost, SealTo, seal, seal_identity_file};
use age::stream::StreamWriter;
use hearthkeep_crypto::backup::ManifestMac;
use hearthkeep_crypto::{AccountSecret, BackupIdentitySeed};
use hearthkeep_model::{AttachmentId, GroupId, Moment};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;
use std::fs::File;
use std::io::{self, BufWriter, Read};
use std::path::Path;

/// The automatic form: an archive and packs in a folder.
#[derive(Debug, Clone, Copy)]
pub struct FolderTarget<'a> {
    /// The folder. Its key files are [`crate::backup::set_key_files`]'s.
    pub folder: &'a Path,
    /// The packs that lie there, from the last backup into it or from restoring.
    pub packs: &'a [PackInfo],
}

/// The form by hand: everything in one file under a passphrase.
#[derive(Debug, Clone, Copy)]
pub struct FileTarget<'a> {
    /// The file. A backup that lies there is replaced, but only by one that was compared.
    pub path: &'a Path,
    /// What it is sealed with.
    pub passphrase: &'a BackupPassphrase,
    /// What guessing costs.
    pub cost: SealCost,
}

/// A backup that was written, read back and compared.
#[derive(Debug)]
pub struct Written {
    /// What was compared.
    pub proof: Proof,
    /// The packs that the archive needs: the next backup is given them.
    pub packs: Vec<PackInfo>,
}

type Out = Tar<Gzip<StreamWriter<Tally<BufWriter<File>>>>>;

/// Takes a journal piece by piece, in this order: settings, entries, erased, groups with their
/// rows, pictures. Dropped before [`BackupWriter::finish`], it leaves nothing behind but packs
/// that are whole.
pub struct BackupWriter<'a> {
    made: Moment,
    name: String,
    with: OpenWith<'a>,
    identity: &'a BackupIdentitySeed,
    part: Part,
    out: Out,
    packs: Option<Packs<'a>>,
    places: BTreeMap<AttachmentId, Place>,
    missing: BTreeMap<AttachmentId, AttachmentItem>,
    counts: Counts,
    group: Option<GroupFile>,
    listed: bool,
    watch: Watch<'a>,
}

// What passes through is the person's: only where it goes is printed.
impl fmt::Debug for BackupWriter<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BackupWriter").field("counts", &self.counts).finish_non_exhaustive()
    }
}

struct GroupFile {
    id: GroupId,
    part: u32,
    lines: Vec<u8>,
}

impl<'a> BackupWriter<'a> {
    /// Begins a backup into a folder.
    ///
    /// # Errors
    /// What the system says about the folder.
    pub fn into_folder(
        target: FolderTarget<'a>,
        identity: &'a BackupIdentitySeed,
        account: &AccountSecret,
        made: Moment,
        watch: Watch<'a>,
    ) -> Result<Self, ArchiveError> {
        sweep(target.folder)?;
        let name = free_name(target.folder, made.day)?;
        let packs = Packs::new(target.folder, identity, made, target.packs)?;
        let sealing = (SealTo::Identity(identity), OpenWith::Identity(identity));
        let mut writer = Self::begin(target.folder, name, sealing, identity, made, watch)?;
        writer.packs = Some(packs);
        writer.first_members(account, SealTo::Identity(identity))?;
        Ok(writer)
    }

    /// Begins a backup into one file.
    ///
    /// # Errors
    /// [`ArchiveError::Exists`] when something else than a backup lies there; what the system says
    /// about the file's folder.
    pub fn into_file(
        target: FileTarget<'a>,
        identity: &'a BackupIdentitySeed,
        account: &AccountSecret,
        made: Moment,
        watch: Watch<'a>,
    ) -> Result<Self, ArchiveError> {
        free_or_backup(target.path)?;
        let folder = target.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        let to = SealTo::Passphrase(target.passphrase, target.cost);
        let sealing = (to, OpenWith::Passphrase(target.passphrase));
        let folder = folder.unwrap_or(Path::new("."));
        let mut writer = Self::begin(folder, shown(target.path), sealing, identity, made, watch)?;
        writer.first_members(account, to)?;
        Ok(writer)
    }

    fn begin(
        folder: &Path,
        name: String,
        (to, with): (SealTo<'a>, OpenWith<'a>),
        identity: &'a BackupIdentitySeed,
        made: Moment,
        mut watch: Watch<'a>,
    ) -> Result<Self, ArchiveError> {
        let (part, file) = Part::create(folder, &name, &mut watch)?;
        let out = Tally::new(BufWriter::with_capacity(256 << 10, file));
        let sealed = seal(to, out).map_err(|error| ArchiveError::io(part.path(), error))?;
        Ok(Self {
            made,
            name,
            with,
            identity,
            part,
            out: Tar::new(Gzip::new(sealed), made),
            packs: None,
            places: BTreeMap::new(),
            missing: BTreeMap::new(),
            counts: Counts::default(),
            group: None,
            listed: false,
            watch,
        })
    }

    fn first_members(
        &mut self,
        account: &AccountSecret,
        to: SealTo<'_>,
    ) -> Result<(), ArchiveError> {
        self.text(name::README, readme::TEXT.as_bytes())?;
        let identity = seal_identity_file(self.identity, Some(account), to)?;
        self.text(name::IDENTITY, &identity)
    }

    /// Sends the settings.
    ///
    /// # Errors
    /// What the system says.
    pub fn settings(&mut self, values: serde_json::Value) -> Result<(), ArchiveError> {
        let bytes = self.json(name::SETTINGS, &SettingsJson::new(values))?;
        self.text(name::SETTINGS, &bytes)
    }

    /// Sends an entry. Its pictures are then among [`BackupWriter::missing`], unless a pack of the
    /// folder holds them.
    ///
    /// # Errors
    /// What the system says; a text that is longer than a member may be is named.
    pub fn entry(&mut self, entry: &EntryItem) -> Result<(), ArchiveError> {
        let stem = name::entry(entry.fields.moment.day, entry.id);
        self.text(&format!("{stem}.md"), markdown::archived(entry).as_bytes())?;
        let json = json::entry_bytes(entry).map_err(|_| self.bad(&stem, MemberFault::Form))?;
        self.text(&format!("{stem}.json"), &json)?;
        self.counts.entries = self.counts.entries.saturating_add(1);
        for item in &entry.attachments {
            self.expect(item);
        }
        Ok(())
    }

    fn expect(&mut self, item: &AttachmentItem) {
        let pack = self.packs.as_ref().and_then(|packs| packs.pack_of(item.id));
        let file = name::picture(item.id, &item.media);
        self.places.insert(
            item.id,
            Place { id: item.id, file, size: item.size, sha256: item.sha256, pack },
        );
        if pack.is_none() {
            self.missing.insert(item.id, item.clone());
        }
    }

    /// Sends the list of what was erased.
    ///
    /// # Errors
    /// What the system says.
    pub fn erased(&mut self, erased: &[ErasedItem]) -> Result<(), ArchiveError> {
        let mut lines = Vec::new();
        for item in erased {
            self.line(name::ERASED, &ErasedJson::from(item), &mut lines)?;
        }
        if lines.is_empty() { Ok(()) } else { self.text(name::ERASED, &lines) }
    }

    /// Begins a group.
    ///
    /// # Errors
    /// What the system says.
    pub fn group(&mut self, group: &GroupItem) -> Result<(), ArchiveError> {
        self.end_group_file()?;
        let mut lines = Vec::new();
        self.line("groups", &GroupJson::from(group), &mut lines)?;
        self.group = Some(GroupFile { id: group.id, part: 1, lines });
        self.counts.groups = self.counts.groups.saturating_add(1);
        Ok(())
    }

    /// Sends a row of the group that was begun last.
    ///
    /// # Errors
    /// What the system says.
    pub fn row(&mut self, row: &GroupRow) -> Result<(), ArchiveError> {
        let mut line = Vec::new();
        self.line("groups", &RowJson::from(row), &mut line)?;
        let Some(group) = self.group.as_mut() else {
            return Err(self.bad("groups", MemberFault::Order));
        };
        group.lines.extend_from_slice(&line);
        if group.lines.len() < GROUP_FILE {
            return Ok(());
        }
        let (id, part) = (group.id, group.part);
        self.end_group_file()?;
        self.group = Some(GroupFile { id, part: part.saturating_add(1), lines: Vec::new() });
        Ok(())
    }

    fn end_group_file(&mut self) -> Result<(), ArchiveError> {
        match self.group.take() {
            Some(group) if !group.lines.is_empty() => {
                self.text(&name::group(group.id, group.part), &group.lines)
            }
            _ => Ok(()),
        }
    }

    /// The pictures whose bytes are still to be sent.
    #[must_use]
    pub fn missing(&self) -> Vec<AttachmentItem> {
        self.missing.values().cloned().collect()
    }

    /// Sends the bytes of a picture that is missing.
    ///
    /// # Errors
    /// What the system says. [`ArchiveError::ReadBack`] when the bytes are not those that its
    /// entry names.
    pub fn picture(
        &mut self,
        id: AttachmentId,
        content: &mut dyn Read,
    ) -> Result<(), ArchiveError> {
        self.end_group_file()?;
        let (Some(_), Some(place)) = (self.missing.remove(&id), self.places.get(&id).cloned())
        else {
            return Err(self.bad("attachments", MemberFault::Unknown));
        };
        let hash = match self.packs.as_mut() {
            Some(packs) => packs.send(&place, content, &mut self.watch)?,
            None => {
                self.list_pictures()?;
                self.out
                    .out()
                    .press(Strength::Picture)
                    .map_err(|error| ArchiveError::io(self.part.path(), error))?;
                self.send(&place.file, place.size, content)?
            }
        };
        if hash == place.sha256 {
            Ok(())
        } else {
            Err(ArchiveError::ReadBack { file: self.name.clone(), member: place.file })
        }
    }

    /// Whether the list of pictures is sent before the first of them: then what is left out must be
    /// told before that.
    #[must_use]
    pub const fn lists_pictures_first(&self) -> bool {
        self.packs.is_none()
    }

    /// Leaves out a picture that cannot be read: the rest of the backup is worth having.
    pub fn leave_out(&mut self, id: AttachmentId) {
        self.missing.remove(&id);
        self.places.remove(&id);
    }

    /// Writes the manifest, reads everything back, compares it, and gives the backup its name.
    ///
    /// # Errors
    /// What the system says. [`ArchiveError::ReadBack`] when the disk gave back something else.
    pub fn finish(mut self) -> Result<Written, ArchiveError> {
        self.end_group_file()?;
        if let Some(item) = self.missing.values().next() {
            let member = name::picture(item.id, &item.media);
            return Err(self.bad(&member, MemberFault::Order));
        }
        let packs = self.close_packs()?;
        self.list_pictures()?;
        let lines: String =
            packs.keys().map(|hash| format!("{0}  packs/{0}.tar.age\n", hex(hash))).collect();
        self.counts.pictures = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
        if !lines.is_empty() {
            self.text(name::PACKS, lines.as_bytes())?;
        }
        let sent = self.manifest()?;
        let proof = self.end(sent)?;
        let packs = packs.into_iter().map(|(hash, pictures)| PackInfo { hash, pictures }).collect();
        Ok(Written { proof, packs })
    }

    fn close_packs(&mut self) -> Result<BTreeMap<[u8; 32], Vec<AttachmentId>>, ArchiveError> {
        let Some(packs) = self.packs.as_mut() else { return Ok(BTreeMap::new()) };
        packs.close(&mut self.watch)?;
        for place in self.places.values_mut() {
            place.pack = packs.pack_of(place.id);
        }
        Ok(packs.needed(&self.places))
    }

    /// Sends the list of pictures, once.
    fn list_pictures(&mut self) -> Result<(), ArchiveError> {
        if std::mem::replace(&mut self.listed, true) || self.places.is_empty() {
            return Ok(());
        }
        let mut lines = Vec::new();
        for place in self.places.values() {
            self.line(name::ATTACHMENTS, &PlaceJson::from(place), &mut lines)?;
        }
        self.text(name::ATTACHMENTS, &lines)
    }

    fn manifest(&mut self) -> Result<Members, ArchiveError> {
        let form = if self.packs.is_some() { Form::Folder } else { Form::File };
        let head = Head { made: self.made, form, counts: self.counts };
        // The list itself is not in the list that it holds.
        let mut sent = self.out.take_sent();
        let mut mac = ManifestMac::new(self.identity);
        let mut size = 0usize;
        for piece in manifest::pieces(&head, &sent) {
            mac.update(piece.as_bytes());
            size = size.saturating_add(piece.len());
        }
        let last = manifest::mac_line(&mac.finish());
        let size = u64::try_from(size.saturating_add(last.len())).unwrap_or(u64::MAX);
        let mut content = Pieces {
            rest: manifest::pieces(&head, &sent).chain([last]),
            now: io::Cursor::default(),
        };
        self.press_text()?;
        let hash = self.out.send_unlisted(name::MANIFEST, size, &mut content);
        let hash = hash.map_err(|error| ArchiveError::io(self.part.path(), error))?;
        drop(content);
        sent.push(name::MANIFEST, hash);
        Ok(sent)
    }

    fn end(self, sent: Members) -> Result<Proof, ArchiveError> {
        let Self { name, with, part, out, mut packs, mut watch, .. } = self;
        let end = || {
            let (gzip, _) = out.finish()?;
            let (out, hash, bytes) = gzip.finish()?.finish()?.into_parts();
            Ok((out.into_inner()?, hash, bytes))
        };
        let (file, hash, bytes) =
            end().map_err(|error: io::Error| ArchiveError::io(part.path(), error))?;
        let back = part.reopen(file, &mut watch)?;
        let contents =
            contents::read(part.path(), back, with, &Limits::STANDARD, &mut Nobody, &mut watch)?;
        if let Some(member) = sent.first_difference(&contents.walked.members) {
            return Err(ArchiveError::ReadBack { file: name, member });
        }
        if contents.walked.cipher != hash {
            return Err(ArchiveError::ReadBack { member: name.clone(), file: name });
        }
        watch.step(Step::Compared)?;
        // The packs come before the archive that names them.
        if let Some(packs) = packs.as_mut() {
            packs.publish(&mut watch)?;
        }
        part.publish(&name, &mut watch)?;
        let Head { made, counts, .. } = contents.head;
        Ok(Proof { name, made, counts, bytes, damaged: Vec::new() })
    }

    fn text(&mut self, name: &str, bytes: &[u8]) -> Result<(), ArchiveError> {
        let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if size > Limits::STANDARD.text {
            return Err(self.bad(name, MemberFault::TooLarge));
        }
        self.press_text()?;
        self.send(name, size, &mut &*bytes).map(drop)
    }

    fn press_text(&mut self) -> Result<(), ArchiveError> {
        self.out
            .out()
            .press(Strength::Text)
            .map_err(|error| ArchiveError::io(self.part.path(), error))
    }

    fn send(
        &mut self,
        name: &str,
        size: u64,
        content: &mut dyn Read,
    ) -> Result<[u8; 32], ArchiveError> {
        let hash = self
            .out
            .send(name, size, content)
            .map_err(|error| ArchiveError::io(self.part.path(), error))?;
        self.watch.step(Step::Sent)?;
        Ok(hash)
    }

    fn json(&self, name: &str, value: &impl Serialize) -> Result<Vec<u8>, ArchiveError> {
        serde_json::to_vec(value).map_err(|_| self.bad(name, MemberFault::Form))
    }

    fn line(
        &self,
        name: &str,
        value: &impl Serialize,
        lines: &mut Vec<u8>,
    ) -> Result<(), ArchiveError> {
        lines.extend_from_slice(&self.json(name, value)?);
        lines.push(b'\n');
        Ok(())
    }

    fn bad(&self, member: &str, fault: MemberFault) -> ArchiveError {
        ArchiveError::Member { file: self.name.clone(), member: member.to_owned(), fault }
    }
}

/// Reads texts one after the other, without ever holding them all.
struct Pieces<I> {
    rest: I,
    now: io::Cursor<String>,
}

impl<I: Iterator<Item = String>> Read for Pieces<I> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        loop {
            match self.now.read(buf)? {
                0 if !buf.is_empty() => match self.rest.next() {
                    Some(next) => self.now = io::Cursor::new(next),
                    None => return Ok(0),
                },
                read => return Ok(read),
            }
        }
    }
}
