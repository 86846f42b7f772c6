//! A witness's phone as a process without a window, for campaigns that kill it.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};
use saksi_tests::campaign::phone;

/// A phone without a window.
#[derive(Debug, Parser)]
struct Options {
    /// Where its data lie.
    #[arg(long)]
    data: PathBuf,
    /// How it lives.
    #[command(subcommand)]
    life: Life,
}

/// How it lives.
#[derive(Debug, Subcommand)]
enum Life {
    /// Keys, photographs, seals and delivers until it is killed.
    Live {
        /// Seed of what it does.
        #[arg(long)]
        seed: u64,
        /// The first figure that is keyed.
        #[arg(long)]
        first_value: u32,
    },
    /// Does what it reads, until there is no more to read. Its disk work is
    /// done by one thread, so that its system calls come in one order.
    Obey,
}

fn main() -> ExitCode {
    saksi_tests::install_tls();
    match run(&Options::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            eprintln!("phone: {cause:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(options: &Options) -> Result<()> {
    match options.life {
        Life::Live { seed, first_value } => {
            end_with_standard_input();
            let runtime = tokio::runtime::Builder::new_multi_thread()
                .worker_threads(2)
                .enable_all()
                .build()?;
            runtime.block_on(phone::live(&options.data, seed, first_value))
        }
        Life::Obey => {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .max_blocking_threads(1)
                .thread_keep_alive(std::time::Duration::from_secs(3_600))
                .enable_all()
                .build()?;
            runtime.block_on(phone::obey(&options.data))
        }
    }
}

/// Ends this process when the one that started it is gone.
fn end_with_standard_input() {
    std::thread::spawn(|| {
        // Nothing is ever written to it.
        let _ = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
        std::process::exit(0);
    });
}
