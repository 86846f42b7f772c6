//! Photographs many specimens, one for each seed, reads them back, and counts.
//!
//! Each seed has one difficulty ([`difficulty`]); what is true of the photo
//! follows from how it was made ([`truth`]), and what the reader made of it is
//! held against that ([`verdict`]). The table has a line for each difficulty.
//! One seed makes the same photo again, with a trace, and writes it on request.
//!
//! Absent: real photos (they carry people's names), other forms than the one
//! whose bubbles are known, and an end at the first error: a rate is measured.

pub mod difficulty;
pub mod figures;
pub mod tally;
pub mod trial;
pub mod truth;
pub mod verdict;

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, Result, anyhow};

use super::News;
use difficulty::Difficulty;
use tally::Tally;
use trial::{Form, Trial};
use verdict::{PROBLEMS, Verdict};

/// Photos in the goal.
pub const ROUNDS: u64 = 2_000;

/// What to photograph.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The first seed.
    pub from: u64,
    /// How many, counted up.
    pub seeds: u64,
    /// Folder for photos that went poorly; a single one is always kept.
    pub keep: Option<PathBuf>,
    /// Photos at a time.
    pub at_once: usize,
}

impl Plan {
    /// So many seeds, one photo at a time on each core.
    #[must_use]
    pub fn new(from: u64, seeds: u64) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self {
            from,
            seeds,
            keep: None,
            at_once: cores,
        }
    }
}

/// What was counted.
#[derive(Debug, Default)]
pub struct Counted {
    /// For each difficulty, in their order.
    pub by_difficulty: Vec<Tally>,
    /// Photos with a blue pen, and with a black one.
    pub by_ink: [Tally; 2],
    /// All.
    pub all: Tally,
}

/// Photographs and reads them all.
///
/// # Errors
/// When a photo cannot be made, or its reading fails.
pub fn run(plan: &Plan) -> Result<Counted> {
    let form = Form::ppwp()?;
    let next = AtomicU64::new(0);
    let counted = Mutex::new(Counted {
        by_difficulty: vec![Tally::default(); Difficulty::ALL.len()],
        ..Counted::default()
    });
    let news = Mutex::new(News::begin("photos", plan.seeds, plan.from));
    let work = || -> Result<()> {
        loop {
            let number = next.fetch_add(1, Ordering::SeqCst);
            if number >= plan.seeds || super::stop::requested() {
                return Ok(());
            }
            let trial = Trial::of(&form, plan.from.wrapping_add(number));
            let verdict = one(&trial, plan).with_context(|| format!("seed {}", trial.seed))?;
            let mut counted = counted.lock().map_err(|_| anyhow!("a thread panicked"))?;
            counted.count(&trial, &verdict);
            let [right, unsure, wrong] = counted.all.options;
            let mut news = news.lock().map_err(|_| anyhow!("a thread panicked"))?;
            news.tell(counted.all.photos[0], || {
                format!("{right} options right, {unsure} unsure, {wrong} wrong")
            });
        }
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..plan.at_once.max(1))
            .map(|_| scope.spawn(work))
            .collect();
        threads.into_iter().try_for_each(|thread| {
            let worked = thread.join();
            worked.unwrap_or_else(|_| Err(anyhow!("a reading panicked")))
        })
    })?;
    let counted = counted.into_inner();
    counted.map_err(|_| anyhow!("a thread panicked"))
}

/// One photo; says what went poorly, and keeps it if asked to.
fn one(trial: &Trial<'_>, plan: &Plan) -> Result<Verdict> {
    let (verdict, jpeg) = Verdict::of(trial)?;
    if plan.seeds == 1 || verdict.is_poor() {
        let (seed, name) = (trial.seed, trial.difficulty.name());
        let wrong = verdict.count(verdict::Outcome::Wrong);
        let mark = if wrong > 0 { "WRONG " } else { "" };
        println!("{mark}seed {seed}, {name}\n    {}", verdict.trace);
        if let Some(folder) = &plan.keep {
            std::fs::create_dir_all(folder)?;
            let file = folder.join(format!("{seed}-{name}.jpg"));
            std::fs::write(&file, jpeg)
                .with_context(|| format!("cannot write {}", file.display()))?;
        }
    }
    Ok(verdict)
}

impl Counted {
    fn count(&mut self, trial: &Trial<'_>, verdict: &Verdict) {
        let place = Difficulty::ALL
            .iter()
            .position(|one| *one == trial.difficulty);
        if let Some(tally) = place.and_then(|place| self.by_difficulty.get_mut(place)) {
            tally.count(verdict);
        }
        self.by_ink[usize::from(!trial.is_blue())].count(verdict);
        self.all.count(verdict);
    }

    /// The tables.
    pub fn print(&self) {
        println!("\n{}", tally::HEAD);
        for (difficulty, tally) in Difficulty::ALL.iter().zip(&self.by_difficulty) {
            println!("{}", tally.line(difficulty.name()));
        }
        let [blue, black] = &self.by_ink;
        println!("{}\n{}", blue.line("blue ink"), black.line("black ink"));
        println!("{}", self.all.line("all"));
        println!("\n{}", tally::JUDGED_HEAD);
        for problem in PROBLEMS {
            println!("{}", self.all.judged_line(problem));
        }
        println!("tags of other pages: {}", self.all.other_tags);
    }
}
