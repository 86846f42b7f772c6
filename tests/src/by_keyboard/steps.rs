//! What somebody did, and how long each of it took.

use serde::Deserialize;

use crate::bench::figures::{Figures, Goal, percentile};

/// Nobody waits longer than this for anything but a file, in milliseconds.
const GOAL_MS: f64 = 100.0;
/// From so many times on, the 95th percentile says more than the longest.
const ENOUGH_FOR_SHARE: usize = 20;
/// How many of the slowest are listed.
const SLOWEST_SHOWN: usize = 15;

/// One wait.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Wait {
    /// From the key to the frame that shows what came of it.
    pub ms: f64,
    /// From the key to the first sight of how far it is; `None` when the end
    /// was there before.
    pub progress_ms: Option<f64>,
    /// Of what was fetched meanwhile, the slowest.
    pub slowest: Option<Fetched>,
}

/// Something that was fetched.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Fetched {
    /// Path and query.
    pub path: String,
    /// From asking to the last byte.
    pub ms: f64,
}

/// One thing that is done, and how long it took each time.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// In `snake_case`.
    pub name: &'static str,
    /// Whether a file is made or taken in: then only the sight of how far it is
    /// has to come at once.
    pub is_file: bool,
    /// Each time.
    pub waits: Vec<Wait>,
}

impl Step {
    fn value(&self, of: impl Fn(&Wait) -> f64) -> f64 {
        let times: Vec<f64> = self.waits.iter().map(of).collect();
        if times.len() >= ENOUGH_FOR_SHARE {
            percentile(&times, 95)
        } else {
            times.into_iter().fold(0.0, f64::max)
        }
    }

    /// How long it takes until it is done.
    #[must_use]
    pub fn done_ms(&self) -> f64 {
        self.value(|wait| wait.ms)
    }

    /// How long it takes until something is seen: the end, or how far it is.
    #[must_use]
    pub fn seen_ms(&self) -> f64 {
        self.value(|wait| wait.progress_ms.map_or(wait.ms, |ms| ms.min(wait.ms)))
    }

    /// How long somebody looks at a screen that does not move.
    #[must_use]
    pub fn waited_ms(&self) -> f64 {
        if self.is_file {
            self.seen_ms()
        } else {
            self.done_ms()
        }
    }

    fn slowest(&self) -> Option<&Fetched> {
        let longest = self
            .waits
            .iter()
            .max_by(|one, other| one.ms.total_cmp(&other.ms));
        longest?.slowest.as_ref()
    }
}

/// All that somebody did.
#[derive(Debug, Default)]
pub struct Steps(Vec<Step>);

impl Steps {
    pub(super) fn add(&mut self, name: &'static str, wait: Wait) {
        self.put(name, false, wait);
    }

    pub(super) fn add_file(&mut self, name: &'static str, wait: Wait) {
        self.put(name, true, wait);
    }

    fn put(&mut self, name: &'static str, is_file: bool, wait: Wait) {
        if let Some(step) = self.0.iter_mut().find(|step| step.name == name) {
            step.waits.push(wait);
            return;
        }
        self.0.push(Step {
            name,
            is_file,
            waits: vec![wait],
        });
    }

    /// In the order in which they were first done.
    pub fn iter(&self) -> impl Iterator<Item = &Step> {
        self.0.iter()
    }

    /// Puts them among the figures.
    pub fn figures(&self, figures: &mut Figures) {
        for step in &self.0 {
            let name = format!("keys_{}_ms", step.name);
            figures.add(&name, step.waited_ms(), "ms", Some(Goal::AtMost(GOAL_MS)));
            if step.is_file {
                let name = format!("keys_{}_done_ms", step.name);
                figures.add(&name, step.done_ms(), "ms", None);
            }
        }
    }

    /// Says which took longest, and what was fetched meanwhile.
    pub fn print_slowest(&self) {
        let mut steps: Vec<&Step> = self.0.iter().collect();
        steps.sort_by(|one, other| other.waited_ms().total_cmp(&one.waited_ms()));
        println!(
            "\n{:<24} {:>5} {:>9}  slowest request meanwhile",
            "step", "times", "wait, ms"
        );
        for step in steps.into_iter().take(SLOWEST_SHOWN) {
            let fetched = step.slowest().map_or_else(String::new, |fetched| {
                format!("{:.0} ms {}", fetched.ms, fetched.path)
            });
            println!(
                "{:<24} {:>5} {:>9.0}  {fetched}",
                step.name,
                step.waits.len(),
                step.waited_ms()
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wait(ms: f64, progress_ms: Option<f64>) -> Wait {
        Wait {
            ms,
            progress_ms,
            slowest: None,
        }
    }

    #[test]
    fn a_file_is_waited_for_until_one_sees_how_far_it_is() {
        let mut steps = Steps::default();
        steps.add_file("export", wait(4_000.0, Some(30.0)));
        steps.add_file("export", wait(20.0, None));
        steps.add("next", wait(40.0, Some(10.0)));
        let waits: Vec<f64> = steps.iter().map(Step::waited_ms).collect();
        assert_eq!(waits, [30.0, 40.0]);
        assert_eq!(steps.iter().next().map(Step::done_ms), Some(4_000.0));
    }

    #[test]
    fn of_many_times_one_in_twenty_may_be_slow() {
        let mut steps = Steps::default();
        for ms in 1..=40 {
            steps.add("next", wait(f64::from(ms), None));
        }
        assert_eq!(steps.iter().next().map(Step::done_ms), Some(39.0));
    }
}
