//! Made-up results that satisfy every identity of their form.
//!
//! Rows are recognised by the stable ids that all layouts in `data/` share;
//! which of them a form has is read from the layout: every `came_…` row
//! besides the roll's and the total is a small row of voters who came without
//! being on the roll.

use domain::{Choice, Contest, Counts, FormLayout, TpsCode};
use protocol::pack::Roll;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Seed of all results that [`crate::SampleElection::truth`] tells.
const RESULTS_SEED: u64 = 0x5341_4b53_4932_0001;

/// Men and women of one row.
#[derive(Clone, Copy, Default)]
struct Row {
    male: u32,
    female: u32,
}

impl Row {
    fn total(self) -> u32 {
        self.male.saturating_add(self.female)
    }

    fn plus(self, other: Self) -> Self {
        Self {
            male: self.male.saturating_add(other.male),
            female: self.female.saturating_add(other.female),
        }
    }
}

/// A seed of its own for each slot.
pub(crate) fn seed_of(code: &TpsCode, contest: &str) -> u64 {
    let digits: u64 = code.as_str().parse().unwrap_or_default();
    contest
        .bytes()
        .fold(RESULTS_SEED ^ digits.rotate_left(16), |seed, byte| {
            seed.wrapping_mul(257).wrapping_add(u64::from(byte))
        })
}

/// A whole form's figures for a polling station with this roll: plausible,
/// raising no finding, and the same for the same seed.
#[must_use]
pub fn counts(form: &FormLayout, contest: &Contest, roll: Roll, seed: u64) -> Counts {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    let mut counts = Counts::new();
    let dpt = Row {
        male: roll.male,
        female: roll.female,
    };
    let came = voters_who_came(&mut counts, form, dpt, &mut rng);
    ballots(&mut counts, form, dpt.total(), came.total(), &mut rng);
    let disability = Row {
        male: rng.random_range(0..=2).min(came.male),
        female: rng.random_range(0..=2).min(came.female),
    };
    put_row(&mut counts, "disability", disability);

    let total = came.total();
    let invalid = share(total, rng.random_range(5..=60));
    let valid = total.saturating_sub(invalid);
    put(&mut counts, "valid", valid);
    put(&mut counts, "invalid", invalid);
    put(&mut counts, "total", total);
    votes(&mut counts, contest, valid, &mut rng);
    counts
}

fn voters_who_came(counts: &mut Counts, form: &FormLayout, dpt: Row, rng: &mut ChaCha8Rng) -> Row {
    let turnout = rng.random_range(560..=880);
    let mut came = Row {
        male: share(dpt.male, turnout),
        female: share(dpt.female, turnout.saturating_add(40)),
    };
    put_row(counts, "dpt", dpt);
    put_row(counts, "came_dpt", came);
    let mut others: Vec<&str> = form
        .fields
        .iter()
        .map(|field| field.row.as_str())
        .filter(|row| row.starts_with("came_") && !matches!(*row, "came_dpt" | "came_total"))
        .collect();
    others.dedup();
    for row in others {
        // Nobody at most stations, a handful at some.
        let most = rng.random_range(0..=2);
        let row_counts = Row {
            male: rng.random_range(0..=most),
            female: rng.random_range(0..=most),
        };
        put_row(counts, row, row_counts);
        came = came.plus(row_counts);
    }
    put_row(counts, "came_total", came);
    came
}

fn ballots(counts: &mut Counts, form: &FormLayout, dpt: u32, used: u32, rng: &mut ChaCha8Rng) {
    let received = dpt.saturating_add(share_up(dpt, reserve_per_mille(form)));
    let left = received.saturating_sub(used);
    let returned = u32::from(rng.random_ratio(1, 5)).min(left);
    put(counts, "ballots_received", received);
    put(counts, "ballots_used", used);
    put(counts, "ballots_returned", returned);
    put(counts, "ballots_unused", left.saturating_sub(returned));
}

/// The ballot reserve in thousandths of the roll: 25 in regional elections,
/// known by their row of voters who moved in, 20 in general ones.
fn reserve_per_mille(form: &FormLayout) -> u32 {
    if form.fields.iter().any(|field| field.row == "came_dpph") {
        25
    } else {
        20
    }
}

fn votes(counts: &mut Counts, contest: &Contest, valid: u32, rng: &mut ChaCha8Rng) {
    let per_option = split(valid, contest.options.len(), rng);
    for (choice, votes) in contest.options.iter().zip(per_option) {
        put(counts, &format!("votes.{}", choice.number), votes);
        if !choice.candidates.is_empty() {
            party(counts, choice, votes, rng);
        }
    }
}

fn party(counts: &mut Counts, choice: &Choice, votes: u32, rng: &mut ChaCha8Rng) {
    let parts = choice.part_ids();
    let split = split(votes, parts.len(), rng);
    for (id, votes) in parts.iter().zip(split) {
        put(counts, id, votes);
    }
}

/// `total` in `parts` random parts of uneven weight.
fn split(total: u32, parts: usize, rng: &mut ChaCha8Rng) -> Vec<u32> {
    let weights: Vec<u32> = (0..parts).map(|_| rng.random_range(5..=100)).collect();
    let mut weight_left: u32 = weights.iter().sum();
    let mut left = total;
    weights
        .into_iter()
        .map(|weight| {
            // The last part gets what is left, so that nothing is lost.
            let part = left
                .saturating_mul(weight)
                .checked_div(weight_left)
                .unwrap_or_default();
            left = left.saturating_sub(part);
            weight_left = weight_left.saturating_sub(weight);
            part
        })
        .collect()
}

fn share(of: u32, per_mille: u32) -> u32 {
    of.saturating_mul(per_mille) / 1_000
}

fn share_up(of: u32, per_mille: u32) -> u32 {
    of.saturating_mul(per_mille).div_ceil(1_000)
}

fn put_row(counts: &mut Counts, row: &str, figures: Row) {
    put(counts, &format!("{row}_male"), figures.male);
    put(counts, &format!("{row}_female"), figures.female);
    put(counts, &format!("{row}_total"), figures.total());
}

fn put(counts: &mut Counts, id: &str, figure: u32) {
    counts.insert(id.to_owned(), figure);
}
