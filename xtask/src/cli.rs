//! What can be typed after `cargo xtask`.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// The project's commands. Each installs what it is missing (Debian and npm
/// packages, cargo tools) before it begins.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    disable_version_flag = true
)]
pub(crate) struct Cli {
    /// The command.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Install what is missing: Debian packages, npm packages, cargo tools
    Setup(SetupOptions),
    /// Run the main job: a sample election, an endpoint, the witness app's window
    Demo(DemoOptions),
    /// Run every test: units, screens, stories on both databases, real windows
    Test(TestOptions),
    /// Formatting, lints, docs, licences, generated types, tidiness, Android type check
    Check(CheckOptions),
    /// Measure, print, and merge into target/bench/figures.json
    Bench(BenchOptions),
    /// Simulate devices, endpoint, network and disks in one process, by seed
    Sim(SimOptions),
    /// Prove promises with real processes: kills, faults, bad links, parallel rulings
    Campaign(CampaignOptions),
    /// Run the fuzz targets, one after the other
    Fuzz(FuzzOptions),
    /// Take the places on a form from its official blank PDF, as layout data
    Layout(LayoutOptions),
    /// Measure an analysis on data that lies outside the project
    Measure(MeasureOptions),
    /// Write the TypeScript types of the wire anew, from the Rust ones
    Types,
    /// Type-check the whole app for aarch64-linux-android, without an NDK
    AndroidCheck,
}

/// What to install.
#[derive(Debug, Args)]
pub(crate) struct SetupOptions {
    /// What the machine is to be ready for (default: build and test)
    #[arg(value_enum, default_values_t = [Purpose::Build, Purpose::Test])]
    pub(crate) purposes: Vec<Purpose>,
}

/// What a machine can be made ready for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Purpose {
    /// Compile the endpoint, the app and the screens
    Build,
    /// Databases, displays and drivers of the tests
    Test,
    /// The licence check
    Check,
    /// The Android type check
    Android,
    /// The fuzz targets
    Fuzz,
}

/// How to run the main job.
#[derive(Debug, Args)]
pub(crate) struct DemoOptions {
    /// Without a window: many devices record and deliver, and everything is verified
    #[arg(long)]
    pub(crate) headless: bool,
    /// How many witnesses take part, headless
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=2000))]
    pub(crate) witnesses: u32,
    /// How long the endpoint stays out of reach while they record, headless (10s, 2m)
    #[arg(long, default_value = "3s", value_parser = parse_duration)]
    pub(crate) offline_for: Duration,
    /// Seed of the filled forms: the same seed, the same figures
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
}

/// What to test.
#[derive(Debug, Args)]
pub(crate) struct TestOptions {
    /// Only some stages; said loudly, since then not everything was tested
    #[arg(long, value_enum)]
    pub(crate) only: Vec<Only>,
    /// Passed to the Rust test programs, e.g. a part of a test's name
    #[arg(last = true)]
    pub(crate) passed_on: Vec<String>,
}

/// Stages of the tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Only {
    /// The screens' unit tests
    Ui,
    /// Unit and integration tests of the crates, stories on every storage
    Rust,
    /// End to end in real windows
    Windows,
    /// Examples in the documentation
    Doc,
}

/// What to check.
#[derive(Debug, Args)]
pub(crate) struct CheckOptions {
    /// Leave out the Android type check (said loudly; takes minutes when cold)
    #[arg(long)]
    pub(crate) skip_android: bool,
}

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct BenchOptions {
    /// Only figures whose name contains this
    #[arg(long, default_value = "")]
    pub(crate) only: String,
}

/// What to simulate.
///
/// Each seed is one evening with its own faults. The program prints seeds,
/// events and violations; a seed that failed replays exactly.
#[derive(Debug, Args)]
pub(crate) struct SimOptions {
    /// How many seeds, counted up from the first
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) seeds: u64,
    /// Replay this one seed with a readable trace
    #[arg(long)]
    pub(crate) seed: Option<u64>,
}

/// Which promises to prove with real processes.
///
/// Each campaign prints its seed, what it tried and every violation, and merges
/// its figures into target/bench/figures.json. Ctrl-C ends it after the round
/// that runs; then no figures are written.
#[derive(Debug, Args)]
pub(crate) struct CampaignOptions {
    /// Which one
    #[arg(value_enum)]
    pub(crate) name: CampaignName,
    /// How many rounds (each campaign has its own number in its goal); for
    /// photos how many seeds, counted up from --seed, and one alone is traced
    #[arg(long, visible_alias = "seeds", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) rounds: Option<u64>,
    /// Seed of everything that is left to chance
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// Photos only: folder to write a photo to that went poorly or is traced
    #[arg(long)]
    pub(crate) keep: Option<PathBuf>,
}

/// The campaigns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CampaignName {
    /// Any order of the same events, with duplicates, is the same slot
    Order,
    /// Of fifty parallel rulings on one slot one counts
    Decisions,
    /// Twenty kbit/s with a cut every 15 s, measured; portals and half-open lines
    Link,
    /// SIGKILL the device's process at random moments
    KillDevice,
    /// SIGKILL the endpoint's process at random moments
    KillServer,
    /// Make each write, sync, rename and unlink fail in turn (strace)
    Faults,
    /// Photograph specimens of every difficulty and read them back
    Photos,
    /// A whole night: phones with the errors people make, people at the queue,
    /// and the totals against the papers; a round is a polling station
    Night,
    /// The counting room by keyboard in Chromium, with a whole province in: how
    /// long each step is waited for, and axe; a round is a polling station
    Room,
    /// All of these
    All,
}

/// What to fuzz.
#[derive(Debug, Args)]
pub(crate) struct FuzzOptions {
    /// How long each target runs, in minutes
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) minutes: u64,
    /// Only this target: envelope, batch, sms, qr, bundle, enrol_code, photo
    #[arg(long)]
    pub(crate) target: Option<String>,
}

/// Which form's places to take.
#[derive(Debug, Args)]
pub(crate) struct LayoutOptions {
    /// Id of the form, e.g. c-hasil-ppwp-2024
    pub(crate) form: String,
    /// The official blank form, drawn in vectors
    pub(crate) blank: PathBuf,
    /// Only compare with what is kept; fail when it differs
    #[arg(long)]
    pub(crate) check: bool,
}

/// What to measure, and on which data.
#[derive(Debug, Args)]
pub(crate) struct MeasureOptions {
    /// Which analysis
    #[arg(value_enum)]
    pub(crate) name: MeasureName,
    /// The folder with the tables
    #[arg(long)]
    pub(crate) data: PathBuf,
    /// The first seed of the errors that are put in
    #[arg(long, default_value_t = 1001)]
    pub(crate) seed: u64,
    /// How many seeds
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) seeds: u64,
}

/// What can be measured on outside data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum MeasureName {
    /// What is wrong in tables of results: recall per class, flags on clean ones
    Irregularities,
}

/// Reads `500ms`, `10s` or `2m`; a bare number means seconds.
fn parse_duration(text: &str) -> Result<Duration, String> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = text.strip_prefix(digits).unwrap_or_default();
    let count: u64 = digits
        .parse()
        .map_err(|_| format!("{text}: not a duration like 10s or 2m"))?;
    match unit {
        "ms" => Ok(Duration::from_millis(count)),
        "" | "s" => Ok(Duration::from_secs(count)),
        "m" => Ok(Duration::from_secs(count.saturating_mul(60))),
        other => Err(format!("{other}: unknown unit, use ms, s or m")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_is_read_with_and_without_its_unit() {
        assert_eq!(parse_duration("10s"), Ok(Duration::from_secs(10)));
        assert_eq!(parse_duration("2m"), Ok(Duration::from_secs(120)));
        assert_eq!(parse_duration("7"), Ok(Duration::from_secs(7)));
        assert_eq!(parse_duration("250ms"), Ok(Duration::from_millis(250)));
        assert!(parse_duration("soon").is_err());
    }

    #[test]
    fn the_commands_are_well_formed() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }
}
