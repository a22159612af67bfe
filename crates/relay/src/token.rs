//! The operator's tokens. The relay keeps hashes; the token itself is shown once.

use std::{
    fs::OpenOptions,
    io::{self, Read, Write},
    path::Path,
};

use hearthkeep_wire::{Token, token_hash};

use crate::{
    database::{NewToken, Sqlite},
    error::RelayError,
    random,
};

/// What a token allows.
#[derive(Debug, Clone, Copy)]
pub struct Allowance {
    /// Mailboxes at once.
    pub mailboxes: u64,
    /// Bytes in all of them.
    pub bytes: u64,
    /// Until when mailboxes may be opened, in seconds since 1970.
    pub expires_at: Option<u64>,
}

/// Makes a token and keeps its hash. Works beside a running relay.
///
/// # Errors
/// What the database says.
pub async fn create_token(database: &Path, allows: Allowance) -> Result<Token, RelayError> {
    let mut bytes = [0; Token::LEN];
    if !random::fill(&mut bytes) {
        return Err(RelayError::Randomness);
    }
    let token = Token(bytes);
    keep(database, &token, allows).await?;
    Ok(token)
}

/// Keeps the token of a file, which is made, for its owner alone, when there is none.
///
/// # Errors
/// [`RelayError::TokenFile`] when the file holds something else.
pub async fn token_of_file(
    database: &Path,
    file: &Path,
    allows: Allowance,
) -> Result<(), RelayError> {
    let at = |source| RelayError::File { path: file.to_owned(), source };
    match OpenOptions::new().read(true).open(file) {
        Ok(opened) => {
            let mut text = String::new();
            opened.take(1_024).read_to_string(&mut text).map_err(at)?;
            let token = Token::from_hex(&text)
                .ok_or_else(|| RelayError::TokenFile { path: file.to_owned() })?;
            keep(database, &token, allows).await
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let token = create_token(database, allows).await?;
            let mut options = OpenOptions::new();
            options.write(true).create_new(true);
            #[cfg(unix)]
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
            let mut made = options.open(file).map_err(at)?;
            writeln!(made, "{}", token.to_hex()).map_err(at)
        }
        Err(error) => Err(at(error)),
    }
}

async fn keep(database: &Path, token: &Token, allows: Allowance) -> Result<(), RelayError> {
    let token = NewToken {
        hash: token_hash(token),
        mailboxes: allows.mailboxes,
        bytes: allows.bytes,
        expires_at: allows.expires_at,
    };
    Sqlite::put_token(database, &token).await
}
