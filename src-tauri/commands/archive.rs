//! Imports, exports, backups.

use crate::app_core::AppCore;
use hearthkeep_client::Refusal;
use hearthkeep_client::view::{
    BackupProof, BackupStatus, ExportFormat, Exported, ImportPreview, Imported, Progress,
    RestoreSecret, Restored,
};
use std::path::PathBuf;
use tauri::State;
use tauri::ipc::Channel;

/// What an import would bring.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import_preview(
    core: State<'_, AppCore>,
    path: PathBuf,
) -> Result<ImportPreview, Refusal> {
    Ok(core.client()?.import_preview(&path).await?)
}

/// Imports.
#[tauri::command]
#[specta::specta]
pub(crate) async fn import(
    core: State<'_, AppCore>,
    path: PathBuf,
    progress: Channel<Progress>,
) -> Result<Imported, Refusal> {
    Ok(core.client()?.import(&path, tell(progress)).await?)
}

/// Stops an import.
#[tauri::command(async)]
#[specta::specta]
pub(crate) fn cancel_import(core: State<'_, AppCore>) -> Result<(), Refusal> {
    core.client()?.cancel_import();
    Ok(())
}

/// Writes all entries out, in clear.
#[tauri::command]
#[specta::specta]
pub(crate) async fn export(
    core: State<'_, AppCore>,
    path: PathBuf,
    format: ExportFormat,
    progress: Channel<Progress>,
) -> Result<Exported, Refusal> {
    Ok(core.client()?.export(&path, format, tell(progress)).await?)
}

/// How the backups stand.
#[tauri::command]
#[specta::specta]
pub(crate) async fn backup_status(core: State<'_, AppCore>) -> Result<BackupStatus, Refusal> {
    Ok(core.client()?.backup_status().await?)
}

/// Chooses the folder of the automatic backups.
#[tauri::command]
#[specta::specta]
pub(crate) async fn choose_backup_folder(
    core: State<'_, AppCore>,
    path: PathBuf,
    passphrase: String,
) -> Result<BackupStatus, Refusal> {
    Ok(core.client()?.choose_backup_folder(&path, &passphrase).await?)
}

/// Makes a backup into the folder now.
#[tauri::command]
#[specta::specta]
pub(crate) async fn backup_now(
    core: State<'_, AppCore>,
    progress: Channel<Progress>,
) -> Result<BackupProof, Refusal> {
    Ok(core.client()?.backup_now(tell(progress)).await?)
}

/// Makes a backup in one file.
#[tauri::command]
#[specta::specta]
pub(crate) async fn backup_file(
    core: State<'_, AppCore>,
    path: PathBuf,
    passphrase: String,
    progress: Channel<Progress>,
) -> Result<BackupProof, Refusal> {
    Ok(core.client()?.backup_file(&path, &passphrase, tell(progress)).await?)
}

/// Opens a backup and compares every hash.
#[tauri::command]
#[specta::specta]
pub(crate) async fn prove_backup(
    core: State<'_, AppCore>,
    path: PathBuf,
    passphrase: Option<String>,
    progress: Channel<Progress>,
) -> Result<BackupProof, Refusal> {
    Ok(core.client()?.prove_backup(&path, passphrase.as_deref(), tell(progress)).await?)
}

/// Stops a backup.
#[tauri::command(async)]
#[specta::specta]
pub(crate) fn cancel_backup(core: State<'_, AppCore>) -> Result<(), Refusal> {
    core.client()?.cancel_backup();
    Ok(())
}

/// Restores a backup into a new vault.
#[tauri::command]
#[specta::specta]
pub(crate) async fn restore(
    core: State<'_, AppCore>,
    path: PathBuf,
    secret: RestoreSecret,
    new_passphrase: String,
    progress: Channel<Progress>,
) -> Result<Restored, Refusal> {
    Ok(core.client()?.restore(&path, secret, &new_passphrase, tell(progress)).await?)
}

/// How far a long task has come goes to the page that waits for it; a page that is gone is no
/// reason to stop.
fn tell(progress: Channel<Progress>) -> impl Fn(Progress) + Send + Sync + 'static {
    move |done| drop(progress.send(done))
}
