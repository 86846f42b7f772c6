//! Errors of reading and keying, put into figures at the rates and in the ways
//! that two readings of 800,000 forms of 2019 showed.

use domain::irregularity::{Figures, Sheet, Station};
use rand::{Rng, RngExt as _};

/// Polling stations in which two readings differ, of ten thousand.
pub const PER_TEN_THOUSAND: u32 = 78;

/// A class of error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slip {
    /// One digit of one option.
    OneDigit,
    /// Another form of the village entered here.
    WrongTps,
    /// Two neighbouring digits of an option.
    Transposed,
    /// Two options exchanged.
    Swapped,
    /// One option with another figure altogether.
    Mixed,
}

/// Of a thousand errors, how many are of which class.
const RATES: &[(Slip, u32)] = &[
    (Slip::OneDigit, 550),
    (Slip::WrongTps, 190),
    (Slip::Transposed, 40),
    (Slip::Swapped, 8),
    (Slip::Mixed, 212),
];

impl Slip {
    /// Its word in tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::OneDigit => "one digit",
            Self::WrongTps => "wrong TPS of the village",
            Self::Transposed => "transposed digits",
            Self::Swapped => "swapped options",
            Self::Mixed => "another figure",
        }
    }

    fn drawn(chance: &mut impl Rng) -> Self {
        let mut at = chance.random_range(0..1000);
        for (slip, rate) in RATES {
            if at < *rate {
                return *slip;
            }
            at -= rate;
        }
        Self::Mixed
    }
}

/// Errors put into a village: the place of the station and the class.
pub fn put(
    sheet: &Sheet,
    village: &mut [Station],
    per_ten_thousand: u32,
    chance: &mut impl Rng,
) -> Vec<(usize, Slip)> {
    let truth = village.to_vec();
    let mut done = Vec::new();
    for at in 0..village.len() {
        if chance.random_range(0..10_000) >= per_ten_thousand
            || done.iter().any(|(it, _)| *it == at)
        {
            continue;
        }
        let slip = Slip::drawn(chance);
        let made = match slip {
            Slip::WrongTps => wrong_tps(sheet, village, &truth, at, chance, &mut done),
            _ => in_options(sheet, &mut village[at], slip, chance),
        };
        if made {
            done.push((at, slip));
        }
    }
    done
}

fn column(sheet: &Sheet, id: &str) -> Option<usize> {
    sheet.column(id)
}

fn options(sheet: &Sheet) -> Vec<usize> {
    let vote = |id: &String| id.starts_with("votes.");
    (0..sheet.ids().len())
        .filter(|at| vote(&sheet.ids()[*at]))
        .collect()
}

fn changed(sheet: &Sheet, figures: &Figures, changes: &[(usize, u32)]) -> Figures {
    let value = |at: usize| {
        let change = changes.iter().find(|(column, _)| *column == at);
        change.map_or(figures.get(at), |(_, value)| Some(*value))
    };
    Figures::new((0..sheet.ids().len()).map(value).collect())
}

fn in_options(sheet: &Sheet, station: &mut Station, slip: Slip, chance: &mut impl Rng) -> bool {
    let options = options(sheet);
    let at = options[chance.random_range(0..options.len())];
    let Some(old) = station.first.get(at) else {
        return false;
    };
    let new = match slip {
        Slip::OneDigit => one_digit(old, chance),
        Slip::Transposed => transposed(old, chance),
        Slip::Mixed => chance.random_range(0..300),
        Slip::Swapped => {
            let other =
                options[(options.iter().position(|it| *it == at).unwrap_or(0) + 1) % options.len()];
            let theirs = station.first.get(other).unwrap_or(old);
            if theirs.abs_diff(old) < 3 {
                return false;
            }
            station.first = changed(sheet, &station.first, &[(at, theirs), (other, old)]);
            return true;
        }
        Slip::WrongTps => old,
    };
    if new == old {
        return false;
    }
    let mut changes = vec![(at, new)];
    // In 18 of 100, whoever keyed the figure also "corrected" the sum.
    let carried = |id: &str| {
        let column = column(sheet, id)?;
        let sum = (station.first.get(column)? + new).checked_sub(old)?;
        Some((column, sum))
    };
    if slip != Slip::Transposed && chance.random_range(0..100) < 18 {
        changes.extend(carried("valid"));
        if chance.random_range(0..100) < 15 {
            changes.extend(carried("total"));
        }
    }
    station.first = changed(sheet, &station.first, &changes);
    true
}

fn one_digit(old: u32, chance: &mut impl Rng) -> u32 {
    let places = old.max(1).ilog10() + 1;
    let worth = 10_u32.pow(chance.random_range(0..places));
    let digit = old / worth % 10;
    let other = (digit + chance.random_range(1..10)) % 10;
    old - digit * worth + other * worth
}

fn transposed(old: u32, chance: &mut impl Rng) -> u32 {
    let mut digits = old.to_string().into_bytes();
    if digits.len() < 2 {
        return old;
    }
    let at = chance.random_range(0..digits.len() - 1);
    digits.swap(at, at + 1);
    String::from_utf8_lossy(&digits).parse().unwrap_or(old)
}

/// The figures of another form of the village. In 3 of 10 the two forms were
/// exchanged, else this one's figures stand at both stations.
fn wrong_tps(
    sheet: &Sheet,
    village: &mut [Station],
    truth: &[Station],
    at: usize,
    chance: &mut impl Rng,
    done: &mut Vec<(usize, Slip)>,
) -> bool {
    if truth.len() < 2 {
        return false;
    }
    let other = (at + chance.random_range(1..truth.len())) % truth.len();
    let options = options(sheet);
    let differ = options
        .iter()
        .any(|it| truth[at].first.get(*it) != truth[other].first.get(*it));
    if !differ || done.iter().any(|(it, _)| *it == other) {
        return false;
    }
    enter(sheet, &mut village[at], &truth[other]);
    if chance.random_range(0..10) < 3 {
        enter(sheet, &mut village[other], &truth[at]);
        done.push((other, Slip::WrongTps));
    }
    true
}

/// Enters `form` for a station; the roll is the station's own.
fn enter(sheet: &Sheet, station: &mut Station, form: &Station) {
    let own = |at: usize| sheet.ids()[at].starts_with("dpt_");
    let changes: Vec<(usize, u32)> = (0..sheet.ids().len())
        .filter(|at| !own(*at))
        .filter_map(|at| Some((at, form.first.get(at)?)))
        .collect();
    station.first = changed(sheet, &station.first, &changes);
    station.form_number = station.form_number.map(|_| form.number);
}
