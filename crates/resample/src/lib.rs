//! Pictures of another size.
//!
//! A crate of its own because of what it costs to compile: the filters of
//! `fast_image_resize` are made for every precision and instruction set where
//! they are called, which takes minutes. Here that happens once, for the two
//! kinds of pixels that are used, and not again when `photo` changes or is
//! tested. There is no decoding and no judgement here.

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::{InnerPixel, U8, U8x3};
use fast_image_resize::{FilterType, PixelTrait, ResizeAlg, ResizeOptions, Resizer};

/// Width and height in pixels.
pub type Size = (u32, u32);

/// How a pixel follows from those that it stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Filter {
    /// Catmull-Rom keeps thin strokes of a pen nearly as well as Lanczos does,
    /// in two thirds of the time and with fewer bytes spent on ringing.
    Fine,
    /// The mean of its share.
    Mean,
}

/// The bytes are not a picture of that size, or there is no memory for one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a picture could not be made of another size: {0}")]
pub struct ResampleError(String);

/// An 8-bit RGB picture, rows from the top without padding, in another size.
///
/// # Errors
/// [`ResampleError`].
pub fn rgb(bytes: &[u8], from: Size, to: Size, filter: Filter) -> Result<Vec<u8>, ResampleError> {
    resized::<U8x3>(bytes, from, to, filter)
}

/// An 8-bit grey picture, rows from the top without padding, in another size.
///
/// # Errors
/// [`ResampleError`].
pub fn grey(bytes: &[u8], from: Size, to: Size, filter: Filter) -> Result<Vec<u8>, ResampleError> {
    resized::<U8>(bytes, from, to, filter)
}

fn resized<P: InnerPixel + PixelTrait>(
    bytes: &[u8],
    (from_width, from_height): Size,
    (width, height): Size,
    filter: Filter,
) -> Result<Vec<u8>, ResampleError> {
    let failed = |cause: &dyn std::fmt::Display| ResampleError(cause.to_string());
    let source = TypedImageRef::<P>::from_buffer(from_width, from_height, bytes)
        .map_err(|cause| failed(&cause))?;
    let pixel_bytes = u64::try_from(P::size()).map_err(|cause| failed(&cause))?;
    let size_bytes = u64::from(width)
        .checked_mul(u64::from(height))
        .and_then(|pixels| pixels.checked_mul(pixel_bytes))
        .ok_or_else(|| failed(&"too large"))?;
    let mut bytes = vec![0; usize::try_from(size_bytes).map_err(|cause| failed(&cause))?];
    let mut target =
        TypedImage::<P>::from_buffer(width, height, &mut bytes).map_err(|cause| failed(&cause))?;
    let filter = match filter {
        Filter::Fine => FilterType::CatmullRom,
        Filter::Mean => FilterType::Box,
    };
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter));
    Resizer::new()
        .resize_typed(&source, &mut target, &options)
        .map_err(|cause| failed(&cause))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plain_picture_stays_plain_in_any_size() {
        let grey_one = vec![77; 40 * 30];
        for to in [(20, 15), (1, 1), (80, 60)] {
            for filter in [Filter::Fine, Filter::Mean] {
                let other = grey(&grey_one, (40, 30), to, filter).unwrap();
                assert_eq!(other, vec![77; (to.0 * to.1) as usize]);
            }
        }
        let colour = [10, 20, 30].repeat(40 * 30);
        let other = rgb(&colour, (40, 30), (10, 10), Filter::Fine).unwrap();
        assert_eq!(other, [10, 20, 30].repeat(100));
    }

    #[test]
    fn fewer_bytes_than_the_size_says_are_no_picture() {
        assert!(rgb(&[0; 10], (40, 30), (10, 10), Filter::Fine).is_err());
    }
}
