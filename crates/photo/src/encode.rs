//! The reading copy as a progressive JPEG within its budget of bytes.
//!
//! The quality is found by measurement, not by a table of guesses: one sixteenth
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
const BAND_EVERY: usize = 16;
/// Share of the budget that is aimed at first: on pages with regular lines the
/// sample errs by up to a tenth, and a second try costs more time than a
/// slightly lower quality costs legibility.
const FIRST_AIM: f64 = 0.91;
/// Share of what is left after the first try's error is known.
const SECOND_AIM: f64 = 0.97;
/// Encodings of the whole picture before it is made smaller.
const FULL_ENCODINGS: usize = 2;
/// A picture this small fits any sensible budget; it is not made smaller.
const SMALLEST_LONG_SIDE_PX: u32 = 256;
/// Scans of a copy: first the whole form in coarse blocks, then all detail.
/// Each further scan adds about 5 % of bytes, which are better spent on
/// quality.
const PROGRESSIVE_SCANS: u8 = 2;

/// An encoded picture and the size it has been given.
pub(crate) struct Encoded {
    pub(crate) jpeg: Vec<u8>,
    pub(crate) width: u32,
    pub(crate) height: u32,
}

/// Encodes at the best quality that fits into `max_bytes`, smaller if need be.
pub(crate) fn encode_within(mut rgb: Rgb, max_bytes: u32) -> Result<Encoded, PhotoError> {
    let budget_bytes = f64::from(max_bytes);
    loop {
        let curve = SizeCurve::measure(&rgb)?;
        let mut aim_bytes = budget_bytes * FIRST_AIM;
        for _ in 0..FULL_ENCODINGS {
            let Some(quality) = curve.best_quality(aim_bytes) else {
                break;
            };
            let jpeg = encode(&rgb, quality)?;
            let size_bytes = u32::try_from(jpeg.len()).unwrap_or(u32::MAX);
            if size_bytes <= max_bytes {
                return Ok(Encoded {
                    jpeg,
                    width: rgb.width,
                    height: rgb.height,
                });
            }
            // The whole is that much more than the sample said.
            aim_bytes *= SECOND_AIM * budget_bytes / f64::from(size_bytes);
        }
        let long_side_px = rgb.long_side();
        if long_side_px <= SMALLEST_LONG_SIDE_PX {
            return Err(PhotoError::Encode(format!(
                "{long_side_px} px do not fit into {max_bytes} bytes"
            )));
        }
        rgb = rgb.fit(curve.shrunk_long_side(long_side_px, aim_bytes))?;
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
    encoder.set_progressive_scans(PROGRESSIVE_SCANS);
    encoder.set_optimized_huffman_tables(true);
    encoder.set_sampling_factor(SamplingFactor::F_2_2);
    encoder
        .encode(rows, width, height, ColorType::Rgb)
        .map_err(|error| PhotoError::Encode(error.to_string()))?;
    Ok(jpeg)
}

/// How many bytes the whole picture takes, by quality, from two measured
/// points. Size falls as a power of how coarsely the encoder quantises; on
/// photographed forms that holds within a few percent between the points.
struct SizeCurve {
    at_floor: f64,
    at_ceiling: f64,
}

impl SizeCurve {
    fn measure(rgb: &Rgb) -> Result<Self, PhotoError> {
        let failed = |error: std::num::TryFromIntError| PhotoError::Encode(error.to_string());
        let width = u16::try_from(rgb.width).map_err(failed)?;
        let row_bytes = usize::from(width) * 3;
        let bands: Vec<&[u8]> = rgb.pixels.chunks(row_bytes * BAND_ROWS).collect();
        // The middle one of every sixteen: margins at the very top say little.
        let first = (BAND_EVERY / 2).min(bands.len() / 2);
        let sample: Vec<u8> = bands
            .iter()
            .skip(first)
            .step_by(BAND_EVERY)
            .flat_map(|band| band.iter().copied())
            .collect();
        let rows = u16::try_from(sample.len() / row_bytes.max(1)).map_err(failed)?;
        let share = f64::from(rows) / f64::from(rgb.height);
        let whole = |quality| -> Result<f64, PhotoError> {
            let sample_bytes = encode_rows(&sample, width, rows, quality)?.len();
            let sample_bytes = u32::try_from(sample_bytes).map_err(failed)?;
            Ok(f64::from(sample_bytes) / share)
        };
        Ok(Self {
            at_floor: whole(QUALITY_FLOOR)?,
            at_ceiling: whole(QUALITY_CEILING)?,
        })
    }

    fn predicted_bytes(&self, quality: u8) -> f64 {
        let span = (coarseness(QUALITY_FLOOR) / coarseness(QUALITY_CEILING)).ln();
        let place = (coarseness(quality) / coarseness(QUALITY_CEILING)).ln() / span;
        self.at_ceiling * (self.at_floor / self.at_ceiling).powf(place)
    }

    /// The best quality at which the picture should take at most `bytes`.
    fn best_quality(&self, bytes: f64) -> Option<u8> {
        (QUALITY_FLOOR..=QUALITY_CEILING)
            .rev()
            .find(|quality| self.predicted_bytes(*quality) <= bytes)
    }

    /// The long side at which a middling quality should fit; always a tenth
    /// smaller at least, and never less than half, so that the search ends and
    /// nothing is lost needlessly.
    fn shrunk_long_side(&self, long_side_px: u32, bytes: f64) -> u32 {
        let middling = self.predicted_bytes(u8::midpoint(QUALITY_FLOOR, QUALITY_CEILING));
        let share = (bytes / middling).sqrt();
        (1..=18)
            .map(|step| long_side_px - long_side_px * step / 20)
            .take_while(|side| *side >= long_side_px / 2)
            .skip(1)
            .find(|side| f64::from(*side) <= f64::from(long_side_px) * share)
            .unwrap_or(long_side_px / 2)
            .max(SMALLEST_LONG_SIDE_PX)
    }
}

/// The factor that the encoder scales its quantisation tables with, in
/// percent, by the convention all JPEG encoders share.
fn coarseness(quality: u8) -> f64 {
    if quality < 50 {
        5_000.0 / f64::from(quality.max(1))
    } else {
        200.0 - 2.0 * f64::from(quality.min(99))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Uneven grey with hard edges, so that quality matters.
    fn busy(width: u32, height: u32) -> Rgb {
        let mut state = 1_u32;
        let pixels = (0..width * height * 3)
            .map(|_| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                state.to_be_bytes()[0]
            })
            .collect();
        Rgb {
            width,
            height,
            pixels,
        }
    }

    #[test]
    fn a_picture_that_fits_keeps_its_size_and_the_best_quality() {
        let picture = busy(320, 240);
        let best = encode(&picture, QUALITY_CEILING).unwrap();
        let encoded = encode_within(picture, 300_000).unwrap();
        assert_eq!((encoded.width, encoded.height), (320, 240));
        assert_eq!(encoded.jpeg, best);
    }

    #[test]
    fn a_tighter_budget_lowers_quality_before_size() {
        let picture = busy(640, 480);
        let best = encode(&picture, QUALITY_CEILING).unwrap().len();
        let budget = u32::try_from(best * 3 / 4).unwrap();
        let encoded = encode_within(picture, budget).unwrap();
        assert_eq!((encoded.width, encoded.height), (640, 480));
        assert!(encoded.jpeg.len() <= usize::try_from(budget).unwrap());
        assert!(encoded.jpeg.len() > best / 2, "most of the budget is used");
    }

    #[test]
    fn a_budget_too_tight_for_the_floor_makes_the_picture_smaller() {
        let encoded = encode_within(busy(1_600, 900), 150_000).unwrap();
        assert!(encoded.width < 1_600);
        assert!(encoded.jpeg.len() <= 150_000);
    }

    #[test]
    fn an_impossible_budget_is_an_error_and_not_an_endless_search() {
        let refused = encode_within(busy(1_600, 900), 500);
        assert!(matches!(refused, Err(PhotoError::Encode(_))));
    }
}
