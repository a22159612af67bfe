//! The session's own lock and the computer's sleep, as logind tells them.

use crate::lock;
use tauri::AppHandle;

/// Locks with the session, and before the computer sleeps.
#[cfg(target_os = "linux")]
pub(crate) fn listen(app: &AppHandle) {
    let app = app.clone();
    tauri::async_runtime::spawn(async move {
        if let Err(error) = linux::listen(&app).await {
            // Without logind the watch still locks: the clock has jumped when the computer wakes.
            tracing::warn!(%error, "nobody tells when the session is locked");
        }
    });
}

/// On other systems the watch alone locks.
#[cfg(not(target_os = "linux"))]
pub(crate) fn listen(_: &AppHandle) {}

#[cfg(target_os = "linux")]
mod linux {
    use super::lock;
    use futures_util::StreamExt;
    use tauri::AppHandle;
    use zbus::zvariant::{OwnedFd, OwnedObjectPath};
    use zbus::{Connection, proxy};

    #[proxy(
        interface = "org.freedesktop.login1.Manager",
        default_service = "org.freedesktop.login1",
        default_path = "/org/freedesktop/login1"
    )]
    trait Logins {
        fn inhibit(&self, what: &str, who: &str, why: &str, mode: &str) -> zbus::Result<OwnedFd>;
        #[zbus(name = "GetSessionByPID")]
        fn get_session_by_pid(&self, pid: u32) -> zbus::Result<OwnedObjectPath>;
        #[zbus(signal)]
        fn prepare_for_sleep(&self, about_to: bool) -> zbus::Result<()>;
    }

    #[proxy(
        interface = "org.freedesktop.login1.Session",
        default_service = "org.freedesktop.login1"
    )]
    trait Session {
        #[zbus(signal)]
        fn lock(&self) -> zbus::Result<()>;
    }

    pub(super) async fn listen(app: &AppHandle) -> zbus::Result<()> {
        let bus = Connection::system().await?;
        let logins = LoginsProxy::new(&bus).await?;
        let path = logins.get_session_by_pid(std::process::id()).await?;
        let session = SessionProxy::builder(&bus).path(path)?.build().await?;
        let mut locks = session.receive_lock().await?;
        let mut sleeps = logins.receive_prepare_for_sleep().await?;
        // While it is held, the computer waits some seconds before it sleeps.
        let mut delay = delay_sleep(&logins).await;
        loop {
            tokio::select! {
                Some(_) = locks.next() => lock::lock(app).await,
                Some(sleep) = sleeps.next() => {
                    if sleep.args()?.about_to {
                        lock::lock(app).await;
                        delay = None;
                    } else if delay.is_none() {
                        delay = delay_sleep(&logins).await;
                    }
                }
                else => return Ok(()),
            }
        }
    }

    async fn delay_sleep(logins: &LoginsProxy<'_>) -> Option<OwnedFd> {
        logins.inhibit("sleep", "Hearthkeep", "closes the journal", "delay").await.ok()
    }
}
