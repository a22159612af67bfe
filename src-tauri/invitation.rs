//! Links of invitations, as the desktop hands them over.

use std::ffi::OsStr;
use tauri::AppHandle;

const SCHEME: &str = "hearthkeep://";
// The link travels on a command line and holds a secret: nothing here prints it.
const LONGEST: usize = 4096;

/// A link among the command line's words.
pub(crate) fn from_argument(word: &OsStr) -> Option<String> {
    let word = word.to_str()?;
    (word.starts_with(SCHEME) && word.len() <= LONGEST).then(|| word.to_owned())
}

/// A link came from outside.
pub(crate) fn arrived(_app: &AppHandle, _link: String) {}
