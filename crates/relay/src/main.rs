//! The relay as a process.
fn main() {}
