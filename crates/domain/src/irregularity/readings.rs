//! Two readings of one form, figure by figure, and how they came to differ.
//!
//! The same comparison serves a second reading, a co-witness, and what was
//! officially published. A blank figure says nothing and is not compared.

use std::collections::BTreeMap;

use super::digits::{Slip, slip};
use super::finding::{Difference, DifferenceClass, Evidence, Irregularity, Kind};
use super::naming;
use super::sheet::Sheet;
use super::station::{Figures, Station};

const VOTES_DIFFER_SCORE: u8 = 92;
const SUMS_DIFFER_SCORE: u8 = 70;
const OTHER_DIFFER_SCORE: u8 = 55;
/// A reading that is not there yet is a gap, not yet a difference.
const BLANK_SCORE: u8 = 60;

/// Which figures are compared with the first ones.
#[derive(Debug, Clone, Copy)]
pub(super) enum Against {
    Second,
    Official,
}

impl Against {
    fn of(self, station: &Station) -> Option<&Figures> {
        match self {
            Self::Second => station.second.as_ref(),
            Self::Official => station.official.as_ref(),
        }
    }
}

type ByVotes = BTreeMap<Vec<u32>, Vec<usize>>;

/// Every station whose readings differ.
pub(super) fn look(
    sheet: &Sheet,
    village: &[Station],
    against: Against,
    found: &mut Vec<Irregularity>,
) {
    if village.iter().all(|station| against.of(station).is_none()) {
        return;
    }
    let index = |figures: &dyn Fn(&Station) -> Option<Vec<u32>>| {
        let mut by_votes = ByVotes::new();
        for (at, station) in village.iter().enumerate() {
            if let Some(votes) = figures(station) {
                by_votes.entry(votes).or_default().push(at);
            }
        }
        by_votes
    };
    let firsts = index(&|station| sheet.telling_votes(&station.first));
    let others = index(&|station| sheet.telling_votes(against.of(station)?));
    for (at, station) in village.iter().enumerate() {
        let Some(other) = against.of(station) else {
            continue;
        };
        let elsewhere = || {
            wrong_tps(sheet, village, (at, &station.first), &others)
                .or_else(|| wrong_tps(sheet, village, (at, other), &firsts))
        };
        found.extend(compare(sheet, (at, station), (against, other), elsewhere));
    }
}

/// The station of the village that has these votes in the other reading.
fn wrong_tps(
    sheet: &Sheet,
    village: &[Station],
    (at, figures): (usize, &Figures),
    elsewhere: &ByVotes,
) -> Option<u32> {
    let votes = sheet.telling_votes(figures)?;
    let places = elsewhere.get(&votes)?;
    if places.contains(&at) {
        return None;
    }
    let numbers = places.iter().filter_map(|place| village.get(*place));
    numbers.map(|station| station.number).min()
}

fn compare(
    sheet: &Sheet,
    (at, station): (usize, &Station),
    (against, other): (Against, &Figures),
    elsewhere: impl Fn() -> Option<u32>,
) -> Option<Irregularity> {
    let first = &station.first;
    let columns: Vec<usize> = (0..sheet.ids().len())
        .filter(|column| {
            let (a, b) = (first.get(*column), other.get(*column));
            a.is_some() && b.is_some() && a != b
        })
        .collect();
    if columns.is_empty() {
        return None;
    }
    let (class, wrong) = class(sheet, (first, other), &columns, elsewhere);
    let in_votes = columns.iter().any(|it| sheet.options.contains(it));
    let in_sums = || {
        let sums = [sheet.valid, sheet.invalid, sheet.total, sheet.came];
        columns.iter().any(|it| sums.contains(&Some(*it)))
    };
    let unread = sheet.votes(other).unwrap_or_default() == 0;
    let score = if unread && class == DifferenceClass::Blank {
        BLANK_SCORE
    } else if in_votes {
        VOTES_DIFFER_SCORE
    } else if in_sums() {
        SUMS_DIFFER_SCORE
    } else {
        OTHER_DIFFER_SCORE
    };
    let gap = |column: &usize| {
        let values = first.get(*column).zip(other.get(*column));
        values.map_or(0, |(a, b)| a.abs_diff(b))
    };
    let stake = columns.iter().map(gap).max().unwrap_or_default();
    let ids: Vec<String> = columns.iter().map(|it| sheet.id(*it)).collect();
    let (text, text_en) = sentence(against, class, wrong, &ids);
    let evidence = Evidence::Readings {
        class,
        differences: columns
            .iter()
            .map(|column| Difference {
                field: sheet.id(*column),
                first: first.get(*column),
                other: other.get(*column),
            })
            .collect(),
        station: wrong,
        first_adds_up: sheet.adds_up(first),
        other_adds_up: sheet.adds_up(other),
    };
    let kind = match against {
        Against::Second => Kind::ReadingsDiffer,
        Against::Official => Kind::OfficialDiffers,
    };
    Some(
        Irregularity::of(at, kind, evidence)
            .on(ids)
            .weighing(score, stake)
            .saying(text, text_en),
    )
}

fn class(
    sheet: &Sheet,
    (first, other): (&Figures, &Figures),
    columns: &[usize],
    elsewhere: impl Fn() -> Option<u32>,
) -> (DifferenceClass, Option<u32>) {
    let pair = |column: &usize| first.get(*column).zip(other.get(*column));
    let options: Vec<(u32, u32)> = columns
        .iter()
        .filter(|column| sheet.options.contains(column))
        .filter_map(pair)
        .collect();
    if options.is_empty() {
        let sums: Vec<(u32, u32)> = columns.iter().filter_map(pair).collect();
        return (of_figures(&sums), None);
    }
    let none = |figures| sheet.votes(figures).unwrap_or_default() == 0;
    if none(first) || none(other) {
        return (DifferenceClass::Blank, None);
    }
    // One slip in one option is likelier than a neighbour with nearly the same votes.
    let one = of_figures(&options);
    if options.len() == 1 && one != DifferenceClass::Mixed {
        return (one, None);
    }
    if let Some(station) = elsewhere() {
        return (DifferenceClass::WrongTps, Some(station));
    }
    if let [(a, b), (c, d)] = options.as_slice()
        && (a, b) == (d, c)
    {
        return (DifferenceClass::Swapped, None);
    }
    if shifted(sheet, first, other) || shifted(sheet, other, first) {
        return (DifferenceClass::Shifted, None);
    }
    let slips = options.iter().map(|(a, b)| slip(*a, *b));
    if slips
        .clone()
        .all(|it| matches!(it, Some(Slip::OneDigit(_))))
    {
        return (DifferenceClass::OneDigitEach, None);
    }
    let telling = sheet.options.len() > 1 && options.len() == sheet.options.len();
    if telling && sheet.adds_up(first) && sheet.adds_up(other) {
        return (DifferenceClass::OtherForm, None);
    }
    (one, None)
}

fn of_figures(pairs: &[(u32, u32)]) -> DifferenceClass {
    match pairs {
        [(a, b)] if *a == 0 || *b == 0 => DifferenceClass::Blank,
        [(a, b)] => match slip(*a, *b) {
            Some(Slip::OneDigit(_)) => DifferenceClass::OneDigit,
            Some(Slip::Transposed) => DifferenceClass::Transposed,
            Some(Slip::DigitCount) => DifferenceClass::DigitCount,
            None => DifferenceClass::Mixed,
        },
        _ => DifferenceClass::Mixed,
    }
}

/// Whether a sum of `right` stands in the place of an option in `wrong`, or an
/// option's votes in another's.
fn shifted(sheet: &Sheet, wrong: &Figures, right: &Figures) -> bool {
    let sums = [sheet.valid, sheet.invalid, sheet.total, sheet.came];
    sheet.options.iter().any(|option| {
        let value = wrong.get(*option);
        let others = sheet.options.iter().filter(|other| *other != option);
        let mut sources = sums.iter().flatten().chain(others);
        value.is_some_and(|it| it > 0)
            && value != right.get(*option)
            && sources.any(|source| right.get(*source) == value)
    })
}

fn sentence(
    against: Against,
    class: DifferenceClass,
    station: Option<u32>,
    ids: &[String],
) -> (String, String) {
    let (names, names_en) = naming::fields(ids);
    let (who, who_en) = match against {
        Against::Second => ("Dua pembacaan berbeda", "Two readings differ"),
        Against::Official => ("Angka resmi berbeda", "The official figures differ"),
    };
    let (how, how_en) = match (class, station) {
        (DifferenceClass::WrongTps, Some(number)) => {
            let tps = naming::tps(number);
            (
                format!("angkanya sama dengan {tps} di desa ini; formulir siapa ini?"),
                format!("the figures are those of {tps} of this village; whose form is it?"),
            )
        }
        (class, _) => {
            let (own, english) = how(class);
            (own.to_owned(), english.to_owned())
        }
    };
    (
        format!("{who} ({names}): {how}"),
        format!("{who_en} ({names_en}): {how_en}"),
    )
}

fn how(class: DifferenceClass) -> (&'static str, &'static str) {
    match class {
        DifferenceClass::Blank => (
            "salah satunya kosong atau nol.",
            "one of them is blank or zero.",
        ),
        DifferenceClass::WrongTps => ("angka TPS lain.", "another TPS's figures."),
        DifferenceClass::Swapped => ("dua pilihan tertukar.", "two options are exchanged."),
        DifferenceClass::Shifted => (
            "angka berada di baris yang salah.",
            "figures stand in the wrong row.",
        ),
        DifferenceClass::OneDigit => ("satu angka berbeda.", "one digit differs."),
        DifferenceClass::Transposed => {
            ("dua angka tertukar letaknya.", "two digits are exchanged.")
        }
        DifferenceClass::DigitCount => (
            "kurang atau lebih satu angka.",
            "a digit is missing or too many.",
        ),
        DifferenceClass::OneDigitEach => (
            "satu angka pada beberapa pilihan.",
            "one digit in each of several options.",
        ),
        DifferenceClass::OtherForm => (
            "keduanya cocok jumlahnya; mungkin formulir TPS lain.",
            "both add up; perhaps the form of another TPS.",
        ),
        DifferenceClass::Mixed => ("perlu dilihat fotonya.", "the photo must be looked at."),
    }
}
