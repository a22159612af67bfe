//! Links of invitations, as the desktop hands them over.

use crate::app_core::AppCore;
use hearthkeep_client::Refusal;
use std::ffi::OsStr;
use tauri::{AppHandle, Manager};

const SCHEME: &str = "hearthkeep://";
// The link travels on a command line and holds a secret: nothing here prints it.
const LONGEST: usize = 4096;

/// A link among the command line's words.
pub(crate) fn from_argument(word: &OsStr) -> Option<String> {
    let word = word.to_str()?;
    (word.starts_with(SCHEME) && word.len() <= LONGEST).then(|| word.to_owned())
}

/// A link came from outside: it waits in the core, whether there is a vault yet or not. What is
/// wrong with it is said when it is opened; here only the kind of refusal is logged.
pub(crate) fn arrived(app: &AppHandle, link: String) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        let opened = match app.state::<AppCore>().client() {
            Ok(client) => client.open_invitation(&link).await.map_err(Refusal::from),
            Err(refusal) => Err(refusal),
        };
        if let Err(refusal) = opened {
            tracing::warn!(code = ?refusal.code, "an invitation was refused");
        }
    });
}
