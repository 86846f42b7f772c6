//! Measures analyses on data outside the project. Started by
//! `cargo xtask measure`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, ValueEnum};
use saksi_tests::bench::figures::{Figures, Goal};
use saksi_tests::measure::errors::PER_TEN_THOUSAND;
use saksi_tests::measure::injected::{self, Known};
use saksi_tests::measure::past::{self, Past};

/// What to measure, and on which data.
#[derive(Debug, Parser)]
struct Options {
    /// Which analysis.
    #[arg(value_enum)]
    name: Name,
    /// The folder with the tables.
    #[arg(long)]
    data: PathBuf,
    /// The first seed of the errors that are put in.
    #[arg(long, default_value_t = 1001)]
    seed: u64,
    /// How many seeds.
    #[arg(long, default_value_t = 20)]
    seeds: u64,
    /// The file that the figures are merged into.
    #[arg(long)]
    figures: Option<PathBuf>,
}

/// Analyses that can be measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Name {
    /// What is wrong in tables of results.
    Irregularities,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let outcome = match options.name {
        Name::Irregularities => irregularities(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            eprintln!("error: {cause:#}");
            ExitCode::FAILURE
        }
    }
}

fn irregularities(options: &Options) -> Result<()> {
    let command = "cargo xtask measure irregularities --data DIR";
    let mut figures = Figures::of(command, options.seed);
    let region = Past::read(&options.data.join("kp2019_tps_kaltim.csv"))?;
    for both in [false, true] {
        one_region(&region, both, &mut figures);
    }
    labelled(
        &options.data.join("kp2019_disagreements_labelled.csv"),
        &mut figures,
    )?;
    machine(
        &options.data.join("sirekap2024_ppwp_sample.csv"),
        &mut figures,
    )?;
    put_in(&region, options, &mut figures);
    match &options.figures {
        Some(file) => figures.finish(file),
        None => Ok(()),
    }
}

fn words(both: bool) -> (&'static str, &'static str) {
    if both {
        ("both", "both readings")
    } else {
        ("one", "one reading")
    }
}

/// A region of which both readings are known for every station.
fn one_region(region: &Past, both: bool, figures: &mut Figures) {
    let looked = past::look(region, both);
    let outcome = past::against_second(region, &looked);
    let (short, long) = words(both);
    println!("\n# East Kalimantan 2019, {long}");
    let rows = [
        ("readings agree in every figure (clean)", outcome.clean),
        ("readings agree in the votes", outcome.clean_votes),
        ("votes differ", outcome.votes_differ),
        ("any figure differs", outcome.any_differ),
    ];
    for (name, share) in rows {
        println!(
            "  {name:<42} {:>6} flagged of {:>6}  {:>6.1} of 1,000",
            share.found,
            share.all,
            share.per_thousand()
        );
    }
    println!(
        "  first hundred: {:.0} % differ, {:.0} % differ or do not add up on paper",
        outcome.first_hundred, outcome.first_hundred_irregular
    );
    outcome
        .codes
        .print("flags by code, and those whose readings differ");
    figures.add(
        &format!("irregularity_clean_flags_{short}"),
        outcome.clean.per_thousand(),
        "/1000",
        Some(Goal::AtMost(60.0)),
    );
    figures.add(
        &format!("irregularity_first_hundred_{short}"),
        outcome.first_hundred,
        "%",
        Some(Goal::AtLeast(50.0)),
    );
}

/// The whole country's disagreements, with the class of each.
fn labelled(path: &Path, figures: &mut Figures) -> Result<()> {
    let table = Past::read(path)?;
    let labels = past::labels(path, "error_class")?;
    for both in [false, true] {
        let outcome = past::by_label(&table, &past::look(&table, both), &labels);
        let (short, long) = words(both);
        println!("\n# Disagreements of the whole country, {long}");
        outcome.flagged.print("flagged");
        if both {
            outcome.named.print("class named");
        } else {
            outcome
                .repaired
                .print("first repair is the figure of the other reading");
        }
        let goals = [
            ("one_digit", "one candidate, one digit", 82.0),
            ("transposed", "one candidate, digits transposed", 98.0),
        ];
        for (name, label, goal) in goals {
            figures.add(
                &format!("irregularity_recall_{name}_{short}"),
                outcome.flagged.of(label).percent(),
                "%",
                Some(Goal::AtLeast(goal)),
            );
        }
    }
    Ok(())
}

/// A machine's reading: how much of it does not add up.
fn machine(path: &Path, figures: &mut Figures) -> Result<()> {
    let table = Past::read(path)?;
    let looked = past::look(&table, false);
    let sheet = table.sheet();
    let complete: Vec<_> = looked
        .iter()
        .filter(|it| (0..sheet.ids().len()).all(|at| it.station.first.get(at).is_some()))
        .collect();
    let flagged = |kind: Option<irregularity::Kind>| {
        let is = |it: &irregularity::Irregularity| {
            it.is_flag() && kind.is_none_or(|kind| it.kind == kind)
        };
        complete
            .iter()
            .filter(|one| one.found.iter().any(is))
            .count()
    };
    let named = flagged(Some(irregularity::Kind::OneDigit));
    println!("\n# A machine's reading of 2024, as first published");
    println!(
        "  {} complete of {}; {} flagged, {} with an identity that does not hold, {named} with a digit that repairs it",
        complete.len(),
        looked.len(),
        flagged(None),
        flagged(Some(irregularity::Kind::Rule)),
    );
    let share = 100.0 * saksi_tests::measure::tally::ratio(flagged(None), complete.len());
    figures.add("irregularity_sirekap_flagged", share, "%", None);
    Ok(())
}

/// Errors put into the stations whose readings agree.
fn put_in(region: &Past, options: &Options, figures: &mut Figures) {
    let villages = region.agreed();
    let seeds = options.seed..=options.seed.saturating_add(options.seeds.saturating_sub(1));
    for (known, short) in [
        (Known::OneReading, "one"),
        (Known::FormNumber, "number"),
        (Known::BothReadings, "both"),
    ] {
        let outcome = injected::run(
            region.sheet(),
            &region.params,
            &villages,
            known,
            seeds.clone(),
            PER_TEN_THOUSAND,
        );
        println!(
            "\n# Errors put in, {}, seeds {} to {}",
            known.word(),
            seeds.start(),
            seeds.end()
        );
        outcome.recall.print("flagged");
        outcome.named.print("named for what it is");
        println!(
            "  clean: {} flagged of {} ({:.1} of 1,000)",
            outcome.clean.found,
            outcome.clean.all,
            outcome.clean.per_thousand()
        );
        println!(
            "  first hundred: {:.0} % put in, {:.0} % put in or not adding up by themselves",
            outcome.first_hundred, outcome.first_hundred_irregular
        );
        let wrong = outcome.recall.of("wrong TPS of the village").percent();
        let goal = (known != Known::OneReading).then_some(Goal::AtLeast(90.0));
        figures.add(
            &format!("irregularity_put_in_wrong_tps_{short}"),
            wrong,
            "%",
            goal,
        );
        let flags = outcome.clean.per_thousand();
        let goal = Some(Goal::AtMost(60.0));
        figures.add(
            &format!("irregularity_put_in_clean_flags_{short}"),
            flags,
            "/1000",
            goal,
        );
    }
}

use domain::irregularity;
