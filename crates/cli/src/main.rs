//! Hearthkeep without a window.
fn main() {}
