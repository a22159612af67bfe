//! Entries, their versions, the drawer, and what is found.

use crate::app_core::AppCore;
use hearthkeep_client::Refusal;
use hearthkeep_client::view::{
    ComparedLine, DayMark, EntryFilter, EntryPage, EntryRow, FieldsPatch, Found, Question, Today,
    VersionRow,
};
use tauri::State;

/// The first screen.
#[tauri::command]
#[specta::specta]
pub(crate) async fn today(core: State<'_, AppCore>) -> Result<Today, Refusal> {
    Ok(core.client()?.today().await?)
}

/// A part of the list.
#[tauri::command(async)]
#[specta::specta]
pub(crate) fn entries(
    core: State<'_, AppCore>,
    filter: EntryFilter,
    offset: u32,
    limit: u32,
) -> Result<EntryPage, Refusal> {
    Ok(core.client()?.entries(&filter, offset, limit)?)
}

/// Days of a month that have entries.
#[tauri::command(async)]
#[specta::specta]
pub(crate) fn calendar(core: State<'_, AppCore>, month: String) -> Result<Vec<DayMark>, Refusal> {
    Ok(core.client()?.calendar(&month)?)
}

/// One entry.
#[tauri::command(async)]
#[specta::specta]
pub(crate) fn entry(core: State<'_, AppCore>, id: String) -> Result<EntryRow, Refusal> {
    Ok(core.client()?.entry(&id)?)
}

/// A new, empty entry.
#[tauri::command]
#[specta::specta]
pub(crate) async fn new_entry(core: State<'_, AppCore>) -> Result<EntryRow, Refusal> {
    Ok(core.client()?.new_entry().await?)
}

/// Changes what stands beside the text.
#[tauri::command]
#[specta::specta]
pub(crate) async fn set_fields(
    core: State<'_, AppCore>,
    id: String,
    patch: FieldsPatch,
) -> Result<EntryRow, Refusal> {
    Ok(core.client()?.set_fields(&id, patch).await?)
}

/// The person stopped writing: the state becomes a version.
#[tauri::command]
#[specta::specta]
pub(crate) async fn end_session(core: State<'_, AppCore>, entry: String) -> Result<(), Refusal> {
    Ok(core.client()?.end_session(&entry).await?)
}

/// Earlier versions of an entry.
#[tauri::command]
#[specta::specta]
pub(crate) async fn versions(
    core: State<'_, AppCore>,
    id: String,
) -> Result<Vec<VersionRow>, Refusal> {
    Ok(core.client()?.versions(&id).await?)
}

/// The text of a version, in Markdown.
#[tauri::command]
#[specta::specta]
pub(crate) async fn version_text(
    core: State<'_, AppCore>,
    id: String,
    version: String,
) -> Result<String, Refusal> {
    Ok(core.client()?.version_text(&id, &version).await?)
}

/// A version beside the present state.
#[tauri::command]
#[specta::specta]
pub(crate) async fn compare(
    core: State<'_, AppCore>,
    id: String,
    version: String,
) -> Result<Vec<ComparedLine>, Refusal> {
    Ok(core.client()?.compare(&id, &version).await?)
}

/// Brings a version back.
#[tauri::command]
#[specta::specta]
pub(crate) async fn restore_version(
    core: State<'_, AppCore>,
    id: String,
    version: String,
) -> Result<(), Refusal> {
    Ok(core.client()?.restore_version(&id, &version).await?)
}

/// Lays an entry into the drawer.
#[tauri::command]
#[specta::specta]
pub(crate) async fn to_drawer(core: State<'_, AppCore>, id: String) -> Result<(), Refusal> {
    Ok(core.client()?.to_drawer(&id).await?)
}

/// Takes an entry out of the drawer.
#[tauri::command]
#[specta::specta]
pub(crate) async fn from_drawer(core: State<'_, AppCore>, id: String) -> Result<(), Refusal> {
    Ok(core.client()?.from_drawer(&id).await?)
}

/// Erases an entry for good.
#[tauri::command]
#[specta::specta]
pub(crate) async fn erase(core: State<'_, AppCore>, id: String) -> Result<(), Refusal> {
    Ok(core.client()?.erase(&id).await?)
}

/// Does not show an entry on this day again.
#[tauri::command]
#[specta::specta]
pub(crate) async fn not_this_memory(
    core: State<'_, AppCore>,
    id: String,
    this_year_only: bool,
) -> Result<(), Refusal> {
    Ok(core.client()?.not_this_memory(&id, this_year_only).await?)
}

/// Finds.
#[tauri::command]
#[specta::specta]
pub(crate) async fn find(core: State<'_, AppCore>, question: Question) -> Result<Found, Refusal> {
    Ok(core.client()?.find(&question).await?)
}

/// All tags.
#[tauri::command(async)]
#[specta::specta]
pub(crate) fn tags(core: State<'_, AppCore>) -> Result<Vec<String>, Refusal> {
    Ok(core.client()?.tags()?)
}

/// All feelings.
#[tauri::command(async)]
#[specta::specta]
pub(crate) fn feelings(core: State<'_, AppCore>) -> Result<Vec<String>, Refusal> {
    Ok(core.client()?.feelings()?)
}
