//! Whether a photo can be read, judged while the witness still stands before
//! the form.
//!
//! A judgement is a warning, never a refusal. It is made on the reading copy,
//! because that is what the counting room sees.
//!
//! *Dark* is told from the brightness of the paper. *Blurred* is told from how
//! steep edges are: in each tile with ink, the greatest step in luma over two
//! pixels, as a share of the tile's own contrast. Print in focus climbs most
//! of its contrast in two pixels; out of focus it takes many. Being a share,
//! it is the same in shade and in sun, and a light 3 × 3 smoothing keeps the
//! noise of a night photo from passing for edges. The median over all tiles is
//! the photo's sharpness.

use serde::{Deserialize, Serialize};

use crate::error::PhotoError;
use crate::limits::{
    BLURRED_SHARPNESS, DARK_PAPER_LUMA, INK_MIN_CONTRAST, INK_MIN_TILES_PER_MILLE,
    JUDGED_LONG_SIDE_PX, PAPER_BRIGHTEST_PERCENT, TILE_SIDE_PX, TINY_LONG_SIDE_PX,
};
use crate::pixels::Rgb;

/// What may make a photo hard to read. It may be used all the same.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ts_rs::TS,
)]
#[serde(rename_all = "snake_case")]
#[ts(export, rename = "PhotoWarning")]
pub enum Warning {
    /// The paper itself is dark.
    Dark,
    /// Out of focus, or moved.
    Blurred,
    /// Too few pixels for a whole page.
    Tiny,
    /// The file ends early; the lower part or the fine detail is missing.
    Partial,
}

/// What was found out about a photo's legibility.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// What may make it hard to read, in a fixed order, each at most once.
    pub warnings: Vec<Warning>,
    /// Luma of the paper, 0 to 255.
    pub paper_luma: u8,
    /// Share of its contrast that a typical edge climbs within two pixels, 0
    /// to 1; `None` when there is too little ink or light to tell.
    pub sharpness: Option<f32>,
}

/// Judges an upright reading copy. `original_long_side_px` is that of the
/// camera's picture; `partial` when its end is missing.
pub(crate) fn judge(
    copy: &Rgb,
    original_long_side_px: u32,
    partial: bool,
) -> Result<Judgement, PhotoError> {
    let judged = copy.luma_within(JUDGED_LONG_SIDE_PX)?;
    let paper_luma = paper_luma(&judged.values);
    let row_px = usize::try_from(judged.width).unwrap_or(usize::MAX);
    let sharpness = sharpness(&judged.values, row_px);
    let dark = paper_luma < DARK_PAPER_LUMA;
    let blurred = match sharpness {
        Some(sharpness) => sharpness < BLURRED_SHARPNESS,
        // In the dark nothing can be told; in the light a form always has
        // edges, and a photo without any shows none of them.
        None => !dark,
    };
    let tiny = original_long_side_px < TINY_LONG_SIDE_PX;
    let warnings = [
        (dark, Warning::Dark),
        (blurred, Warning::Blurred),
        (tiny, Warning::Tiny),
        (partial, Warning::Partial),
    ];
    Ok(Judgement {
        warnings: warnings
            .into_iter()
            .filter_map(|(holds, warning)| holds.then_some(warning))
            .collect(),
        paper_luma,
        sharpness,
    })
}

/// The luma that only the brightest share of pixels exceeds.
fn paper_luma(luma: &[u8]) -> u8 {
    let mut histogram = [0_usize; 256];
    for value in luma {
        if let Some(count) = histogram.get_mut(usize::from(*value)) {
            *count += 1;
        }
    }
    let brightest = usize::try_from(PAPER_BRIGHTEST_PERCENT).unwrap_or(100);
    let mut left = luma.len() * brightest / 100;
    for (value, count) in (0_u8..=255).rev().zip(histogram.into_iter().rev()) {
        match left.checked_sub(count) {
            Some(less) => left = less,
            None => return value,
        }
    }
    0
}

/// What a tile has shown so far, in sums over 3 × 3 pixels.
#[derive(Clone, Copy)]
struct Tile {
    darkest: u16,
    brightest: u16,
    steepest: u16,
}

impl Tile {
    const UNSEEN: Self = Self {
        darkest: u16::MAX,
        brightest: 0,
        steepest: 0,
    };

    /// Steepness of its steepest edge as a share of its contrast, if it has
    /// enough contrast to be ink on paper.
    fn steepness(&self) -> Option<f32> {
        let contrast = self.brightest.checked_sub(self.darkest)?;
        (contrast >= INK_MIN_CONTRAST * 9).then(|| f32::from(self.steepest) / f32::from(contrast))
    }
}

/// The median steepness of all tiles with ink.
fn sharpness(luma: &[u8], row_px: usize) -> Option<f32> {
    if row_px < 5 {
        return None;
    }
    let rows: Vec<&[u8]> = luma.chunks_exact(row_px).collect();
    let smooth: Vec<Vec<u16>> = rows.windows(3).map(smooth_row).collect();
    let mut tiles_seen = 0;
    let mut inked = Vec::new();
    for band in smooth.chunks(TILE_SIDE_PX) {
        let mut tiles = vec![Tile::UNSEEN; row_px.div_ceil(TILE_SIDE_PX)];
        for row in band {
            see_row(&mut tiles, row);
        }
        for pair in band.windows(3) {
            if let [above, _, below] = pair {
                see_steps_down(&mut tiles, above, below);
            }
        }
        tiles_seen += tiles.len();
        inked.extend(tiles.iter().filter_map(Tile::steepness));
    }
    if inked.is_empty() || inked.len() * 1_000 < tiles_seen * INK_MIN_TILES_PER_MILLE {
        return None;
    }
    let middle = inked.len() / 2;
    let (_, median, _) = inked.select_nth_unstable_by(middle, f32::total_cmp);
    Some(*median)
}

/// Sums of 3 × 3 pixels along three rows.
fn smooth_row(rows: &[&[u8]]) -> Vec<u16> {
    let [above, here, below] = rows else {
        return Vec::new();
    };
    let columns: Vec<u16> = above
        .iter()
        .zip(*here)
        .zip(*below)
        .map(|((a, b), c)| u16::from(*a) + u16::from(*b) + u16::from(*c))
        .collect();
    columns
        .array_windows::<3>()
        .map(|[a, b, c]| a + b + c)
        .collect()
}

fn see_row(tiles: &mut [Tile], row: &[u16]) {
    for (tile, part) in tiles.iter_mut().zip(row.chunks(TILE_SIDE_PX)) {
        for value in part {
            tile.darkest = tile.darkest.min(*value);
            tile.brightest = tile.brightest.max(*value);
        }
        for [left, _, right] in part.array_windows::<3>() {
            tile.steepest = tile.steepest.max(left.abs_diff(*right));
        }
    }
}

fn see_steps_down(tiles: &mut [Tile], above: &[u16], below: &[u16]) {
    let parts = above.chunks(TILE_SIDE_PX).zip(below.chunks(TILE_SIDE_PX));
    for (tile, (above, below)) in tiles.iter_mut().zip(parts) {
        for (up, down) in above.iter().zip(below) {
            tile.steepest = tile.steepest.max(up.abs_diff(*down));
        }
    }
}
