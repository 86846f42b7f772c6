//! The reading copy as a progressive JPEG within its budget of bytes.
//!
//! The quality is found by measurement, not by a table of guesses: one eighth
//! of the picture (bands of rows over all of it) is encoded at two qualities,
//! which costs little, and tells how the whole will come out. The best quality
//! that should fit is tried; when the sample was too hopeful, once more with
//! what was learnt. When even the lowest quality does not fit, the picture is
//! made smaller and measured again. Progressive, because a half-delivered copy
//! already shows the whole form.
//!
//! No metadata is written beyond the JFIF mark that makes it a JPEG file.

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use crate::error::PhotoError;
use crate::limits::{QUALITY_CEILING, QUALITY_FLOOR};
use crate::pixels::Rgb;

/// Rows of a band of the sample: one row of blocks of a 4:2:0 JPEG.
const BAND_ROWS: usize = 16;
/// Every so many bands, one is in the sample.
const BAND_EVERY: usize = 8;
/// Share of the budget that is aimed at first, in per mille: the sample errs
/// by a few percent.
const AIM_PER_MILLE: usize = 960;
/// Encodings of the whole picture before it is made smaller.
const FULL_ENCODINGS: usize = 2;
/// A picture this small fits any sensible budget; it is not made smaller.
const SMALLEST_LONG_SIDE_PX: u32 = 256;

/// An encoded picture and the size it has been given.
pub(crate) struct Encoded {
    pub(crate) jpeg: Vec<u8>,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// Encodes at the best quality that fits into `max_bytes`, smaller if need be.
pub(crate) fn encode_within(mut rgb: Rgb, max_bytes: usize) -> Result<Encoded, PhotoError> {
    loop {
        let curve = SizeCurve::measure(&rgb)?;
        let mut aim_bytes = max_bytes / 1_000 * AIM_PER_MILLE;
        for _ in 0..FULL_ENCODINGS {
            let Some(quality) = curve.best_quality(aim_bytes) else {
                break;
            };
            let jpeg = encode(&rgb, quality)?;
            if jpeg.len() <= max_bytes {
                return Ok(Encoded {
                    jpeg,
                    width: rgb.width,
                    height: rgb.height,
                });
            }
            // The whole is that much more than the sample said.
            aim_bytes = aim_bytes * (max_bytes / 100 * 97) / jpeg.len();
        }
        let long_side = rgb.long_side();
        if long_side <= SMALLEST_LONG_SIDE_PX {
            return Err(PhotoError::Encode(format!(
                "{long_side} px do not fit into {max_bytes} bytes"
            )));
        }
        let percent = curve.shrink_percent(aim_bytes);
        rgb = rgb.fit((long_side / 100 * percent).max(SMALLEST_LONG_SIDE_PX))?;
    }
}

/// One progressive JPEG, 4:2:0, with Huffman tables made for it.
pub(crate) fn encode(rgb: &Rgb, quality: u8) -> Result<Vec<u8>, PhotoError> {
    let failed = |cause: String| PhotoError::Encode(cause);
    let width = u16::try_from(rgb.width).map_err(|error| failed(error.to_string()))?;
    let height = u16::try_from(rgb.height).map_err(|error| failed(error.to_string()))?;
    encode_rows(&rgb.pixels, width, height, quality)
}

fn encode_rows(rows: &[u8], width: u16, height: u16, quality: u8) -> Result<Vec<u8>, PhotoError> {
    let mut jpeg = Vec::new();
    let mut encoder = Encoder::new(&mut jpeg, quality);
    encoder.set_progressive(true);
    encoder.set_optimized_huffman_tables(true);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder
        .encode(rows, width, height, ColorType::Rgb)
        .map_err(|error| PhotoError::Encode(error.to_string()))?;
    Ok(jpeg)
}

/// How many bytes the whole picture takes, by quality: a straight line through
/// two measured points, which real pictures follow closely below quality 90.
struct SizeCurve {
    at_floor: usize,
    at_ceiling: usize,
}

impl SizeCurve {
    fn measure(rgb: &Rgb) -> Result<Self, PhotoError> {
        let failed = |error: std::num::TryFromIntError| PhotoError::Encode(error.to_string());
        let width = u16::try_from(rgb.width).map_err(failed)?;
        let row_bytes = usize::from(width) * 3;
        let bands: Vec<&[u8]> = rgb.pixels.chunks(row_bytes * BAND_ROWS).collect();
        // The middle one of every eight: margins at the very top say little.
        let first = (BAND_EVERY / 2).min(bands.len() / 2);
        let sample: Vec<u8> = bands
            .iter()
            .skip(first)
            .step_by(BAND_EVERY)
            .flat_map(|band| band.iter().copied())
            .collect();
        let rows = u16::try_from(sample.len() / row_bytes.max(1)).map_err(failed)?;
        let whole = |sample_bytes: usize| {
            sample_bytes * usize::try_from(rgb.height).unwrap_or(usize::MAX)
                / usize::from(rows).max(1)
        };
        Ok(Self {
            at_floor: whole(encode_rows(&sample, width, rows, QUALITY_FLOOR)?.len()),
            at_ceiling: whole(encode_rows(&sample, width, rows, QUALITY_CEILING)?.len()),
        })
    }

    /// The best quality at which the picture should take at most `bytes`.
    fn best_quality(&self, bytes: usize) -> Option<u8> {
        if self.at_ceiling <= bytes {
            return Some(QUALITY_CEILING);
        }
        let room = bytes.checked_sub(self.at_floor)?;
        let span = usize::from(QUALITY_CEILING - QUALITY_FLOOR);
        let steps = room * span / (self.at_ceiling - self.at_floor).max(1);
        u8::try_from(steps)
            .ok()
            .map(|steps| (QUALITY_FLOOR + steps).min(QUALITY_CEILING))
    }

    /// To how many percent of its side the picture must shrink for the middle
    /// of the range of qualities to fit, between 50 and 90 so that it always
    /// gets smaller and never needlessly small.
    fn shrink_percent(&self, bytes: usize) -> u32 {
        let middle = (self.at_floor + self.at_ceiling) / 2;
        let area_per_myriad = bytes.saturating_mul(10_000) / middle.max(1);
        u32::try_from(area_per_myriad.isqrt())
            .unwrap_or(90)
            .clamp(50, 90)
    }
}
