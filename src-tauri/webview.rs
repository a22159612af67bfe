//! What the web view is told beyond Tauri's own settings.

use tauri::WebviewWindow;

/// Switches off what could keep or show words outside the page, and on what writers need.
#[cfg(target_os = "linux")]
pub(crate) fn harden(window: &WebviewWindow) -> tauri::Result<()> {
    linux::harden(window)
}

/// Other systems' web views have no such switches.
#[cfg(not(target_os = "linux"))]
pub(crate) fn harden(_: &WebviewWindow) -> tauri::Result<()> {
    Ok(())
}

/// Takes back what the page's selections gave to other programs.
pub(crate) fn clear_selections() {
    #[cfg(target_os = "linux")]
    for selection in [&gtk::gdk::SELECTION_PRIMARY, &gtk::gdk::SELECTION_CLIPBOARD] {
        // Clears only what this app has put there.
        gtk::Clipboard::get(selection).clear();
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use std::cell::RefCell;
    use std::time::{Duration, Instant};
    use tauri::WebviewWindow;
    use webkit2gtk::{
        CacheModel, HardwareAccelerationPolicy, InputMethodContextExt, SettingsExt, WebContextExt,
        WebView, WebViewExt,
    };

    const RELOADS_A_MINUTE: usize = 3;

    pub(super) fn harden(window: &WebviewWindow) -> tauri::Result<()> {
        window.with_webview(|platform| {
            let view = platform.inner();
            settings(&view);
            if let Some(input) = view.input_method_context() {
                // Who writes Vietnamese, Japanese or Chinese sees what they compose.
                input.set_enable_preedit(true);
            }
            if let Some(context) = view.context() {
                context.set_cache_model(CacheModel::DocumentViewer);
                context.set_spell_checking_enabled(false);
            }
            come_back_when_lost(&view);
        })
    }

    fn settings(view: &WebView) {
        let Some(settings) = WebViewExt::settings(view) else { return };
        settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
        settings.set_enable_page_cache(false);
        settings.set_enable_html5_local_storage(false);
        settings.set_enable_html5_database(false);
        settings.set_enable_webgl(false);
        settings.set_enable_media_stream(false);
        settings.set_enable_dns_prefetching(false);
        // Journeys read the console for what the page's policy has refused. Nothing is written to
        // it by the pages, and the switch is not in what members are given.
        #[cfg(debug_assertions)]
        settings.set_enable_write_console_messages_to_stdout(
            std::env::var_os("HEARTHKEEP_CONSOLE").is_some(),
        );
    }

    /// A page whose process died comes back from the core, where all that was stored is.
    fn come_back_when_lost(view: &WebView) {
        let reloads = RefCell::new(Vec::new());
        view.connect_web_process_terminated(move |view, _| {
            let now = Instant::now();
            let mut reloads = reloads.borrow_mut();
            reloads.retain(|at| now.duration_since(*at) < Duration::from_secs(60));
            if reloads.len() < RELOADS_A_MINUTE {
                reloads.push(now);
                view.reload();
            } else {
                tracing::error!("the page's process keeps dying; it is not started again");
            }
        });
    }
}
