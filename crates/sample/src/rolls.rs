//! Made-up voters on the permanent roll (DPT) of each polling station.
//!
//! The KPU's list of polling stations has no voter numbers, so these are made
//! up: a fixed seed and the station's code give every roll on its own, in any
//! order. Their shape is that of a general election in East Kalimantan: about
//! 245 voters per station, never more than 300, a little more men than women,
//! 2.8 million in all.

use domain::TpsCode;
use protocol::pack::Roll;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Seed of all rolls. Changing it changes the sample election.
const ROLLS_SEED: u64 = 0x5341_4b53_4931_0001;

/// Fewest voters of a made-up roll.
pub(crate) const ROLL_MIN_VOTERS: u32 = 90;

/// Most voters of a polling station in a general election.
pub(crate) const ROLL_MAX_VOTERS: u32 = 300;

/// The roll of this polling station.
pub(crate) fn roll(code: &TpsCode) -> Roll {
    let digits: u64 = code.as_str().parse().unwrap_or_default();
    let mut rng = ChaCha8Rng::seed_from_u64(ROLLS_SEED ^ digits);
    let total = if rng.random_ratio(1, 8) {
        // Small villages and the last station of a village.
        rng.random_range(ROLL_MIN_VOTERS..=220)
    } else {
        // The sum of three even throws: a hill around 255.
        (0..3).map(|_| rng.random_range(70..=100)).sum::<u32>()
    };
    let total = total.min(ROLL_MAX_VOTERS);
    let male = total.saturating_mul(rng.random_range(478..=552)) / 1_000;
    Roll {
        male,
        female: total.saturating_sub(male),
    }
}
