//! Keys that follow from others inside a group: of an answer, and of the door for coming back.

use crate::derive::derive;
use crate::{EpochSecret, InviteSecret, RecordKey, label};

impl RecordKey {
    /// The key of an answer: whoever can read a note can read its answers, and nobody else.
    #[must_use]
    pub fn answer_key(&self, answer: &[u8; 16]) -> Self {
        Self::from_bytes(*derive(self.expose(), label::ANSWER_KEY, &[answer]))
    }
}

impl EpochSecret {
    /// The door by which members of the generation that begins with this epoch can come back.
    #[must_use]
    pub fn door(&self) -> InviteSecret {
        InviteSecret::from_bytes(*derive(self.expose(), label::DOOR, &[]))
    }
}
