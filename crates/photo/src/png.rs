//! PNG in: screenshots and pictures from pickers that convert.
//!
//! The wire carries JPEG only, so a PNG gives a reading copy and its original
//! stays on the phone. Unlike a JPEG, a damaged PNG is not kept in part: no
//! camera writes it, so it is not a form's only photo.

use std::io::Cursor;

use image::codecs::png::PngDecoder;
use image::error::ImageError;
use image::{DynamicImage, ImageDecoder, Limits, RgbImage, Rgba};

use crate::decode::{Decoded, check_size};
use crate::error::{OtherFormat, PhotoError};
use crate::exif::{self, ExifFacts};
use crate::limits;
use crate::pixels::Rgb;
use crate::sniff::Format;

pub(crate) fn decode(bytes: &[u8]) -> Result<Decoded, PhotoError> {
    let mut bounds = Limits::default();
    bounds.max_alloc = Some(limits::DECODE_MAX_BYTES);
    let mut decoder = PngDecoder::with_limits(Cursor::new(bytes), bounds).map_err(closed)?;
    if decoder.is_apng().map_err(closed)? {
        return Err(PhotoError::UnsupportedFormat(OtherFormat::AnimatedPng));
    }
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    check_size(pixels, decoder.total_bytes().saturating_add(pixels * 3))?;
    let exif = match decoder.exif_metadata() {
        Ok(Some(tiff)) => exif::read(&tiff),
        _ => ExifFacts::default(),
    };
    let picture = DynamicImage::from_decoder(decoder).map_err(closed)?;
    Ok(Decoded {
        rgb: Rgb::from(on_white(picture)),
        stored: (width, height),
        exif,
        format: Format::Png,
        partial: false,
    })
}

/// 8-bit RGB, with transparent parts laid on white paper.
fn on_white(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let picture = picture.into_rgba8();
    let mut opaque = RgbImage::new(picture.width(), picture.height());
    for (to, Rgba([r, g, b, alpha])) in opaque.pixels_mut().zip(picture.pixels()) {
        to.0 = [*r, *g, *b].map(|channel| over_white(channel, *alpha));
    }
    opaque
}

fn over_white(channel: u8, alpha: u8) -> u8 {
    let (channel, alpha) = (u16::from(channel), u16::from(alpha));
    // A weighted mean of two bytes is a byte.
    u8::try_from((channel * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
}

fn closed(error: ImageError) -> PhotoError {
    match error {
        ImageError::Limits(_) => PhotoError::TooMuchMemory {
            needed_bytes: limits::DECODE_MAX_BYTES.saturating_add(1),
        },
        ImageError::IoError(cause) if cause.kind() == std::io::ErrorKind::UnexpectedEof => {
            PhotoError::Truncated
        }
        other => PhotoError::Broken(other.to_string()),
    }
}
