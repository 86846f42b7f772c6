//! All chance of a simulation: one seed, one stream of numbers.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use device::Random;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::trap::Trap;

/// Numbers that follow from a seed and from nothing else.
pub struct Chance(ChaCha8Rng);

impl Chance {
    /// The numbers of one purpose (`stream`) of a seed.
    #[must_use]
    pub fn of(seed: u64, stream: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Self(rng)
    }

    /// A number from `low` to `high`, both included.
    pub fn between(&mut self, low: u64, high: u64) -> u64 {
        self.0.random_range(low..=high.max(low))
    }

    /// True in one of `n` cases.
    pub fn one_in(&mut self, n: u64) -> bool {
        self.between(1, n) == 1
    }

    /// True in `share` of a thousand cases.
    pub fn per_mille(&mut self, share: u64) -> bool {
        self.between(0, 999) < share
    }

    /// A place in a list of `len` things, which must not be empty.
    pub fn index(&mut self, len: usize) -> usize {
        self.0.random_range(0..len)
    }

    /// One of these, which must not be none.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.index(from.len())]
    }

    /// Fills `bytes`.
    pub fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            *byte = self.0.random();
        }
    }
}

/// A device's randomness.
pub struct SimRandom {
    chance: Mutex<Chance>,
    trap: Arc<Trap>,
}

impl SimRandom {
    /// Randomness that follows from `chance`.
    #[must_use]
    pub fn new(chance: Chance, trap: Arc<Trap>) -> Self {
        Self {
            chance: Mutex::new(chance),
            trap,
        }
    }
}

impl Random for SimRandom {
    fn fill(&self, bytes: &mut [u8]) -> io::Result<()> {
        self.trap.touch();
        let mut chance = self.chance.lock().unwrap_or_else(PoisonError::into_inner);
        chance.fill(bytes);
        Ok(())
    }
}
