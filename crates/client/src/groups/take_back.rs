//! Taking back: erased here and on every honest device, then at the relay.

use crate::ClientError;
use crate::hearthkeep::Hearthkeep;
use hearthkeep_group::Effect;
use hearthkeep_model::{GroupId, NoteId};

impl Hearthkeep {
    /// Takes back a reflection or an answer of one's own. Who had it and kept a copy elsewhere
    /// still has it: the screen says so.
    ///
    /// # Errors
    /// [`hearthkeep_group::GroupError::NotYours`].
    pub async fn take_back(&self, group: &str, note: &str) -> Result<(), ClientError> {
        let (id, note): (GroupId, NoteId) = (group.parse()?, note.parse()?);
        // What has not left yet is only stopped.
        if self.stop_sharing(&note.to_string()).is_ok() {
            return Ok(());
        }
        let day = self.clock().moment().day;
        self.change(id, |hands| {
            hands.group.take_back(note, day, hands.entropy)?;
            Ok(((), vec![Effect::Feed]))
        })
        .await?;
        self.outbox(id);
        Ok(())
    }
}
