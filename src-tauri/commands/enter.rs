//! From the lock page to the journal.

use crate::app_core::AppCore;
use crate::window;
use hearthkeep_client::Refusal;
use tauri::{AppHandle, State};

/// Opens the vault with its passphrase, then the journal's window.
#[tauri::command]
#[specta::specta]
pub(crate) async fn unlock(
    app: AppHandle,
    core: State<'_, AppCore>,
    passphrase: String,
) -> Result<(), Refusal> {
    core.client()?.unlock(&passphrase).await?;
    window::open_journal(&app).await
}

/// Opens the vault with its 24 words, then the journal's window.
#[tauri::command]
#[specta::specta]
pub(crate) async fn unlock_with_words(
    app: AppHandle,
    core: State<'_, AppCore>,
    words: String,
) -> Result<(), Refusal> {
    core.client()?.unlock_with_words(&words).await?;
    window::open_journal(&app).await
}

/// Opens the journal's window of a vault that was made or restored.
#[tauri::command]
#[specta::specta]
pub(crate) async fn enter(app: AppHandle) -> Result<(), Refusal> {
    window::open_journal(&app).await
}
