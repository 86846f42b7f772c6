//! How the rest of a village voted: what a station's figures can be held
//! against when nothing on the form itself tells.

use super::sheet::Sheet;
use super::station::{Figures, Station};

/// Fewest other stations that say anything about one.
const NEIGHBOURS_MIN: u32 = 3;
/// Fewest votes of a station that counts as a neighbour.
const VOTES_MIN: u32 = 20;
/// Spread of shares below which stations are not told apart: a small village
/// of one mind would otherwise make every other opinion an outlier.
const SPREAD_MIN: f64 = 0.05;

/// Shares of the options over a village, so that each station can be compared
/// with all others but itself.
#[derive(Debug)]
pub(super) struct Surroundings {
    stations: u32,
    /// For each option, the sum of shares and of their squares.
    sums: Vec<(f64, f64)>,
    shares: Vec<Option<Vec<f64>>>,
}

/// The share of one option in the other stations of the village.
#[derive(Debug, Clone, Copy)]
pub(super) struct Around {
    pub(super) mean: f64,
    pub(super) spread: f64,
}

impl Surroundings {
    pub(super) fn of(sheet: &Sheet, village: &[Station]) -> Self {
        let shares: Vec<Option<Vec<f64>>> = village
            .iter()
            .map(|station| shares(sheet, &station.first))
            .collect();
        let mut sums = vec![(0.0, 0.0); sheet.options.len()];
        let mut stations = 0_u32;
        for own in shares.iter().flatten() {
            stations = stations.saturating_add(1);
            for (sum, share) in sums.iter_mut().zip(own) {
                sum.0 += share;
                sum.1 += share * share;
            }
        }
        Self {
            stations,
            sums,
            shares,
        }
    }

    /// The share of option number `option` (its place on the sheet) in all
    /// stations but this one; `None` when too few say anything.
    pub(super) fn around(&self, station: usize, option: usize) -> Option<Around> {
        let (mut sum, mut squares) = self.sums.get(option).copied()?;
        let mut others = self.stations;
        if let Some(own) = self.shares.get(station)?.as_ref() {
            let own = own.get(option).copied()?;
            sum -= own;
            squares -= own * own;
            others = others.saturating_sub(1);
        }
        if others < NEIGHBOURS_MIN {
            return None;
        }
        let count = f64::from(others);
        let mean = sum / count;
        let variance = (squares / count - mean * mean).max(0.0);
        Some(Around {
            mean,
            spread: variance.sqrt().max(SPREAD_MIN),
        })
    }

    /// By how many spreads `to` is nearer to what the village votes than
    /// `from`, as votes for an option among `all`.
    pub(super) fn gain(
        &self,
        station: usize,
        option: usize,
        (from, from_all): (u32, u32),
        (to, to_all): (u32, u32),
    ) -> Option<f64> {
        let around = self.around(station, option)?;
        let off = |votes: u32, all: u32| {
            (f64::from(votes) / f64::from(all.max(1)) - around.mean).abs() / around.spread
        };
        Some(off(from, from_all) - off(to, to_all))
    }
}

/// The options' shares of a station; `None` when a figure is blank or it is small.
pub(super) fn shares(sheet: &Sheet, figures: &Figures) -> Option<Vec<f64>> {
    let votes = sheet.telling_votes(figures)?;
    let all = votes
        .iter()
        .fold(0_u32, |sum, one| sum.saturating_add(*one));
    (all >= VOTES_MIN).then(|| {
        votes
            .iter()
            .map(|one| f64::from(*one) / f64::from(all))
            .collect()
    })
}

/// A share in per mille, for a sentence.
pub(super) fn per_mille(share: f64) -> u32 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to 0..=1000 before"
    )]
    let whole = (share * 1000.0).round().clamp(0.0, 1000.0) as u32;
    whole
}
