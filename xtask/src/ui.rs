//! The two bundles of the screens, built when their sources changed.
//!
//! Both programs embed them, so this comes before any compilation of the
//! whole workspace.

use std::collections::BTreeMap;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::run::Run;
use crate::{paths, setup};

/// Parts of `ui/` that the bundles do not depend on.
const NOT_SOURCES: &[&str] = &["node_modules", "dist"];

/// Builds both bundles unless they are those of the present sources.
/// Says whether it built.
pub(crate) fn build() -> Result<bool> {
    setup::npm_packages()?;
    let stamp = paths::dist().join(".saksi-stamp");
    let sources = format!("{:016x}", fingerprint(&paths::ui())?);
    let built = ["field", "console"]
        .iter()
        .all(|app| paths::dist().join(app).join("index.html").exists());
    if built && fs::read_to_string(&stamp).is_ok_and(|of| of == sources) {
        return Ok(false);
    }
    Run::npm("build the screens").args(["run", "build"]).run()?;
    fs::write(&stamp, sources).context("cannot note what the screens were built from")?;
    Ok(true)
}

/// A number that changes when any source of the screens does.
fn fingerprint(folder: &Path) -> Result<u64> {
    let mut files = BTreeMap::new();
    collect(folder, &mut files)?;
    let mut hasher = DefaultHasher::new();
    files.hash(&mut hasher);
    Ok(hasher.finish())
}

fn collect(folder: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) -> Result<()> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    for entry in entries {
        let path = entry.context("cannot list the screens' sources")?.path();
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        if name.is_some_and(|name| NOT_SOURCES.contains(&name.as_str())) {
            continue;
        }
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            let bytes =
                fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
            files.insert(path, bytes);
        }
    }
    Ok(())
}
