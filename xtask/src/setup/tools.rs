//! Cargo tools, installed into `target/tools` for this repository alone.
//!
//! Built without optimisation: they wait for others most of the time, and a
//! fresh machine waits for their compilation.

use std::path::PathBuf;

use anyhow::Result;

use crate::paths;
use crate::run::Run;

/// Drives the witness app's window.
pub(super) fn tauri_driver() -> Result<()> {
    install("tauri-driver", "2.1.0")
}

/// Looks at licences, bans and sources of dependencies.
pub(super) fn cargo_deny() -> Result<()> {
    install("cargo-deny", "0.20.2")
}

/// Runs libFuzzer on the fuzz targets.
pub(super) fn cargo_fuzz() -> Result<()> {
    install("cargo-fuzz", "0.13.2")
}

/// Where a tool lies.
pub(super) fn path(name: &str) -> PathBuf {
    paths::tools().join("bin").join(name)
}

fn install(name: &str, version: &str) -> Result<()> {
    if path(name).exists() {
        return Ok(());
    }
    Run::cargo(format!("install {name} {version}"))
        .args(["install", "--locked", "--debug", "--root"])
        .arg(paths::tools())
        .args(["--version", version, name])
        .run()
        .map(drop)
}
