//! What is printed: text for people, JSON for programs, progress on standard error.

use crate::exit::Failure;
use hearthkeep_client::view::Progress;
use serde::Serialize;
use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicU32, Ordering};

/// Prints one line.
pub(crate) fn line(text: &str) -> Result<(), Failure> {
    Ok(writeln!(io::stdout().lock(), "{text}")?)
}

/// Prints one JSON object on a line.
pub(crate) fn json(value: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string(value).map_err(io::Error::from)?;
    line(&text)
}

/// Tells progress on standard error: each step on a terminal, each twentieth elsewhere.
pub(crate) fn progress(name: &'static str) -> impl Fn(Progress) + Send + Sync + 'static {
    let (terminal, last) = (io::stderr().is_terminal(), AtomicU32::new(u32::MAX));
    move |Progress { done, total, .. }| {
        let part = done.saturating_mul(20).checked_div(total).unwrap_or(0);
        let same = last.swap(part, Ordering::Relaxed) == part;
        let end = if terminal { '\r' } else { '\n' };
        if terminal || !same {
            write!(io::stderr(), "{name} {done}/{total}{end}").unwrap_or_default();
        }
    }
}
