//! The `saksi-server` binary.

use std::process::ExitCode;

use anyhow::Context as _;
use clap::Parser as _;
use server::cli::Cli;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            eprintln!("saksi-server: {cause:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<()> {
    let cli = Cli::parse();
    cli.logging.start()?;
    let runtime = tokio::runtime::Runtime::new().context("the runtime could not be started")?;
    runtime.block_on(cli.run())
}
