//! What hangs on the walls of the night's polling stations, and what each of
//! two witnesses makes of it.
//!
//! Errors are put in by class, at the rates and in the ways in which two
//! readings of 800,000 real forms differed (`measure::errors`). Three papers of
//! a hundred do not add up by themselves, as real ones do not.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use domain::irregularity::{Figures, Sheet, Station};
use domain::{Contest, Counts, Level, RegionCode, TpsCode};
use protocol::SlotId;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use sample::SampleElection;

use crate::measure::errors::{PER_TEN_THOUSAND, Slip, put};

/// Witnesses at a polling station.
pub const WITNESSES: usize = 2;

/// Papers that do not add up by themselves, of a hundred.
const BROKEN_PERCENT: u32 = 3;

/// Of a hundred witnesses with another station's form before them, how many
/// key the number that stands on it; the others take it for their own.
const HEAD_READ_PERCENT: u32 = 50;

/// What one witness sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keyed {
    /// Figures as keyed.
    pub counts: Counts,
    /// TPS number as read from the form's head.
    pub form_tps: String,
    /// The form that is photographed.
    pub shown: SlotId,
    /// What is wrong with it.
    pub slip: Option<Slip>,
}

/// All papers of a night.
#[derive(Debug, Default)]
pub struct Papers {
    /// What stands on the paper of each slot.
    pub written: BTreeMap<SlotId, Counts>,
    /// Slots whose paper does not add up by itself.
    pub broken: Vec<SlotId>,
    /// What each witness sends of it.
    pub keyed: BTreeMap<SlotId, Vec<Keyed>>,
}

impl Papers {
    /// The polling stations.
    #[must_use]
    pub fn stations(&self) -> Vec<TpsCode> {
        let mut all: Vec<TpsCode> = self.written.keys().map(|slot| slot.tps.clone()).collect();
        all.dedup();
        all
    }

    /// The smallest village of at least so many stations where both witnesses
    /// hold a form of their own station, and do not agree about one.
    #[must_use]
    pub fn disputed_village(&self, stations: usize) -> Option<RegionCode> {
        let mut sizes: BTreeMap<RegionCode, usize> = BTreeMap::new();
        for tps in self.stations() {
            *sizes.entry(village_of(&tps)?).or_default() += 1;
        }
        let is_disputed = |(slot, keyed): &(&SlotId, &Vec<Keyed>)| {
            let are_own = keyed.iter().all(|it| it.shown == **slot);
            are_own && keyed.windows(2).any(|it| it[0].counts != it[1].counts)
        };
        let disputed = self.keyed.iter().filter(is_disputed);
        let villages = disputed.filter_map(|(slot, _)| village_of(&slot.tps));
        let size = |village: &RegionCode| sizes.get(village).copied().unwrap_or_default();
        villages
            .filter(|village| size(village) >= stations)
            .min_by_key(|village| (size(village), village.clone()))
    }
}

/// Papers of whole villages, at least so many polling stations together.
///
/// # Errors
/// When the sample election lacks a form.
pub fn drawn(election: &SampleElection, stations: usize, seed: u64) -> Result<Papers> {
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    let mut papers = Papers::default();
    for village in villages(election, stations) {
        let first = village.first().context("a village without stations")?;
        for contest in election.contests_at(first) {
            contest_in(election, contest, &village, &mut papers, &mut chance)?;
        }
    }
    Ok(papers)
}

/// Whole villages, spread over the province.
fn villages(election: &SampleElection, stations: usize) -> Vec<Vec<TpsCode>> {
    let all: Vec<Vec<TpsCode>> = election
        .tps
        .chunk_by(|one, next| village_of(&one.code) == village_of(&next.code))
        .map(|village| village.iter().map(|tps| tps.code.clone()).collect())
        .collect();
    let step = (all.len() * stations / election.tps.len().max(1)).max(1);
    let step = (all.len() / step).max(1);
    let mut count = 0;
    let order = (0..step).flat_map(|from| (from..all.len()).step_by(step));
    order
        .map(|at| all[at].clone())
        .take_while(|village| {
            let is_wanted = count < stations;
            count += village.len();
            is_wanted
        })
        .collect()
}

fn village_of(tps: &TpsCode) -> Option<RegionCode> {
    tps.region().at(Level::Village)
}

fn contest_in(
    election: &SampleElection,
    contest: &Contest,
    village: &[TpsCode],
    papers: &mut Papers,
    chance: &mut ChaCha8Rng,
) -> Result<()> {
    let form = election.form(&contest.form).context("no such form")?;
    let slot = |tps: &TpsCode| SlotId {
        election: election.election.id.clone(),
        tps: tps.clone(),
        contest: contest.id.clone(),
    };
    let mut written = Vec::with_capacity(village.len());
    for tps in village {
        let mut counts = election.truth(tps, &contest.id).context("no result")?;
        if chance.random_range(0..100) < BROKEN_PERCENT {
            let sum = counts.entry("valid".to_owned()).or_default();
            *sum += chance.random_range(1..10);
            papers.broken.push(slot(tps));
        }
        papers.written.insert(slot(tps), counts.clone());
        written.push(counts);
    }
    let ids: Vec<String> = written.iter().flat_map(|it| it.keys().cloned()).collect();
    let ids: Vec<String> = std::collections::BTreeSet::from_iter(ids)
        .into_iter()
        .collect();
    let sheet = Sheet::new(ids, &form.rules);
    let stations: Vec<Station> = village
        .iter()
        .zip(&written)
        .map(|(tps, counts)| station(&sheet, tps, counts))
        .collect();
    for _ in 0..WITNESSES {
        let mut read = stations.clone();
        let slips = put(&sheet, &mut read, PER_TEN_THOUSAND, chance);
        for (at, (tps, read)) in village.iter().zip(&read).enumerate() {
            let slip = slips
                .iter()
                .find(|(it, _)| *it == at)
                .map(|(_, slip)| *slip);
            let own = tps.number().to_owned();
            let shown = village
                .iter()
                .find(|other| read.form_number == other.number().parse().ok())
                .unwrap_or(tps);
            let is_read = chance.random_range(0..100) < HEAD_READ_PERCENT;
            papers.keyed.entry(slot(tps)).or_default().push(Keyed {
                counts: counts(&sheet, &read.first),
                form_tps: if is_read {
                    shown.number().to_owned()
                } else {
                    own
                },
                shown: slot(shown),
                slip,
            });
        }
    }
    Ok(())
}

fn station(sheet: &Sheet, tps: &TpsCode, counts: &Counts) -> Station {
    let figures = sheet.ids().iter().map(|id| counts.get(id).copied());
    let number: u32 = tps.number().parse().unwrap_or_default();
    Station {
        form_number: Some(number),
        ..Station::new(number, Figures::new(figures.collect()))
    }
}

fn counts(sheet: &Sheet, figures: &Figures) -> Counts {
    let filled = |(at, id): (usize, &String)| Some((id.clone(), figures.get(at)?));
    sheet.ids().iter().enumerate().filter_map(filled).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_night_has_errors_of_every_common_class_and_right_forms_besides() {
        let election = sample::kaltim().expect("the sample is whole");
        let papers = drawn(&election, 3_000, 1).expect("papers");
        let all = papers.keyed.values().flatten();
        let slips: Vec<Slip> = all.clone().filter_map(|keyed| keyed.slip).collect();
        assert!(slips.contains(&Slip::OneDigit) && slips.contains(&Slip::WrongTps));
        assert!(slips.len() * 50 < all.count(), "errors are rare");
        for (slot, both) in &papers.keyed {
            assert_eq!(both.len(), WITNESSES);
            for keyed in both {
                let is_right = papers.written.get(slot) == Some(&keyed.counts);
                assert_eq!(is_right, keyed.slip.is_none(), "{slot}: {keyed:?}");
                assert_eq!(keyed.shown != *slot, keyed.slip == Some(Slip::WrongTps));
            }
        }
    }
}
