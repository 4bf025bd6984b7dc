//! What may import what.

use std::collections::BTreeMap;
use std::process::Command;

/// A crate of ours, and the crates of ours that it may use. Downwards only, never sideways.
const ROOMS: &[(&str, &[&str])] = &[
    ("siteerror-catalog", &[]),
    (
        "siteerror-check",
        &[
            "siteerror-catalog",
            "siteerror-guard",
            "siteerror-lint",
            "siteerror-wire",
        ],
    ),
    ("siteerror-guard", &[]),
    ("siteerror-serve", &[]),
    ("siteerror-store", &[]),
    ("siteerror-wire", &[]),
    ("siteerror-lint", &["siteerror-catalog", "siteerror-wire"]),
    (
        "siteerror-playground",
        &["siteerror-catalog", "siteerror-serve", "siteerror-wire"],
    ),
    (
        "siteerror-web",
        &[
            "siteerror-catalog",
            "siteerror-check",
            "siteerror-guard",
            "siteerror-lint",
            "siteerror-playground",
            "siteerror-serve",
            "siteerror-wire",
        ],
    ),
    (
        "siteerror",
        &[
            "siteerror-catalog",
            "siteerror-check",
            "siteerror-guard",
            "siteerror-lint",
            "siteerror-playground",
            "siteerror-store",
            "siteerror-web",
            "siteerror-wire",
        ],
    ),
];

/// What a crate without I/O must not use.
const IO: &[&str] = &["tokio", "hyper", "axum", "mio", "socket2"];

/// The rooms without I/O.
const WITHOUT_IO: &[&str] = &[
    "siteerror-catalog",
    "siteerror-guard",
    "siteerror-lint",
    "siteerror-wire",
];

#[test]
fn rooms_open_downwards_only() {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--no-deps",
            "--offline",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    let metadata: serde_json::Value =
        serde_json::from_slice(&output.stdout).expect("cargo speaks JSON");
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for package in metadata["packages"].as_array().expect("packages") {
        let used = package["dependencies"]
            .as_array()
            .expect("dependencies")
            .iter()
            .filter(|dependency| dependency["kind"].is_null());
        found.insert(
            package["name"].as_str().expect("a name").to_owned(),
            used.filter_map(|dependency| dependency["name"].as_str().map(str::to_owned))
                .collect(),
        );
    }
    assert_eq!(
        found.len(),
        ROOMS.len(),
        "a room is missing from the table: {:?}",
        found.keys()
    );
    for (room, may_use) in ROOMS {
        for used in &found[*room] {
            assert!(
                !used.starts_with("siteerror") || may_use.contains(&used.as_str()),
                "{room} must not use {used}"
            );
            assert!(
                !WITHOUT_IO.contains(room) || !IO.contains(&used.as_str()),
                "{room} is without I/O and must not use {used}"
            );
        }
    }
}
