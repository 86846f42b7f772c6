//! `cargo xtask demo`: builds, then hands over to `saksi-demo`, the program
//! that runs the main job. It lives in `tests`, because it needs devices and an
//! endpoint, and this crate knows neither.

use std::process::Command;

use anyhow::Result;

use crate::build::{self, Extent, Profile};
use crate::cli::{DemoOptions, Purpose};
use crate::{run, setup};

/// `cargo xtask demo`.
pub(crate) fn command(options: &DemoOptions) -> Result<()> {
    setup::ready_for(&[Purpose::Build])?;
    let built = build::workspace(Profile::Dev, Extent::Programs)?;
    let mut demo = Command::new(built.program("saksi-demo")?);
    if options.headless {
        demo.arg("--headless");
    }
    demo.args(["--witnesses", &options.witnesses.to_string()])
        .args([
            "--offline-for-ms",
            &options.offline_for.as_millis().to_string(),
        ])
        .args(["--seed", &options.seed.to_string()]);
    run::in_foreground(demo, "the demo")
}
