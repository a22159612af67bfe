//! The one client of this process, or why there is none.

use crate::bindings::Changed;
use crate::lock;
use hearthkeep_client::{ClientError, Event, Events, Hearthkeep, Refusal, SystemClock};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tauri::AppHandle;
use tauri_specta::Event as _;
use tokio::sync::{Mutex, MutexGuard};

/// What all commands call.
pub(crate) struct AppCore {
    client: Result<Hearthkeep, Refusal>,
    web: PathBuf,
    closing: Mutex<()>,
}

impl AppCore {
    /// Opens the profile; it stays locked. Where that is refused, the lock page says why.
    pub(crate) fn open(app: &AppHandle, profile: &Path) -> Self {
        let clock = Arc::new(SystemClock::new());
        let client = Hearthkeep::open(profile, clock, tell_the_screen(app));
        Self {
            client: client.map_err(|error| Refusal::from(&error)),
            web: profile.join("web"),
            closing: Mutex::new(()),
        }
    }

    /// The client, for a command.
    pub(crate) fn client(&self) -> Result<&Hearthkeep, Refusal> {
        self.client.as_ref().map_err(Clone::clone)
    }

    /// Where the web view keeps what it must keep: inside the profile, so that it goes with it.
    pub(crate) fn web_folder(&self) -> PathBuf {
        self.web.clone()
    }

    /// Only one lock runs at a time.
    pub(crate) async fn closing(&self) -> MutexGuard<'_, ()> {
        self.closing.lock().await
    }

    /// Drops every opened row and key.
    pub(crate) async fn lock(&self) {
        if let Ok(client) = &self.client
            && let Err(error) = client.lock().await
        {
            log_refusal(&error);
        }
    }
}

/// What the core says after a commit, to whichever page is open. When the core has locked by
/// itself, the journal's window goes too.
fn tell_the_screen(app: &AppHandle) -> Events {
    let app = app.clone();
    Events::to(move |event| {
        if event == Event::Locked {
            let app = app.clone();
            tauri::async_runtime::spawn(async move { lock::lock(&app).await });
        }
        if Changed(event).emit(&app).is_err() {
            tracing::warn!("a page could not be told of a change");
        }
    })
}

/// Only the kind of refusal is logged: a path may hold a member's name.
fn log_refusal(error: &ClientError) {
    tracing::warn!(code = ?Refusal::from(error).code, "the core refused to lock");
}
