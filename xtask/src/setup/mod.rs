//! Makes a machine ready: Debian packages, npm packages, cargo tools.
//!
//! Only what is missing is installed, so that a ready machine waits for
//! nothing and needs no network and no rights. Rust and Node themselves are
//! the two things that a person installs.

mod debian;
mod npm;
mod tools;

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::cli::{Purpose, SetupOptions};
use crate::stages::Stages;

pub(crate) use npm::packages as npm_packages;

/// The oldest Node that the screens' tools run on.
const NODE_OLDEST: (u32, u32) = (20, 19);

/// `cargo xtask setup`.
pub(crate) fn command(options: &SetupOptions) -> Result<()> {
    let mut stages = Stages::new("setup");
    stages.needed("set up", || {
        ready_for(&options.purposes).map(|()| String::new())
    })?;
    stages.finish()
}

/// Installs what is missing for some purposes.
pub(crate) fn ready_for(purposes: &[Purpose]) -> Result<()> {
    debian::install(purposes)?;
    if purposes.contains(&Purpose::Build) {
        node_is_new_enough()?;
        npm::packages()?;
    }
    if purposes.contains(&Purpose::Test) {
        tools::tauri_driver()?;
    }
    if purposes.contains(&Purpose::Check) {
        tools::cargo_deny()?;
    }
    if purposes.contains(&Purpose::Fuzz) {
        tools::cargo_fuzz()?;
    }
    Ok(())
}

/// Where `tauri-driver` lies once set up.
pub(crate) fn tauri_driver() -> PathBuf {
    tools::path("tauri-driver")
}

/// Where `cargo-deny` lies once set up.
pub(crate) fn cargo_deny() -> PathBuf {
    tools::path("cargo-deny")
}

/// Where `cargo-fuzz` lies once set up.
pub(crate) fn cargo_fuzz() -> PathBuf {
    tools::path("cargo-fuzz")
}

fn node_is_new_enough() -> Result<()> {
    let said = Command::new("node")
        .arg("--version")
        .output()
        .context("Node 20 is needed for the screens: install it first")?;
    let version = String::from_utf8_lossy(&said.stdout).trim().to_owned();
    let mut numbers = version
        .trim_start_matches('v')
        .split('.')
        .map(str::parse::<u32>);
    let (Some(Ok(major)), Some(Ok(minor))) = (numbers.next(), numbers.next()) else {
        bail!("cannot read Node's version: {version}");
    };
    if (major, minor) < NODE_OLDEST {
        bail!(
            "Node {}.{} or newer is needed, here is {version}",
            NODE_OLDEST.0,
            NODE_OLDEST.1
        );
    }
    Ok(())
}
