//! The house's arrows as data. An arrow that is not in the table needs a decision record.

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, PackageId};
use std::collections::{BTreeMap, BTreeSet};

/// Which of our crates each crate may use in what it ships.
const ARROWS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("crypto", &[]),
    ("wire", &[]),
    ("document", &[]),
    ("group", &["model", "crypto", "wire"]),
    ("store", &["model", "crypto"]),
    ("search", &["model", "crypto"]),
    ("archive", &["model", "document", "crypto"]),
    ("client", &["model", "crypto", "wire", "document", "group", "store", "search", "archive"]),
    ("relay", &["wire"]),
    ("cli", &["client"]),
    ("", &["client"]),
];

/// Libraries that only these crates may name.
const WALLS: &[(&str, &[&str])] = &[
    ("chacha20poly1305", &["crypto"]),
    ("argon2", &["crypto"]),
    ("hkdf", &["crypto"]),
    ("hmac", &["crypto"]),
    ("openmls", &["group"]),
    ("yrs", &["document"]),
    ("tantivy", &["search"]),
    ("age", &["archive"]),
    ("tar", &["archive"]),
    ("zip", &["archive"]),
    ("sqlx", &["store", "relay"]),
    ("axum", &["relay"]),
    ("reqwest", &["client"]),
    ("tauri", &[""]),
];

/// What could open a note, and must not be in the relay's tree.
const NOT_IN_RELAY: &[&str] = &[
    "chacha20poly1305",
    "argon2",
    "openmls",
    "age",
    "hkdf",
    "hearthkeep-crypto",
    "hearthkeep-model",
];

fn metadata() -> Metadata {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.toml");
    MetadataCommand::new().manifest_path(manifest).exec().expect("cargo metadata")
}

/// The part of a package's name that the tables use: the shell is the empty name.
fn room(package: &str) -> Option<&str> {
    match package {
        "hearthkeep" => Some(""),
        _ => package.strip_prefix("hearthkeep-"),
    }
}

fn shipped(metadata: &Metadata) -> impl Iterator<Item = (&str, &str)> {
    metadata.workspace_packages().into_iter().flat_map(|package| {
        let from = room(&package.name).expect("a package of ours");
        package
            .dependencies
            .iter()
            .filter(|dependency| dependency.kind == DependencyKind::Normal)
            .map(move |dependency| (from, dependency.name.as_str()))
    })
}

#[test]
fn every_arrow_is_in_the_table() {
    let metadata = metadata();
    let table: BTreeMap<&str, &[&str]> = ARROWS.iter().copied().collect();
    let wrong: Vec<String> = shipped(&metadata)
        .filter(|(from, _)| *from != "tests")
        .filter_map(|(from, to)| Some((from, room(to)?)))
        .filter(|(from, to)| !table.get(from).is_some_and(|allowed| allowed.contains(to)))
        .map(|(from, to)| format!("hearthkeep-{from} must not depend on hearthkeep-{to}"))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_crate_is_in_the_table() {
    let metadata = metadata();
    let known: BTreeSet<&str> = ARROWS.iter().map(|(name, _)| *name).chain(["tests"]).collect();
    let here: BTreeSet<&str> = metadata
        .workspace_packages()
        .into_iter()
        .map(|package| room(&package.name).expect("a package of ours"))
        .collect();
    assert_eq!(here, known);
}

#[test]
fn a_wall_is_a_wall() {
    let metadata = metadata();
    let wrong: Vec<String> = shipped(&metadata)
        .filter_map(|(from, to)| {
            let (_, allowed) = WALLS.iter().find(|(library, _)| *library == to)?;
            (from != "tests" && !allowed.contains(&from))
                .then(|| format!("hearthkeep-{from} must not name {to}: only {allowed:?} may"))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// What a package ships with: its normal dependencies, all the way down.
fn tree(metadata: &Metadata, root: &str) -> BTreeSet<String> {
    let resolve = metadata.resolve.as_ref().expect("a resolved graph");
    let nodes: BTreeMap<&PackageId, _> =
        resolve.nodes.iter().map(|node| (&node.id, node)).collect();
    let start = metadata.packages.iter().find(|package| package.name.as_str() == root).expect(root);
    let (mut seen, mut next) = (BTreeSet::new(), vec![&start.id]);
    while let Some(id) = next.pop() {
        if !seen.insert(id) {
            continue;
        }
        let ships = |kinds: &[cargo_metadata::DepKindInfo]| {
            kinds.iter().any(|kind| kind.kind == DependencyKind::Normal)
        };
        let deps = nodes.get(id).into_iter().flat_map(|node| &node.deps);
        next.extend(deps.filter(|dep| ships(&dep.dep_kinds)).map(|dep| &dep.pkg));
    }
    seen.iter().map(|id| metadata[id].name.to_string()).collect()
}

#[test]
fn the_relay_holds_nothing_that_could_open_a_note() {
    let tree = tree(&metadata(), "hearthkeep-relay");
    let found: Vec<_> = NOT_IN_RELAY.iter().filter(|name| tree.contains(**name)).collect();
    assert!(found.is_empty(), "the relay ships with {found:?}");
    assert!(tree.contains("ed25519-dalek"), "the search sees the tree at all");
}

#[test]
fn the_app_brings_no_temporary_file_and_no_memory_map_for_the_index() {
    let metadata = metadata();
    let node = metadata.resolve.as_ref().expect("a resolved graph").nodes.iter();
    let features = node
        .filter(|node| metadata[&node.id].name.as_str() == "tantivy")
        .flat_map(|node| node.features.iter().map(ToString::to_string))
        .collect::<Vec<_>>();
    assert!(!features.iter().any(|feature| feature == "mmap"), "{features:?}");
}
