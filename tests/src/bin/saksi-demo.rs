//! Runs the main job: the witness's window beside an endpoint, or, without a
//! display, many devices that deliver and are checked. Built and started by
//! `cargo xtask demo`.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Result, bail};
use clap::Parser;
use saksi_tests::demo::{headless, window};
use tokio::signal::unix::{SignalKind, signal};

/// The main job, with or without a window.
#[derive(Debug, Parser)]
struct Options {
    /// Without a window.
    #[arg(long)]
    headless: bool,
    /// How many witnesses take part, headless.
    #[arg(long, default_value_t = 20)]
    witnesses: usize,
    /// How long the endpoint stays out of reach, headless, in milliseconds.
    #[arg(long, default_value_t = 3_000)]
    offline_for_ms: u64,
    /// Seed of the papers.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[tokio::main]
async fn main() -> ExitCode {
    saksi_tests::install_tls();
    let options = Options::parse();
    let mut is_headless = options.headless;
    if !is_headless && !window::has_display() {
        println!("There is no display here, so the main job runs without a window.\n");
        is_headless = true;
    }
    let run = async {
        if !is_headless {
            return window::run(options.seed).await;
        }
        headless::run(headless::Options {
            witnesses: options.witnesses,
            offline_for: Duration::from_millis(options.offline_for_ms),
            seed: options.seed,
        })
        .await
    };
    // Whatever ends it, what was started ends with it.
    let outcome = tokio::select! {
        outcome = run => outcome,
        asked = asked_to_stop() => asked.and_then(|()| bail!("interrupted")),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            eprintln!("error: {cause:#}");
            ExitCode::FAILURE
        }
    }
}

/// Ctrl-C, or a polite request to end.
async fn asked_to_stop() -> Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted?,
        _ = terminate.recv() => {}
    }
    Ok(())
}
