//! People of a group.

/// What a member may do in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Lets people in, removes them, changes the group's rules.
    Facilitator,
    /// Reads and writes.
    Member,
    /// Reads.
    Reader,
}
