//! `cargo xtask bench`: builds with optimisation, then hands over to
//! `saksi-bench`, the program that measures. A database and a display of its
//! own stand beside it.

use std::process::Command;

use anyhow::Result;

use crate::build::{self, Extent, Profile};
use crate::cli::{BenchOptions, Purpose};
use crate::test::Surroundings;
use crate::{paths, run, setup};

/// `cargo xtask bench`.
pub(crate) fn command(options: &BenchOptions) -> Result<()> {
    setup::ready_for(&[Purpose::Build, Purpose::Test])?;
    let built = build::workspace(Profile::Release, Extent::Programs)?;
    run::settle_disk()?;
    let around = Surroundings::start()?;
    let mut bench = Command::new(built.program("saksi-bench")?);
    bench
        .args(["--only", &options.only])
        .arg("--out")
        .arg(paths::figures())
        .arg("--bundles")
        .arg(paths::dist())
        .envs(around.variables.iter().map(|(name, value)| (name, value)));
    run::in_foreground(bench, "the measurements")
}
