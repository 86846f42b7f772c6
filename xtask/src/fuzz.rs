//! `cargo xtask fuzz`: runs the targets of `fuzz/` one after the other.
//!
//! `saksi-campaign` drives `cargo fuzz` and keeps the figures; the targets are
//! built in their own workspace, with results in `target/fuzz`. The compiler is
//! the stable one: `RUSTC_BOOTSTRAP` lets it take the flags that coverage
//! wants. Without its AddressSanitizer the targets run unsanitised: they are
//! safe Rust, and what is looked for are broken promises and panics.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::build::{self, Extent, Profile};
use crate::cli::{FuzzOptions, Purpose};
use crate::{paths, run, setup};

/// `cargo xtask fuzz`.
pub(crate) fn command(options: &FuzzOptions) -> Result<()> {
    setup::ready_for(&[Purpose::Build, Purpose::Fuzz])?;
    let built = build::workspace(Profile::Dev, Extent::Programs)?;
    let sanitizer = if has_address_sanitizer()? {
        "address"
    } else {
        "none"
    };
    let mut fuzz = Command::new(built.program("saksi-campaign")?);
    fuzz.arg("fuzz")
        .args(["--minutes", &options.minutes.to_string()])
        .args(["--sanitizer", sanitizer])
        .arg("--cargo-fuzz")
        .arg(setup::cargo_fuzz())
        .arg("--fuzz-dir")
        .arg(paths::fuzz())
        .arg("--build-dir")
        .arg(paths::target().join("fuzz"))
        .arg("--figures")
        .arg(paths::figures());
    if let Some(target) = &options.target {
        fuzz.args(["--target", target]);
    }
    run::in_foreground(fuzz, "the fuzzing")
}

/// Whether the compiler brings AddressSanitizer's runtime for its own host.
fn has_address_sanitizer() -> Result<bool> {
    let said = Command::new("rustc")
        .args(["--print", "target-libdir"])
        .output()
        .context("cannot ask rustc for its libraries")?;
    let folder = PathBuf::from(String::from_utf8_lossy(&said.stdout).trim());
    let files =
        std::fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))?;
    Ok(files.flatten().any(|file| {
        let name = file.file_name().to_string_lossy().into_owned();
        name.contains("rt.asan")
    }))
}
