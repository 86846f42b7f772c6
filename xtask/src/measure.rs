//! `cargo xtask measure`: builds with optimisation, then hands over to
//! `saksi-measure`. The data are the caller's: nothing here reads them, and
//! nothing else in the project needs them.

use std::process::Command;

use anyhow::Result;
use clap::ValueEnum as _;

use crate::build::{self, Extent, Profile};
use crate::cli::{MeasureOptions, Purpose};
use crate::{paths, run, setup};

/// `cargo xtask measure`.
pub(crate) fn command(options: &MeasureOptions) -> Result<()> {
    setup::ready_for(&[Purpose::Build])?;
    let built = build::workspace(Profile::Release, Extent::Programs)?;
    let mut measure = Command::new(built.program("saksi-measure")?);
    if let Some(name) = options.name.to_possible_value() {
        measure.arg(name.get_name());
    }
    measure
        .arg("--data")
        .arg(&options.data)
        .args(["--seed", &options.seed.to_string()])
        .args(["--seeds", &options.seeds.to_string()])
        .arg("--figures")
        .arg(paths::figures());
    run::in_foreground(measure, "the measurement")
}
