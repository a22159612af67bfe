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
        fn get_session(&self, id: &str) -> zbus::Result<OwnedObjectPath>;
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
        #[zbus(property)]
        fn locked_hint(&self) -> zbus::Result<bool>;
    }

    /// Sleep and the session's lock are heard each for itself: where one is not told of, the other
    /// still is.
    pub(super) async fn listen(app: &AppHandle) -> zbus::Result<()> {
        let bus = Connection::system().await?;
        let logins = LoginsProxy::new(&bus).await?;
        let (slept, locked) =
            tokio::join!(lock_before_sleep(app, &logins), lock_with_session(app, &bus, &logins));
        slept.and(locked)
    }

    async fn lock_before_sleep(app: &AppHandle, logins: &LoginsProxy<'_>) -> zbus::Result<()> {
        let mut sleeps = logins.receive_prepare_for_sleep().await?;
        // While it is held, the computer waits some seconds before it sleeps.
        let mut delay = delay_sleep(logins).await;
        while let Some(sleep) = sleeps.next().await {
            if sleep.args()?.about_to {
                lock::lock(app).await;
                delay = None;
            } else if delay.is_none() {
                delay = delay_sleep(logins).await;
            }
        }
        Ok(())
    }

    async fn delay_sleep(logins: &LoginsProxy<'_>) -> Option<OwnedFd> {
        logins.inhibit("sleep", "Hearthkeep", "closes the journal", "delay").await.ok()
    }

    /// Some desktops send the signal to lock, some lock by themselves and only set the hint.
    async fn lock_with_session(
        app: &AppHandle,
        bus: &Connection,
        logins: &LoginsProxy<'_>,
    ) -> zbus::Result<()> {
        let session = SessionProxy::builder(bus).path(own_session(logins).await?)?.build().await?;
        let mut locks = session.receive_lock().await?;
        let mut hints = session.receive_locked_hint_changed().await;
        loop {
            tokio::select! {
                Some(_) = locks.next() => lock::lock(app).await,
                Some(hint) = hints.next() => {
                    if hint.get().await? {
                        lock::lock(app).await;
                    }
                }
                else => return Ok(()),
            }
        }
    }

    /// A program that the desktop's own starter has started is in no session: then it is the one
    /// that the person sees.
    async fn own_session(logins: &LoginsProxy<'_>) -> zbus::Result<OwnedObjectPath> {
        match logins.get_session_by_pid(std::process::id()).await {
            Ok(path) => Ok(path),
            Err(_) => logins.get_session("auto").await,
        }
    }
}
