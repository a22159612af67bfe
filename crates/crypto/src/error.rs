//! What can be wrong with sealed bytes.

/// Why sealed bytes do not open. Which of the bytes is wrong is never told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// Fewer bytes than the smallest sealed thing has.
    #[error("{got} bytes are too few to be sealed, at least {least} are needed")]
    Short {
        /// Bytes that the smallest has.
        least: usize,
        /// Bytes that came.
        got: usize,
    },
    /// Made by a newer version, or damaged in its first byte.
    #[error("version {got} is not known")]
    Version {
        /// The first byte.
        got: u8,
    },
    /// The commitment says that another key or another place was meant.
    #[error("sealed under another key, or for another place")]
    Commitment,
    /// Changed after it was sealed, or sealed under another key, or for another place.
    #[error("changed after it was sealed, or sealed for another place")]
    Forged,
    /// What came out does not have the shape that sealing gives.
    #[error("the sealed content has no such shape")]
    Padding,
    /// A file ends before its last part.
    #[error("cut short")]
    CutShort,
}

/// Everything this crate can refuse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CryptoError {
    /// Sealed bytes do not open.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A recovery phrase is not one.
    #[error(transparent)]
    Words(#[from] crate::words::WordsError),
    /// The slot file refuses.
    #[error(transparent)]
    Slots(#[from] crate::passphrase::SlotsError),
    /// A signature or a public key refuses.
    #[error(transparent)]
    Signature(#[from] crate::sign::SignatureError),
}
