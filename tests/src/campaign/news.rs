//! How far a campaign has come, as lines: they last in a log.

use std::time::{Duration, Instant};

/// How often a line is printed.
const EVERY: Duration = Duration::from_secs(5);

/// Says how far something has come, now and then.
#[derive(Debug)]
pub struct News {
    name: &'static str,
    rounds: u64,
    began: Instant,
    last: Instant,
}

impl News {
    /// Says that it begins.
    #[must_use]
    pub fn begin(name: &'static str, rounds: u64, seed: u64) -> Self {
        println!("{name}: {rounds} rounds, seed {seed}");
        let now = Instant::now();
        Self {
            name,
            rounds,
            began: now,
            last: now,
        }
    }

    /// After `done` rounds; `more` is asked only when a line is due.
    pub fn tell(&mut self, done: u64, more: impl FnOnce() -> String) {
        if self.last.elapsed() < EVERY {
            return;
        }
        self.last = Instant::now();
        println!(
            "{}: {done} of {} after {} s; {}",
            self.name,
            self.rounds,
            self.began.elapsed().as_secs(),
            more()
        );
    }
}
