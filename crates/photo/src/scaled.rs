//! Decoding straight to a smaller picture.
//!
//! Each block of 8 × 8 pixels of a JPEG is stored as waves from coarse to
//! fine. To make a picture of N eighths, only the N × N coarsest waves of each
//! block are turned back, into N × N pixels: the same as a good reduction,
//! for a fraction of the work and memory. Colour is turned back in the same
//! share and, where the camera stored it coarser than brightness, each of its
//! samples is used for its neighbours too; the reading copy stores it just as
//! coarsely.
//!
//! This is for what cameras write: baseline, one scan, three components or
//! one, whole. Everything else (progressive, CMYK, damaged, cut off, odd
//! sampling) gives `None`, and the full decoder has the word: what is damaged
//! and what is kept of it is decided there and nowhere else.

mod bits;
mod inverse;
mod tables;

use crate::pixels::Rgb;
use bits::Bits;
use inverse::{Inverse, needed};
use tables::{Component, HuffmanTable, Plan, ZIGZAG};

/// The sides a block can be given, smallest first; 8 is the full decoder's.
const SIDES: std::ops::RangeInclusive<u32> = 1..=7;

/// How many eighths of the stored size make a long side of at least
/// `wanted_px`; `None` when only all of them do.
pub(crate) fn eighths(long_side_px: u32, wanted_px: u32) -> Option<u32> {
    SIDES
        .into_iter()
        .find(|side| scaled(long_side_px, *side) >= wanted_px)
}

/// The picture at so many eighths of its size; `None` when it is not of the
/// plain kind, or damaged.
pub(crate) fn decode(bytes: &[u8], eighths: u32) -> Option<Rgb> {
    let plan = Plan::read(bytes)?;
    match eighths {
        1 => sized::<1>(plan),
        2 => sized::<2>(plan),
        3 => sized::<3>(plan),
        4 => sized::<4>(plan),
        5 => sized::<5>(plan),
        6 => sized::<6>(plan),
        7 => sized::<7>(plan),
        _ => None,
    }
}

/// `side × eighths ÷ 8`, rounded up: the last pixels may stand for less.
fn scaled(side: u32, eighths: u32) -> u32 {
    u32::try_from((u64::from(side) * u64::from(eighths)).div_ceil(8)).unwrap_or(u32::MAX)
}

/// One component's samples at the smaller size, whole blocks of them.
struct Plane {
    row_px: usize,
    samples: Vec<u8>,
}

impl Plane {
    fn of(component: &Component, plan: &Plan<'_>, side: usize) -> Self {
        let row_px = plan.mcus_across * component.across * side;
        let rows = plan.mcus_down * component.down * side;
        Self {
            row_px,
            samples: vec![0; row_px * rows],
        }
    }

    fn row(&self, row: usize) -> Option<&[u8]> {
        let start = row.checked_mul(self.row_px)?;
        self.samples.get(start..start.checked_add(self.row_px)?)
    }

    /// Puts one block's samples at this column and row of blocks.
    fn put<const N: usize>(&mut self, block: &[[u8; N]; N], column: usize, row: usize) {
        let left = column * N;
        for (down, samples) in block.iter().enumerate() {
            let start = (row * N + down) * self.row_px + left;
            if let Some(target) = self.samples.get_mut(start..start + N) {
                target.copy_from_slice(samples);
            }
        }
    }
}

fn sized<const N: usize>(plan: Plan<'_>) -> Option<Rgb> {
    let mut planes: Vec<Plane> = plan
        .components
        .iter()
        .map(|component| Plane::of(component, &plan, N))
        .collect();
    scan::<N>(&plan, &mut planes)?;
    let side = u32::try_from(N).ok()?;
    let (width, height) = (scaled(plan.width, side), scaled(plan.height, side));
    let row_px = usize::try_from(width).ok()?;
    let mut pixels = vec![0; usize::try_from(width.checked_mul(height)?).ok()? * 3];
    for (row, target) in pixels.chunks_exact_mut(row_px * 3).enumerate() {
        let (target, _) = target.as_chunks_mut::<3>();
        match (plan.components.as_slice(), planes.as_slice()) {
            ([_], [grey]) => {
                let grey = grey.row(row)?.get(..row_px)?;
                for (pixel, luma) in target.iter_mut().zip(grey) {
                    *pixel = [*luma; 3];
                }
            }
            ([y, cb, _], [luma, blue, red]) => {
                let coarse_row = row * cb.down / y.down;
                let luma = luma.row(row)?.get(..row_px)?;
                let (blue, red) = (blue.row(coarse_row)?, red.row(coarse_row)?);
                match y.across / cb.across {
                    1 => colour_row::<1>(target, luma, blue, red),
                    _ => colour_row::<2>(target, luma, blue, red),
                }
            }
            _ => return None,
        }
    }
    Some(Rgb {
        width,
        height,
        pixels,
    })
}

/// Decodes all blocks of the scan into their planes.
fn scan<const N: usize>(plan: &Plan<'_>, planes: &mut [Plane]) -> Option<()> {
    let inverse = Inverse::<N>::new();
    let needed = needed(N);
    let mut bits = Bits::new(plan.data);
    let mut predictions = [0_i32; 3];
    let mut until_restart = plan.restart_every;
    for mcu_row in 0..plan.mcus_down {
        for mcu_column in 0..plan.mcus_across {
            if plan.restart_every > 0 {
                if until_restart == 0 {
                    bits.restart()?;
                    predictions = [0; 3];
                    until_restart = plan.restart_every;
                }
                until_restart -= 1;
            }
            let parts = plan.components.iter().zip(planes.iter_mut());
            for ((component, plane), prediction) in parts.zip(&mut predictions) {
                for down in 0..component.down {
                    for across in 0..component.across {
                        let block = read_block(&mut bits, component, prediction, needed)?;
                        let column = mcu_column * component.across + across;
                        let row = mcu_row * component.down + down;
                        plane.put(&block.samples(&inverse), column, row);
                    }
                }
            }
        }
    }
    bits.is_sound().then_some(())
}

/// What a block is made of, as far as it is needed.
struct Block {
    /// Weights of its waves, by row and column.
    waves: [f32; 64],
    /// Whether it is the same all over.
    is_flat: bool,
}

impl Block {
    fn samples<const N: usize>(&self, inverse: &Inverse<N>) -> [[u8; N]; N] {
        if self.is_flat {
            let [mean, ..] = self.waves;
            return [[inverse::sample(mean / 8.0); N]; N];
        }
        inverse.block(&self.waves)
    }
}

fn read_block(
    bits: &mut Bits<'_>,
    component: &Component,
    prediction: &mut i32,
    needed: u64,
) -> Option<Block> {
    bits.refill();
    let size = component.dc.symbol(bits)?;
    if size > 11 {
        return None;
    }
    *prediction = prediction.checked_add(bits.extended(size))?;
    // A sound file's mean is a short number; a damaged one's can run away.
    let mean = i16::try_from(*prediction).ok()?;
    let [first, ..] = component.quantisation;
    let mut waves = [0.0; 64];
    waves[0] = f32::from(mean) * first;
    let seen = read_waves(bits, &component.ac, &component.quantisation, &mut waves)?;
    Some(Block {
        waves,
        is_flat: seen & needed == 0,
    })
}

/// Reads all waves but the mean; the answer has a bit for each that is there.
fn read_waves(
    bits: &mut Bits<'_>,
    table: &HuffmanTable,
    quantisation: &[f32; 64],
    waves: &mut [f32; 64],
) -> Option<u64> {
    let mut seen = 0;
    let mut place = 1_usize;
    while place < 64 {
        bits.refill();
        let (run, value) = match table.quick(bits) {
            Some(found) => found,
            None => {
                let symbol = table.symbol(bits)?;
                let (run, size) = (usize::from(symbol >> 4), symbol & 0x0F);
                match (run, size) {
                    (15, 0) => {
                        place += 16;
                        continue;
                    }
                    (_, 0) => return Some(seen),
                    (_, 11..) => return None,
                    _ => (run, i16::try_from(bits.extended(size)).ok()?),
                }
            }
        };
        place += run;
        let (natural, step) = (ZIGZAG.get(place)?, quantisation.get(place)?);
        let natural = usize::from(*natural);
        *waves.get_mut(natural)? = f32::from(value) * step;
        seen |= 1_u64 << natural;
        place += 1;
    }
    Some(seen)
}

/// Pixels of a row that are worked out together, so that the compiler can
/// take many at once.
const TOGETHER: usize = 32;

/// One row of colour; `SHARE` pixels of brightness have one of colour.
fn colour_row<const SHARE: usize>(target: &mut [[u8; 3]], luma: &[u8], blue: &[u8], red: &[u8]) {
    let pixels = target.chunks_mut(TOGETHER).zip(luma.chunks(TOGETHER));
    let tints = blue
        .chunks(TOGETHER / SHARE)
        .zip(red.chunks(TOGETHER / SHARE));
    for ((pixels, luma), (blue, red)) in pixels.zip(tints) {
        let (blue, red) = (widened::<SHARE>(blue), widened::<SHARE>(red));
        let mut bright = [0.0; TOGETHER];
        for (wide, luma) in bright.iter_mut().zip(luma) {
            *wide = f32::from(*luma);
        }
        let mut channels = [[0; TOGETHER]; 3];
        let [reds, greens, blues] = &mut channels;
        // The weights of JFIF.
        for ((level, bright), red) in reds.iter_mut().zip(&bright).zip(&red) {
            *level = inverse::level(bright + 1.402 * red);
        }
        for (((level, bright), blue), red) in greens.iter_mut().zip(&bright).zip(&blue).zip(&red) {
            *level = inverse::level(bright - 0.344_136 * blue - 0.714_136 * red);
        }
        for ((level, bright), blue) in blues.iter_mut().zip(&bright).zip(&blue) {
            *level = inverse::level(bright + 1.772 * blue);
        }
        let [reds, greens, blues] = &channels;
        for (((pixel, red), green), blue) in pixels.iter_mut().zip(reds).zip(greens).zip(blues) {
            *pixel = [*red, *green, *blue];
        }
    }
}

/// Samples of colour as distances from grey, each for `SHARE` pixels.
fn widened<const SHARE: usize>(samples: &[u8]) -> [f32; TOGETHER] {
    let mut wide = [0.0; TOGETHER];
    for (pixels, sample) in wide.chunks_exact_mut(SHARE).zip(samples) {
        pixels.fill(f32::from(*sample) - 128.0);
    }
    wide
}

#[cfg(test)]
mod tests;
