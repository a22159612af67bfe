//! Why bytes are not taken into a document.

/// Why an update or a snapshot is refused. The document in use is as it was before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There is more of something than a document may have.
    #[error("{count} {what}, but at most {most} are taken")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// How much there is.
        count: u64,
        /// The limit.
        most: u64,
    },
    /// The bytes are not an update of a flat text.
    #[error("byte {at}: {fault}")]
    Malformed {
        /// Position behind the byte that is wrong.
        at: usize,
        /// What is wrong.
        fault: Fault,
    },
    /// An earlier update is missing. It may still come: hold this one outside the document.
    #[error("client {client} goes on at {from}, but only {have} is here")]
    Gap {
        /// Whose update is missing.
        client: u64,
        /// The next clock that the document expects.
        have: u64,
        /// The clock at which this update begins, or that it refers to.
        from: u64,
    },
    /// The author writes under a client id that is not registered to their device.
    #[error("client {client} does not belong to the author's device")]
    NotTheirs {
        /// The foreign client id.
        client: u64,
    },
    /// The update has the right form, but what comes of it is not sound.
    #[error("not sound: {stage}")]
    Unsound {
        /// Where that showed.
        stage: Stage,
    },
}

/// What is wrong with a byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The bytes end too early.
    #[error("the bytes end too early")]
    End,
    /// A number is too long, or not written in its shortest form.
    #[error("a number is not in its shortest form")]
    Number,
    /// A count or length is larger than the bytes that follow could hold.
    #[error("a count is larger than what follows")]
    Count,
    /// Text is not UTF-8.
    #[error("text is not UTF-8")]
    Utf8,
    /// A client id is larger than 53 bits, or given twice.
    #[error("a client id is given twice or too large")]
    Client,
    /// A clock is beyond 31 bits.
    #[error("a clock is too large")]
    Clock,
    /// A block is empty.
    #[error("a block is empty")]
    Empty,
    /// A block kind that a flat text does not have.
    #[error("a block kind that a flat text does not have")]
    Kind,
    /// A block lies somewhere else than in the text `t`.
    #[error("a block lies outside the text")]
    Place,
    /// A block names an origin that comes after it.
    #[error("an origin comes after its block")]
    Origin,
    /// Embedded JSON is too long or nested too deeply.
    #[error("embedded JSON is too long or too deep")]
    Json,
    /// A mark's name is too long.
    #[error("a mark's name is too long")]
    Mark,
    /// Bytes follow after the end.
    #[error("bytes follow after the end")]
    Trailing,
    /// The state vector cannot be read.
    #[error("the state vector cannot be read")]
    StateVector,
    /// The JSON of lines cannot be read.
    #[error("the JSON of lines cannot be read")]
    Lines,
}

/// Where it showed that an update is not sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Stage {
    /// While decoding.
    #[error("it cannot be decoded")]
    Decode,
    /// While applying.
    #[error("it cannot be applied")]
    Apply,
    /// Something stays pending.
    #[error("a part of it stays pending")]
    Pending,
    /// The result, saved and opened again, reads differently.
    #[error("the result reads differently once saved and opened again")]
    Different,
    /// The library failed inside.
    #[error("the library failed inside")]
    Panic,
}
