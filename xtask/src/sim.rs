//! `cargo xtask sim`: builds with optimisation, then hands over to
//! `saksi-sim`, the deterministic simulation.

use std::process::Command;

use anyhow::Result;

use crate::build::{self, Extent, Profile};
use crate::cli::{Purpose, SimOptions};
use crate::{paths, run, setup};

/// `cargo xtask sim`.
pub(crate) fn command(options: &SimOptions) -> Result<()> {
    setup::ready_for(&[Purpose::Build])?;
    let built = build::workspace(Profile::Release, Extent::Programs)?;
    let mut sim = Command::new(built.program("saksi-sim")?);
    sim.args(["--seeds", &options.seeds.to_string()])
        .arg("--figures")
        .arg(paths::figures());
    if let Some(seed) = options.seed {
        sim.args(["--seed", &seed.to_string()]);
    }
    run::in_foreground(sim, "the simulation")
}
