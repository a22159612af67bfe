//! Letting others in.

use super::views;
use crate::ClientError;
use crate::hearthkeep::Hearthkeep;
use hearthkeep_model::{AccountId, GroupId};

impl Hearthkeep {
    /// Opens an invitation and gives its link, for one person, by other means.
    ///
    /// # Errors
    /// [`hearthkeep_group::GroupError::NotFacilitator`].
    pub async fn invite(&self, group: &str) -> Result<String, ClientError> {
        let id: GroupId = group.parse()?;
        let text = self
            .change(id, |hands| {
                let link = hands.group.invite(hands.entropy, hands.now)?;
                Ok((link.text(), Vec::new()))
            })
            .await?;
        self.outbox(id);
        Ok(text)
    }

    /// Lets in who asks, after the words were compared by voice. The words that were confirmed are
    /// given: without them, or with others, nobody is let in.
    ///
    /// # Errors
    /// [`hearthkeep_group::GroupError::OtherWords`].
    pub async fn let_in(
        &self,
        group: &str,
        request: &str,
        words: &[String],
    ) -> Result<(), ClientError> {
        let id: GroupId = group.parse()?;
        let request: AccountId = request.parse()?;
        self.change(id, |hands| {
            hands.group.let_in(*request.as_bytes(), words, hands.entropy, hands.now)?;
            Ok(((), Vec::new()))
        })
        .await?;
        self.outbox(id);
        Ok(())
    }

    /// Turns a request away. Who asked is not told.
    ///
    /// # Errors
    /// [`hearthkeep_group::GroupError::NoSuchRequest`].
    pub async fn turn_away(&self, group: &str, request: &str) -> Result<(), ClientError> {
        let id: GroupId = group.parse()?;
        let request: AccountId = request.parse()?;
        self.change(id, |hands| {
            hands.group.turn_away(*request.as_bytes())?;
            Ok(((), vec![hearthkeep_group::Effect::Asked]))
        })
        .await
    }

    /// Makes a member a facilitator.
    ///
    /// # Errors
    /// [`hearthkeep_group::GroupError::NotFacilitator`].
    pub async fn make_facilitator(&self, group: &str, member: &str) -> Result<(), ClientError> {
        let id: GroupId = group.parse()?;
        let member: AccountId = member.parse()?;
        self.change(id, |hands| {
            hands.group.make_facilitator(member, hands.entropy)?;
            Ok(((), Vec::new()))
        })
        .await?;
        self.outbox(id);
        Ok(())
    }

    pub(super) async fn request_rows(
        &self,
        id: GroupId,
    ) -> Result<Vec<crate::view::RequestRow>, ClientError> {
        self.look_at(id, |group| group.asking().iter().map(views::request).collect()).await
    }
}
