//! The one client of this process, or why there is none yet.

use crate::bindings::Changed;
use crate::lock;
use hearthkeep_client::{ClientError, Event, Events, Hearthkeep, Refusal, SystemClock};
use std::path::PathBuf;
use std::sync::{Arc, PoisonError};
use tauri::AppHandle;
use tauri_specta::Event as _;
use tokio::sync::{Mutex, MutexGuard};

/// What all commands call.
pub(crate) struct AppCore {
    client: std::sync::Mutex<Option<Hearthkeep>>,
    app: AppHandle,
    profile: PathBuf,
    windows: Mutex<()>,
}

impl AppCore {
    /// For the profile in this folder.
    pub(crate) fn new(app: &AppHandle, profile: PathBuf) -> Self {
        Self {
            client: std::sync::Mutex::default(),
            app: app.clone(),
            profile,
            windows: Mutex::new(()),
        }
    }

    /// The client, for a command. Opens the profile's folder; the vault in it stays locked. What
    /// was refused is tried again with the next command: a Hearthkeep that was just killed may
    /// still hold the folder while the disk takes its last write.
    pub(crate) fn client(&self) -> Result<Hearthkeep, Refusal> {
        let mut place = self.client.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = &*place {
            return Ok(client.clone());
        }
        let clock = Arc::new(SystemClock::new());
        let client = Hearthkeep::open(&self.profile, clock, tell_the_screen(&self.app))
            .map_err(|error| Refusal::from(&error))?;
        Ok(place.insert(client).clone())
    }

    /// Where the web view keeps what it must keep: inside the profile, so that it goes with it.
    pub(crate) fn web_folder(&self) -> PathBuf {
        self.profile.join("web")
    }

    /// Who opens or closes windows does so alone: a lock in the middle of an unlock would leave the
    /// journal's window over a locked vault.
    pub(crate) async fn windows(&self) -> MutexGuard<'_, ()> {
        self.windows.lock().await
    }

    /// Drops every opened row and key.
    pub(crate) async fn lock(&self) {
        let client = self.client.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(client) = client
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
