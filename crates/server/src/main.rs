//! The `saksi-server` binary.

use std::process::ExitCode;

use clap::Parser as _;
use server::cli::Cli;
use tracing_subscriber::EnvFilter;

fn main() -> ExitCode {
    let cli = Cli::parse();
    start_logging();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(cause) => {
            eprintln!("saksi-server: the runtime could not be started: {cause}");
            return ExitCode::FAILURE;
        }
    };
    match runtime.block_on(cli.run()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            eprintln!("saksi-server: {cause:#}");
            ExitCode::FAILURE
        }
    }
}

/// Logs go to standard error: as text to a terminal, as JSON lines elsewhere.
/// `SAKSI_LOG` filters (`info` by default), `SAKSI_LOG_FORMAT` says `text` or `json`.
fn start_logging() {
    use std::io::IsTerminal as _;
    let filter =
        EnvFilter::try_from_env("SAKSI_LOG").unwrap_or_else(|_| EnvFilter::new("info,sqlx=warn"));
    let json = match std::env::var("SAKSI_LOG_FORMAT").as_deref() {
        Ok("json") => true,
        Ok("text") => false,
        _ => !std::io::stderr().is_terminal(),
    };
    let logging = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    if json {
        logging.json().init();
    } else {
        logging.init();
    }
}
