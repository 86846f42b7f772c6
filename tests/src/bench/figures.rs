//! A figure: what was measured, and what it should be.
//!
//! Several programs measure. Each merges its figures by name into one file, so
//! that a figure there tells by itself how, on which commit and with which seed
//! it came about.

use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

/// What a figure should be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Goal {
    /// Small is good.
    AtMost(f64),
    /// Large is good.
    AtLeast(f64),
}

/// One measured value.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// What, in `snake_case` with the unit last.
    pub name: String,
    /// How much.
    pub value: f64,
    /// Of what.
    pub unit: String,
    /// The goal as people write it, e.g. `<= 200`; `None` when there is none.
    pub goal: Option<String>,
    /// Whether the goal is met; `None` when there is none.
    pub met: Option<bool>,
    /// The commit that was measured, with `+` when files differed from it.
    pub commit: String,
    /// Seed of what was measured, where chance plays a part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// How to measure it again.
    pub command: String,
}

/// Figures as they come.
#[derive(Debug)]
pub struct Figures {
    commit: String,
    only: String,
    command: Option<String>,
    seed: Option<u64>,
    figures: Vec<Figure>,
}

impl Figures {
    /// None yet; only those whose name contains `only` will be kept.
    #[must_use]
    pub fn new(only: &str) -> Self {
        Self {
            commit: commit(),
            only: only.to_owned(),
            command: None,
            seed: None,
            figures: Vec::new(),
        }
    }

    /// None yet, of one command that gives all of them, with its seed.
    #[must_use]
    pub fn of(command: impl Into<String>, seed: u64) -> Self {
        Self {
            command: Some(command.into()),
            seed: Some(seed),
            ..Self::new("")
        }
    }

    /// Whether any of these names is asked for.
    #[must_use]
    pub fn wanted(&self, names: &[&str]) -> bool {
        names.iter().any(|name| name.contains(&self.only))
    }

    /// Takes one in, and says it at once.
    pub fn add(&mut self, name: &str, value: f64, unit: &str, goal: Option<Goal>) {
        if !name.contains(&self.only) {
            return;
        }
        let met = goal.map(|goal| match goal {
            Goal::AtMost(most) => value <= most,
            Goal::AtLeast(least) => value >= least,
        });
        let goal = goal.map(|goal| match goal {
            Goal::AtMost(most) => format!("<= {most}"),
            Goal::AtLeast(least) => format!(">= {least}"),
        });
        let bench = || format!("cargo xtask bench --only {name}");
        let figure = Figure {
            name: name.to_owned(),
            value: rounded(value),
            unit: unit.to_owned(),
            goal,
            met,
            commit: self.commit.clone(),
            seed: self.seed,
            command: self.command.clone().unwrap_or_else(bench),
        };
        println!("{}", line(&figure));
        self.figures.push(figure);
    }

    /// Prints the table and merges it into the file: figures of the same names
    /// are replaced, all others stay.
    ///
    /// # Errors
    /// When the file cannot be read or written, or is no file of figures.
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
        let _held = hold(&file.with_extension("lock"))?;
        let before = if file.exists() {
            read(file)?
        } else {
            Vec::new()
        };
        let merged = merge(before, &self.figures);
        std::fs::write(file, serde_json::to_string_pretty(&merged)? + "\n")
            .with_context(|| format!("cannot write {}", file.display()))?;
        println!("\nmerged into {}", file.display());
        Ok(())
    }
}

/// The figures of a file.
///
/// # Errors
/// When it cannot be read or holds something else.
pub fn read(file: &Path) -> Result<Vec<Figure>> {
    let text =
        std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} holds no figures", file.display()))
}

/// `before` with `new` in place of figures of the same names, new names last.
fn merge(before: Vec<Figure>, new: &[Figure]) -> Vec<Figure> {
    let mut to_place: BTreeMap<&str, &Figure> = new
        .iter()
        .map(|figure| (figure.name.as_str(), figure))
        .collect();
    let mut merged: Vec<Figure> = before
        .into_iter()
        .map(|old| to_place.remove(old.name.as_str()).cloned().unwrap_or(old))
        .collect();
    let unplaced = new
        .iter()
        .filter(|figure| to_place.remove(figure.name.as_str()).is_some());
    merged.extend(unplaced.cloned().collect::<Vec<_>>());
    merged
}

/// Holds a lock file until dropped, so that two programs do not merge at once.
fn hold(file: &Path) -> Result<File> {
    let held = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(file)?;
    held.lock()?;
    Ok(held)
}

/// As many decimals as people read: three below ten, one above.
fn rounded(value: f64) -> f64 {
    let scale = if value.abs() < 10.0 { 1_000.0 } else { 10.0 };
    (value * scale).round() / scale
}

fn line(figure: &Figure) -> String {
    let met = match figure.met {
        Some(true) => "yes",
        Some(false) => "NO",
        None => "",
    };
    let goal = figure.goal.as_deref().unwrap_or("");
    format!(
        "{:<44} {:>10} {:<8} {goal:<10} {met}",
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
    percentile(values, 50)
}

/// The value that `percent` of the values are not above; 0 for none.
#[must_use]
pub fn percentile(values: &[f64], percent: usize) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(place).copied().unwrap_or_default()
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

    #[test]
    fn ninety_nine_of_a_hundred_values_are_not_above_the_99th_percentile() {
        let values: Vec<f64> = (0..200).map(f64::from).collect();
        assert_eq!(percentile(&values, 99), 198.0);
        assert_eq!(percentile(&[7.0], 99), 7.0);
        assert_eq!(percentile(&[], 99), 0.0);
    }

    #[test]
    fn several_programs_merge_their_figures_into_one_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("figures.json");
        let mut bench = Figures::new("");
        bench.add("seal_ms", 5.0, "ms", None);
        bench.add("photo_ms", 9.0, "ms", None);
        bench.finish(&file).expect("written");
        let mut campaign = Figures::of("cargo xtask campaign link --seed 7", 7);
        campaign.add("link_ratio", 0.874_9, "", Some(Goal::AtLeast(0.85)));
        campaign.add("photo_ms", 8.0, "ms", None);
        campaign.finish(&file).expect("merged");
        let merged = read(&file).expect("figures");
        let facts: Vec<(&str, f64, Option<u64>)> = merged
            .iter()
            .map(|figure| (figure.name.as_str(), figure.value, figure.seed))
            .collect();
        assert_eq!(
            facts,
            [
                ("seal_ms", 5.0, None),
                ("photo_ms", 8.0, Some(7)),
                ("link_ratio", 0.875, Some(7)),
            ]
        );
        assert_eq!(merged[0].command, "cargo xtask bench --only seal_ms");
    }
}
