//! Figures that would fit elsewhere better: another station's roll, another
//! option's row, another number on the form's head.

use super::Params;
use super::bounds::allowed;
use super::finding::{Evidence, Irregularity, Kind};
use super::naming;
use super::sheet::Sheet;
use super::station::Station;
use super::surroundings::{Surroundings, per_mille};

const FORM_NUMBER_SCORE: u8 = 95;
const FITS_ANOTHER_SCORE: u8 = 50;
const SWAPPED_SCORE: u8 = 50;
/// Parts of the roll by which a turnout must lie off the village's middle, or
/// may at most lie off it after an exchange.
const TURNOUT_OFF: f64 = 0.15;
/// Spreads by which a share must lie off before an exchange is asked about.
const OFF_SPREADS: f64 = 4.0;
/// Spreads within which it must lie after the exchange.
const NEAR_SPREADS: f64 = 1.5;

/// What of one station would fit elsewhere.
pub(super) fn look(
    sheet: &Sheet,
    params: &Params,
    village: &[Station],
    at: usize,
    surroundings: &Surroundings,
    found: &mut Vec<Irregularity>,
) {
    let Some(station) = village.get(at) else {
        return;
    };
    found.extend(form_number(sheet, at, station));
    found.extend(fits_another(sheet, params, village, (at, station)));
    found.extend(swapped(sheet, (at, station), surroundings));
}

fn form_number(sheet: &Sheet, at: usize, station: &Station) -> Option<Irregularity> {
    let read = station.form_number.filter(|read| *read != station.number)?;
    let (own, other) = (naming::tps(station.number), naming::tps(read));
    let votes = sheet.votes(&station.first).unwrap_or_default();
    Some(
        Irregularity::of(
            at,
            Kind::FormNumber,
            Evidence::Stations {
                numbers: vec![read],
            },
        )
        .on(vec!["form_tps".to_owned()])
        .weighing(FORM_NUMBER_SCORE, votes)
        .saying(
            format!("Nomor pada formulir {other}, padahal dimasukkan untuk {own}."),
            format!("The form says {other}, but it was entered for {own}."),
        ),
    )
}

/// Two forms that were exchanged: these figures are too many for the own roll,
/// another station's turnout is as odd the other way, and exchanged both are
/// what the village is used to.
fn fits_another(
    sheet: &Sheet,
    params: &Params,
    village: &[Station],
    (at, station): (usize, &Station),
) -> Option<Irregularity> {
    let (roll, turnout) = known(sheet, station)?;
    if turnout <= allowed(params, roll) {
        return None;
    }
    let rate = |came: u32, roll: u32| f64::from(came) / f64::from(roll.max(1));
    let mut rates: Vec<f64> = village
        .iter()
        .filter_map(|one| known(sheet, one))
        .map(|(roll, came)| rate(came, roll))
        .collect();
    rates.sort_by(f64::total_cmp);
    let middle = rates.get(rates.len() / 2).copied()?;
    let usual = |came: u32, roll: u32| (rate(came, roll) - middle).abs() <= TURNOUT_OFF;
    let fits = |(_, (other_roll, came)): &(&Station, (u32, u32))| {
        rate(*came, *other_roll) < middle - TURNOUT_OFF
            && usual(turnout, *other_roll)
            && usual(*came, roll)
            && turnout <= allowed(params, *other_roll)
    };
    let (other, _) = village
        .iter()
        .enumerate()
        .filter(|(other, _)| *other != at)
        .filter_map(|(_, other)| Some((other, known(sheet, other)?)))
        .filter(fits)
        .min_by_key(|(other, (other_roll, _))| (other_roll.abs_diff(turnout), other.number))?;
    let list = naming::tps(other.number);
    let evidence = Evidence::Stations {
        numbers: vec![other.number],
    };
    Some(
        Irregularity::of(at, Kind::FitsAnother, evidence)
            .weighing(FITS_ANOTHER_SCORE, turnout.saturating_sub(roll))
            .saying(
                format!("Angkanya melebihi DPT TPS ini, tetapi cocok dengan DPT {list}, dan sebaliknya. Apakah formulirnya tertukar?"),
                format!("The figures are over this roll but fit that of {list}, and the other way round. Were the forms exchanged?"),
            ),
    )
}

fn known(sheet: &Sheet, station: &Station) -> Option<(u32, u32)> {
    let roll = sheet.roll(&station.first)?;
    let turnout = sheet.turnout(&station.first)?;
    Some((roll, turnout))
}

/// Two options whose exchange turns an outlier into a neighbour.
fn swapped(
    sheet: &Sheet,
    (at, station): (usize, &Station),
    surroundings: &Surroundings,
) -> Option<Irregularity> {
    let shares = super::surroundings::shares(sheet, &station.first)?;
    let off = |option: usize, share: f64| {
        let around = surroundings.around(at, option)?;
        Some(((share - around.mean).abs() / around.spread, around.mean))
    };
    let outliers: Vec<(usize, f64)> = shares
        .iter()
        .copied()
        .enumerate()
        .filter(|(option, share)| off(*option, *share).is_some_and(|it| it.0 >= OFF_SPREADS))
        .collect();
    let [(one, here), (other, there)] = outliers.as_slice() else {
        return None;
    };
    let (after_one, around) = off(*one, *there)?;
    let (after_other, _) = off(*other, *here)?;
    if after_one > NEAR_SPREADS || after_other > NEAR_SPREADS {
        return None;
    }
    let columns = [*sheet.options.get(*one)?, *sheet.options.get(*other)?];
    let votes = columns.map(|column| station.first.get(column).unwrap_or_default());
    let [a, b] = columns.map(|column| naming::field(&sheet.id(column)));
    let evidence = Evidence::Shares {
        here: per_mille(*here),
        around: per_mille(around),
    };
    let stake = votes.iter().copied().reduce(u32::abs_diff)?;
    Some(
        Irregularity::of(at, Kind::Swapped, evidence)
            .on(columns.map(|column| sheet.id(column)).to_vec())
            .weighing(SWAPPED_SCORE, stake)
            .saying(
                format!("{} dan {} mungkin tertukar: setelah ditukar, TPS ini serupa dengan tetangganya.", capital(&a.0), b.0),
                format!("{} and {} may be exchanged: the other way round, this TPS is like its neighbours.", capital(&a.1), b.1),
            ),
    )
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}
