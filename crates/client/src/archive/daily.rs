//! The backup that makes itself: once a day, in the first quiet minute while unlocked.

use super::kept::Kept;
use crate::ClientError;
use crate::clock::millis;
use crate::hearthkeep::Hearthkeep;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// How often it is looked at.
const LOOK: Duration = Duration::from_secs(20);
/// A minute without a key or a click is quiet.
const QUIET_MS: i64 = 60_000;

impl Hearthkeep {
    /// Looks from time to time, for as long as this session lasts.
    pub(crate) fn watch_backup(&self) {
        let inner = Arc::downgrade(&self.inner);
        let Ok(session) = self.session() else { return };
        let session = Arc::downgrade(&session);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(LOOK).await;
                let Some(inner) = inner.upgrade() else { return };
                if session.strong_count() == 0 {
                    return;
                }
                // What went wrong is kept, and shown where backups are.
                Self { inner }.backup_if_due().await.ok();
            }
        });
    }

    /// Backs up when a folder is chosen and there, today has had no try yet, something changed,
    /// and it is quiet. `true` when a backup was made.
    ///
    /// # Errors
    /// What went wrong; it is kept for [`Self::backup_status`] too.
    pub async fn backup_if_due(&self) -> Result<bool, ClientError> {
        let store = self.store()?;
        let idle = millis(self.clock().elapsed())
            .saturating_sub(self.inner.active.load(Ordering::Relaxed));
        if idle < QUIET_MS || !self.settings().await?.backup_daily {
            return Ok(false);
        }
        let kept = Kept::read(&store).await?;
        let today = self.clock().moment().day.to_string();
        let there = kept.folder.as_ref().is_some_and(|folder| folder.is_dir());
        let up_to_date = kept.last_good.is_some() && kept.holds == store.number();
        if !there || up_to_date || kept.tried.as_ref() == Some(&today) {
            return Ok(false);
        }
        Kept::change(&store, |kept| kept.tried = Some(today)).await?;
        self.backup_now(|_| {}).await.map(|_| true)
    }
}
