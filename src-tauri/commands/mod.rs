//! What the screen may ask. Each command is one expression.

pub(crate) mod shell;
