//! The `saksi-server` binary.

use std::process::ExitCode;

use anyhow::Context as _;
use clap::Parser as _;
use server::cli::Cli;

/// Threads that serve requests, for each core. With one, a long answer that is
/// being put together keeps short ones waiting; with more, the system shares the
/// core among them.
const THREADS_PER_CORE: usize = 2;

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
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(cores.saturating_mul(THREADS_PER_CORE))
        .enable_all()
        .build()
        .context("the runtime could not be started")?;
    runtime.block_on(cli.run())
}
