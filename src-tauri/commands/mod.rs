//! What the screen may ask. Each command is one expression.

pub(crate) mod archive;
pub(crate) mod enter;
pub(crate) mod groups;
pub(crate) mod journal;
pub(crate) mod shell;
pub(crate) mod text;
pub(crate) mod vault;
