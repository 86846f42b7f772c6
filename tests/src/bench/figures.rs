//! A figure: what was measured, and what it should be.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde::Serialize;

/// What a figure should be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Goal {
    /// Small is good.
    AtMost(f64),
    /// Large is good.
    AtLeast(f64),
}

/// One measured value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figure {
    /// What, in `snake_case` with the unit last.
    pub name: String,
    /// How much.
    pub value: f64,
    /// Of what.
    pub unit: &'static str,
    /// The goal as people write it, e.g. `<= 200`; `None` when there is none.
    pub goal: Option<String>,
    /// Whether the goal is met; `None` when there is none.
    pub met: Option<bool>,
    /// The commit that was measured, with `+` when files differed from it.
    pub commit: String,
    /// How to measure it again.
    pub command: String,
}

/// Figures as they come.
#[derive(Debug)]
pub struct Figures {
    commit: String,
    only: String,
    figures: Vec<Figure>,
}

impl Figures {
    /// None yet; only those whose name contains `only` will be kept.
    #[must_use]
    pub fn new(only: &str) -> Self {
        Self {
            commit: commit(),
            only: only.to_owned(),
            figures: Vec::new(),
        }
    }

    /// Whether any of these names is asked for.
    #[must_use]
    pub fn wanted(&self, names: &[&str]) -> bool {
        names.iter().any(|name| name.contains(&self.only))
    }

    /// Takes one in, and says it at once.
    pub fn add(&mut self, name: &str, value: f64, unit: &'static str, goal: Option<Goal>) {
        if !name.contains(&self.only) {
            return;
        }
        let value = (value * 10.0).round() / 10.0;
        let met = goal.map(|goal| match goal {
            Goal::AtMost(most) => value <= most,
            Goal::AtLeast(least) => value >= least,
        });
        let goal = goal.map(|goal| match goal {
            Goal::AtMost(most) => format!("<= {most}"),
            Goal::AtLeast(least) => format!(">= {least}"),
        });
        let figure = Figure {
            name: name.to_owned(),
            value,
            unit,
            goal,
            met,
            commit: self.commit.clone(),
            command: format!("cargo xtask bench --only {name}"),
        };
        println!("{}", line(&figure));
        self.figures.push(figure);
    }

    /// Prints the table and writes the file.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn finish(&self, file: &Path) -> Result<()> {
        println!(
            "\n{:<44} {:>10} {:<8} {:<10} met",
            "figure", "value", "unit", "goal"
        );
        for figure in &self.figures {
            println!("{}", line(figure));
        }
        let folder = file.parent().context("a file lies in a folder")?;
        std::fs::create_dir_all(folder)?;
        std::fs::write(file, serde_json::to_string_pretty(&self.figures)? + "\n")
            .with_context(|| format!("cannot write {}", file.display()))?;
        println!("\nwritten to {}", file.display());
        Ok(())
    }
}

fn line(figure: &Figure) -> String {
    let met = match figure.met {
        Some(true) => "yes",
        Some(false) => "NO",
        None => "",
    };
    let goal = figure.goal.as_deref().unwrap_or("");
    format!(
        "{:<44} {:>10.1} {:<8} {goal:<10} {met}",
        figure.name, figure.value, figure.unit
    )
}

/// The commit that is checked out.
fn commit() -> String {
    let ask = |args: &[&str]| {
        let said = Command::new("git").args(args).output().ok()?;
        said.status
            .success()
            .then(|| String::from_utf8_lossy(&said.stdout).trim().to_owned())
    };
    let Some(commit) = ask(&["rev-parse", "--short=12", "HEAD"]) else {
        return "unknown".into();
    };
    let is_clean =
        ask(&["status", "--porcelain", "--untracked-files=no"]).is_some_and(|said| said.is_empty());
    if is_clean { commit } else { commit + "+" }
}

/// The middle of some values; 0 for none.
#[must_use]
pub fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_goal_is_met_on_its_own_side() {
        let mut figures = Figures::new("");
        figures.add("a_ms", 199.96, "ms", Some(Goal::AtMost(200.0)));
        figures.add("b_per_s", 1_999.0, "1/s", Some(Goal::AtLeast(2_000.0)));
        let met: Vec<Option<bool>> = figures.figures.iter().map(|figure| figure.met).collect();
        assert_eq!(met, [Some(true), Some(false)]);
    }

    #[test]
    fn the_median_of_an_odd_number_of_values_is_the_middle_one() {
        assert_eq!(median(&[9.0, 1.0, 5.0]), 5.0);
    }
}
