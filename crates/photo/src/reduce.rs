//! The two journeys of a photo: to its reading copy, and to a thumbnail.

use sha2::{Digest, Sha256};

use crate::decode::{Decoded, decode};
use crate::encode::{encode, encode_within};
use crate::error::PhotoError;
use crate::exif::TakenAt;
use crate::judge::{Judgement, judge};
use crate::limits::{READING_COPY_LONG_SIDE_PX, READING_COPY_MAX_BYTES, THUMBNAIL_QUALITY};
use crate::sniff::Format;

/// What names a file on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFacts {
    /// SHA-256 of the bytes, 64 lower-case hexadecimal digits.
    pub sha256: String,
    /// How many bytes there are.
    pub size_bytes: usize,
}

/// What is known of the camera's own file, which is not changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OriginalFacts {
    /// Hash and length.
    pub file: FileFacts,
    /// Width in pixels, upright.
    pub width: u32,
    /// Height in pixels, upright.
    pub height: u32,
    /// Whether it is a JPEG. The wire carries no other originals, so one that
    /// is not stays on the phone and is not announced.
    pub is_jpeg: bool,
    /// When the camera says it was taken, if it says so.
    pub taken_at: Option<TakenAt>,
}

/// A photo made small enough to deliver and clear enough to read.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadingCopy {
    /// The copy: progressive JPEG, upright, without metadata.
    pub jpeg: Vec<u8>,
    /// Hash and length of the copy.
    pub file: FileFacts,
    /// Width of the copy in pixels.
    pub width: u32,
    /// Height of the copy in pixels.
    pub height: u32,
    /// What is known of the original.
    pub original: OriginalFacts,
    /// Whether it can be read.
    pub judgement: Judgement,
}

/// Makes the reading copy of a camera's file.
///
/// Takes 100 to 300 ms and about 60 MB for 12 megapixels: call it off the
/// window's thread.
///
/// # Errors
/// [`PhotoError`] when the bytes are no photo that can be read within the
/// crate's limits. Poor photos are no error: see
/// [`Judgement::warnings`].
pub fn reduce(original_bytes: &[u8]) -> Result<ReadingCopy, PhotoError> {
    let Decoded {
        rgb,
        stored,
        exif,
        format,
        partial,
    } = decode(original_bytes, READING_COPY_LONG_SIDE_PX)?;
    let original_long_side_px = stored.0.max(stored.1);
    let copy = rgb.fit_reading_copy()?.upright(exif.orientation)?;
    let judgement = judge(&copy, original_long_side_px, partial)?;
    let encoded = encode_within(copy, READING_COPY_MAX_BYTES)?;
    let (width, height) = upright_size(stored, exif.orientation);
    Ok(ReadingCopy {
        file: file_facts(&encoded.jpeg),
        width: encoded.width,
        height: encoded.height,
        jpeg: encoded.jpeg,
        original: OriginalFacts {
            file: file_facts(original_bytes),
            width,
            height,
            is_jpeg: format == Format::Jpeg,
            taken_at: exif.taken_at,
        },
        judgement,
    })
}

/// A small upright JPEG of a photo, with a long side of at most
/// `long_side_px`, never enlarged, without metadata.
///
/// # Errors
/// As [`reduce`].
pub fn thumbnail(jpeg_bytes: &[u8], long_side_px: u32) -> Result<Vec<u8>, PhotoError> {
    let long_side_px = long_side_px.max(1);
    let decoded = decode(jpeg_bytes, long_side_px)?;
    let small = decoded
        .rgb
        .fit(long_side_px)?
        .upright(decoded.exif.orientation)?;
    encode(&small, THUMBNAIL_QUALITY)
}

fn file_facts(bytes: &[u8]) -> FileFacts {
    FileFacts {
        sha256: hex::encode(Sha256::digest(bytes)),
        size_bytes: bytes.len(),
    }
}

/// Width and height as seen: the four orientations on their side swap them.
fn upright_size(
    (width, height): (u32, u32),
    orientation: image::metadata::Orientation,
) -> (u32, u32) {
    if orientation.to_exif() >= 5 {
        (height, width)
    } else {
        (width, height)
    }
}
