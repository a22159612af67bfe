//! Answers in words, reactions, corrections, and what has been read.

use super::views;
use crate::ClientError;
use crate::hearthkeep::Hearthkeep;
use crate::view::ReactionView;
use hearthkeep_group::Effect;
use hearthkeep_model::{GroupId, NoteId};

impl Hearthkeep {
    /// Answers a reflection in words.
    ///
    /// # Errors
    /// [`hearthkeep_group::GroupError::NotWished`] when its author does not wish for words.
    pub async fn answer(&self, group: &str, note: &str, text: &str) -> Result<(), ClientError> {
        let (id, note): (GroupId, NoteId) = (group.parse()?, note.parse()?);
        let day = self.clock().moment().day;
        self.change(id, |hands| {
            hands.group.answer(note, text, day, hands.entropy)?;
            Ok(((), vec![Effect::Feed]))
        })
        .await?;
        self.outbox(id);
        Ok(())
    }

    /// Gives a reaction, or takes it back.
    ///
    /// # Errors
    /// [`hearthkeep_group::GroupError::NotWished`].
    pub async fn react(
        &self,
        group: &str,
        note: &str,
        reaction: ReactionView,
        on: bool,
    ) -> Result<(), ClientError> {
        let (id, note): (GroupId, NoteId) = (group.parse()?, note.parse()?);
        let day = self.clock().moment().day;
        self.change(id, |hands| {
            let reaction = views::reaction_of(reaction);
            hands.group.react(note, reaction, on, day, hands.entropy)?;
            Ok(((), vec![Effect::Feed]))
        })
        .await?;
        self.outbox(id);
        Ok(())
    }

    /// Corrects a reflection or an answer of one's own.
    ///
    /// # Errors
    /// [`hearthkeep_group::GroupError::NotYours`].
    pub async fn correct(&self, group: &str, note: &str, text: &str) -> Result<(), ClientError> {
        let (id, note): (GroupId, NoteId) = (group.parse()?, note.parse()?);
        let day = self.clock().moment().day;
        self.change(id, |hands| {
            hands.group.correct(note, text, day, hands.entropy)?;
            Ok(((), vec![Effect::Feed]))
        })
        .await?;
        self.outbox(id);
        Ok(())
    }

    /// Everything that is in the feed now has been read. Nobody else is told.
    ///
    /// # Errors
    /// [`ClientError::NoSuchGroup`].
    pub async fn read_up_to(&self, group: &str) -> Result<(), ClientError> {
        let id: GroupId = group.parse()?;
        self.change(id, |hands| {
            let unread = hands.group.unread();
            hands.group.read_all();
            Ok(((), if unread { vec![Effect::Members] } else { Vec::new() }))
        })
        .await
    }
}
