//! Figures that stand at two stations of one village: a form that was entered
//! under another station's number as well.
//!
//! With two options and the invalid votes, one pair of stations in 25,000 has
//! the same figures by chance in East Kalimantan, so a copy is worth a look
//! and no proof.

use std::collections::BTreeMap;

use super::Params;
use super::bounds::allowed;
use super::finding::{Evidence, Irregularity, Kind};
use super::naming;
use super::sheet::Sheet;
use super::station::{Figures, Station};

const COPY_SCORE: u8 = 78;
/// The station whose roll is too short for the figures is the likelier copy.
const COPY_OVER_ROLL_SCORE: u8 = 92;
/// Two readings of each form say the same: then it is chance, or the paper.
const COPY_READ_TWICE_SCORE: u8 = 45;
const NEAR_COPY_SCORE: u8 = 42;
const NOTICE_SCORE: u8 = 18;
/// Fewest votes of a form whose copy says anything.
const VOTES_MIN: u32 = 20;
/// Fewest options with votes of a form whose copy says anything.
const OPTIONS_MIN: usize = 2;
/// Fewest figures (options and sums) that are the same in a near copy.
const NEAR_SAME_MIN: usize = 4;
/// Most stations of a village that are compared each with each.
const PAIRS_OF_MAX: usize = 2_500;

/// Exact and near copies within one village.
pub(super) fn look(
    sheet: &Sheet,
    params: &Params,
    village: &[Station],
    found: &mut Vec<Irregularity>,
) {
    let written: Vec<Option<Vec<Option<u32>>>> = village
        .iter()
        .map(|station| written(sheet, &station.first))
        .collect();
    let mut same: BTreeMap<&[Option<u32>], Vec<usize>> = BTreeMap::new();
    for (at, figures) in written.iter().enumerate() {
        if let Some(figures) = figures {
            same.entry(figures).or_default().push(at);
        }
    }
    let mut copied = vec![false; village.len()];
    for group in same.values() {
        // One station twice in the table is the reader's to tell.
        let telling = group.len() > 1 && numbers(village, group, usize::MAX).len() > 1;
        for at in group.iter().filter(|_| telling) {
            if let Some(mark) = copied.get_mut(*at) {
                *mark = true;
            }
            found.extend(exact(sheet, params, village, (*at, group)));
        }
    }
    if village.len() <= PAIRS_OF_MAX {
        near(sheet, village, &written, &copied, found);
    }
}

/// The figures of the votes, as far as they tell one form from another.
fn written(sheet: &Sheet, figures: &Figures) -> Option<Vec<Option<u32>>> {
    let votes = sheet.telling_votes(figures)?;
    let with_votes = votes.iter().filter(|one| **one > 0).count();
    let sums = [sheet.valid, sheet.invalid, sheet.total];
    (sheet.votes(figures)? >= VOTES_MIN && with_votes >= OPTIONS_MIN.min(votes.len())).then(|| {
        let sums = sums.into_iter().flatten().map(|column| figures.get(column));
        votes.into_iter().map(Some).chain(sums).collect()
    })
}

fn numbers(village: &[Station], group: &[usize], but: usize) -> Vec<u32> {
    let mut numbers: Vec<u32> = group
        .iter()
        .filter(|other| **other != but)
        .filter_map(|other| village.get(*other))
        .map(|station| station.number)
        .collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

fn exact(
    sheet: &Sheet,
    params: &Params,
    village: &[Station],
    (at, group): (usize, &[usize]),
) -> Option<Irregularity> {
    let station = village.get(at)?;
    let others = numbers(village, group, at);
    let over = |station: &Station| {
        let roll = sheet.roll(&station.first).unwrap_or(u32::MAX);
        sheet.turnout(&station.first).unwrap_or_default() > allowed(params, roll)
    };
    let telling = sheet.invalid.is_some() || sheet.options.len() > OPTIONS_MIN;
    let read_twice = group.iter().filter_map(|it| village.get(*it)).all(|one| {
        let second = one.second.as_ref().and_then(|it| sheet.telling_votes(it));
        second.is_some() && second == sheet.telling_votes(&one.first)
    });
    let score = if !telling {
        NOTICE_SCORE
    } else if read_twice {
        COPY_READ_TWICE_SCORE
    } else if over(station) {
        COPY_OVER_ROLL_SCORE
    } else {
        COPY_SCORE
    };
    let list = naming::stations(&others);
    Some(
        Irregularity::of(at, Kind::ExactCopy, Evidence::Stations { numbers: others })
            .on(sheet.options.iter().map(|it| sheet.id(*it)).collect())
            .weighing(score, sheet.votes(&station.first)?)
            .saying(
                format!("Semua angka suara sama persis dengan {list} di desa yang sama. Apakah satu formulir dimasukkan dua kali?"),
                format!("All vote figures are exactly those of {list} in the same village. Was one form entered twice?"),
            ),
    )
}

fn near(
    sheet: &Sheet,
    village: &[Station],
    written: &[Option<Vec<Option<u32>>>],
    copied: &[bool],
    found: &mut Vec<Irregularity>,
) {
    let alone = |at: usize| copied.get(at) == Some(&false);
    for (at, figures) in written.iter().enumerate() {
        let Some(figures) = figures.as_ref().filter(|_| alone(at)) else {
            continue;
        };
        let alike: Vec<usize> = written
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != at && alone(*other))
            .filter(|(_, other)| other.as_ref().is_some_and(|it| nearly(sheet, figures, it)))
            .map(|(other, _)| other)
            .collect();
        let numbers = numbers(village, &alike, at);
        if numbers.is_empty() {
            continue;
        }
        let list = naming::stations(&numbers);
        let votes = figures.iter().flatten().copied().max().unwrap_or_default();
        found.push(
            Irregularity::of(at, Kind::NearCopy, Evidence::Stations { numbers })
                .on(sheet.options.iter().map(|it| sheet.id(*it)).collect())
                .weighing(NEAR_COPY_SCORE, votes)
                .saying(
                    format!("Angka suara hampir sama dengan {list} di desa yang sama."),
                    format!("The vote figures are nearly those of {list} in the same village."),
                ),
        );
    }
}

/// Whether all figures but one are the same, or all options of a long ballot.
fn nearly(sheet: &Sheet, one: &[Option<u32>], other: &[Option<u32>]) -> bool {
    let options = sheet.options.len();
    let equal = |(a, b): &(&Option<u32>, &Option<u32>)| a.is_some() && a == b;
    let same = one.iter().zip(other).filter(equal).count();
    let same_options = one
        .iter()
        .zip(other)
        .take(options)
        .filter(|pair| equal(pair) && pair.0.unwrap_or_default() > 0)
        .count();
    let but_one = same >= NEAR_SAME_MIN && same.saturating_add(1) == one.len();
    but_one || (same_options > OPTIONS_MIN && same_options == options)
}
