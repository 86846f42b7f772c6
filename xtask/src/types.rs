//! The TypeScript twins of the Rust types.
//!
//! `ts-rs` writes them from inside tests named `export_bindings_…`; here only
//! those run.

use std::path::Path;

use anyhow::Result;

use crate::paths;
use crate::run::Run;

/// Crates whose types the screens see.
const SOURCES: &[&str] = &[
    "saksi-domain",
    "saksi-protocol",
    "saksi-photo",
    "saksi-device",
    "saksi-server",
];

/// `cargo xtask types`.
pub(crate) fn command() -> Result<()> {
    write(&paths::ui().join("src").join("generated"))
}

/// Writes the types into a folder.
pub(crate) fn write(folder: &Path) -> Result<()> {
    let mut args = vec!["test", "--quiet", "--lib"];
    for package in SOURCES {
        args.extend(["--package", package]);
    }
    args.extend(["--", "export_bindings"]);
    Run::cargo("write the TypeScript types")
        .args(args)
        .env("TS_RS_EXPORT_DIR", folder)
        .run()
        .map(drop)
}
