//! How much of everything there may be. Both sides hold to these; neither takes them from the other.

/// Longest blob of a log mailbox.
pub const LOG_BLOB_MAX: usize = 256 * 1024;
/// Longest blob of a handshake mailbox: a commit of a large group.
pub const HANDSHAKE_BLOB_MAX: usize = 8 * 1024 * 1024;
/// Longest blob of a drop, and all blobs of one together: a Welcome and a bundle.
pub const DROP_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Entries of a drop.
pub const DROP_ENTRIES_MAX: u64 = 16;
/// Longest life of a drop.
pub const DROP_TTL_S_MAX: u32 = 14 * 24 * 60 * 60;

/// What an append adds around its blob.
pub const APPEND_OVERHEAD_MAX: usize = 256;
/// Longest body of a control request, reply or wake message.
pub const CONTROL_MAX: usize = 16 * 1024;

/// Entries of one page.
pub const PAGE_ENTRIES_MAX: usize = 1_000;
/// Blobs of one page together, unless its first entry alone is longer.
pub const PAGE_BYTES_MAX: usize = 2 * 1024 * 1024;
/// Longest page that a client reads: the longest single blob, or a full page with what is around
/// its entries.
pub const PAGE_WIRE_MAX: usize = HANDSHAKE_BLOB_MAX + 128 * 1024;

/// Mailboxes that one socket, or one long poll, may listen to.
pub const SUBS_MAX: usize = 256;
/// Mailboxes in one long poll: what fits in a control message.
pub const WAIT_SUBS_MAX: usize = 64;
/// Mailboxes that one rotation may seal, and open.
pub const ROTATE_MAX: usize = 8;
/// Longest that a long poll may last.
pub const WAIT_S_MAX: u16 = 50;

/// How long a sealed mailbox stays readable.
pub const SEALED_READABLE_DAYS: u32 = 90;
/// How long a nonce may be signed.
pub const NONCE_LIFE_MIN: u32 = 60;
/// Counters this far behind the newest one of a nonce are refused unseen.
pub const COUNTER_WINDOW: u64 = 128;
