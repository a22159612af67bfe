//! `open.toml`: the few lines that are readable while locked.

use super::{ProfileFolder, atomic};
use crate::StoreError;
use std::collections::BTreeMap;

/// What `open.toml` may hold at most.
const LIMIT: usize = 4_096;

/// Names with their values, as `name = "value"` lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OpenFile(BTreeMap<String, String>);

impl OpenFile {
    /// The value of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Gives a name a value. Quotes and control characters have no place here and are left out.
    pub fn set(&mut self, name: &str, value: &str) {
        let plain = |c: &char| !c.is_control() && !matches!(c, '"' | '\\');
        self.0.insert(name.to_owned(), value.chars().filter(plain).collect());
    }

    /// Takes a name out.
    pub fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }

    fn parse(text: &str) -> Self {
        let line = |line: &str| {
            let (name, value) = line.split_once('=')?;
            let value = value.trim().strip_prefix('"')?.strip_suffix('"')?;
            Some((name.trim().to_owned(), value.to_owned()))
        };
        Self(text.lines().filter_map(line).collect())
    }

    fn text(&self) -> String {
        self.0.iter().map(|(name, value)| format!("{name} = \"{value}\"\n")).collect()
    }
}

impl ProfileFolder {
    /// Reads `open.toml`; what is damaged or missing is simply not set.
    #[must_use]
    pub fn read_open_file(&self) -> OpenFile {
        let bytes = std::fs::read(self.path().join("open.toml")).unwrap_or_default();
        if bytes.len() > LIMIT {
            return OpenFile::default();
        }
        OpenFile::parse(&String::from_utf8_lossy(&bytes))
    }

    /// Writes `open.toml`.
    ///
    /// # Errors
    /// What the file system says.
    pub fn write_open_file(&self, file: &OpenFile) -> Result<(), StoreError> {
        let new = self.path().join("open.toml.new");
        atomic::write_synced(&new, file.text().as_bytes())?;
        atomic::rename(&new, &self.path().join("open.toml"))?;
        atomic::sync_folder(self.path())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_set_is_read_back_and_garbage_is_ignored() {
        let place = tempfile::tempdir().unwrap();
        let folder = ProfileFolder::open(place.path()).unwrap();
        let mut file = OpenFile::default();
        file.set("theme", "dark");
        file.set("language", "pt-\"BR\n");
        folder.write_open_file(&file).unwrap();
        let back = folder.read_open_file();
        assert_eq!((back.get("theme"), back.get("language")), (Some("dark"), Some("pt-BR")));
        std::fs::write(place.path().join("open.toml"), b"\xff\xfe = = theme\ntheme = dark")
            .unwrap();
        assert_eq!(folder.read_open_file().get("theme"), None);
    }
}
