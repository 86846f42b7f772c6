//! Who may know whom.
//!
//! The table is the one of ARCHITECTURE.md; what is not in it is forbidden.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde::Deserialize;

use super::files::{ending_in, nothing_wrong, root};

/// What each of our crates may depend on among ours.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("saksi-domain", &[]),
    ("saksi-protocol", &["saksi-domain"]),
    ("saksi-resample", &[]),
    ("saksi-giving-way", &[]),
    ("saksi-photo", &["saksi-resample"]),
    ("saksi-store", &["saksi-domain", "saksi-protocol"]),
    ("saksi-sync", &["saksi-domain", "saksi-protocol"]),
    (
        "saksi-device",
        &[
            "saksi-domain",
            "saksi-protocol",
            "saksi-store",
            "saksi-photo",
            "saksi-giving-way",
            "saksi-sync",
        ],
    ),
    ("saksi-sample", &["saksi-domain", "saksi-protocol"]),
    (
        "saksi-specimen",
        &["saksi-domain", "saksi-protocol", "saksi-sample"],
    ),
    (
        "saksi-server",
        &[
            "saksi-domain",
            "saksi-protocol",
            "saksi-photo",
            "saksi-giving-way",
            "saksi-sample",
        ],
    ),
    ("saksi-app", &["saksi-device", "saksi-protocol"]),
    ("xtask", &[]),
];

/// The crate that may know everybody.
const STORIES: &str = "saksi-tests";

/// Who alone may depend on some of the world's crates.
const ONLY: &[(&str, &[&str])] = &[
    ("tauri", &["saksi-app"]),
    ("tauri-build", &["saksi-app"]),
    // The endpoint has it for the TLS of its S3 client alone; see below.
    ("reqwest", &["saksi-sync", "saksi-server"]),
    ("axum", &["saksi-server"]),
    ("axum-extra", &["saksi-server"]),
    ("sqlx", &["saksi-server"]),
    ("object_store", &["saksi-server"]),
    ("rusqlite", &["saksi-store"]),
    ("rusqlite_migration", &["saksi-store"]),
    ("image", &["saksi-photo", "saksi-specimen"]),
    ("imageproc", &["saksi-specimen"]),
];

/// What the rules of the election may stand on: derives and errors.
const DOMAIN: &[&str] = &["serde", "thiserror", "ts-rs", "utoipa"];

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    /// Absent for an ordinary dependency; else `dev` or `build`.
    kind: Option<String>,
}

/// Our crates with the names of their dependencies, those of tests left out.
fn members() -> BTreeMap<String, BTreeSet<String>> {
    let output = Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()))
        .args(["metadata", "--no-deps", "--format-version=1", "--offline"])
        .current_dir(root())
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Metadata =
        serde_json::from_slice(&output.stdout).expect("cargo describes the workspace");
    let ordinary = |dependency: &Dependency| dependency.kind.as_deref() != Some("dev");
    metadata
        .packages
        .into_iter()
        .map(|package| {
            let of = package.dependencies.into_iter().filter(ordinary);
            (package.name, of.map(|dependency| dependency.name).collect())
        })
        .collect()
}

#[test]
fn every_crate_knows_only_those_it_may() {
    let may_know: BTreeMap<&str, &[&str]> = MAY_KNOW.iter().copied().collect();
    let members = members();
    let mut complaints = Vec::new();
    for (name, dependencies) in &members {
        if name == STORIES {
            continue;
        }
        let Some(allowed) = may_know.get(name.as_str()) else {
            complaints.push(format!("{name} is in no table of who may know whom"));
            continue;
        };
        for other in dependencies
            .iter()
            .filter(|other| members.contains_key(*other))
        {
            if !allowed.contains(&other.as_str()) {
                complaints.push(format!("{name} must not know {other}"));
            }
        }
    }
    nothing_wrong(&complaints);
}

#[test]
fn windows_http_databases_and_pictures_each_have_one_home() {
    let members = members();
    let mut complaints = Vec::new();
    for (dependency, homes) in ONLY {
        for (name, dependencies) in &members {
            let is_home = homes.contains(&name.as_str()) || name == STORIES;
            if dependencies.contains(*dependency) && !is_home {
                complaints.push(format!(
                    "{name} must not know {dependency}: only {homes:?} does"
                ));
            }
        }
    }
    nothing_wrong(&complaints);
}

#[test]
fn the_endpoint_calls_nobody_over_http_itself() {
    let word = format!("{}{}", "reqwest", "::");
    let complaints: Vec<String> = ending_in(&[".rs"])
        .iter()
        .filter(|source| source.path.starts_with("crates/server/src/"))
        .filter(|source| source.text.contains(&word))
        .map(|source| format!("{} calls reqwest", source.path))
        .collect();
    nothing_wrong(&complaints);
}

#[test]
fn the_rules_of_the_election_stand_on_almost_nothing() {
    let complaints: Vec<String> = members()["saksi-domain"]
        .iter()
        .filter(|name| !DOMAIN.contains(&name.as_str()))
        .map(|name| format!("saksi-domain must not know {name}"))
        .collect();
    nothing_wrong(&complaints);
}

#[test]
fn there_is_one_sqlite_in_the_lock_file() {
    let lock = std::fs::read_to_string(root().join("Cargo.lock")).expect("there is a lock file");
    let of_sqlite = lock.matches("name = \"libsqlite3-sys\"").count();
    assert_eq!(
        of_sqlite, 1,
        "libsqlite3-sys stands {of_sqlite} times in the lock file"
    );
}
