//! How a page is asked to put away what it holds, before its window goes.

use crate::bindings::PutItAway;
use crate::window;
use std::time::Duration;
use tauri::{AppHandle, Manager};
use tauri_specta::Event;
use tokio::sync::watch;
use tokio::time::timeout;

// A page that hangs must not keep the lock open.
const SIGN_OF_LIFE: Duration = Duration::from_millis(300);
// One that answers may finish what it is writing.
const PATIENCE: Duration = Duration::from_secs(2);

/// How far the page has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Asked,
    Heard,
    Done,
}

/// The page's answers, as they come in.
pub(crate) struct PutAway(watch::Sender<Stage>);

impl Default for PutAway {
    fn default() -> Self {
        Self(watch::Sender::new(Stage::Done))
    }
}

impl PutAway {
    /// The page has heard and is writing its last words.
    pub(crate) fn heard(&self) {
        self.0.send_if_modified(|stage| {
            let changes = *stage == Stage::Asked;
            if changes {
                *stage = Stage::Heard;
            }
            changes
        });
    }

    /// The page holds no words any more.
    pub(crate) fn done(&self) {
        self.0.send_replace(Stage::Done);
    }

    /// Asks the journal's page to store its last words, drop its editor and select a neutral word.
    pub(crate) async fn ask(app: &AppHandle) {
        if app.get_webview_window(window::MAIN).is_none() {
            return;
        }
        let stage = &app.state::<Self>().0;
        stage.send_replace(Stage::Asked);
        if PutItAway.emit_to(app, window::MAIN).is_err() {
            return;
        }
        let mut answers = stage.subscribe();
        if timeout(SIGN_OF_LIFE, answers.wait_for(|stage| *stage != Stage::Asked)).await.is_err() {
            tracing::warn!("the page did not answer; its window goes all the same");
            return;
        }
        if timeout(PATIENCE, answers.wait_for(|stage| *stage == Stage::Done)).await.is_err() {
            tracing::warn!("the page did not finish; its window goes all the same");
        }
    }
}
