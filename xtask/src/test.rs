//! `cargo xtask test`: every test there is.
//!
//! The order is that of least waiting on two cores: the screens first, because
//! both programs embed them; then one compilation of everything; then the
//! tests, those in real windows last and one at a time. A test that wants a
//! database, a display or a driver is marked `#[ignore = "…"]` for people who
//! run `cargo test` by hand; here it runs, and fails when it lacks something.
//!
//! What tests find in their environment is listed in [`Surroundings`].

use anyhow::{Context, Result, bail};

use crate::build::{self, Extent, Profile, Program};
use crate::cli::{Only, Purpose, TestOptions};
use crate::run::Run;
use crate::services::{Display, Postgres};
use crate::stages::Stages;
use crate::{paths, setup, ui};

/// Test programs whose name begins so open real windows.
const WINDOWS: &str = "e2e";

/// `cargo xtask test`.
pub(crate) fn command(options: &TestOptions) -> Result<()> {
    let mut stages = Stages::new("test");
    let wanted = |stage: Only| options.only.is_empty() || options.only.contains(&stage);
    for (stage, name) in [
        (Only::Ui, "the screens' unit tests"),
        (Only::Rust, "unit tests and stories"),
        (Only::Windows, "end to end in real windows"),
        (Only::Doc, "examples in the documentation"),
    ] {
        if !wanted(stage) {
            stages.left_out(name);
        }
    }
    if !options.passed_on.is_empty() {
        stages.left_out(format!(
            "Rust tests other than: {}",
            options.passed_on.join(" ")
        ));
    }
    stages.needed("set up", || {
        setup::ready_for(&[Purpose::Build, Purpose::Test]).map(|()| String::new())
    })?;
    stages.needed("build the screens", || {
        ui::build().map(|built| if built { "" } else { "unchanged" }.to_owned())
    })?;
    if wanted(Only::Ui) {
        stages.stage("the screens' unit tests", || {
            Run::npm("the screens' unit tests")
                .args(["test"])
                .run()
                .map(|_| String::new())
        });
    }
    if wanted(Only::Rust) || wanted(Only::Windows) {
        rust(&mut stages, options, &wanted)?;
    }
    if wanted(Only::Doc) {
        stages.stage("examples in the docs", || {
            let title = "examples in the documentation";
            let said = Run::cargo(title)
                .args(["test", "--workspace", "--doc"])
                .run()?
                .stdout;
            Ok(Count::of(&said).to_string())
        });
    }
    stages.finish()
}

/// Compiles, sets the surroundings up, runs the Rust tests.
fn rust(stages: &mut Stages, options: &TestOptions, wanted: &impl Fn(Only) -> bool) -> Result<()> {
    let mut built = None;
    stages.needed("compile everything", || {
        built = Some(build::workspace(Profile::Dev, Extent::Everything)?);
        Ok(String::new())
    })?;
    let built = built.context("nothing was compiled")?;
    let mut around = None;
    stages.needed("a database and a display", || {
        around = Some(Surroundings::start()?);
        Ok(String::new())
    })?;
    let around = around.context("no surroundings")?;
    let (windows, others): (Vec<Program>, Vec<Program>) = built
        .tests()
        .into_iter()
        .partition(|test| test.target.starts_with(WINDOWS));
    if wanted(Only::Rust) {
        for package in packages(&others) {
            stages.stage(&package, || {
                let of_package = others.iter().filter(|test| test.package == package);
                run_all(of_package, &around.variables, &options.passed_on, &[])
            });
        }
    }
    if wanted(Only::Windows) {
        stages.stage("real windows", || {
            if windows.is_empty() {
                bail!("there is no test program named {WINDOWS}…");
            }
            let one_at_a_time = ["--test-threads=1".to_owned()];
            run_all(
                windows.iter(),
                &around.variables,
                &options.passed_on,
                &one_at_a_time,
            )
        });
    }
    Ok(())
}

/// What tests find around them, by environment variable.
pub(crate) struct Surroundings {
    /// `SAKSI_TEST_POSTGRES`: the address of a PostgreSQL where databases may be
    /// made. `DISPLAY`: a screen. `SAKSI_TAURI_DRIVER`: what drives the app's
    /// window; tests start it themselves, and the other browsers' drivers from
    /// the path. `SAKSI_SCREENSHOTS`: a folder for pictures of what was seen.
    /// `SAKSI_SHOW_LOGS`: with a story's failure goes what its programs logged.
    pub(crate) variables: Vec<(String, String)>,
    _postgres: Postgres,
    _display: Display,
}

impl Surroundings {
    /// Starts the database and the display.
    pub(crate) fn start() -> Result<Self> {
        let postgres = Postgres::start()?;
        let display = Display::start()?;
        let screenshots = paths::target().join("screenshots");
        let mut variables = build::test_environment();
        for (name, value) in [
            ("SAKSI_TEST_POSTGRES", postgres.url()),
            ("DISPLAY", display.name()),
            (
                "SAKSI_TAURI_DRIVER",
                setup::tauri_driver().to_string_lossy().into_owned(),
            ),
            (
                "SAKSI_SCREENSHOTS",
                screenshots.to_string_lossy().into_owned(),
            ),
            ("SAKSI_SHOW_LOGS", "1".to_owned()),
        ] {
            variables.push((name.to_owned(), value));
        }
        Ok(Self {
            variables,
            _postgres: postgres,
            _display: display,
        })
    }
}

/// Runs test programs one after the other, all of them even when one fails.
fn run_all<'a>(
    programs: impl Iterator<Item = &'a Program>,
    variables: &[(String, String)],
    passed_on: &[String],
    always: &[String],
) -> Result<String> {
    let mut count = Count::default();
    let mut failed = Vec::new();
    for program in programs {
        let title = format!("{} · {}", program.package, program.target);
        let run = Run::new(&title, &program.file)
            .args(["--include-ignored"])
            .args(always)
            .args(passed_on)
            .dir(&program.dir)
            .env("CARGO_MANIFEST_DIR", &program.dir)
            .envs(variables);
        match run.run() {
            Ok(finished) => count.add(Count::of(&finished.stdout)),
            Err(cause) => {
                crate::interrupt::check()?;
                eprintln!("✗ {cause:#}");
                failed.push(program.target.clone());
            }
        }
    }
    if failed.is_empty() {
        return Ok(count.to_string());
    }
    bail!("failed: {} ({count} in the others)", failed.join(", "));
}

/// The packages that have tests, in order.
fn packages(tests: &[Program]) -> Vec<String> {
    let mut packages: Vec<String> = tests.iter().map(|test| test.package.clone()).collect();
    packages.dedup();
    packages
}

/// How many tests passed, and how many were left aside by a filter.
#[derive(Debug, Default, PartialEq, Eq)]
struct Count {
    passed: u64,
    ignored: u64,
}

impl Count {
    /// Sums the `test result:` lines of what a test program said.
    fn of(said: &str) -> Self {
        let mut count = Self::default();
        for line in said.lines().filter(|line| line.starts_with("test result:")) {
            count.passed += number_before(line, " passed");
            count.ignored += number_before(line, " ignored");
        }
        count
    }

    fn add(&mut self, other: Self) {
        self.passed += other.passed;
        self.ignored += other.ignored;
    }
}

impl std::fmt::Display for Count {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(to, "{} tests", self.passed)?;
        if self.ignored > 0 {
            write!(to, ", {} ignored", self.ignored)?;
        }
        Ok(())
    }
}

fn number_before(line: &str, word: &str) -> u64 {
    line.split_once(word)
        .and_then(|(before, _)| before.rsplit(' ').next())
        .and_then(|number| number.parse().ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_of_several_programs_are_summed() {
        let said = "test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered out\n\
                    running 0 tests\n\
                    test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out\n";
        assert_eq!(
            Count::of(said),
            Count {
                passed: 15,
                ignored: 1
            }
        );
    }
}
