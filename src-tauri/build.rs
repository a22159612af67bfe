//! Tauri's build step, with the capabilities beside the shell's sources.
fn main() {}
