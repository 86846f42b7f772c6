//! The summary of a command with many stages.
//!
//! A failed stage does not stop the later ones, so that one run tells all that
//! is wrong; what later stages stand on is asked for with [`Stages::needed`].

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::interrupt;
use crate::run::in_words;

/// Stages, as they happened.
pub(crate) struct Stages {
    command: &'static str,
    started: Instant,
    done: Vec<Stage>,
    left_out: Vec<String>,
}

struct Stage {
    name: String,
    took: Duration,
    outcome: Result<String>,
}

impl Stages {
    /// None yet.
    pub(crate) fn new(command: &'static str) -> Self {
        Self {
            command,
            started: Instant::now(),
            done: Vec::new(),
            left_out: Vec::new(),
        }
    }

    /// Runs a stage; its answer is a short remark for the summary.
    pub(crate) fn stage(&mut self, name: &str, work: impl FnOnce() -> Result<String>) -> bool {
        let started = Instant::now();
        let outcome = interrupt::check().and_then(|()| work());
        if let Err(cause) = &outcome {
            eprintln!("✗ {name}: {cause:#}");
        }
        let good = outcome.is_ok();
        self.done.push(Stage {
            name: name.to_owned(),
            took: started.elapsed(),
            outcome,
        });
        good
    }

    /// Runs a stage that the later ones stand on.
    pub(crate) fn needed(
        &mut self,
        name: &str,
        work: impl FnOnce() -> Result<String>,
    ) -> Result<()> {
        if self.stage(name, work) {
            return Ok(());
        }
        self.print();
        bail!("{} failed at: {name}", self.command);
    }

    /// Notes what was left out, so that nobody takes this run for a whole one.
    pub(crate) fn left_out(&mut self, what: impl Into<String>) {
        self.left_out.push(what.into());
    }

    /// Prints the summary; fails when a stage failed.
    pub(crate) fn finish(self) -> Result<()> {
        self.print();
        let failed: Vec<&str> = self
            .done
            .iter()
            .filter(|stage| stage.outcome.is_err())
            .map(|stage| stage.name.as_str())
            .collect();
        if failed.is_empty() {
            return Ok(());
        }
        bail!("{} failed: {}", self.command, failed.join(", "));
    }

    fn print(&self) {
        eprintln!("\n── {} ──", self.command);
        for Stage {
            name,
            took,
            outcome,
        } in &self.done
        {
            let (mark, remark) = match outcome {
                Ok(remark) => ("✓", remark.clone()),
                Err(cause) => (
                    "✗",
                    format!("{cause:#}").lines().next().unwrap_or("").to_owned(),
                ),
            };
            eprintln!("{mark} {name:<28} {:>12}  {remark}", in_words(*took));
        }
        for what in &self.left_out {
            eprintln!("! NOT RUN: {what}");
        }
        eprintln!(
            "  {:<28} {:>12}",
            "in all",
            in_words(self.started.elapsed())
        );
    }
}
