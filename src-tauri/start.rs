//! From the command line to a running event loop.

use crate::app_core::AppCore;
use crate::put_away::PutAway;
use crate::{bindings, invitation, leave, login, scrub, sealed, signals, traces, window};
use std::ffi::OsString;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs, io, panic, path};
use tauri::{App, AppHandle, Manager, WindowEvent};

/// Starts the app and stays until it ends.
#[must_use]
pub fn run() -> ExitCode {
    if let Some(failed) = scrub::start_again() {
        eprintln!("hearthkeep: could not start with a memory that is overwritten: {failed}");
        return ExitCode::FAILURE;
    }
    scrub::forbid_core_files();
    log_to_stderr();
    tell_only_where_it_panicked();
    let Some(arguments) = Arguments::parse(env::args_os().skip(1)) else {
        eprintln!("usage: hearthkeep [--profile DIR] [LINK]");
        return ExitCode::from(2);
    };
    match start(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the app could not start");
            ExitCode::FAILURE
        }
    }
}

/// What the command line asked for.
#[derive(PartialEq, Eq)]
struct Arguments {
    /// Where the profile lies.
    profile: PathBuf,
    /// An invitation's link, as the desktop hands it over.
    link: Option<String>,
}

impl Arguments {
    fn parse(words: impl Iterator<Item = OsString>) -> Option<Self> {
        let mut words = words;
        let (mut profile, mut link) = (None, None);
        while let Some(word) = words.next() {
            if word == "--profile" {
                profile = Some(path::absolute(words.next()?).ok()?);
            } else {
                link = Some(invitation::from_argument(&word)?);
            }
        }
        Some(Self { profile: profile.or_else(default_profile)?, link })
    }
}

fn default_profile() -> Option<PathBuf> {
    if cfg!(windows) {
        return Some(PathBuf::from(env::var_os("APPDATA")?).join("Hearthkeep"));
    }
    let home = PathBuf::from(env::var_os("HOME")?);
    if cfg!(target_os = "macos") {
        return Some(home.join("Library/Application Support/Hearthkeep"));
    }
    let data = env::var_os("XDG_DATA_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    Some(data.unwrap_or_else(|| home.join(".local/share")).join("hearthkeep"))
}

fn start(arguments: Arguments) -> Result<(), StartError> {
    make_private_folder(&arguments.profile)?;
    let builder = bindings::builder();
    let Arguments { profile, link } = arguments;
    let app = tauri::Builder::default()
        .plugin(only_one(&profile))
        .plugin(tauri_plugin_dialog::init())
        .register_asynchronous_uri_scheme_protocol("sealed", sealed::answer)
        .invoke_handler(bindings::answer(&builder))
        .manage(PutAway::default())
        .on_window_event(|from, event| {
            if let WindowEvent::CloseRequested { api, .. } = event {
                leave::close_requested(from, api);
            }
        })
        .setup(move |app| Ok(set_up(app, &builder, profile, link)?))
        .build(tauri::generate_context!())?;
    app.run(|_, _| {});
    Ok(())
}

fn set_up(
    app: &mut App,
    builder: &bindings::Builder,
    profile: PathBuf,
    link: Option<String>,
) -> Result<(), StartError> {
    builder.mount_events(app);
    let app = app.handle();
    app.manage(AppCore::new(app, profile));
    traces::leave_none();
    window::open_lock(app)?;
    if let Some(link) = link {
        invitation::arrived(app, link);
    }
    signals::listen(app);
    login::listen(app);
    Ok(())
}

/// A second start with the same profile brings the first one's window forward.
fn only_one(profile: &Path) -> tauri::plugin::TauriPlugin<tauri::Wry> {
    let mut hasher = DefaultHasher::new();
    fs::canonicalize(profile).unwrap_or_else(|_| profile.to_owned()).hash(&mut hasher);
    tauri_plugin_single_instance::Builder::new()
        .dbus_id(format!("org.hearthkeep.Hearthkeep.p{:016x}", hasher.finish()))
        .callback(|app: &AppHandle, words, _| {
            window::bring_forward(app);
            let words = words.into_iter().skip(1).map(OsString::from);
            if let Some(Arguments { link: Some(link), .. }) = Arguments::parse(words) {
                invitation::arrived(app, link);
            }
        })
        .build()
}

fn make_private_folder(profile: &Path) -> io::Result<()> {
    let mut folder = fs::DirBuilder::new();
    folder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut folder, 0o700);
    folder.create(profile)
}

/// Our own code logs no words, names or ids; of the libraries only warnings are let through.
fn log_to_stderr() {
    tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .with_max_level(tracing::Level::WARN)
        .without_time()
        .init();
}

/// A panic's message may hold what a member wrote: only its place is told.
fn tell_only_where_it_panicked() {
    panic::set_hook(Box::new(|info| {
        let place = info.location().map_or_else(String::new, ToString::to_string);
        tracing::error!(place, "a part of the app broke");
    }));
}

/// Why the app did not start.
#[derive(Debug, thiserror::Error)]
enum StartError {
    #[error("the profile's folder cannot be made or read: {0}")]
    Profile(#[from] io::Error),
    #[error("the window system refused: {0}")]
    Window(#[from] tauri::Error),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(words: &[&str]) -> Option<Arguments> {
        Arguments::parse(words.iter().map(OsString::from))
    }

    #[test]
    fn a_profile_and_a_link_come_in_either_order() {
        let link = "hearthkeep://join#secret";
        let one = parse(&["--profile", "/tmp/p", link]).unwrap();
        let other = parse(&[link, "--profile", "/tmp/p"]).unwrap();
        assert!(one == other);
        assert_eq!(one.profile, PathBuf::from("/tmp/p"));
        assert_eq!(one.link.as_deref(), Some(link));
    }

    #[test]
    fn other_words_are_refused() {
        assert!(parse(&["--profile"]).is_none());
        assert!(parse(&["https://example.invalid"]).is_none());
        assert!(parse(&["--remote-debugging"]).is_none());
    }
}
