//! One honest light for all groups: the worst that is true of any of them.

use hearthkeep_group::Held;
use hearthkeep_model::GroupId;

use super::groups::GroupState;
use crate::view::{HeldWhy, SyncLight};

/// What is known of one group.
#[derive(Debug, Clone, Copy)]
pub(super) struct OfGroup {
    pub(super) group: GroupId,
    pub(super) state: GroupState,
    /// The last turn ended because the relay did not answer.
    pub(super) unreachable: bool,
}

/// The worst of all. With no group there is nothing to send, and all is saved.
pub(super) fn of_all(all: &[OfGroup]) -> SyncLight {
    all.iter().map(of_one).max_by_key(severity).unwrap_or(SyncLight::Saved)
}

fn of_one(of: &OfGroup) -> SyncLight {
    let group = of.group.to_string();
    match of.state {
        GroupState::Forked => SyncLight::Forked { group },
        GroupState::Withheld => SyncLight::Withheld { group },
        GroupState::Held(held) => match why(held) {
            Some(why) => SyncLight::HeldBack { why, group },
            None => SyncLight::Withheld { group },
        },
        GroupState::Sent | GroupState::Waiting if of.unreachable => {
            SyncLight::Unreachable { group }
        }
        GroupState::Waiting => SyncLight::Sending,
        GroupState::Sent => SyncLight::Sent,
    }
}

const fn why(held: Held) -> Option<HeldWhy> {
    match held {
        Held::RemovalPending => Some(HeldWhy::RemovalPending),
        Held::NoRoom => Some(HeldWhy::Quota),
        Held::OldCopy => Some(HeldWhy::OldCopy),
        Held::Distrust => None,
    }
}

const fn severity(light: &SyncLight) -> u8 {
    match light {
        SyncLight::Saved => 0,
        SyncLight::Sent => 1,
        SyncLight::Sending => 2,
        SyncLight::Unreachable { .. } => 3,
        SyncLight::HeldBack { .. } => 4,
        SyncLight::Withheld { .. } => 5,
        SyncLight::Forked { .. } => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(number: u8, state: GroupState, unreachable: bool) -> OfGroup {
        OfGroup { group: GroupId::from_bytes([number; 16]), state, unreachable }
    }

    #[test]
    fn the_worst_of_any_group_is_shown_and_names_its_group() {
        let group = |number| GroupId::from_bytes([number; 16]).to_string();
        assert_eq!(of_all(&[]), SyncLight::Saved);
        assert_eq!(of_all(&[of(1, GroupState::Sent, false)]), SyncLight::Sent);
        let two = [of(1, GroupState::Sent, false), of(2, GroupState::Waiting, false)];
        assert_eq!(of_all(&two), SyncLight::Sending);
        let two = [of(1, GroupState::Sent, true), of(2, GroupState::Waiting, false)];
        assert_eq!(of_all(&two), SyncLight::Unreachable { group: group(1) });
        let two = [of(1, GroupState::Waiting, true), of(2, GroupState::Held(Held::NoRoom), false)];
        let held = SyncLight::HeldBack { why: HeldWhy::Quota, group: group(2) };
        assert_eq!(of_all(&two), held);
        let two = [of(1, GroupState::Withheld, true), of(2, GroupState::Forked, true)];
        assert_eq!(of_all(&two), SyncLight::Forked { group: group(2) });
    }
}
