//! What is logged: to standard error, never with figures, names, tokens or codes.

use std::io::IsTerminal as _;

use clap::{Args, ValueEnum};
use tracing_subscriber::EnvFilter;

/// Flags of the log.
#[derive(Debug, Args)]
pub struct LoggingArgs {
    /// What to log: error, warn, info, debug or trace, also for single parts
    /// as in info,server=debug.
    #[arg(
        long,
        env = "SAKSI_LOG",
        default_value = "info,sqlx=warn",
        value_name = "FILTER",
        global = true
    )]
    log: String,

    /// How lines of the log look.
    #[arg(
        long,
        env = "SAKSI_LOG_FORMAT",
        value_enum,
        default_value_t = Format::Auto,
        global = true
    )]
    log_format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Text on a terminal, JSON elsewhere.
    Auto,
    /// For people.
    Text,
    /// One JSON object per line.
    Json,
}

impl LoggingArgs {
    /// Starts logging; once per process.
    ///
    /// # Errors
    /// When the filter cannot be read, or logging has been started before.
    pub fn start(&self) -> anyhow::Result<()> {
        let filter = EnvFilter::try_new(&self.log)?;
        let is_json = match self.log_format {
            Format::Text => false,
            Format::Json => true,
            Format::Auto => !std::io::stderr().is_terminal(),
        };
        let logging = tracing_subscriber::fmt()
            .with_env_filter(filter)
            .with_writer(std::io::stderr);
        let started = if is_json {
            logging.json().try_init()
        } else {
            logging.try_init()
        };
        started.map_err(|cause| anyhow::anyhow!("the log could not be started: {cause}"))
    }
}
