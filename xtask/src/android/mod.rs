//! `cargo xtask android-check`: the whole app, type-checked for Android.
//!
//! Where only package registries are reachable there is no NDK, so nothing can
//! be linked; but everything can be *checked*. Debian's `rustc-web` knows the
//! target, `rust-web-src` has the standard library's sources to build for it,
//! and a stand-in C compiler and archiver satisfy the build scripts of SQLite
//! and ring. What this does not show: that it links, starts, or looks right on
//! a phone.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::cli::Purpose;
use crate::run::Run;
use crate::stages::Stages;
use crate::{paths, setup, ui};

/// The phones' target.
const TARGET: &str = "aarch64-linux-android";

/// The Debian package of the compiler that knows the target.
const COMPILER: &str = "rustc-web";

/// `cargo xtask android-check`.
pub(crate) fn command() -> Result<()> {
    let mut stages = Stages::new("android-check");
    stages.stage("types on Android", check);
    stages.finish()
}

/// Checks the app's library for the target.
pub(crate) fn check() -> Result<String> {
    setup::ready_for(&[Purpose::Build, Purpose::Android])?;
    ui::build()?;
    let folder = paths::target().join("android-check");
    let stand_in = stand_in(&folder)?;
    let compiler = compiler()?;
    let mut run = Run::cargo(format!("type-check the app for {TARGET}"))
        .args([
            "check",
            "--lib",
            "--package",
            "saksi-app",
            "--target",
            TARGET,
        ])
        .args(["-Zbuild-std=std,panic_abort", "--target-dir"])
        .arg(&folder)
        .env("RUSTC", &compiler)
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_AARCH64_LINUX_ANDROID_LINKER", &stand_in)
        // Cargo points this at the libraries of the compiler that runs now.
        .without_env("LD_LIBRARY_PATH")
        .without_env("RUSTUP_TOOLCHAIN");
    for tool in ["CC", "CXX", "AR", "RANLIB"] {
        run = run.env(format!("{tool}_{}", TARGET.replace('-', "_")), &stand_in);
    }
    run.run()?;
    Ok(format!("by {}", compiler.display()))
}

/// Writes the stand-in for C compiler and archiver.
fn stand_in(folder: &std::path::Path) -> Result<PathBuf> {
    let bin = folder.join("bin");
    fs::create_dir_all(&bin).context("cannot make the folder of stand-ins")?;
    let path = bin.join("stand-in");
    let text = include_str!("stand-in.sh");
    // Left alone when unchanged, so that build scripts are not run again.
    if fs::read_to_string(&path).is_ok_and(|present| present == text) {
        return Ok(path);
    }
    fs::write(&path, text).context("cannot write the stand-in")?;
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755))
        .context("cannot make the stand-in executable")?;
    Ok(path)
}

/// The compiler of Debian's package, wherever the package put it.
fn compiler() -> Result<PathBuf> {
    let said = Command::new("dpkg")
        .args(["--listfiles", COMPILER])
        .output()
        .context("this check needs Debian's packages")?;
    let files = String::from_utf8_lossy(&said.stdout).into_owned();
    let Some(path) = files.lines().find(|line| line.ends_with("/bin/rustc")) else {
        bail!("the package {COMPILER} is not installed or has no compiler");
    };
    Ok(PathBuf::from(path))
}
