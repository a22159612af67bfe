//! Locking: five steps, never a navigation.
//!
//! The page stores its last words and drops its editor; the core drops every opened row and key;
//! both selections are cleared; the lock page opens; the journal's window is destroyed, and with
//! it the process that held its words. What is freed is overwritten (`scrub`).

use crate::app_core::AppCore;
use crate::put_away::PutAway;
use crate::{webview, window};
use tauri::{AppHandle, Manager};

/// Locks, from whatever state. Comes back when the journal's window is gone.
pub(crate) async fn lock(app: &AppHandle) {
    let core = app.state::<AppCore>();
    let _alone = core.windows().await;
    PutAway::ask(app).await;
    core.lock().await;
    if app.get_webview_window(window::MAIN).is_none() {
        return;
    }
    let (done, cleared) = tokio::sync::oneshot::channel();
    let on_main = app.run_on_main_thread(|| {
        webview::clear_selections();
        done.send(()).ok();
    });
    if on_main.is_ok() {
        drop(cleared.await);
    }
    if let Err(error) = window::open_lock(app) {
        // Without a window the app would end; that, too, is locked.
        tracing::error!(%error, "the lock page did not open");
    }
    window::close_journal(app).await;
}
