//! The brightness of a photo, read between its pixels, and its dark spots.

use super::geometry::{Point, at};
use super::number::{real, whole};
use crate::pixels::Luma;

/// From a pixel's number to its middle.
pub(super) const SHIFT_TO_MIDDLE: f64 = 0.5;
/// Side of the squares that local brightness is taken over, in pixels.
const CELL_PX: usize = 8;
/// How far around a square its brightness is taken, as a share of the long
/// side: wider than the tag, which is mostly black.
const AROUND: f64 = 1.0 / 22.0;
/// A pixel is dark when it is below such a share of the brightness around it.
/// The first finds faint print; the second does not take paper in the shadow
/// of a hand for print.
pub(super) const DARK_SHARES: [f64; 2] = [0.74, 0.5];
/// Least side of a spot that is kept, in pixels.
const SPOT_MIN_PX: usize = 5;
/// Greatest side of a spot that is kept, as a share of the long side: a tag
/// takes a twenty-eighth of a page's height.
const SPOT_MAX_SHARE: usize = 6;

/// A picture's brightness.
pub(super) struct Grey {
    pub(super) width: usize,
    pub(super) height: usize,
    values: Vec<u8>,
}

/// A connected dark spot: its box, how many pixels it has, and for each row of
/// its box the first and last of them.
pub(super) struct Spot {
    pub(super) left: usize,
    pub(super) top: usize,
    pub(super) right: usize,
    pub(super) bottom: usize,
    pub(super) area: usize,
    pub(super) rim: Vec<(usize, usize)>,
}

impl Spot {
    pub(super) fn width(&self) -> usize {
        self.right - self.left + 1
    }

    pub(super) fn height(&self) -> usize {
        self.bottom - self.top + 1
    }

    /// The middle of its box.
    pub(super) fn centre(&self) -> Point {
        at(
            real(self.left + self.right + 1) / 2.0,
            real(self.top + self.bottom + 1) / 2.0,
        )
    }
}

impl From<Luma> for Grey {
    fn from(luma: Luma) -> Self {
        let width = usize::try_from(luma.width).unwrap_or(usize::MAX).max(1);
        Self {
            width,
            height: luma.values.len() / width,
            values: luma.values,
        }
    }
}

impl Grey {
    pub(super) fn long_side(&self) -> usize {
        self.width.max(self.height)
    }

    /// Whether a place lies in the picture.
    pub(super) fn shows(&self, place: Point) -> bool {
        place.x >= 0.0
            && place.y >= 0.0
            && place.x <= real(self.width)
            && place.y <= real(self.height)
    }

    /// Brightness at a place, 0 to 255; beyond the edge that of the edge. The
    /// middle of the first pixel is at 0.5.
    pub(super) fn at(&self, place: Point) -> f64 {
        let (x, y) = (
            (place.x - SHIFT_TO_MIDDLE).max(0.0),
            (place.y - SHIFT_TO_MIDDLE).max(0.0),
        );
        let column = whole(x).min(self.width.saturating_sub(2));
        let row = whole(y).min(self.height.saturating_sub(2));
        let (across, down) = ((x - real(column)).min(1.0), (y - real(row)).min(1.0));
        let start = row * self.width + column;
        let pair = |start: usize| match self.values.get(start..start + 2) {
            Some([a, b]) => f64::from(*a) + (f64::from(*b) - f64::from(*a)) * across,
            _ => 0.0,
        };
        let upper = pair(start);
        upper + (pair(start + self.width) - upper) * down
    }

    /// All dark spots of a size that a tag or a corner mark can have; `share`
    /// is one of [`DARK_SHARES`].
    pub(super) fn spots(&self, share: f64) -> Vec<Spot> {
        if self.width < 4 || self.height < 4 {
            return Vec::new();
        }
        let mut dark = self.dark(share);
        let mut spots = Vec::new();
        let mut found = Vec::new();
        let longest = self.long_side() / SPOT_MAX_SHARE;
        for start in 0..dark.len() {
            if dark.get(start) != Some(&true) {
                continue;
            }
            flood(&mut dark, self.width, start, &mut found);
            if let Some(spot) = spot(&found, self.width, longest) {
                spots.push(spot);
            }
        }
        spots
    }

    /// Which pixels are dark against what is around them.
    fn dark(&self, share: f64) -> Vec<bool> {
        let columns = self.width.div_ceil(CELL_PX);
        let mut means = Vec::new();
        for band in self.values.chunks(self.width * CELL_PX) {
            let mut sums = vec![(0_u32, 0_u32); columns];
            for row in band.chunks(self.width) {
                for (cell, (sum, count)) in row.chunks(CELL_PX).zip(&mut sums) {
                    *sum += cell.iter().map(|value| u32::from(*value)).sum::<u32>();
                    *count += u32::try_from(cell.len()).unwrap_or_default();
                }
            }
            means.extend(
                sums.into_iter()
                    .map(|(sum, count)| f64::from(sum) / f64::from(count.max(1))),
            );
        }
        let reach = whole(real(self.long_side()) * AROUND / real(CELL_PX)).max(2);
        let across = averaged(&means, columns, reach);
        let both = turned(
            &averaged(&turned(&across, columns), means.len() / columns, reach),
            means.len() / columns,
        );
        let mut dark = Vec::with_capacity(self.values.len());
        for (index, row) in self.values.chunks(self.width).enumerate() {
            let start = index / CELL_PX * columns;
            let limits = both.get(start..start + columns).unwrap_or_default();
            for (cell, mean) in row.chunks(CELL_PX).zip(limits) {
                let limit = mean * share;
                dark.extend(cell.iter().map(|value| f64::from(*value) < limit));
            }
        }
        dark
    }
}

/// Each value replaced by the mean of those up to `reach` beside it in its row.
fn averaged(values: &[f64], columns: usize, reach: usize) -> Vec<f64> {
    let mut means = Vec::with_capacity(values.len());
    for row in values.chunks(columns) {
        let mut sums = vec![0.0];
        let mut sum = 0.0;
        for value in row {
            sum += value;
            sums.push(sum);
        }
        for place in 0..row.len() {
            let (from, to) = (
                place.saturating_sub(reach),
                (place + reach + 1).min(row.len()),
            );
            let total = sums.get(to).unwrap_or(&0.0) - sums.get(from).unwrap_or(&0.0);
            means.push(total / real(to - from));
        }
    }
    means
}

/// Rows as columns.
fn turned(values: &[f64], columns: usize) -> Vec<f64> {
    (0..columns)
        .flat_map(|column| values.iter().skip(column).step_by(columns).copied())
        .collect()
}

/// Takes all dark pixels that hang together with `start` out of `dark`.
fn flood(dark: &mut [bool], width: usize, start: usize, found: &mut Vec<usize>) {
    found.clear();
    let mut take = |place: usize, found: &mut Vec<usize>| {
        if let Some(pixel) = dark.get_mut(place)
            && *pixel
        {
            *pixel = false;
            found.push(place);
        }
    };
    take(start, found);
    let mut next = 0;
    while let Some(place) = found.get(next).copied() {
        next += 1;
        let column = place % width;
        for row in [
            place.checked_sub(width),
            Some(place),
            place.checked_add(width),
        ] {
            let Some(middle) = row else { continue };
            take(middle, found);
            if column > 0 {
                take(middle - 1, found);
            }
            if column + 1 < width {
                take(middle + 1, found);
            }
        }
    }
}

/// The spot of these pixels, unless it is too small or too large.
fn spot(pixels: &[usize], width: usize, longest: usize) -> Option<Spot> {
    let columns = || pixels.iter().map(|place| place % width);
    let rows = || pixels.iter().map(|place| place / width);
    if pixels.len() < SPOT_MIN_PX * SPOT_MIN_PX / 2 {
        return None;
    }
    let (left, right) = (columns().min()?, columns().max()?);
    let (top, bottom) = (rows().min()?, rows().max()?);
    let sides = SPOT_MIN_PX..=longest;
    if !sides.contains(&(right - left + 1)) || !sides.contains(&(bottom - top + 1)) {
        return None;
    }
    let mut rim = vec![(right, left); bottom - top + 1];
    for (column, row) in columns().zip(rows()) {
        if let Some((first, last)) = rim.get_mut(row - top) {
            *first = (*first).min(column);
            *last = (*last).max(column);
        }
    }
    Some(Spot {
        left,
        top,
        right,
        bottom,
        area: pixels.len(),
        rim,
    })
}
