//! The list of groups, one group with its people, removing, leaving.

use super::views;
use crate::ClientError;
use crate::hearthkeep::Hearthkeep;
use crate::view::{GroupRow, GroupView, RoleView, Standing};
use hearthkeep_group::{Effect, Group, Keepsake, Trust};
use hearthkeep_model::{AccountId, GroupId};

impl Hearthkeep {
    /// The groups of the side bar.
    ///
    /// # Errors
    /// [`ClientError::Locked`].
    pub async fn groups(&self) -> Result<Vec<GroupRow>, ClientError> {
        let mut rows = Vec::new();
        for id in self.group_ids().await? {
            rows.push(self.group_row(id).await?);
        }
        rows.sort_by_key(|row| row.name.to_lowercase());
        Ok(rows)
    }

    pub(super) async fn group_row(&self, id: GroupId) -> Result<GroupRow, ClientError> {
        let room = self.room(id).await?;
        let kept = room.meta.keepsake.as_deref().and_then(Keepsake::from_bytes);
        let kept_name = kept.map(|kept| kept.name).unwrap_or_default();
        let group = room.group.as_ref();
        let name = group.map(Group::name).filter(|name| !name.is_empty());
        Ok(GroupRow {
            id: id.to_string(),
            name: name.map_or(kept_name, str::to_owned),
            standing: group.map_or(Standing::Away, |group| views::standing(group.standing())),
            unread: group.is_some_and(Group::unread),
            somebody_asks: group.is_some_and(|group| !group.asking().is_empty()),
            watch_note_read: room.meta.watch_read,
            trusted: !group
                .is_some_and(|group| matches!(group.trust(), Trust::Withheld | Trust::Forked)),
        })
    }

    /// A group with its people.
    ///
    /// # Errors
    /// [`ClientError::NoSuchGroup`].
    pub async fn group(&self, group: &str) -> Result<GroupView, ClientError> {
        let id: GroupId = group.parse()?;
        let row = self.group_row(id).await?;
        let requests = self.request_rows(id).await.unwrap_or_default();
        let room = self.room(id).await?;
        let Some(group) = room.group.as_ref() else {
            return Ok(GroupView {
                row,
                role: RoleView::Member,
                me: String::new(),
                members: Vec::new(),
                requests,
                check_words: Vec::new(),
                relay: String::new(),
                going: None,
            });
        };
        let words = group.check_words().map(|words| words.map(str::to_owned).to_vec());
        Ok(GroupView {
            row,
            role: views::role(group.role()),
            me: group.me().to_string(),
            members: group.members().iter().map(views::member).collect(),
            requests,
            check_words: words.unwrap_or_default(),
            relay: group.relay().to_owned(),
            going: group.going().map(views::going),
        })
    }

    /// "Nobody watches here" was read.
    ///
    /// # Errors
    /// [`ClientError::NoSuchGroup`].
    pub async fn watch_note_read(&self, group: &str) -> Result<(), ClientError> {
        self.change_meta(group.parse()?, |meta| meta.watch_read = true).await
    }

    /// Removes a person. Nothing is said to the group before it is done.
    ///
    /// # Errors
    /// [`hearthkeep_group::GroupError::NotFacilitator`].
    pub async fn remove_member(&self, group: &str, member: &str) -> Result<(), ClientError> {
        let id: GroupId = group.parse()?;
        let member: AccountId = member.parse()?;
        self.change(id, |hands| {
            hands.group.remove(member, hands.entropy)?;
            Ok(((), vec![Effect::Feed]))
        })
        .await?;
        self.outbox(id);
        Ok(())
    }

    /// Leaves a group. A sole facilitator hands over first.
    ///
    /// # Errors
    /// [`hearthkeep_group::GroupError::LastFacilitator`].
    pub async fn leave_group(&self, group: &str) -> Result<(), ClientError> {
        let id: GroupId = group.parse()?;
        self.change(id, |hands| {
            Ok(((), hands.group.leave(hands.secret, hands.entropy, hands.now)?))
        })
        .await?;
        self.outbox(id);
        Ok(())
    }
}
