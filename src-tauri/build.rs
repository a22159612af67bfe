//! Tauri's build step, with the capabilities beside the shell's sources.

use std::collections::BTreeSet;
use std::{fs, io, process};
use tauri_build::{AppManifest, Attributes};

const CAPABILITIES: &str = "src-tauri/capabilities";

fn main() {
    println!("cargo:rerun-if-changed={CAPABILITIES}");
    if let Err(error) = build() {
        eprintln!("{error}");
        process::exit(1);
    }
}

fn build() -> Result<(), Box<dyn std::error::Error>> {
    // Naming our own commands makes Tauri ask for a permission for each: without the list, every
    // window may call every command.
    let commands: Vec<&'static str> =
        own_commands()?.into_iter().map(|name| &*name.leak()).collect();
    let attributes = Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/**/*")
        .app_manifest(AppManifest::new().commands(commands.leak()));
    tauri_build::try_build(attributes).map_err(|error| format!("{error:#}").into())
}

/// The commands that some capability grants, from the capabilities themselves: one list to keep.
fn own_commands() -> io::Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for file in fs::read_dir(CAPABILITIES)? {
        let text = fs::read_to_string(file?.path())?;
        names.extend(
            text.split('"')
                .filter_map(|word| word.strip_prefix("allow-"))
                .map(|word| word.replace('-', "_")),
        );
    }
    Ok(names)
}
