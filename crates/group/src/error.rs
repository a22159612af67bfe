//! What a group refuses.

use crate::identity::CertificateError;
use crate::link::LinkError;
use crate::mls::MlsError;
use crate::policy::CommitRefusal;
use hearthkeep_model::Wish;

/// Why a group does not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GroupError {
    /// Key agreement refuses.
    #[error(transparent)]
    Agreement(#[from] MlsError),
    /// A commit is not valid by the group's rules.
    #[error(transparent)]
    Commit(#[from] CommitRefusal),
    /// A certificate is not valid.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// A text is no invitation.
    #[error(transparent)]
    Link(#[from] LinkError),
    /// A kept row does not read.
    #[error("a kept row of the group does not read")]
    Row,
    /// This device is not inside.
    #[error("this device is not in the group")]
    NotInside,
    /// Only a facilitator may do it.
    #[error("only a facilitator may do this")]
    NotFacilitator,
    /// There is no such member.
    #[error("there is no such member")]
    NoSuchMember,
    /// There is no such note, or it was taken back.
    #[error("there is no such note")]
    NoSuchNote,
    /// Nobody asks with this request, or no longer.
    #[error("nobody asks with this request")]
    NoSuchRequest,
    /// The invitation has expired.
    #[error("the invitation has expired")]
    Expired,
    /// The words that were confirmed are not the request's.
    #[error("the words are not the words of this request")]
    OtherWords,
    /// The note's author does not wish for such an answer.
    #[error("the author wishes to be answered in another way")]
    NotWished {
        /// How.
        wish: Wish,
    },
    /// It is somebody else's.
    #[error("this was written by somebody else")]
    NotYours,
    /// Longer than it may be, or empty.
    #[error("the text is empty, or longer than {most} characters")]
    Length {
        /// Characters at most.
        most: u32,
    },
    /// More people than a note for some may have, or none.
    #[error("a note is for the whole group or for up to {most} people")]
    Audience {
        /// People at most.
        most: usize,
    },
    /// Nobody would be left to let people in.
    #[error("a group needs a facilitator")]
    LastFacilitator,
    /// A name is empty or too long.
    #[error("a name is needed, of at most {most} bytes")]
    Name {
        /// Bytes at most.
        most: usize,
    },
    /// There is no token for the relay here.
    #[error("the relay's token is not known here")]
    NoToken,
    /// A welcome does not come from whom the link names.
    #[error("the answer does not come from a facilitator whom the link names")]
    OtherInviter,
}
