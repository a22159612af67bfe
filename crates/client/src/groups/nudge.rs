//! Telling the loop that speaks to relays that there is something to do.

use crate::hearthkeep::Hearthkeep;
use hearthkeep_model::GroupId;

/// What the loop is nudged with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nudge {
    /// Groups were founded, joined or left.
    Groups,
    /// Something new is in a group's outbox, and is kept.
    Outbox(GroupId),
}

impl Hearthkeep {
    /// Something new is in a group's outbox.
    pub(crate) fn outbox(&self, id: GroupId) {
        self.nudge(Nudge::Outbox(id));
    }

    /// Groups were founded, joined or left.
    pub(crate) fn groups_changed(&self) {
        self.nudge(Nudge::Groups);
    }

    fn nudge(&self, nudge: Nudge) {
        let Ok(session) = self.session() else { return };
        if let Some(told) = session.groups.nudged.get() {
            told(nudge);
        }
    }
}
