//! The structure of a JPEG file, read without decoding any of it.
//!
//! A walk over the markers tells what the picture claims to be, where its EXIF
//! lies, how many passes it has and whether its end is there. All refusals
//! that protect memory and processor are made from this, before the decoder
//! sees the file. Trailing bytes after the end (phones append previews, depth
//! maps, even films there) are not looked at.

use crate::error::{OtherFormat, PhotoError};
use crate::sniff::{Format, sniff};

/// What a JPEG says about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JpegFacts {
    /// Pixels per row as stored, before any EXIF orientation.
    pub width: u32,
    /// Rows as stored, before any EXIF orientation.
    pub height: u32,
}

/// Whether these bytes are truly a JPEG that this crate can read, by content,
/// and its dimensions. Reads the header only.
///
/// # Errors
/// [`PhotoError`] for what is not a JPEG (a PNG counts as
/// [`PhotoError::NotAnImage`] here: the wire carries JPEG only), has a damaged
/// header, or ends before its first scan.
pub fn inspect(bytes: &[u8]) -> Result<JpegFacts, PhotoError> {
    match sniff(bytes)? {
        Format::Jpeg => {
            let (header, _) = Header::read(bytes)?;
            Ok(JpegFacts {
                width: header.frame.width,
                height: header.frame.height,
            })
        }
        Format::Png => Err(PhotoError::NotAnImage),
    }
}

/// The frame: how the picture is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Frame {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) components: u8,
    pub(crate) progressive: bool,
    /// Samples of all components per 1,000 pixels, from the sampling factors.
    samples_per_mille: u64,
}

/// Everything before the picture's own data.
#[derive(Debug)]
pub(crate) struct Header<'a> {
    pub(crate) frame: Frame,
    /// The TIFF structure of the first EXIF segment.
    pub(crate) exif: Option<&'a [u8]>,
    /// Whether the first scan carries all components.
    interleaved: bool,
}

/// How the picture's data goes on after the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scans {
    /// Passes over the picture that begin in this file.
    pub(crate) begun: usize,
    /// Whether the end of the picture is in the file.
    pub(crate) complete: bool,
}

impl Frame {
    pub(crate) fn pixels(&self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }
}

impl<'a> Header<'a> {
    /// Reads up to the first scan. The rest of the file comes back with it.
    pub(crate) fn read(bytes: &'a [u8]) -> Result<(Self, &'a [u8]), PhotoError> {
        let mut rest = bytes
            .strip_prefix(&[0xFF, 0xD8])
            .ok_or(PhotoError::NotAnImage)?;
        let mut frame = None;
        let mut exif = None;
        loop {
            let (marker, after) = next_marker(rest).ok_or(PhotoError::Truncated)?;
            rest = after;
            match marker {
                0x01 | 0xD0..=0xD8 => continue,
                0xD9 => return Err(broken("it ends before its first scan")),
                _ => {}
            }
            let (segment, after) = split_segment(rest)?;
            rest = after;
            match marker {
                0xC4 | 0xC8 | 0xCC => {}
                0xC0..=0xCF if frame.is_some() => return Err(broken("it has two frames")),
                0xC0..=0xCF => frame = Some(read_frame(marker, segment)?),
                0xE1 if exif.is_none() => exif = segment.strip_prefix(b"Exif\0\0"),
                0xDA => {
                    let frame: Frame = frame.ok_or_else(|| broken("a scan without a frame"))?;
                    let interleaved = segment.first() == Some(&frame.components);
                    let header = Self {
                        frame,
                        exif,
                        interleaved,
                    };
                    return Ok((header, rest));
                }
                _ => {}
            }
        }
    }

    /// Bytes that decoding to RGB needs at once: the picture itself, and, when
    /// it comes in several passes, every coefficient of it.
    pub(crate) fn decode_bytes(&self) -> u64 {
        let pixels = self.frame.pixels();
        let coefficients = if self.frame.progressive || !self.interleaved {
            pixels * self.frame.samples_per_mille / 1_000 * 2
        } else {
            0
        };
        pixels * 3 + coefficients
    }
}

impl Scans {
    /// Walks what follows the first scan's header.
    pub(crate) fn walk(mut rest: &[u8]) -> Self {
        let mut begun = 1;
        while let Some((marker, after)) = next_marker(rest) {
            rest = after;
            match marker {
                // A stuffed zero and restart marks belong to the data.
                0x00 | 0x01 | 0xD0..=0xD8 => continue,
                0xD9 => {
                    return Self {
                        begun,
                        complete: true,
                    };
                }
                0xDA => begun += 1,
                _ => {}
            }
            let Ok((_, after)) = split_segment(rest) else {
                break;
            };
            rest = after;
        }
        Self {
            begun,
            complete: false,
        }
    }
}

/// The next marker byte and what follows it; fill bytes and stray bytes
/// between segments are passed over, as every reader of JPEG does.
pub(crate) fn next_marker(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let start = bytes.iter().position(|byte| *byte == 0xFF)?;
    let mut rest = bytes.get(start..)?;
    while let [0xFF, after @ ..] = rest {
        rest = after;
    }
    let (marker, after) = rest.split_first()?;
    Some((*marker, after))
}

/// A segment's content, by the length it begins with, and what follows it.
pub(crate) fn split_segment(bytes: &[u8]) -> Result<(&[u8], &[u8]), PhotoError> {
    let (length, _) = bytes
        .split_first_chunk::<2>()
        .ok_or(PhotoError::Truncated)?;
    let length = usize::from(u16::from_be_bytes(*length));
    if length < 2 {
        return Err(broken("a segment is shorter than its own length"));
    }
    let (segment, rest) = bytes
        .split_at_checked(length)
        .ok_or(PhotoError::Truncated)?;
    Ok((segment.get(2..).unwrap_or_default(), rest))
}

fn read_frame(marker: u8, segment: &[u8]) -> Result<Frame, PhotoError> {
    let unsupported = |format| Err(PhotoError::UnsupportedFormat(format));
    match marker {
        0xC0..=0xC2 => {}
        0xC9..=0xCB | 0xCD..=0xCF => return unsupported(OtherFormat::ArithmeticJpeg),
        _ => return unsupported(OtherFormat::LosslessJpeg),
    }
    let Some(([precision, h1, h0, w1, w0, components], table)) = segment.split_first_chunk::<6>()
    else {
        return Err(broken("its frame is too short"));
    };
    if *precision != 8 {
        return unsupported(OtherFormat::DeepJpeg);
    }
    let height = u32::from(u16::from_be_bytes([*h1, *h0]));
    let width = u32::from(u16::from_be_bytes([*w1, *w0]));
    if width == 0 || height == 0 {
        return Err(broken("it has no width or no height"));
    }
    if !matches!(*components, 1 | 3 | 4) || table.len() != usize::from(*components) * 3 {
        return Err(broken("its components are not those of a picture"));
    }
    Ok(Frame {
        width,
        height,
        components: *components,
        progressive: marker == 0xC2,
        samples_per_mille: samples_per_mille(table)?,
    })
}

/// How many samples there are per 1,000 pixels: 3,000 without subsampling,
/// 1,500 with the usual one.
fn samples_per_mille(table: &[u8]) -> Result<u64, PhotoError> {
    let (mut widest, mut highest, mut sum) = (0_u64, 0_u64, 0_u64);
    for component in table.chunks_exact(3) {
        let factors = component.get(1).copied().unwrap_or_default();
        let (across, down) = (u64::from(factors >> 4), u64::from(factors & 0x0F));
        if !(1..=4).contains(&across) || !(1..=4).contains(&down) {
            return Err(broken("its sampling factors are out of range"));
        }
        widest = widest.max(across);
        highest = highest.max(down);
        sum += across * down;
    }
    Ok((sum * 1_000).div_ceil((widest * highest).max(1)))
}

fn broken(cause: &str) -> PhotoError {
    PhotoError::Broken(cause.to_owned())
}
