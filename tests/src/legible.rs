//! Looks for words in bytes and files, in every form in which they could be legible there.

use std::fs;
use std::path::{Path, PathBuf};

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const FOR_URLS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Words, ids and other bytes that must stand nowhere.
#[derive(Debug, Clone)]
pub struct Marks {
    forms: Vec<Form>,
    /// Which two bytes begin a form: almost everywhere none does.
    begins: Vec<bool>,
}

#[derive(Debug, Clone)]
struct Form {
    of: String,
    bytes: Vec<u8>,
}

impl Marks {
    /// Words: as they are and in lower case, in UTF-8, UTF-16 both ways, hexadecimal and base64.
    #[must_use]
    pub fn words<S: AsRef<str>>(words: &[S]) -> Self {
        let mut marks = Self { forms: Vec::new(), begins: vec![false; 1 << 16] };
        for word in words.iter().map(AsRef::as_ref) {
            marks.add(word, word.as_bytes());
            for text in [word.to_owned(), word.to_lowercase()] {
                marks.push(word, text.as_bytes().to_vec());
                marks.push(word, text.encode_utf16().flat_map(u16::to_le_bytes).collect());
                marks.push(word, text.encode_utf16().flat_map(u16::to_be_bytes).collect());
            }
        }
        marks
    }

    /// Looks for bytes as well: as they are, in hexadecimal and in base64.
    pub fn add(&mut self, name: &str, bytes: &[u8]) {
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        self.push(name, bytes.to_vec());
        self.push(name, hex.to_uppercase().into_bytes());
        self.push(name, hex.into_bytes());
        for digits in [STANDARD, FOR_URLS] {
            for before in 0..3 {
                self.push(name, base64(bytes, before, digits));
            }
        }
    }

    fn push(&mut self, of: &str, bytes: Vec<u8>) {
        assert!(bytes.len() >= 4, "{of} is too short to be told from chance");
        if let Some(begins) = bytes.first_chunk().and_then(|two| self.begins.get_mut(place(*two))) {
            *begins = true;
        }
        self.forms.push(Form { of: of.to_owned(), bytes });
    }

    /// The first of them that stands in these bytes.
    #[must_use]
    pub fn found_in(&self, bytes: &[u8]) -> Option<&str> {
        let begins = |two: &[u8]| {
            let two = two.first_chunk().map(|two| place(*two));
            two.and_then(|two| self.begins.get(two)).is_some_and(|begins| *begins)
        };
        let starts = bytes.windows(2).enumerate().filter(|(_, two)| begins(two));
        let mut found = starts.filter_map(|(at, _)| {
            let rest = bytes.get(at..)?;
            self.forms.iter().find(|form| rest.starts_with(&form.bytes))
        });
        found.next().map(|form| form.of.as_str())
    }

    /// Every file below a folder in whose name or bytes one of them stands.
    #[must_use]
    pub fn found_below(&self, folder: &Path) -> Vec<(PathBuf, String)> {
        let mut found = Vec::new();
        for (path, bytes) in files_below(folder) {
            let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().into_owned();
            let mark = self.found_in(name.as_bytes()).or_else(|| self.found_in(&bytes));
            found.extend(mark.map(str::to_owned).map(|mark| (path, mark)));
        }
        found
    }
}

fn place(two: [u8; 2]) -> usize {
    usize::from(u16::from_be_bytes(two))
}

/// The digits of base64 that do not depend on what stands before (so many bytes, modulo three) and
/// after.
fn base64(bytes: &[u8], before: usize, digits: &[u8; 64]) -> Vec<u8> {
    let shifted = [vec![0; before], bytes.to_vec()].concat();
    let (threes, _) = shifted.as_chunks::<3>();
    let four = |[a, b, c]: &[u8; 3]| {
        let bits = u32::from_be_bytes([0, *a, *b, *c]);
        [18, 12, 6, 0].map(|shift| usize::try_from((bits >> shift) & 63).unwrap_or_default())
    };
    let encoded = threes.iter().flat_map(four);
    // With one byte before, the first digit is not ours and half of the second is not; and so on.
    let theirs = if before == 0 { 0 } else { before.saturating_add(1) };
    encoded.skip(theirs).filter_map(|digit| digits.get(digit).copied()).collect()
}

/// Every file below a folder, with its bytes. What is removed meanwhile is left out.
#[must_use]
pub fn files_below(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => files.extend(files_below(&path)),
            Ok(kind) if kind.is_file() => {
                files.extend(fs::read(&path).ok().map(|bytes| (path, bytes)));
            }
            Ok(_) | Err(_) => {}
        }
    }
    files
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_in_every_form_and_not_where_it_is_not() {
        let marks = Marks::words(&["MarkText?>"]);
        let utf16 = |turn: fn(u16) -> [u8; 2]| "MarkText?>".encode_utf16().flat_map(turn).collect();
        let forms: [Vec<u8>; 12] = [
            b"MarkText?>".to_vec(),
            b"marktext?>".to_vec(),
            utf16(u16::to_le_bytes),
            utf16(u16::to_be_bytes),
            b"4d61726b546578743f3e".to_vec(),
            b"4D61726B546578743F3E".to_vec(),
            b"TWFya1RleHQ/Pg==".to_vec(),
            b"TWFya1RleHQ_Pg".to_vec(),
            b"eE1hcmtUZXh0Pz4=".to_vec(),
            b"eE1hcmtUZXh0Pz4".to_vec(),
            b"eHhNYXJrVGV4dD8+".to_vec(),
            b"eHhNYXJrVGV4dD8-".to_vec(),
        ];
        for form in forms {
            let shown = String::from_utf8_lossy(&form).into_owned();
            assert_eq!(marks.found_in(&form), Some("MarkText?>"), "{shown}");
            let hidden = [&b"\x00M"[..], &form, b"M"].concat();
            assert_eq!(marks.found_in(&hidden), Some("MarkText?>"), "{shown}");
            let cut = form.get(..form.len() / 2).unwrap_or_default();
            assert_eq!(marks.found_in(cut), None, "{shown}");
        }
        assert_eq!(marks.found_in(b"Mark Text"), None);
    }
}
