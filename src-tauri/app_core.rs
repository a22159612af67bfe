//! The one client of this process, or why there is none.

use std::path::{Path, PathBuf};
use std::time::Duration;
use tauri::AppHandle;
use tokio::sync::{Mutex, MutexGuard};

/// What all commands call.
pub(crate) struct AppCore {
    profile: PathBuf,
    closing: Mutex<()>,
}

impl AppCore {
    /// Opens the profile; it stays locked.
    pub(crate) fn open(_app: &AppHandle, profile: PathBuf) -> Self {
        Self { profile, closing: Mutex::new(()) }
    }

    /// Where the web view keeps what it must keep: inside the profile, so that it goes with it.
    pub(crate) fn web_folder(&self) -> PathBuf {
        self.profile.join("web")
    }

    /// Only one lock runs at a time.
    pub(crate) async fn closing(&self) -> MutexGuard<'_, ()> {
        self.closing.lock().await
    }

    /// Drops every opened row and key.
    pub(crate) async fn lock(&self) {}

    /// How long nobody may be there before it locks; none where it is locked or may stay open.
    pub(crate) async fn idle_limit(&self) -> Option<Duration> {
        None
    }
}
