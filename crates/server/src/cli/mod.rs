//! The command line: one binary, one subcommand for each thing an operator
//! does. All of them also work while `serve` runs on the same data.

mod serve;

use clap::{Parser, Subcommand};

use crate::config::ServeArgs;

/// saksi-server: the endpoint of polling-station witnesses and counting rooms.
#[derive(Debug, Parser)]
#[command(name = "saksi-server", version, about, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the endpoint until SIGTERM or Ctrl-C.
    Serve(ServeArgs),
}

impl Cli {
    /// Runs the subcommand.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub async fn run(self) -> anyhow::Result<()> {
        match self.command {
            Command::Serve(args) => serve::serve(args).await,
        }
    }
}
