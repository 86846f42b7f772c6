//! Figures that are larger, smaller or rounder than a polling station's can
//! be: more voters than the roll, no votes, all votes for one.

use super::Params;
use super::finding::{Evidence, Irregularity, Kind};
use super::naming;
use super::sheet::Sheet;
use super::station::Station;
use super::surroundings::{Surroundings, per_mille};

const OVER_ROLL_SCORE: u8 = 45;
/// Far over the roll (a quarter more) is rarely people who moved.
const FAR_OVER_ROLL_SCORE: u8 = 65;
const OVER_SIZE_SCORE: u8 = 40;
const NO_VOTES_SCORE: u8 = 88;
const TOO_MANY_DIGITS_SCORE: u8 = 80;
const RETURNED_SCORE: u8 = 35;
const OWN_ZERO_SCORE: u8 = 60;
const ALL_FOR_ONE_SCORE: u8 = 40;
const NOTICE_SCORE: u8 = 15;

/// Returned ballots that are many: this share of those received, and so many.
const RETURNED_PERCENT: u32 = 10;
const RETURNED_MIN: u32 = 20;
/// Votes that the own option should have had before a zero is odd.
const OWN_EXPECTED_MIN: f64 = 5.0;
/// Fewest votes of a station in which all for one says anything.
const ALL_FOR_ONE_VOTES_MIN: u32 = 20;
/// Share around from which all for one is the way of the place.
const OF_ONE_MIND: f64 = 0.9;

/// Every bound that one station goes over.
pub(super) fn look(
    sheet: &Sheet,
    params: &Params,
    (at, station): (usize, &Station),
    surroundings: &Surroundings,
    found: &mut Vec<Irregularity>,
) {
    let over = over_roll(sheet, params, at, station);
    if over.is_some() {
        // The rule that merely notices would say the same again.
        found.retain(|one| one.station != at || one.code != "W401");
    }
    found.extend(over);
    found.extend(over_size(sheet, params, at, station));
    found.extend(no_votes(sheet, at, station));
    found.extend(too_many_digits(sheet, params, at, station));
    found.extend(many_returned(sheet, at, station));
    found.extend(own_zero(sheet, params, (at, station), surroundings));
    found.extend(all_for_one(sheet, (at, station), surroundings));
}

/// Voters who may come beside those on the roll: the reserve of ballots,
/// rounded up.
pub(super) fn allowed(params: &Params, roll: u32) -> u32 {
    let permille = u64::from(roll).saturating_mul(u64::from(params.reserve_permille));
    let reserve = u32::try_from(permille.div_ceil(1000)).unwrap_or(u32::MAX);
    roll.saturating_add(reserve)
}

fn over_roll(sheet: &Sheet, params: &Params, at: usize, station: &Station) -> Option<Irregularity> {
    let roll = sheet.roll(&station.first)?;
    let turnout = sheet.turnout(&station.first)?;
    let bound = allowed(params, roll);
    if turnout <= bound {
        return None;
    }
    let score = if turnout > bound.saturating_add(roll / 4) {
        FAR_OVER_ROLL_SCORE
    } else {
        OVER_ROLL_SCORE
    };
    let evidence = Evidence::Sums {
        left: turnout,
        right: bound,
    };
    Some(
        Irregularity::of(at, Kind::OverRoll, evidence)
            .weighing(score, turnout.saturating_sub(roll))
            .saying(
                format!("Pengguna hak pilih {turnout}, padahal DPT {roll} dengan cadangan paling banyak {bound}."),
                format!("{turnout} voters came, but the roll of {roll} with its reserve allows {bound}."),
            ),
    )
}

fn over_size(sheet: &Sheet, params: &Params, at: usize, station: &Station) -> Option<Irregularity> {
    let size = params.size_max;
    let roll = sheet.roll(&station.first).unwrap_or_default();
    let turnout = sheet.turnout(&station.first).unwrap_or_default();
    let (value, what, what_en) = if roll > size {
        (roll, "DPT", "The roll")
    } else if turnout > allowed(params, size) {
        (
            turnout,
            "Jumlah pengguna hak pilih",
            "The number of voters who came",
        )
    } else {
        return None;
    };
    let evidence = Evidence::Sums {
        left: value,
        right: size,
    };
    Some(
        Irregularity::of(at, Kind::OverSize, evidence)
            .weighing(OVER_SIZE_SCORE, value.saturating_sub(size))
            .saying(
                format!("{what} {value} melebihi batas {size} pemilih untuk satu TPS."),
                format!("{what_en} ({value}) is over the limit of {size} voters for one TPS."),
            ),
    )
}

fn no_votes(sheet: &Sheet, at: usize, station: &Station) -> Option<Irregularity> {
    if sheet.votes(&station.first)? > 0 {
        return None;
    }
    let came = sheet.turnout(&station.first).unwrap_or_default();
    let evidence = Evidence::Sums {
        left: 0,
        right: came,
    };
    let fields = sheet.options.iter().map(|it| sheet.id(*it)).collect();
    Some(
        Irregularity::of(at, Kind::NoVotes, evidence)
            .on(fields)
            .weighing(NO_VOTES_SCORE, came)
            .saying(
                "Semua pilihan nol suara. Apakah angkanya sudah diisi?",
                "No option has a vote. Were the figures filled in?",
            ),
    )
}

fn too_many_digits(
    sheet: &Sheet,
    params: &Params,
    at: usize,
    station: &Station,
) -> Option<Irregularity> {
    let largest = crate::figure::largest(params.digits);
    let column = (0..sheet.ids().len())
        .filter(|column| station.first.get(*column).is_some_and(|it| it > largest))
        .max_by_key(|column| station.first.get(*column))?;
    let value = station.first.get(column)?;
    let id = sheet.id(column);
    let (field, field_en) = naming::field(&id);
    let digits = params.digits;
    let evidence = Evidence::Sums {
        left: value,
        right: largest,
    };
    Some(
        Irregularity::of(at, Kind::TooManyDigits, evidence)
            .on(vec![id])
            .weighing(TOO_MANY_DIGITS_SCORE, value)
            .saying(
                format!(
                    "Formulir hanya punya {digits} kotak angka, tetapi {field} tertulis {value}."
                ),
                format!("The form has only {digits} digit boxes, but {field_en} is {value}."),
            ),
    )
}

fn many_returned(sheet: &Sheet, at: usize, station: &Station) -> Option<Irregularity> {
    let received = station.first.get(sheet.received?)?;
    let returned = station.first.get(sheet.returned?)?;
    let many = received.saturating_mul(RETURNED_PERCENT) / 100;
    if returned < RETURNED_MIN || returned <= many {
        return None;
    }
    let evidence = Evidence::Sums {
        left: returned,
        right: many,
    };
    Some(
        Irregularity::of(at, Kind::ManyReturned, evidence)
            .on(vec!["ballots_returned".to_owned(), "ballots_received".to_owned()])
            .weighing(RETURNED_SCORE, returned)
            .saying(
                format!("{returned} dari {received} surat suara dikembalikan karena rusak atau keliru dicoblos: luar biasa banyak."),
                format!("{returned} of {received} ballots were returned as spoiled: unusually many."),
            ),
    )
}

fn own_zero(
    sheet: &Sheet,
    params: &Params,
    (at, station): (usize, &Station),
    surroundings: &Surroundings,
) -> Option<Irregularity> {
    let id = format!("votes.{}", params.own?);
    let column = sheet.column(&id)?;
    let votes = sheet.votes(&station.first)?;
    if station.first.get(column)? > 0 || votes == 0 {
        return None;
    }
    let place = sheet.options.iter().position(|own| *own == column)?;
    let around = surroundings.around(at, place).map_or(0.0, |it| it.mean);
    let odd = around * f64::from(votes) >= OWN_EXPECTED_MIN;
    let score = if odd { OWN_ZERO_SCORE } else { NOTICE_SCORE };
    let around = per_mille(around);
    let percent = around / 10;
    Some(
        Irregularity::of(at, Kind::OwnZero, Evidence::Shares { here: 0, around })
            .on(vec![id])
            .weighing(score, votes.saturating_mul(around) / 1000)
            .saying(
                format!("Pilihan sendiri nol suara; di TPS lain di desa ini rata-rata {percent}%."),
                format!(
                    "The own option has no vote; in the village's other TPS {percent} % on average."
                ),
            ),
    )
}

fn all_for_one(
    sheet: &Sheet,
    (at, station): (usize, &Station),
    surroundings: &Surroundings,
) -> Option<Irregularity> {
    let votes = sheet.votes(&station.first)?;
    if votes < ALL_FOR_ONE_VOTES_MIN || sheet.options.len() < 2 {
        return None;
    }
    let place = sheet
        .options
        .iter()
        .position(|column| station.first.get(*column) == Some(votes))?;
    let id = sheet.id(*sheet.options.get(place)?);
    let around = surroundings.around(at, place).map(|it| it.mean);
    let score = match around {
        Some(mean) if mean < OF_ONE_MIND => ALL_FOR_ONE_SCORE,
        _ => NOTICE_SCORE,
    };
    let evidence = Evidence::Shares {
        here: 1000,
        around: per_mille(around.unwrap_or_default()),
    };
    let (field, field_en) = naming::field(&id);
    Some(
        Irregularity::of(at, Kind::AllForOne, evidence)
            .on(vec![id])
            .weighing(score, votes)
            .saying(
                format!("Semua {votes} suara untuk satu pilihan ({field})."),
                format!("All {votes} votes are for one option ({field_en})."),
            ),
    )
}
