//! Decoded pixels: made smaller, turned upright.

use image::metadata::Orientation;
use image::{DynamicImage, RgbImage};
use resample::{Filter, ResampleError};

use crate::error::PhotoError;
use crate::limits::{READING_COPY_LONG_SIDE_PX, READING_COPY_MOST_PX};

/// An 8-bit RGB picture, rows from the top, without padding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rgb {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) pixels: Vec<u8>,
}

/// The brightness of a picture, one byte per pixel.
pub(crate) struct Luma {
    pub(crate) width: u32,
    pub(crate) values: Vec<u8>,
}

impl Rgb {
    pub(crate) fn long_side(&self) -> u32 {
        self.width.max(self.height)
    }

    /// The same picture with a long side of at most `long_side_px`; never
    /// enlarged.
    pub(crate) fn fit(self, long_side_px: u32) -> Result<Self, PhotoError> {
        if self.long_side() <= long_side_px {
            return Ok(self);
        }
        let (width, height) = shrunk((self.width, self.height), long_side_px);
        // A vast picture is halved where it lies: the filter wants room beside
        // it, and twice as many pixels as are wanted lose nothing.
        let mut near = self;
        while near.long_side() / 4 >= long_side_px {
            near = near.halved();
        }
        let from = (near.width, near.height);
        let pixels = resample::rgb(&near.pixels, from, (width, height), Filter::Fine)?;
        Ok(Self {
            width,
            height,
            pixels,
        })
    }

    /// At the size of a reading copy: as it is when it is hardly larger.
    pub(crate) fn fit_reading_copy(self) -> Result<Self, PhotoError> {
        if self.long_side() <= READING_COPY_MOST_PX {
            return Ok(self);
        }
        self.fit(READING_COPY_LONG_SIDE_PX)
    }

    /// The picture with half as many pixels along each side, each the mean of
    /// four, in the same memory; beyond an odd edge the last pixels go on.
    fn halved(mut self) -> Self {
        let side = |pixels: u32| usize::try_from(pixels).unwrap_or(usize::MAX);
        let (row_px, rows) = (side(self.width), side(self.height));
        let last = (row_px.saturating_sub(1), rows.saturating_sub(1));
        let mut to = 0;
        for row in (0..rows).step_by(2) {
            for column in (0..row_px).step_by(2) {
                // What is written lies before everything that is yet to read.
                for channel in 0..3 {
                    let at = |column: usize, row: usize| {
                        let place = (row.min(last.1) * row_px + column.min(last.0)) * 3 + channel;
                        u16::from(self.pixels.get(place).copied().unwrap_or_default())
                    };
                    let sum = at(column, row)
                        + at(column + 1, row)
                        + at(column, row + 1)
                        + at(column + 1, row + 1);
                    let mean = u8::try_from((sum + 2) / 4).unwrap_or(u8::MAX);
                    if let Some(pixel) = self.pixels.get_mut(to) {
                        *pixel = mean;
                    }
                    to += 1;
                }
            }
        }
        self.pixels.truncate(to);
        self.pixels.shrink_to_fit();
        Self {
            width: self.width.div_ceil(2),
            height: self.height.div_ceil(2),
            pixels: self.pixels,
        }
    }

    /// The brightness of the picture alone, with a long side of at most
    /// `long_side_px`.
    pub(crate) fn luma_within(&self, long_side_px: u32) -> Result<Luma, PhotoError> {
        let values = luma(&self.pixels);
        if self.long_side() <= long_side_px {
            return Ok(Luma {
                width: self.width,
                values,
            });
        }
        let (width, height) = shrunk((self.width, self.height), long_side_px);
        let from = (self.width, self.height);
        let values = resample::grey(&values, from, (width, height), Filter::Fine)?;
        Ok(Luma { width, values })
    }

    /// The brightness of the picture at exactly this many places across and
    /// down, each the mean of its share.
    pub(crate) fn luma_exactly(&self, width: u32, height: u32) -> Result<Vec<u8>, PhotoError> {
        let from = (self.width, self.height);
        Ok(resample::grey(
            &luma(&self.pixels),
            from,
            (width, height),
            Filter::Mean,
        )?)
    }

    /// The picture as it was seen, by what EXIF says of the camera's position.
    pub(crate) fn upright(self, orientation: Orientation) -> Result<Self, PhotoError> {
        if orientation == Orientation::NoTransforms {
            return Ok(self);
        }
        let picture = RgbImage::from_raw(self.width, self.height, self.pixels)
            .ok_or_else(|| PhotoError::Broken("fewer pixels than declared".to_owned()))?;
        let mut picture = DynamicImage::ImageRgb8(picture);
        picture.apply_orientation(orientation);
        Ok(Self::from(picture.into_rgb8()))
    }
}

impl From<ResampleError> for PhotoError {
    fn from(cause: ResampleError) -> Self {
        Self::Broken(cause.to_string())
    }
}

impl From<RgbImage> for Rgb {
    fn from(picture: RgbImage) -> Self {
        Self {
            width: picture.width(),
            height: picture.height(),
            pixels: picture.into_raw(),
        }
    }
}

/// Rec. 601 luma in 8-bit fixed point: the weights sum to 256, so the high
/// byte of the sum is the luma.
fn luma(rgb: &[u8]) -> Vec<u8> {
    let (pixels, _) = rgb.as_chunks::<3>();
    pixels
        .iter()
        .map(|[r, g, b]| {
            let sum = 77 * u16::from(*r) + 150 * u16::from(*g) + 29 * u16::from(*b);
            let [high, _] = sum.to_be_bytes();
            high
        })
        .collect()
}

/// Width and height of a picture with a long side of `long_side_px`.
fn shrunk((width, height): (u32, u32), long_side_px: u32) -> (u32, u32) {
    let long = width.max(height);
    (
        scaled(width, long_side_px, long),
        scaled(height, long_side_px, long),
    )
}

/// `side × target ÷ long`, rounded, at least 1.
fn scaled(side: u32, target: u32, long: u32) -> u32 {
    let (side, target, long) = (u64::from(side), u64::from(target), u64::from(long.max(1)));
    let rounded = (side * target + long / 2) / long;
    u32::try_from(rounded).unwrap_or(u32::MAX).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strip_of_one_row_keeps_its_row() {
        let strip = Rgb {
            width: 60_000,
            height: 1,
            pixels: vec![200; 180_000],
        };
        let small = strip.fit(2_000).unwrap();
        assert_eq!((small.width, small.height), (2_000, 1));
    }

    #[test]
    fn a_vast_picture_is_halved_where_it_lies_and_odd_edges_go_on() {
        let grey = |values: &[u8]| values.iter().flat_map(|value| [*value; 3]).collect();
        let picture = Rgb {
            width: 3,
            height: 3,
            pixels: grey(&[0, 4, 90, 8, 12, 110, 40, 60, 200]),
        };
        let halved = picture.halved();
        assert_eq!((halved.width, halved.height), (2, 2));
        assert_eq!(halved.pixels, grey(&[6, 100, 50, 200]));
    }

    #[test]
    fn a_small_picture_is_not_enlarged() {
        let dot = Rgb {
            width: 2,
            height: 3,
            pixels: vec![7; 18],
        };
        assert_eq!(dot.clone().fit(2_000).unwrap(), dot);
    }
}
