//! Counts of found and missed, as a table.

use std::collections::BTreeMap;

/// How many there were, and how many of them were found.
#[derive(Debug, Clone, Copy, Default)]
pub struct Share {
    /// All.
    pub all: usize,
    /// Those found.
    pub found: usize,
}

impl Share {
    /// One more.
    pub fn add(&mut self, found: bool) {
        self.all += 1;
        self.found += usize::from(found);
    }

    /// In percent; 0 of none.
    #[must_use]
    pub fn percent(self) -> f64 {
        100.0 * ratio(self.found, self.all)
    }

    /// Of a thousand; 0 of none.
    #[must_use]
    pub fn per_thousand(self) -> f64 {
        10.0 * self.percent()
    }
}

/// `part / whole`; 0 when there is no whole.
#[must_use]
pub fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 {
        return 0.0;
    }
    part as f64 / whole as f64
}

/// Named shares in one table.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// By name.
    pub shares: BTreeMap<String, Share>,
}

impl Tally {
    /// One more of a name.
    pub fn add(&mut self, name: &str, found: bool) {
        self.shares.entry(name.to_owned()).or_default().add(found);
    }

    /// What became of a name.
    #[must_use]
    pub fn of(&self, name: &str) -> Share {
        self.shares.get(name).copied().unwrap_or_default()
    }

    /// Prints the table under a heading.
    pub fn print(&self, heading: &str) {
        println!("\n{heading}");
        for (name, share) in &self.shares {
            println!(
                "  {name:<52} {:>6} of {:>6}  {:>6.1} %",
                share.found,
                share.all,
                share.percent()
            );
        }
    }
}

/// Of the first so many of a ranking, how many are true; in percent.
#[must_use]
pub fn first_true(ranking: &[bool], first: usize) -> f64 {
    let taken = ranking.len().min(first);
    let found = ranking.iter().take(first).filter(|it| **it).count();
    100.0 * ratio(found, taken)
}
