//! Which bubble of a digit is filled.
//!
//! Each bubble is as dark as its inside is darker than the paper around it,
//! as a share of the paper's brightness, so that shade does not count. What
//! the median bubble of the column has (the printed numeral) is taken off.
//! A digit is read when one bubble is clearly filled and the next darkest
//! clearly is not; everything else is unsure. Nothing is ever guessed.

use serde::Serialize;

use super::figure::Laid;
use super::geometry::at;
use super::number::{median, quantile};

/// Least darkness of a filled bubble, as a share of the paper's brightness.
pub(super) const FILLED_MIN: f64 = 0.26;
/// Darkness below which a bubble is empty.
pub(super) const EMPTY_MAX: f64 = 0.11;
/// Greatest darkness of the second, as a share of the first.
pub(super) const SECOND_MAX_SHARE: f64 = 0.42;
/// Least share of a filled bubble's inside that is dark.
pub(super) const COVERED_MIN: f64 = 0.6;

/// What a column of bubbles says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Digit {
    /// One bubble is filled and no other.
    Read(u8),
    /// Not to be told.
    Unsure(Doubt),
}

impl Digit {
    /// The digit, if it was read.
    #[must_use]
    pub fn value(self) -> Option<u8> {
        match self {
            Self::Read(digit) => Some(digit),
            Self::Unsure(_) => None,
        }
    }
}

/// Why a digit was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Doubt {
    /// No bubble is filled.
    Blank,
    /// The darkest is neither filled nor empty.
    Faint,
    /// More than one has ink.
    Several,
    /// The bubbles themselves were not made out: outside the photo, blurred,
    /// covered, or too small.
    Unclear,
}

/// What one bubble looks like.
#[derive(Clone, Copy)]
struct Inside {
    /// How much darker than the paper it is, on average.
    dark: f64,
    /// Share of it that is clearly darker than paper.
    covered: f64,
}

/// Reads one column; `middles` are its bubbles from 0 to 9.
pub(super) fn read(laid: &Laid<'_>, middles: &[[f64; 2]], radius: f64) -> Digit {
    if middles.iter().any(|[x, y]| !laid.shows(at(*x, *y))) {
        return Digit::Unsure(Doubt::Unclear);
    }
    let insides: Vec<Inside> = middles
        .iter()
        .map(|middle| inside(laid, *middle, radius))
        .collect();
    let mut darks: Vec<f64> = insides.iter().map(|inside| inside.dark).collect();
    let Some(printed) = median(&mut darks) else {
        return Digit::Unsure(Doubt::Unclear);
    };
    let mut ranked: Vec<(f64, f64, u8)> = insides
        .iter()
        .zip(0_u8..)
        .map(|(inside, digit)| (inside.dark - printed, inside.covered, digit))
        .collect();
    ranked.sort_by(|(a, ..), (b, ..)| b.total_cmp(a));
    let [(first, covered, digit), (second, ..), ..] = ranked.as_slice() else {
        return Digit::Unsure(Doubt::Unclear);
    };
    if *first < EMPTY_MAX {
        return Digit::Unsure(Doubt::Blank);
    }
    if *second >= EMPTY_MAX.max(first * SECOND_MAX_SHARE) {
        return Digit::Unsure(Doubt::Several);
    }
    if *first < FILLED_MIN || *covered < COVERED_MIN {
        return Digit::Unsure(Doubt::Faint);
    }
    Digit::Read(*digit)
}

fn inside(laid: &Laid<'_>, [x, y]: [f64; 2], radius: f64) -> Inside {
    let around = |share: f64, count: u32| {
        (0..count).map(move |step| {
            let angle = f64::from(step) / f64::from(count) * std::f64::consts::TAU;
            let (down, across) = angle.sin_cos();
            at(x + across * radius * share, y + down * radius * share)
        })
    };
    let mut paper: Vec<f64> = around(1.36, 24).map(|place| laid.grey_at(place)).collect();
    // Ink over the edge and neighbours make places darker, never brighter.
    let paper = quantile(&mut paper, 0.75).unwrap_or(255.0).max(1.0);
    let places = around(0.0, 1)
        .chain(around(0.3, 6))
        .chain(around(0.58, 10))
        .chain(around(0.8, 14));
    let (mut sum, mut covered, mut count) = (0.0, 0.0, 0.0);
    for place in places {
        let dark = 1.0 - laid.grey_at(place) / paper;
        sum += dark;
        count += 1.0;
        if dark > 0.2 {
            covered += 1.0;
        }
    }
    Inside {
        dark: sum / count,
        covered: covered / count,
    }
}
