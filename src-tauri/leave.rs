//! Ending: one path for a signal, the frame's button and the system's wish.

use crate::app_core::AppCore;
use crate::put_away::PutAway;
use crate::window;
use std::sync::atomic::{AtomicBool, Ordering};
use tauri::{AppHandle, CloseRequestApi, Manager, Window};

static LEAVING: AtomicBool = AtomicBool::new(false);

/// Stores the last words, closes the core, ends.
pub(crate) async fn leave(app: &AppHandle) {
    if LEAVING.swap(true, Ordering::SeqCst) {
        return;
    }
    let core = app.state::<AppCore>();
    let _alone = core.windows().await;
    PutAway::ask(app).await;
    core.lock().await;
    app.exit(0);
    // Until the process is gone: that the core is locked must open no lock page now.
    std::future::pending().await
}

/// Somebody closed a window. A second time while the first is being heard, it just closes.
pub(crate) fn close_requested(window: &Window, api: &CloseRequestApi) {
    if window.label() != window::MAIN || LEAVING.load(Ordering::SeqCst) {
        return;
    }
    api.prevent_close();
    let app = window.app_handle().clone();
    tauri::async_runtime::spawn(async move { leave(&app).await });
}
