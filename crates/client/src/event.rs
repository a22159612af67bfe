//! What the screen is told after a commit: that something changed, never what.

use serde::{Deserialize, Serialize};
use specta::Type;
use std::fmt;
use std::sync::Arc;

/// Something changed; who shows it asks again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "kind", rename_all = "camelCase")]
pub enum Event {
    /// Entries, their fields, or the drawer.
    Entries,
    /// The list of groups.
    Groups,
    /// One group.
    #[serde(rename_all = "camelCase")]
    Group {
        /// Which group, hexadecimal.
        id: String,
    },
    /// The sync light.
    Light,
    /// Alarms.
    Alarms,
    /// The vault was locked.
    Locked,
    /// How the backups stand.
    Backup,
    /// Settings.
    Settings,
    /// The disk was full; the save was finished with the room that was kept for it.
    DiskWasFull,
}

/// Who is told.
#[derive(Clone)]
pub struct Events(Arc<dyn Fn(Event) + Send + Sync>);

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Events(…)")
    }
}

impl Events {
    /// Tells this function.
    pub fn to(tell: impl Fn(Event) + Send + Sync + 'static) -> Self {
        Self(Arc::new(tell))
    }

    /// Tells nobody.
    #[must_use]
    pub fn unheard() -> Self {
        Self::to(|_| {})
    }

    /// Tells of an event. Only after the commit that it is about.
    pub(crate) fn tell(&self, event: Event) {
        (self.0)(event);
    }
}
