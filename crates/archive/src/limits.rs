//! How much of a foreign file is read before it is refused.

/// Bounds on what is read (FORMATS, "Limit").
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Members of one archive or pack.
    pub members: u64,
    /// Bytes of one text member.
    pub text: u64,
    /// Bytes of one picture.
    pub picture: u64,
    /// Bytes that may come out for each byte that was read, beyond [`Limits::slack`].
    pub expansion: u64,
    /// Bytes that may come out of however little was read.
    pub slack: u64,
    /// The largest scrypt work factor that is tried.
    pub work_factor: u8,
}

impl Limits {
    /// The limits of the format.
    pub const STANDARD: Self = Self {
        members: 1_000_000,
        text: 64 << 20,
        picture: 2 << 30,
        expansion: 100,
        slack: 64 << 20,
        work_factor: 22,
    };
}

/// Bytes of an age header that are read at most.
pub(crate) const AGE_HEADER: u64 = 16 << 10;
/// Bytes of `key.age`, `kit.age` and `identity.age`.
pub(crate) const KEY_FILE: u64 = 16 << 10;
/// Bytes of the identity file inside them.
pub(crate) const IDENTITY_TEXT: u64 = 4 << 10;
/// Bytes of a member's name.
pub(crate) const NAME: usize = 100;
/// Bytes of one line of a `.jsonl`.
pub(crate) const LINE: usize = 8 << 20;
/// Bytes at which a group's file is closed and the next begun.
pub(crate) const GROUP_FILE: usize = 4 << 20;
/// Bytes of pictures that a pack holds before it is closed.
pub(crate) const PACK: u64 = 64 << 20;
