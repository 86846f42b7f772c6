//! The screens' npm packages: exactly those of the lock file.

use std::fs;

use anyhow::{Context, Result};

use crate::paths;
use crate::run::Run;

/// Installs them when the lock file is not the one they were installed from.
pub(crate) fn packages() -> Result<()> {
    let lock = fs::read_to_string(paths::ui().join("package-lock.json"))
        .context("cannot read ui/package-lock.json")?;
    let stamp = paths::ui().join("node_modules").join(".saksi-stamp");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    Run::npm("install the screens' npm packages")
        .args(["ci", "--no-audit", "--no-fund"])
        .run()?;
    fs::write(&stamp, lock).context("cannot note which npm packages are installed")
}
