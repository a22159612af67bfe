/// Why the index cannot do what was asked. The entries themselves are not touched by any of these.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// The index engine failed.
    #[error("the index cannot be used: {0}")]
    Engine(#[from] tantivy::TantivyError),
    /// A file of the index cannot be written.
    #[error("a file of the index cannot be written: {0}")]
    Disk(#[from] std::io::Error),
    /// A removed word is still in a dictionary after purging.
    #[error("removed words are still in the index")]
    NotPurged,
    /// An earlier call ended in the middle.
    #[error("an earlier call ended in the middle")]
    Broken,
}
