//! Every dependency has a reason, and is used.

use std::collections::BTreeSet;
use std::path::Path;

use super::files::{Source, ending_in, nothing_wrong, root};

/// Dependencies that are there for a feature alone: their names stand in no
/// source of the member.
const USED_UNSEEN: &[(&str, &str)] = &[("crates/server/Cargo.toml", "reqwest")];

/// Packages whose library has another name.
const CALLED_OTHERWISE: &[(&str, &str)] = &[("kamadak-exif", "exif")];

/// The lines of one table of a manifest, as `name` and the whole line.
fn table<'a>(manifest: &'a str, header: &str) -> Vec<(&'a str, &'a str)> {
    manifest
        .lines()
        .skip_while(|line| *line != header)
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| {
            let name = line.split(['=', '.', ' ']).next()?;
            let is_name = !name.is_empty() && !name.starts_with('#');
            is_name.then_some((name, line))
        })
        .collect()
}

/// Every table of dependencies of a manifest, those of single platforms too.
fn tables(manifest: &str) -> Vec<(&str, &str)> {
    let headers = manifest
        .lines()
        .filter(|line| line.starts_with('[') && line.ends_with("dependencies]"));
    headers.flat_map(|header| table(manifest, header)).collect()
}

/// Manifests of the members: all but the root's, and the fuzz targets', which
/// are a workspace of their own.
fn members() -> Vec<Source> {
    let mut manifests = ending_in(&["Cargo.toml"]);
    manifests.retain(|manifest| !["Cargo.toml", "fuzz/Cargo.toml"].contains(&&*manifest.path));
    manifests
}

fn root_manifest() -> String {
    std::fs::read_to_string(root().join("Cargo.toml")).expect("there is a root manifest")
}

#[test]
fn every_dependency_carries_a_line_of_reason() {
    let manifest = root_manifest();
    let without: Vec<String> = table(&manifest, "[workspace.dependencies]")
        .into_iter()
        .filter(|(_, line)| !line.contains("path = ") && !line.contains(" # "))
        .map(|(name, _)| format!("{name} has no reason behind it"))
        .collect();
    nothing_wrong(&without);
}

#[test]
fn every_shared_dependency_is_used_by_a_member() {
    let manifest = root_manifest();
    let members = members();
    let used: BTreeSet<&str> = members
        .iter()
        .flat_map(|member| tables(&member.text))
        .map(|(name, _)| name)
        .collect();
    let unused: Vec<String> = table(&manifest, "[workspace.dependencies]")
        .into_iter()
        .filter(|(name, _)| !used.contains(name))
        .map(|(name, _)| format!("{name} is used by no member"))
        .collect();
    nothing_wrong(&unused);
}

#[test]
fn members_take_their_dependencies_from_the_workspace() {
    let mut complaints = Vec::new();
    for member in members() {
        for (name, line) in tables(&member.text) {
            if !line.contains("workspace = true") {
                complaints.push(format!("{}: {name} is not the workspace's", member.path));
            }
        }
    }
    nothing_wrong(&complaints);
}

#[test]
fn every_member_uses_what_it_depends_on() {
    let sources = ending_in(&[".rs"]);
    let mut complaints = Vec::new();
    for member in members() {
        let folder = Path::new(&member.path)
            .parent()
            .expect("a manifest lies in a folder");
        let own: Vec<&Source> = sources
            .iter()
            .filter(|source| Path::new(&source.path).starts_with(folder))
            .collect();
        for (name, _) in tables(&member.text) {
            let otherwise = CALLED_OTHERWISE
                .iter()
                .find(|(package, _)| *package == name);
            let word = otherwise
                .map_or(name, |(_, library)| library)
                .replace('-', "_");
            let is_used = USED_UNSEEN.contains(&(member.path.as_str(), name))
                || own.iter().any(|source| has_word(&source.text, &word));
            if !is_used {
                complaints.push(format!("{}: {name} is not used", member.path));
            }
        }
    }
    nothing_wrong(&complaints);
}

/// Whether a text has this as a whole word.
fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + word.len()..].chars().next();
        let inside = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() || c == '_');
        !inside(before) && !inside(after)
    })
}
