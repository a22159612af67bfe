//! Windows, pickers and links: what the shell itself does for a page.

use crate::app_core::AppCore;
use crate::put_away::PutAway;
use crate::sheet::Sheet;
use hearthkeep_client::{ErrorCode, Refusal};
use serde::Deserialize;
use specta::Type;
use tauri::{AppHandle, Manager, State, WebviewWindow};
use tauri_plugin_dialog::{DialogExt, FileDialogBuilder, FilePath};
use tokio::sync::oneshot;

/// What a file is picked for.
#[derive(Debug, Clone, Copy, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub(crate) enum FileKind {
    /// Something to import.
    Import,
    /// A backup in one file.
    Backup,
    /// A picture for an entry.
    Picture,
}

/// Locks the app, as by one key.
#[tauri::command]
#[specta::specta]
pub(crate) async fn lock(app: AppHandle) {
    crate::lock::lock(&app).await;
}

/// The page has heard that it must put its words away.
#[tauri::command]
#[specta::specta]
pub(crate) fn putting_away(page: State<'_, PutAway>) {
    page.heard();
}

/// The page holds no words any more.
#[tauri::command]
#[specta::specta]
pub(crate) fn put_away(page: State<'_, PutAway>) {
    page.done();
}

/// A key or a click: somebody is there.
#[tauri::command(async)]
#[specta::specta]
pub(crate) fn activity(core: State<'_, AppCore>) -> Result<(), Refusal> {
    core.client()?.activity();
    Ok(())
}

/// Lets a person pick a file; none where they closed the dialog.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pick_file(app: AppHandle, kind: FileKind) -> Option<String> {
    let (name, endings): (_, &[&str]) = match kind {
        FileKind::Import => ("*.zip, *.json", &["zip", "json"]),
        FileKind::Backup => ("*.age", &["age"]),
        FileKind::Picture => {
            ("*.png, *.jpg, *.gif, *.webp", &["png", "jpg", "jpeg", "gif", "webp"])
        }
    };
    picked(at_home(&app).add_filter(name, endings), FileDialogBuilder::pick_file).await
}

/// Lets a person pick a folder.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pick_folder(app: AppHandle) -> Option<String> {
    picked(at_home(&app), FileDialogBuilder::pick_folder).await
}

/// Lets a person say where a file is to be written.
#[tauri::command]
#[specta::specta]
pub(crate) async fn pick_save(app: AppHandle, name: String) -> Option<String> {
    picked(at_home(&app).set_file_name(name), FileDialogBuilder::save_file).await
}

/// Opens a link outside, after the page has asked.
#[tauri::command]
#[specta::specta]
pub(crate) fn open_outside(link: String) -> bool {
    crate::outside::open(&link)
}

/// Lays words into the clipboard.
#[tauri::command]
#[specta::specta]
pub(crate) fn copy_text(app: AppHandle, text: String) {
    crate::clipboard::put_words(&app, text);
}

/// Opens the system's dialog for printing the 24 words.
#[tauri::command]
#[specta::specta]
pub(crate) fn print_sheet(window: WebviewWindow, sheet: Sheet) -> Result<(), Refusal> {
    crate::sheet::print(&window, sheet).map_err(|_| Refusal { code: ErrorCode::Window, what: None })
}

type Dialog = FileDialogBuilder<tauri::Wry>;
type Answer = Box<dyn FnOnce(Option<FilePath>) + Send>;

/// A dialog that begins at home. By itself it begins with the system's recent files, among which no
/// folder can be chosen.
fn at_home(app: &AppHandle) -> Dialog {
    let dialog = app.dialog().file();
    match app.path().home_dir() {
        Ok(home) => dialog.set_directory(home),
        Err(_) => dialog,
    }
}

async fn picked(dialog: Dialog, show: impl FnOnce(Dialog, Answer)) -> Option<String> {
    let (told, answer) = oneshot::channel();
    show(dialog, Box::new(move |path| drop(told.send(path))));
    Some(answer.await.ok()??.into_path().ok()?.to_str()?.to_owned())
}
