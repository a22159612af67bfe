//! Commands and events, with the TypeScript that the screen calls them by.

use crate::commands::{archive, enter, groups, journal, shell, text, vault};
use hearthkeep_client::Event as CoreEvent;
use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::Wry;
use tauri::ipc::Invoke;
use tauri_specta::{Event, collect_commands, collect_events};

pub(crate) type Builder = tauri_specta::Builder<Wry>;

/// Something changed, and it is on the disk.
#[derive(Debug, Clone, Serialize, Deserialize, Type, Event)]
pub(crate) struct Changed(pub(crate) CoreEvent);

/// The journal's page is asked to store its last words and to drop them.
#[derive(Debug, Clone, Serialize, Deserialize, Type, Event)]
pub(crate) struct PutItAway;

/// Every command and event that has a type.
#[expect(clippy::too_many_lines, reason = "a list of commands, one a line")]
pub(crate) fn builder() -> Builder {
    Builder::new()
        .commands(collect_commands![
            enter::unlock,
            enter::unlock_with_words,
            enter::enter,
            text::paste_picture,
            vault::profile,
            vault::set_look,
            vault::strength,
            vault::suggest_passphrase,
            vault::create_vault,
            vault::rehearse,
            vault::change_passphrase,
            vault::replace_words,
            vault::settings,
            vault::set_settings,
            vault::damaged,
            vault::use_kept_slots,
            journal::today,
            journal::entries,
            journal::calendar,
            journal::entry,
            journal::new_entry,
            journal::set_fields,
            journal::end_session,
            journal::versions,
            journal::version_text,
            journal::compare,
            journal::restore_version,
            journal::to_drawer,
            journal::from_drawer,
            journal::erase,
            journal::not_this_memory,
            journal::find,
            journal::tags,
            journal::feelings,
            archive::import_preview,
            archive::import,
            archive::cancel_import,
            archive::export,
            archive::backup_status,
            archive::choose_backup_folder,
            archive::backup_now,
            archive::backup_file,
            archive::prove_backup,
            archive::cancel_backup,
            archive::restore,
            groups::groups,
            groups::group,
            groups::found_group,
            groups::invite,
            groups::open_invitation,
            groups::invitation,
            groups::ask_to_join,
            groups::forget_invitation,
            groups::let_in,
            groups::turn_away,
            groups::make_facilitator,
            groups::remove_member,
            groups::leave_group,
            groups::ask_to_come_back,
            groups::watch_note_read,
            groups::feed,
            groups::share,
            groups::stop_sharing,
            groups::unsent,
            groups::keep_unsent,
            groups::forget_unsent,
            groups::keep_words,
            groups::kept_words,
            groups::answer,
            groups::react,
            groups::correct,
            groups::take_back,
            groups::read_up_to,
            groups::light,
            groups::sync_now,
            groups::alarms,
            groups::dismiss_alarm,
            shell::lock,
            shell::putting_away,
            shell::put_away,
            shell::activity,
            shell::pick_file,
            shell::pick_folder,
            shell::pick_save,
            shell::open_outside,
            shell::copy_text,
            shell::print_sheet,
        ])
        .events(collect_events![Changed, PutItAway])
}

/// Answers a page: the commands with raw bodies, whose types stand in the screen's host, and all
/// others.
pub(crate) fn answer(builder: &Builder) -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    let typed = builder.invoke_handler();
    let raw: fn(Invoke<Wry>) -> bool =
        tauri::generate_handler![text::entry_text, text::save_text, text::attach];
    move |invoke| match invoke.message.command() {
        "entry_text" | "save_text" | "attach" => raw(invoke),
        _ => typed(invoke),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{env, fs};

    // Written by this test, read by the screen's compiler.
    const GENERATED: &str =
        concat!(env!("CARGO_MANIFEST_DIR"), "/ui/src/core/generated/bindings.ts");

    #[test]
    fn the_bindings_of_the_screen_are_fresh() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("bindings.ts");
        builder().export(specta_typescript::Typescript::default(), &file).unwrap();
        let fresh = fs::read_to_string(&file).unwrap();
        if env::var_os("BLESS").is_some() {
            fs::write(GENERATED, &fresh).unwrap();
        }
        let kept = fs::read_to_string(GENERATED).unwrap_or_default();
        assert!(kept == fresh, "stale: BLESS=1 cargo test -p hearthkeep --lib writes it anew");
    }
}
