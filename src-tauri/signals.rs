//! The system asks the app to end.

use tauri::AppHandle;

/// Ends in good order on a terminating signal.
#[cfg(unix)]
pub(crate) fn listen(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if wait_for_one().await.is_err() {
            tracing::warn!("signals cannot be heard");
        } else {
            crate::leave::leave(&app).await;
        }
    });
}

#[cfg(unix)]
async fn wait_for_one() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
        _ = hang_up.recv() => {}
    }
    Ok(())
}

/// Other systems tell a window instead.
#[cfg(not(unix))]
pub(crate) fn listen(_: &AppHandle) {}
