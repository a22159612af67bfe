//! Commands and events, with the TypeScript that the screen calls them by.

use crate::commands::shell;
use serde::{Deserialize, Serialize};
use specta::Type;
use tauri_specta::{Event, collect_commands, collect_events};

pub(crate) type Builder = tauri_specta::Builder<tauri::Wry>;

/// The journal's page is asked to store its last words and to drop them.
#[derive(Debug, Clone, Serialize, Deserialize, Type, Event)]
pub(crate) struct PutItAway;

/// Every command and event that has a type; the four with raw bodies stand in the screen's host.
pub(crate) fn builder() -> Builder {
    Builder::new()
        .commands(collect_commands![
            shell::lock,
            shell::putting_away,
            shell::put_away,
            shell::activity,
            shell::pick_file,
            shell::pick_folder,
            shell::pick_save,
            shell::open_outside,
            shell::copy_text,
            shell::print_page,
        ])
        .events(collect_events![PutItAway])
}
