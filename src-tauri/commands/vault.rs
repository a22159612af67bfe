//! The vault, before and after it is opened.

use crate::app_core::AppCore;
use hearthkeep_client::Refusal;
use hearthkeep_client::view::{AskedWord, DamagedRow, Look, NewWords, Profile, Settings, Strength};
use tauri::State;

/// Where the profile stands, and all that is known without a passphrase.
#[tauri::command(async)]
#[specta::specta]
pub(crate) fn profile(core: State<'_, AppCore>) -> Result<Profile, Refusal> {
    Ok(core.client()?.profile())
}

/// Keeps how the page looks.
#[tauri::command(async)]
#[specta::specta]
pub(crate) fn set_look(core: State<'_, AppCore>, look: Look) -> Result<(), Refusal> {
    Ok(core.client()?.set_look(&look)?)
}

/// How long a passphrase would hold.
#[tauri::command(async)]
#[specta::specta]
pub(crate) fn strength(core: State<'_, AppCore>, passphrase: String) -> Result<Strength, Refusal> {
    Ok(core.client()?.strength(&passphrase))
}

/// A passphrase that holds.
#[tauri::command(async)]
#[specta::specta]
pub(crate) fn suggest_passphrase(core: State<'_, AppCore>) -> Result<String, Refusal> {
    Ok(core.client()?.suggest_passphrase())
}

/// Makes the vault; its words are shown once.
#[tauri::command]
#[specta::specta]
pub(crate) async fn create_vault(
    core: State<'_, AppCore>,
    passphrase: String,
) -> Result<NewWords, Refusal> {
    Ok(core.client()?.create_vault(&passphrase).await?)
}

/// Which of the words that were typed back are wrong.
#[tauri::command]
#[specta::specta]
pub(crate) async fn rehearse(
    core: State<'_, AppCore>,
    words: Vec<AskedWord>,
) -> Result<Vec<u8>, Refusal> {
    Ok(core.client()?.rehearse(&words).await?)
}

/// Changes the passphrase.
#[tauri::command]
#[specta::specta]
pub(crate) async fn change_passphrase(
    core: State<'_, AppCore>,
    old: String,
    fresh: String,
) -> Result<(), Refusal> {
    Ok(core.client()?.change_passphrase(&old, &fresh).await?)
}

/// Replaces the recovery words.
#[tauri::command]
#[specta::specta]
pub(crate) async fn replace_words(
    core: State<'_, AppCore>,
    passphrase: String,
) -> Result<NewWords, Refusal> {
    Ok(core.client()?.replace_words(&passphrase).await?)
}

/// The settings.
#[tauri::command]
#[specta::specta]
pub(crate) async fn settings(core: State<'_, AppCore>) -> Result<Settings, Refusal> {
    Ok(core.client()?.settings().await?)
}

/// Keeps the settings.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_settings(
    core: State<'_, AppCore>,
    settings: Settings,
) -> Result<(), Refusal> {
    Ok(core.client()?.set_settings(&settings).await?)
}

/// Rows that could not be opened.
#[tauri::command(async)]
#[specta::specta]
pub(crate) fn damaged(core: State<'_, AppCore>) -> Result<Vec<DamagedRow>, Refusal> {
    Ok(core.client()?.damaged()?)
}

/// Takes the kept copy of the slot file.
#[tauri::command(async)]
#[specta::specta]
pub(crate) fn use_kept_slots(core: State<'_, AppCore>) -> Result<(), Refusal> {
    Ok(core.client()?.use_kept_slots()?)
}
