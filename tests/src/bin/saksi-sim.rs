//! Runs deterministic simulations: many seeds, or one with its trace. Built
//! with optimisation and started by `cargo xtask sim`.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use anyhow::{Context, Result};
use clap::Parser;
use saksi_tests::bench::figures::{Figures, Goal};
use saksi_tests::demo::progress;
use saksi_tests::sim::{Template, Verdict, simulate};

/// Simulated evenings.
#[derive(Debug, Parser)]
struct Options {
    /// How many seeds, from 1 on (or from --from on).
    #[arg(long, default_value_t = 100)]
    seeds: u64,
    /// The first seed.
    #[arg(long, default_value_t = 1)]
    from: u64,
    /// Only this seed, with every event on a line.
    #[arg(long)]
    seed: Option<u64>,
    /// Runs every seed twice and compares.
    #[arg(long)]
    twice: bool,
    /// The file that figures are merged into.
    #[arg(long)]
    figures: Option<PathBuf>,
    /// Seeds at a time; by default one for each core.
    #[arg(long)]
    at_once: Option<usize>,
}

fn main() -> ExitCode {
    saksi_tests::install_tls();
    let options = Options::parse();
    let outcome = match options.seed {
        Some(seed) => replay(seed),
        None => run(&options),
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(cause) => {
            eprintln!("error: {cause:#}");
            ExitCode::FAILURE
        }
    }
}

/// One seed, with its trace.
fn replay(seed: u64) -> Result<bool> {
    let template = Template::make()?;
    let verdict = simulate(&template, seed, true)?;
    for line in &verdict.lines {
        println!("{line}");
    }
    println!(
        "\nseed {seed}: {} events, hash {}",
        verdict.events, verdict.hash
    );
    Ok(tell(&verdict))
}

/// Whether nothing was found; says what was.
fn tell(verdict: &Verdict) -> bool {
    for violation in &verdict.violations {
        println!("seed {}: {violation}", verdict.seed);
    }
    verdict.violations.is_empty()
}

/// What came of all seeds.
#[derive(Default)]
struct Sum {
    events: AtomicU64,
    violations: AtomicU64,
    differing: AtomicU64,
    failed: Mutex<Vec<u64>>,
}

fn run(options: &Options) -> Result<bool> {
    let began = Instant::now();
    let template = Template::make()?;
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let next = AtomicU64::new(options.from);
    let end = options.from.saturating_add(options.seeds);
    let sum = Sum::default();
    let bar = progress::bar("evenings", options.seeds);
    let work = || -> Result<()> {
        loop {
            let seed = next.fetch_add(1, Ordering::SeqCst);
            if seed >= end {
                return Ok(());
            }
            one(&template, seed, options.twice, &sum)
                .with_context(|| format!("seed {seed} could not begin"))?;
            bar.inc(1);
        }
    };
    std::thread::scope(|scope| {
        let at_once = options.at_once.unwrap_or(cores).max(1);
        let threads: Vec<_> = (0..at_once).map(|_| scope.spawn(work)).collect();
        threads.into_iter().try_for_each(|thread| {
            let worked = thread.join();
            worked.unwrap_or_else(|_| Err(anyhow::anyhow!("a simulation panicked")))
        })
    })?;
    bar.finish_and_clear();
    let seconds = began.elapsed().as_secs_f64();
    say(options, &sum, seconds)
}

fn one(template: &Template, seed: u64, is_twice: bool, sum: &Sum) -> Result<()> {
    let verdict = simulate(template, seed, false)?;
    sum.events.fetch_add(verdict.events, Ordering::SeqCst);
    if is_twice && simulate(template, seed, false)?.hash != verdict.hash {
        println!("seed {seed}: two runs differ");
        sum.differing.fetch_add(1, Ordering::SeqCst);
    }
    if !tell(&verdict) {
        let found = verdict.violations.len() as u64;
        sum.violations.fetch_add(found, Ordering::SeqCst);
        if let Ok(mut failed) = sum.failed.lock() {
            failed.push(seed);
        }
    }
    Ok(())
}

fn say(options: &Options, sum: &Sum, seconds: f64) -> Result<bool> {
    let [events, violations, differing] =
        [&sum.events, &sum.violations, &sum.differing].map(|count| count.load(Ordering::SeqCst));
    println!(
        "{} seeds from {}, {events} events, {violations} violations, {seconds:.0} s",
        options.seeds, options.from
    );
    let mut failed = sum
        .failed
        .lock()
        .map(|list| list.clone())
        .unwrap_or_default();
    failed.sort_unstable();
    if let Some(first) = failed.first() {
        println!("to see one again: cargo xtask sim --seed {first}");
    }
    if let Some(file) = &options.figures {
        let command = format!("cargo xtask sim --seeds {}", options.seeds);
        let mut figures = Figures::of(command, options.from);
        figures.add(
            "sim_seeds",
            options.seeds as f64,
            "seeds",
            Some(Goal::AtLeast(10_000.0)),
        );
        figures.add("sim_events", events as f64, "events", None);
        figures.add(
            "sim_violations",
            violations as f64,
            "",
            Some(Goal::AtMost(0.0)),
        );
        figures.finish(file)?;
    }
    Ok(violations == 0 && differing == 0)
}
