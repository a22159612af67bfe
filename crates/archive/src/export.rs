//! Entries written out in clear: Markdown with front matter, or one JSON file; pictures beside.

use crate::ArchiveError;
use crate::backup::{entry_json, picture_name};
use crate::error::shown;
use crate::item::{AttachmentItem, EntryItem};
use crate::markdown;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

/// How entries are written out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportFormat {
    /// A folder of Markdown.
    Markdown,
    /// One JSON file, `hearthkeep.json`.
    Json,
}

/// An export being written into a folder of its own.
#[derive(Debug)]
pub struct ExportWriter {
    folder: PathBuf,
    json: Option<BufWriter<File>>,
    entries: u32,
    pictures: u32,
}

const JSON: &str = "hearthkeep.json";

impl ExportWriter {
    /// Begins an export. The folder must be new or empty: nothing of the person's is written over.
    ///
    /// # Errors
    /// [`ArchiveError::Exists`] when there is something in it, or what the system says.
    pub fn begin(folder: &Path, format: ExportFormat) -> Result<Self, ArchiveError> {
        match fs::create_dir(folder) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(ArchiveError::io(folder, error));
            }
            _ => {}
        }
        let mut there = fs::read_dir(folder).map_err(|error| ArchiveError::io(folder, error))?;
        if there.next().is_some() {
            return Err(ArchiveError::Exists { file: shown(folder) });
        }
        let mut writer = Self { folder: folder.to_owned(), json: None, entries: 0, pictures: 0 };
        if format == ExportFormat::Json {
            let path = folder.join(JSON);
            let mut json = BufWriter::new(writer.create(&path)?);
            let head = b"{\"format\":\"hearthkeep-export\",\"version\":1,\"entries\":[";
            json.write_all(head).map_err(|error| ArchiveError::io(&path, error))?;
            writer.json = Some(json);
        }
        Ok(writer)
    }

    fn create(&self, path: &Path) -> Result<File, ArchiveError> {
        let refuse = |error| ArchiveError::io(path, error);
        fs::create_dir_all(path.parent().unwrap_or(&self.folder)).map_err(refuse)?;
        OpenOptions::new().write(true).create_new(true).open(path).map_err(refuse)
    }

    /// Writes an entry.
    ///
    /// # Errors
    /// What the system says.
    pub fn entry(&mut self, entry: &EntryItem) -> Result<(), ArchiveError> {
        match self.json.as_mut() {
            Some(json) => {
                let comma: &[u8] = if self.entries == 0 { b"\n" } else { b",\n" };
                let bytes = entry_json(entry).map_err(io::Error::other);
                let written = bytes
                    .and_then(|bytes| json.write_all(comma).and_then(|()| json.write_all(&bytes)));
                written.map_err(|error| ArchiveError::io(&self.folder.join(JSON), error))?;
            }
            None => {
                let day = entry.fields.moment.day;
                let path = self.folder.join(format!("{:04}/{day}-{}.md", day.parts().0, entry.id));
                let mut file = self.create(&path)?;
                let page = markdown::page(entry, "../");
                file.write_all(page.as_bytes()).map_err(|error| ArchiveError::io(&path, error))?;
            }
        }
        self.entries = self.entries.saturating_add(1);
        Ok(())
    }

    /// Writes a picture of an entry.
    ///
    /// # Errors
    /// What the system says.
    pub fn picture(
        &mut self,
        item: &AttachmentItem,
        content: &mut dyn Read,
    ) -> Result<(), ArchiveError> {
        let path = self.folder.join(picture_name(item.id, &item.media));
        let mut file = self.create(&path)?;
        io::copy(content, &mut file).map_err(|error| ArchiveError::io(&path, error))?;
        self.pictures = self.pictures.saturating_add(1);
        Ok(())
    }

    /// Ends the export: how many entries and pictures it has.
    ///
    /// # Errors
    /// What the system says.
    pub fn finish(self) -> Result<(u32, u32), ArchiveError> {
        if let Some(mut json) = self.json {
            let end = json.write_all(b"\n]}\n").and_then(|()| json.flush());
            end.and_then(|()| json.get_ref().sync_all())
                .map_err(|error| ArchiveError::io(&self.folder.join(JSON), error))?;
        }
        Ok((self.entries, self.pictures))
    }
}
