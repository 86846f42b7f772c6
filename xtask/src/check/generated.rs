//! Whether the TypeScript types in the repository are those of the Rust ones.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::{paths, types};

/// Writes the types anew elsewhere and compares.
pub(crate) fn check() -> Result<String> {
    let fresh = tempfile::tempdir().context("cannot make a folder for the types")?;
    types::write(fresh.path())?;
    let written = read(fresh.path())?;
    let kept = read(&paths::ui().join("src").join("generated"))?;
    let behind: Vec<String> = written
        .iter()
        .filter(|(name, text)| kept.get(*name) != Some(text))
        .map(|(name, _)| format!("{} is behind", name.display()))
        .chain(
            kept.keys()
                .filter(|name| !written.contains_key(*name))
                .map(|name| format!("{} has no Rust type any more", name.display())),
        )
        .collect();
    if behind.is_empty() {
        return Ok(format!("{} types", written.len()));
    }
    bail!("run `cargo xtask types`: {}", behind.join(", "));
}

/// The texts of a folder's TypeScript files, by path.
fn read(folder: &Path) -> Result<BTreeMap<PathBuf, String>> {
    let mut texts = BTreeMap::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        let entries =
            fs::read_dir(&next).with_context(|| format!("cannot list {}", next.display()))?;
        for entry in entries {
            let path = entry.context("cannot list the types")?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = fs::read_to_string(&path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            let name = path
                .strip_prefix(folder)
                .context("a path outside its folder")?;
            texts.insert(name.to_path_buf(), text);
        }
    }
    Ok(texts)
}
