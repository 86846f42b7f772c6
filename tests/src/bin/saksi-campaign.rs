//! Runs campaigns: real processes, killed, starved and crowded. Built with
//! optimisation and started by `cargo xtask campaign`.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::{Args, Parser, ValueEnum};
use saksi_tests::bench::figures::Figures;
use saksi_tests::campaign::{
    decisions, faults, fuzzing, kill_device, kill_server, link, night, order, photos, room, stop,
};
use saksi_tests::stage::backing::Backing;

/// The campaigns.
#[derive(Debug, Parser)]
struct Options {
    /// Which one.
    #[arg(value_enum)]
    name: Name,
    /// What all of them take.
    #[command(flatten)]
    plan: Plan,
    /// What fuzzing takes.
    #[command(flatten)]
    fuzz: Fuzz,
}

/// What every campaign takes.
#[derive(Debug, Clone, Args)]
struct Plan {
    /// How many rounds; by default as many as in the goal.
    #[arg(long, visible_alias = "seeds")]
    rounds: Option<u64>,
    /// Seed of everything that is left to chance.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The file that the figures are merged into.
    #[arg(long, default_value = "figures.json")]
    figures: PathBuf,
    /// Photos only: folder to write a photo to that went poorly or is traced.
    #[arg(long)]
    keep: Option<PathBuf>,
}

/// What fuzzing takes.
#[derive(Debug, Clone, Args)]
struct Fuzz {
    /// How long each target runs, in minutes.
    #[arg(long, default_value_t = 10)]
    minutes: u64,
    /// Only this target.
    #[arg(long)]
    target: Option<String>,
    /// The program `cargo-fuzz`.
    #[arg(long, default_value = "cargo-fuzz")]
    cargo_fuzz: PathBuf,
    /// The folder of the targets' workspace.
    #[arg(long, default_value = "fuzz")]
    fuzz_dir: PathBuf,
    /// Where the targets are built.
    #[arg(long, default_value = "target/fuzz")]
    build_dir: PathBuf,
    /// `address` or `none`.
    #[arg(long, default_value = "address")]
    sanitizer: String,
}

/// Names of the campaigns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Name {
    /// Orders of the same events.
    Order,
    /// Parallel rulings.
    Decisions,
    /// A thin link that is cut, and links that mislead.
    Link,
    /// SIGKILL to the device's process.
    KillDevice,
    /// SIGKILL to the endpoint's process.
    KillServer,
    /// Each write, sync, rename and unlink made to fail.
    Faults,
    /// Specimens of every difficulty, read back.
    Photos,
    /// A whole night, replayed.
    Night,
    /// The counting room by keyboard, with a whole province in.
    Room,
    /// The fuzz targets.
    Fuzz,
    /// All but the fuzz targets, one after the other.
    All,
}

#[tokio::main]
async fn main() -> ExitCode {
    saksi_tests::install_tls();
    let options = Options::parse();
    let outcome = match stop::listen() {
        Ok(()) => run(&options).await,
        Err(cause) => Err(cause),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            eprintln!("error: {cause:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(options: &Options) -> Result<()> {
    let chosen = match options.name {
        Name::All => vec![
            Name::Order,
            Name::Decisions,
            Name::Link,
            Name::KillDevice,
            Name::KillServer,
            Name::Photos,
            Name::Night,
            Name::Room,
        ],
        one => vec![one],
    };
    for name in chosen {
        let plan = &options.plan;
        let word = name.to_possible_value();
        let word = word.as_ref().map_or("", |word| word.get_name());
        let rounds = plan.rounds.map(|rounds| format!(" --rounds {rounds}"));
        let command = match name {
            Name::Fuzz => format!("cargo xtask fuzz --minutes {}", options.fuzz.minutes),
            _ => format!(
                "cargo xtask campaign {word}{} --seed {}",
                rounds.unwrap_or_default(),
                plan.seed
            ),
        };
        let mut figures = Figures::of(command, plan.seed);
        match name {
            Name::Fuzz => fuzz(&options.fuzz, &mut figures).await?,
            _ => one(name, plan, &mut figures).await?,
        }
        if stop::requested() {
            bail!("stopped; no figures were written");
        }
        if name == Name::Photos && plan.rounds == Some(1) {
            // One photo is looked at; its figures say nothing.
            continue;
        }
        figures.finish(&plan.figures)?;
    }
    Ok(())
}

async fn one(name: Name, plan: &Plan, figures: &mut Figures) -> Result<()> {
    let seed = plan.seed;
    match name {
        Name::All | Name::Fuzz => {}
        Name::KillDevice => {
            let rounds = plan.rounds.unwrap_or(kill_device::ROUNDS);
            kill_device::run(rounds, seed).await?.figures(figures);
        }
        Name::KillServer => {
            let rounds = plan.rounds.unwrap_or(kill_server::ROUNDS);
            let seen = kill_server::run(Backing::Embedded, rounds, seed).await?;
            seen.figures(figures);
        }
        Name::Faults => {
            // Here a round is a point; so many of each operation, spread out.
            let extent = faults::Extent::ALL;
            faults::figures(&faults::run(extent, seed).await?, figures);
        }
        Name::Link => {
            let rounds = plan.rounds.unwrap_or(link::ROUNDS);
            link::run(rounds, seed, figures).await?;
        }
        Name::Order => {
            let rounds = plan.rounds.unwrap_or(order::ROUNDS);
            let tried = tokio::task::spawn_blocking(move || order::run(rounds, None, seed));
            order::figures(&tried.await??, figures);
        }
        Name::Photos => {
            let rounds = plan.rounds.unwrap_or(photos::ROUNDS);
            let mut photos_plan = photos::Plan::new(seed, rounds);
            photos_plan.keep.clone_from(&plan.keep);
            let counted = tokio::task::spawn_blocking(move || photos::run(&photos_plan));
            let counted = counted.await??;
            counted.print();
            photos::figures::add(&counted, figures);
        }
        Name::Night => {
            // Here a round is a polling station.
            let stations = plan.rounds.unwrap_or(night::ROUNDS);
            for (mode, word) in night::MODES {
                let report = night::run(mode, stations, seed).await?;
                report.print(word);
                report.figures(word, figures);
            }
        }
        Name::Room => {
            // Here too.
            let stations = plan.rounds.unwrap_or(room::ROUNDS);
            room::run(stations, seed, figures).await?;
        }
        Name::Decisions => {
            let rounds = plan.rounds.unwrap_or(decisions::ROUNDS);
            let done = decisions::run(Backing::Embedded, rounds, seed).await?;
            decisions::figures("sqlite", done, figures);
            if std::env::var_os("SAKSI_TEST_POSTGRES").is_some() && !stop::requested() {
                let done = decisions::run(Backing::servers().await?, rounds, seed).await?;
                decisions::figures("postgres", done, figures);
            }
        }
    }
    Ok(())
}

async fn fuzz(options: &Fuzz, figures: &mut Figures) -> Result<()> {
    let workshop = fuzzing::Workshop {
        cargo_fuzz: options.cargo_fuzz.clone(),
        fuzz_dir: options.fuzz_dir.clone(),
        build_dir: options.build_dir.clone(),
        sanitizer: options.sanitizer.clone(),
    };
    fuzzing::run(
        &workshop,
        options.minutes,
        options.target.as_deref(),
        figures,
    )
    .await
}
