//! Where things lie in the repository.

use std::path::PathBuf;

/// The root of the repository: of the one that `cargo xtask` was called in,
/// also when clones share a target folder.
pub(crate) fn root() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    here.parent().map_or_else(|| here.clone(), PathBuf::from)
}

/// The folder of build results.
pub(crate) fn target() -> PathBuf {
    root().join("target")
}

/// The screens' sources.
pub(crate) fn ui() -> PathBuf {
    root().join("ui")
}

/// The screens' built bundles.
pub(crate) fn dist() -> PathBuf {
    ui().join("dist")
}

/// Tools that cargo installs for this repository alone.
pub(crate) fn tools() -> PathBuf {
    target().join("tools")
}

/// Logs of what runs in the background.
pub(crate) fn logs() -> PathBuf {
    target().join("xtask-logs")
}

/// The file that all measurements merge their figures into.
pub(crate) fn figures() -> PathBuf {
    target().join("bench").join("figures.json")
}

/// The fuzz targets' own workspace.
pub(crate) fn fuzz() -> PathBuf {
    root().join("fuzz")
}

/// The places on forms, as data.
pub(crate) fn layouts() -> PathBuf {
    root().join("crates").join("photo").join("data")
}
