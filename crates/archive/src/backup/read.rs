//! Walking through a sealed tar that anybody may have made: bounded, and never trusting a name.

use crate::backup::ahead::Ahead;
use crate::backup::manifest::Members;
use crate::backup::member::Content;
use crate::backup::name;
use crate::backup::watch::{Step, Watch};
use crate::error::{ArchiveError, MemberFault, shown};
use crate::limits::Limits;
use crate::seal::{OpenWith, open};
use flate2::read::MultiGzDecoder;
use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::rc::Rc;

/// What a walk is about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Walk<'a> {
    pub(crate) file: &'a Path,
    pub(crate) with: OpenWith<'a>,
    pub(crate) limits: &'a Limits,
    pub(crate) pressed: Pressed,
}

/// Whether gzip stands between age and tar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pressed {
    Gzip,
    Not,
}

/// What a walk to the end has seen.
#[derive(Debug)]
pub(crate) struct Walked {
    pub(crate) members: Members,
    /// SHA-256 of the file as it lies on the disk.
    pub(crate) cipher: [u8; 32],
    pub(crate) bytes: u64,
}

/// Who is shown each member: its name, its size, what came before it, its content.
pub(crate) trait Visit {
    fn visit(
        &mut self,
        name: &str,
        size: u64,
        before: &Members,
        content: &mut Content<'_>,
    ) -> Result<(), ArchiveError>;
}

impl Walk<'_> {
    /// Opens the file and shows every member. What was shown may be relied upon only after this
    /// returned `Ok`, and then only as far as the manifest or the pack's name covers it.
    pub(crate) fn run(
        &self,
        input: File,
        watch: &mut Watch<'_>,
        visit: &mut dyn Visit,
    ) -> Result<Walked, ArchiveError> {
        let total = input.metadata().map_err(|error| ArchiveError::io(self.file, error))?.len();
        let passed = Rc::new(Cell::new(0));
        let (ahead, whole) = Ahead::begin(input, Rc::clone(&passed));
        let at = |error: ArchiveError| error.near(passed.get());
        let plain = open(self.file, self.with, self.limits, ahead)?;
        let members = match self.pressed {
            Pressed::Gzip => {
                let mut plain = BufReader::with_capacity(64 << 10, plain);
                let start =
                    plain.fill_buf().map_err(|error| at(ArchiveError::broken(self.file, error)))?;
                if !start.starts_with(&[0x1f, 0x8b]) {
                    return Err(ArchiveError::NotABackup { file: shown(self.file) });
                }
                // The decoder that reads several members as one; the other stops after the first.
                self.tar(
                    self.bounded(MultiGzDecoder::new(plain), &passed),
                    &passed,
                    total,
                    watch,
                    visit,
                )
            }
            Pressed::Not => self.tar(self.bounded(plain, &passed), &passed, total, watch, visit),
        };
        let members = members.map_err(at)?;
        Ok(Walked { members, cipher: whole.hash(), bytes: passed.get() })
    }

    fn bounded<R: Read>(&self, inner: R, passed: &Rc<Cell<u64>>) -> Bounded<R> {
        Bounded {
            inner,
            out: 0,
            passed: Rc::clone(passed),
            limits: *self.limits,
            file: shown(self.file),
        }
    }

    fn tar<R: Read>(
        &self,
        input: R,
        passed: &Cell<u64>,
        total: u64,
        watch: &mut Watch<'_>,
        visit: &mut dyn Visit,
    ) -> Result<Members, ArchiveError> {
        let mut members = Members::default();
        let mut archive = tar::Archive::new(input);
        // Raw: the library would read the long names of its extensions into memory unbounded.
        for entry in
            archive.entries().map_err(|error| ArchiveError::broken(self.file, error))?.raw(true)
        {
            let mut entry = entry.map_err(|error| ArchiveError::broken(self.file, error))?;
            let name = self.member_name(&entry)?;
            if members.len() >= self.limits.members {
                return Err(ArchiveError::TooMany {
                    file: shown(self.file),
                    limit: self.limits.members,
                });
            }
            let size = entry.size();
            let mut content = Content::new(&mut entry);
            visit.visit(&name, size, &members, &mut content)?;
            let hash = content.rest().map_err(|error| ArchiveError::broken(self.file, error))?;
            if content.bytes != size {
                return Err(ArchiveError::Damaged { file: shown(self.file), at: 0 });
            }
            members.push(&name, hash);
            watch.step(Step::Read { done: passed.get(), total })?;
        }
        self.only_zeros(&mut archive.into_inner())?;
        Ok(members)
    }

    fn member_name<R: Read>(&self, entry: &tar::Entry<'_, R>) -> Result<String, ArchiveError> {
        let raw = entry.path_bytes();
        let Some(name) = name::permitted(&raw) else {
            let start: String = String::from_utf8_lossy(&raw).chars().take(100).collect();
            return Err(fault(self.file, &start, MemberFault::Name));
        };
        if entry.header().entry_type().is_file() {
            Ok(name.to_owned())
        } else {
            Err(fault(self.file, name, MemberFault::NotAFile))
        }
    }

    /// After the end of a tar come zeros, and the seals of what was read must hold to the end.
    fn only_zeros(&self, rest: &mut impl Read) -> Result<(), ArchiveError> {
        let mut buffer = [0u8; 8192];
        loop {
            match rest.read(&mut buffer) {
                Ok(0) => return Ok(()),
                Ok(read) if buffer.iter().take(read).all(|byte| *byte == 0) => {}
                Ok(_) => return Err(ArchiveError::Damaged { file: shown(self.file), at: 0 }),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(ArchiveError::broken(self.file, error)),
            }
        }
    }
}

/// A member that is not as it must be.
pub(crate) fn fault(file: &Path, member: &str, fault: MemberFault) -> ArchiveError {
    ArchiveError::Member { file: shown(file), member: member.to_owned(), fault }
}

/// A member whose content is not as it must be.
pub(crate) fn malformed(file: &Path, member: &str) -> ArchiveError {
    fault(file, member, MemberFault::Form)
}

/// Reads a member whole, up to a limit.
pub(crate) fn whole(
    file: &Path,
    member: &str,
    size: u64,
    limit: u64,
    content: &mut dyn Read,
) -> Result<Vec<u8>, ArchiveError> {
    if size > limit {
        return Err(fault(file, member, MemberFault::TooLarge));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size.min(1 << 20)).unwrap_or(0));
    content
        .take(limit)
        .read_to_end(&mut bytes)
        .map_err(|error| ArchiveError::broken(file, error))?;
    Ok(bytes)
}

/// Lets out no more than the limits allow for what went in.
struct Bounded<R> {
    inner: R,
    out: u64,
    passed: Rc<Cell<u64>>,
    limits: Limits,
    file: String,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buf)?;
        self.out = self.out.saturating_add(u64::try_from(read).unwrap_or(u64::MAX));
        let limit = self
            .passed
            .get()
            .saturating_mul(self.limits.expansion)
            .saturating_add(self.limits.slack);
        if self.out > limit {
            return Err(io::Error::other(ArchiveError::Expands { file: self.file.clone(), limit }));
        }
        Ok(read)
    }
}
