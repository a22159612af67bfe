//! The wish to stop: Ctrl-C, or the system that shuts down.

use hearthkeep_client::Hearthkeep;
use std::time::Duration;

/// How often a task is asked: it may not have begun yet.
const AGAIN: Duration = Duration::from_millis(50);

/// Ends once the person asked to stop. A command that comes to an end of its own is asked to, and
/// waited for: then this never ends.
pub(crate) async fn asked_to(app: &Hearthkeep, ends_cleanly: bool) {
    asked().await;
    if !ends_cleanly {
        return;
    }
    loop {
        app.cancel_backup();
        tokio::time::sleep(AGAIN).await;
    }
}

#[cfg(unix)]
async fn asked() {
    use tokio::signal::unix::{SignalKind, signal};
    // Where no signal can be heard, none stops anything.
    let (Ok(mut interrupted), Ok(mut ended)) =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = interrupted.recv() => {}
        _ = ended.recv() => {}
    }
}

#[cfg(not(unix))]
async fn asked() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending().await
    }
}
