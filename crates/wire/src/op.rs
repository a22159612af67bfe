//! What can be asked of a relay.

/// An operation. Its number is what is signed, its path is where it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Op {
    /// Open a mailbox.
    Create = 1,
    /// Add a blob at the end.
    Append = 2,
    /// Read on from a place.
    Fetch = 3,
    /// Where the end is.
    Head = 4,
    /// Be woken when something is added.
    Sub = 5,
    /// Append a commit, seal the old mailboxes and open new ones, at once.
    Rotate = 6,
    /// Close a mailbox for appends (admin key).
    Seal = 7,
    /// Undo that (admin key).
    Unseal = 8,
    /// Remove a blob; its hash stays.
    Delete = 9,
    /// Remove a drop with all that is in it.
    DropDel = 10,
    /// How much room there is.
    Quota = 11,
}

impl Op {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Create,
        Self::Append,
        Self::Fetch,
        Self::Head,
        Self::Sub,
        Self::Rotate,
        Self::Seal,
        Self::Unseal,
        Self::Delete,
        Self::DropDel,
        Self::Quota,
    ];

    /// The number that is signed.
    #[must_use]
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// Where it is sent. No path names a mailbox: paths end up in the logs of proxies.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Create => "/v1/create",
            Self::Append => "/v1/append",
            Self::Fetch => "/v1/fetch",
            Self::Head => "/v1/head",
            Self::Sub => "/v1/wait",
            Self::Rotate => "/v1/rotate",
            Self::Seal => "/v1/seal",
            Self::Unseal => "/v1/unseal",
            Self::Delete => "/v1/delete",
            Self::DropDel => "/v1/drop-del",
            Self::Quota => "/v1/quota",
        }
    }
}
