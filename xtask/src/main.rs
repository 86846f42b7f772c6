//! The project's commands, run as `cargo xtask <command>`.
//!
//! Each command is a module that a newcomer can read from the top. What they
//! share: [`mod@run`] runs a child and shows its output only when it fails,
//! [`background`] keeps a child alive and ends it whatever happens,
//! [`stages`] sums a long command up, [`interrupt`] lets Ctrl-C stop all of it
//! without leaving anything behind.
//!
//! This crate is compiled first on every fresh machine, so it has few
//! dependencies and none of the project's own crates: whatever needs those
//! lives in `tests` and is run as a program.

use std::process::ExitCode;

use anyhow::Result;
use clap::Parser;

mod android;
mod background;
mod bench;
mod build;
mod campaign;
mod check;
mod cli;
mod demo;
mod fuzz;
mod interrupt;
mod layout;
mod measure;
mod paths;
mod run;
mod services;
mod setup;
mod sim;
mod stages;
mod test;
mod types;
mod ui;

fn main() -> ExitCode {
    match run(cli::Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            eprintln!("error: {cause:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: cli::Command) -> Result<()> {
    interrupt::listen()?;
    match command {
        cli::Command::Setup(options) => setup::command(&options),
        cli::Command::Demo(options) => demo::command(&options),
        cli::Command::Test(options) => test::command(&options),
        cli::Command::Check(options) => check::command(&options),
        cli::Command::Bench(options) => bench::command(&options),
        cli::Command::Sim(options) => sim::command(&options),
        cli::Command::Campaign(options) => campaign::command(&options),
        cli::Command::Fuzz(options) => fuzz::command(&options),
        cli::Command::Layout(options) => layout::command(&options),
        cli::Command::Measure(options) => measure::command(&options),
        cli::Command::Types => types::command(),
        cli::Command::AndroidCheck => android::command(),
    }
}
