//! Errors put into tables without any, and found again.

use domain::irregularity::{self, Irregularity, Kind, Params, Sheet, Station};
use rand::SeedableRng as _;
use rand_chacha::ChaCha8Rng;

use super::errors::put;
use super::tally::{Share, Tally, first_true};

/// What is known besides the one reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// Nothing.
    OneReading,
    /// The number on the form's head.
    FormNumber,
    /// A second reading, without an error.
    BothReadings,
}

impl Known {
    /// Its words in tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::OneReading => "one reading",
            Self::FormNumber => "one reading and the form's number",
            Self::BothReadings => "both readings",
        }
    }
}

/// What came of some seeds.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// Found, by class of error.
    pub recall: Tally,
    /// Named for what they are, by class: the repair, the other station.
    pub named: Tally,
    /// Clean stations, and how many of them were flagged.
    pub clean: Share,
    /// Of the first hundred of each seed's ranking, those with an error put
    /// in; in percent, over all seeds.
    pub first_hundred: f64,
    /// The same, counting forms that do not add up by themselves as true.
    pub first_hundred_irregular: f64,
}

/// Puts errors into the villages, once for each seed, and looks for them.
#[must_use]
pub fn run(
    sheet: &Sheet,
    params: &Params,
    villages: &[Vec<Station>],
    known: Known,
    seeds: std::ops::RangeInclusive<u64>,
    per_ten_thousand: u32,
) -> Outcome {
    let mut outcome = Outcome::default();
    let mut rounds = 0.0;
    for seed in seeds {
        let mut chance = ChaCha8Rng::seed_from_u64(seed);
        let mut ranking = Vec::new();
        for truth in villages {
            let mut village = prepared(truth, known);
            let errors = put(sheet, &mut village, per_ten_thousand, &mut chance);
            let found = irregularity::analyse(sheet, params, &village);
            for (at, station) in village.iter().enumerate() {
                let own: Vec<&Irregularity> = found.iter().filter(|it| it.station == at).collect();
                let flagged = own.iter().any(|it| it.is_flag());
                let error = errors
                    .iter()
                    .find(|(it, _)| *it == at)
                    .map(|(_, slip)| *slip);
                match error {
                    Some(slip) => {
                        outcome.recall.add(slip.word(), flagged);
                        outcome
                            .named
                            .add(slip.word(), named(sheet, &own, station, &truth[at]));
                    }
                    None => outcome.clean.add(flagged),
                }
                if flagged {
                    let weight = irregularity::weigh(own.iter().copied());
                    let irregular = own.iter().any(|it| it.kind == Kind::Rule && it.is_flag());
                    ranking.push((weight.score, weight.stake, error.is_some(), irregular));
                }
            }
        }
        ranking.sort_by_key(|it| std::cmp::Reverse((it.0, it.1)));
        let strict: Vec<bool> = ranking.iter().map(|it| it.2).collect();
        let either: Vec<bool> = ranking.iter().map(|it| it.2 || it.3).collect();
        outcome.first_hundred += first_true(&strict, 100);
        outcome.first_hundred_irregular += first_true(&either, 100);
        rounds += 1.0;
    }
    outcome.first_hundred /= rounds;
    outcome.first_hundred_irregular /= rounds;
    outcome
}

fn prepared(truth: &[Station], known: Known) -> Vec<Station> {
    let station = |own: &Station| Station {
        form_number: (known == Known::FormNumber).then_some(own.number),
        second: (known == Known::BothReadings).then(|| own.first.clone()),
        official: None,
        ..own.clone()
    };
    truth.iter().map(station).collect()
}

/// Whether a finding says what is wrong: a repair to the true figure, or
/// whose figures they are, or which options are exchanged.
fn named(sheet: &Sheet, found: &[&Irregularity], station: &Station, truth: &Station) -> bool {
    found
        .iter()
        .filter(|it| it.is_flag())
        .any(|finding| match &finding.evidence {
            irregularity::Evidence::Repairs { repairs, .. } => {
                repairs.first().is_some_and(|first| {
                    let column = sheet.column(&first.field);
                    column.and_then(|it| truth.first.get(it)) == Some(first.to)
                })
            }
            irregularity::Evidence::Stations { .. } => station.first != truth.first,
            irregularity::Evidence::Shares { .. } => finding.kind == Kind::Swapped,
            irregularity::Evidence::Readings { class, .. } => {
                *class != irregularity::DifferenceClass::Mixed
            }
            irregularity::Evidence::Sums { .. }
            | irregularity::Evidence::Bubbles { .. }
            | irregularity::Evidence::Photo { .. }
            | irregularity::Evidence::Moment { .. }
            | irregularity::Evidence::Distance { .. }
            | irregularity::Evidence::Count { .. } => false,
        })
}
