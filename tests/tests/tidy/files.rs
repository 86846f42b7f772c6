//! The files of the repository, as the tidy tests see them.

use std::path::{Path, PathBuf};

/// Folders that hold no sources of ours.
const NOT_OURS: &[&str] = &[".git", "target", "node_modules", "dist", "generated", "gen"];

/// A text file of ours.
pub(crate) struct Source {
    /// Its path inside the repository, with forward slashes.
    pub(crate) path: String,
    /// What stands in it.
    pub(crate) text: String,
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("tests lies in the root")
        .to_owned()
}

/// All our files whose name ends in one of these endings, in order.
pub(crate) fn ending_in(endings: &[&str]) -> Vec<Source> {
    let root = root();
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder can be listed") {
            let path = entry.expect("a folder can be listed").path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if path.is_dir() {
                if !NOT_OURS.contains(&name.as_ref()) {
                    folders.push(path);
                }
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                let inside = path.strip_prefix(&root).expect("it lies in the root");
                found.push(Source {
                    path: inside.to_string_lossy().replace('\\', "/"),
                    text: std::fs::read_to_string(&path).expect("a source is UTF-8"),
                });
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(
        !found.is_empty(),
        "no files ending in {endings:?} were found"
    );
    found
}

/// Fails with all complaints at once.
pub(crate) fn nothing_wrong(complaints: &[String]) {
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}
