//! Decoded pixels: made smaller, turned upright.

use fast_image_resize::images::Image;
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::metadata::Orientation;
use image::{DynamicImage, RgbImage};

use crate::error::PhotoError;

/// An 8-bit RGB picture, rows from the top, without padding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rgb {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) pixels: Vec<u8>,
}

impl Rgb {
    pub(crate) fn long_side(&self) -> u32 {
        self.width.max(self.height)
    }

    /// The same picture with a long side of at most `long_side_px`; never
    /// enlarged. Lanczos keeps thin strokes of a pen; the gain over simpler
    /// filters is visible and costs a few milliseconds.
    pub(crate) fn fit(self, long_side_px: u32) -> Result<Self, PhotoError> {
        let long = self.long_side();
        if long <= long_side_px {
            return Ok(self);
        }
        let width = scaled(self.width, long_side_px, long);
        let height = scaled(self.height, long_side_px, long);
        let broken = |cause: String| PhotoError::Broken(cause);
        let source = Image::from_vec_u8(self.width, self.height, self.pixels, PixelType::U8x3)
            .map_err(|error| broken(error.to_string()))?;
        let mut target = Image::new(width, height, PixelType::U8x3);
        let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
        Resizer::new()
            .resize(&source, &mut target, &options)
            .map_err(|error| broken(error.to_string()))?;
        Ok(Self {
            width,
            height,
            pixels: target.into_vec(),
        })
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

impl From<RgbImage> for Rgb {
    fn from(picture: RgbImage) -> Self {
        Self {
            width: picture.width(),
            height: picture.height(),
            pixels: picture.into_raw(),
        }
    }
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
    fn a_small_picture_is_not_enlarged() {
        let dot = Rgb {
            width: 2,
            height: 3,
            pixels: vec![7; 18],
        };
        assert_eq!(dot.clone().fit(2_000).unwrap(), dot);
    }
}
