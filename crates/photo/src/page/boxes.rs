//! What stands in a digit's box: nothing, a sign for nothing, or something
//! written. Which digit it is, is not read: that is for people.

use serde::Serialize;

use super::figure::Laid;
use super::geometry::{Point, at};
use super::number::{quantile, real};

/// Points along each side that a box is looked at with.
const SIDE: usize = 26;
/// How far inside the printed line, in millimetres.
const INSET_MM: f64 = 1.9;
/// Ink is darker than this share of the paper; the printed guide is not.
const INK_SHARE: f64 = 0.7;
/// Share of a box's inside with ink below which it is blank.
const BLANK_MAX: f64 = 0.012;
/// A dash is at most this high for its width.
const DASH_FLAT: f64 = 0.4;
/// How far from a diagonal ink of a cross may lie, as a share of its box, and
/// how much of its ink must not lie farther.
const CROSS_NEAR: f64 = 0.15;
const CROSS_SHARE: f64 = 0.84;

/// What a digit's box has in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BoxMark {
    /// Nothing.
    Blank,
    /// An `X`: no digit here.
    Cross,
    /// A `-`: no digit here.
    Dash,
    /// Something else: a digit.
    Written,
    /// The box was not made out.
    Unclear,
}

/// Looks into one box.
pub(super) fn look(laid: &Laid<'_>, area: [f64; 4]) -> BoxMark {
    let [left, top, width, height] = area;
    if !laid.shows(at(left, top)) || !laid.shows(at(left + width, top + height)) {
        return BoxMark::Unclear;
    }
    let place = |index: usize, from: f64, length: f64| {
        from + INSET_MM + (length - 2.0 * INSET_MM) * real(index) / real(SIDE - 1)
    };
    let mut seen = Vec::new();
    for row in 0..SIDE {
        for column in 0..SIDE {
            let here = at(place(column, left, width), place(row, top, height));
            seen.push((real(column), real(row), laid.grey_at(here)));
        }
    }
    let mut levels: Vec<f64> = seen.iter().map(|(.., level)| *level).collect();
    let paper = quantile(&mut levels, 0.8).unwrap_or(255.0);
    let ink: Vec<Point> = seen
        .iter()
        .filter(|(.., level)| *level < paper * INK_SHARE)
        .map(|(x, y, _)| at(*x, *y))
        .collect();
    if real(ink.len()) < BLANK_MAX * real(seen.len()) {
        return BoxMark::Blank;
    }
    shape(&ink)
}

/// What the ink is by its shape.
fn shape(ink: &[Point]) -> BoxMark {
    let bounds = |of: fn(&Point) -> f64| {
        let mut values: Vec<f64> = ink.iter().map(of).collect();
        let low = quantile(&mut values, 0.02).unwrap_or(0.0);
        (low, quantile(&mut values, 0.98).unwrap_or(0.0) - low)
    };
    let ((left, width), (top, height)) = (bounds(|p| p.x), bounds(|p| p.y));
    let (width, height) = (width.max(1.0), height.max(1.0));
    if height <= width * DASH_FLAT {
        return BoxMark::Dash;
    }
    if width < height * 0.35 {
        return BoxMark::Written;
    }
    let shares = ink
        .iter()
        .map(|point| ((point.x - left) / width, (point.y - top) / height));
    let (mut near, mut arms) = (0.0, [0.0; 4]);
    for (x, y) in shares {
        let falls = (x - y).abs() <= CROSS_NEAR;
        let climbs = (x + y - 1.0).abs() <= CROSS_NEAR;
        if falls || climbs {
            near += 1.0;
        }
        let [upper_left, lower_right, lower_left, upper_right] = &mut arms;
        match (falls, climbs, x < 0.5) {
            (true, false, true) => *upper_left += 1.0,
            (true, false, false) => *lower_right += 1.0,
            (false, true, true) => *lower_left += 1.0,
            (false, true, false) => *upper_right += 1.0,
            _ => {}
        }
    }
    let count = real(ink.len());
    let has_arms = arms.iter().all(|arm| *arm >= count * 0.1);
    if near >= count * CROSS_SHARE && has_arms {
        BoxMark::Cross
    } else {
        BoxMark::Written
    }
}
