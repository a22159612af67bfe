//! The two windows: one while locked, one while open. They never share a page.

use crate::app_core::AppCore;
use crate::webview;
use hearthkeep_client::view::ProfileState;
use hearthkeep_client::{ErrorCode, Refusal};
use std::sync::Arc;
use std::time::Duration;
use tauri::webview::{NewWindowResponse, PageLoadEvent, PermissionResponse};
use tauri::{AppHandle, Manager, Url, WebviewUrl, WebviewWindowBuilder, WindowEvent, Wry};
use tokio::sync::Notify;
use tokio::time::timeout;

/// The window of the lock page.
pub(crate) const LOCK: &str = "lock";
/// The window of the journal.
pub(crate) const MAIN: &str = "main";

// A window system that never tells that a window is gone keeps nobody from the next one.
const PATIENCE: Duration = Duration::from_secs(2);

/// Opens the lock page; the other window is not touched.
pub(crate) fn open_lock(app: &AppHandle) -> tauri::Result<()> {
    if app.get_webview_window(LOCK).is_some() {
        return Ok(());
    }
    let window = page(app, LOCK, "lock.html").build()?;
    webview::harden(&window)
}

/// Opens the journal's window, if the vault is open.
pub(crate) async fn open_journal(app: &AppHandle) -> Result<(), Refusal> {
    let core = app.state::<AppCore>();
    let _alone = core.windows().await;
    if !is_open(app) {
        return Err(Refusal { code: ErrorCode::Locked, what: None });
    }
    open_main(app).map_err(|error| {
        tracing::error!(%error, "the journal's window did not open");
        Refusal { code: ErrorCode::Window, what: None }
    })
}

fn is_open(app: &AppHandle) -> bool {
    let client = app.state::<AppCore>().client();
    client.is_ok_and(|client| client.profile().state == ProfileState::Unlocked)
}

/// Once the journal is drawn, the lock page goes, unless the vault was locked meanwhile.
fn open_main(app: &AppHandle) -> tauri::Result<()> {
    if app.get_webview_window(MAIN).is_some() {
        return Ok(());
    }
    let window = page(app, MAIN, "index.html")
        .on_page_load(|window, load| {
            let app = window.app_handle();
            if load.event() == PageLoadEvent::Finished
                && is_open(app)
                && let Some(lock) = app.get_webview_window(LOCK)
                && lock.destroy().is_err()
            {
                tracing::warn!("the lock page could not be destroyed");
            }
        })
        .build()?;
    webview::harden(&window)
}

/// Destroys the journal's window, with the process that held its page. Comes back when it is gone:
/// until then it would still be found, and asked.
pub(crate) async fn close_journal(app: &AppHandle) {
    let Some(window) = app.get_webview_window(MAIN) else { return };
    let gone = Arc::new(Notify::new());
    let told = Arc::clone(&gone);
    window.on_window_event(move |event| {
        if matches!(event, WindowEvent::Destroyed) {
            told.notify_one();
        }
    });
    if window.destroy().is_err() || timeout(PATIENCE, gone.notified()).await.is_err() {
        tracing::warn!("the journal's window could not be destroyed");
    }
}

/// Shows the app's window to somebody who started it again.
pub(crate) fn bring_forward(app: &AppHandle) {
    for label in [MAIN, LOCK] {
        if let Some(window) = app.get_webview_window(label)
            && window.unminimize().and_then(|()| window.set_focus()).is_err()
        {
            tracing::warn!(label, "a window could not be brought forward");
        }
    }
}

fn page<'a>(
    app: &'a AppHandle,
    label: &str,
    file: &str,
) -> WebviewWindowBuilder<'a, Wry, AppHandle> {
    WebviewWindowBuilder::new(app, label, WebviewUrl::App(file.into()))
        .title("Hearthkeep")
        .inner_size(1280.0, 800.0)
        .min_inner_size(360.0, 480.0)
        .data_directory(app.state::<AppCore>().web_folder())
        .disable_drag_drop_handler()
        .on_navigation(is_ours)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
        .on_permission_request(|_, _| PermissionResponse::Deny)
}

/// Only the pages that came with the app are ever shown.
fn is_ours(url: &Url) -> bool {
    url.scheme() == "tauri" || url.host_str() == Some("tauri.localhost")
}

#[cfg(test)]
mod tests {
    use super::is_ours;

    #[test]
    fn nothing_from_outside_is_shown() {
        let ours = |url: &str| is_ours(&url.parse().unwrap());
        assert!(ours("tauri://localhost/index.html"));
        assert!(ours("http://tauri.localhost/lock.html"));
        assert!(!ours("https://example.invalid/"));
        assert!(!ours("data:text/html,hello"));
        assert!(!ours("file:///etc/hostname"));
        assert!(!ours("about:blank"));
    }
}
