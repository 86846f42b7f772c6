//! One slip of the pen that explains why the identities do not hold.
//!
//! A broken identity says what each of its figures would have to be. Where the
//! way from what stands there to what it would have to be is one slip, and the
//! change breaks nothing else the figure stands in, the slip is named.

use super::digits::{Slip, slip};
use super::finding::Repair;
use super::sheet::{Broken, Sheet};
use super::station::Figures;
use super::surroundings::Surroundings;
use crate::form::RuleKind;

/// A repair with what speaks for it.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    pub(super) repair: Repair,
    pub(super) slip: Slip,
    /// Whether every identity of the form holds with it.
    pub(super) repairs_all: bool,
    /// By how many spreads it brings the option's share nearer to the
    /// village's; zero where that cannot be told.
    pub(super) gain: f64,
}

/// Every single figure whose slip repairs something, the likeliest first.
pub(super) fn candidates(
    sheet: &Sheet,
    figures: &Figures,
    broken: &[Broken<'_>],
    (station, surroundings): (usize, &Surroundings),
) -> Vec<Candidate> {
    let mut found: Vec<(usize, Candidate)> = Vec::new();
    for one in broken {
        if one.identity.rule.kind != RuleKind::Equal || !one.identity.is_question() {
            continue;
        }
        for column in one.identity.columns() {
            if found.iter().any(|(known, _)| *known == column) {
                continue;
            }
            let Some(candidate) = candidate(sheet, figures, one, column) else {
                continue;
            };
            let gain = gain(
                sheet,
                figures,
                (column, &candidate.repair),
                (station, surroundings),
            );
            found.push((column, Candidate { gain, ..candidate }));
        }
    }
    // The order of equals is the columns' order, so that it never changes.
    found.sort_by(|(at, a), (bt, b)| {
        (b.repairs_all, b.slip == Slip::Transposed)
            .cmp(&(a.repairs_all, a.slip == Slip::Transposed))
            .then(b.gain.total_cmp(&a.gain))
            .then(a.slip.cmp(&b.slip))
            .then(at.cmp(bt))
    });
    found.into_iter().map(|(_, candidate)| candidate).collect()
}

fn candidate(
    sheet: &Sheet,
    figures: &Figures,
    broken: &Broken<'_>,
    column: usize,
) -> Option<Candidate> {
    let from = figures.get(column)?;
    let (mine, other) = if broken.identity.left.contains(&column) {
        (broken.left, broken.right)
    } else {
        (broken.right, broken.left)
    };
    let to = u64::from(from).checked_add(other)?.checked_sub(mine)?;
    let to = u32::try_from(to).ok()?;
    let slip = slip(from, to)?;
    let trial = figures.with(column, Some(to));
    let (touched_hold, repairs_all) = holds(sheet, &trial, &[column]);
    touched_hold.then(|| Candidate {
        repair: Repair {
            field: sheet.id(column),
            from,
            to,
            place: match slip {
                Slip::OneDigit(worth) => Some(worth),
                Slip::Transposed | Slip::DigitCount => None,
            },
        },
        slip,
        repairs_all,
        gain: 0.0,
    })
}

/// Whether the questions that these columns stand in hold, and whether all do.
fn holds(sheet: &Sheet, trial: &Figures, columns: &[usize]) -> (bool, bool) {
    let (mut touched, mut all) = (true, true);
    for identity in sheet.identities.iter().filter(|it| it.is_question()) {
        if identity.broken(trial).is_some() {
            all = false;
            touched &= !identity.columns().any(|column| columns.contains(&column));
        }
    }
    (touched, all)
}

fn gain(
    sheet: &Sheet,
    figures: &Figures,
    (column, repair): (usize, &Repair),
    (station, surroundings): (usize, &Surroundings),
) -> f64 {
    let option = sheet.options.iter().position(|own| *own == column);
    let votes = sheet.votes(figures).unwrap_or_default();
    let after = votes.saturating_add(repair.to).saturating_sub(repair.from);
    option
        .and_then(|option| {
            let (from, to) = ((repair.from, votes), (repair.to, after));
            surroundings.gain(station, option, from, to)
        })
        .unwrap_or(0.0)
}

/// Two figures whose exchange repairs every identity, by their columns.
pub(super) fn exchange(
    sheet: &Sheet,
    figures: &Figures,
    broken: &[Broken<'_>],
) -> Option<(usize, usize)> {
    let questions = sheet.identities.iter().filter(|it| it.is_question());
    let touched: Vec<usize> = broken
        .iter()
        .filter(|one| one.identity.is_question())
        .flat_map(|one| one.identity.columns())
        .collect();
    // The other of the two may stand in an identity that holds either way.
    let mut columns: Vec<usize> = questions
        .filter(|identity| identity.columns().any(|it| touched.contains(&it)))
        .flat_map(|identity| identity.columns())
        .collect();
    columns.sort_unstable();
    columns.dedup();
    for (place, one) in columns.iter().enumerate() {
        for other in columns.iter().skip(place.saturating_add(1)) {
            let (a, b) = (figures.get(*one)?, figures.get(*other)?);
            if a == b {
                continue;
            }
            let trial = figures.with(*one, Some(b)).with(*other, Some(a));
            if holds(sheet, &trial, &[*one, *other]).1 {
                return Some((*one, *other));
            }
        }
    }
    None
}
