//! Why a file gave no reading copy: a closed list, each with a stable code.
//!
//! Somebody branches on every one of these: the screen tells the witness what
//! to do (take another photo, switch the camera from HEIC to JPEG, lower its
//! resolution). Causes are prose for the log.

use thiserror::Error;

use crate::limits;

/// Why a file could not be used as a photo.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PhotoError {
    /// A file of 0 bytes: the camera was closed before it wrote.
    #[error("the file is empty")]
    Empty,
    /// Not a picture by its content, whatever its name says.
    #[error("the file is not a picture")]
    NotAnImage,
    /// HEIC or HEIF, which some phones write unless told to write JPEG.
    #[error("the picture is HEIC; the camera must be set to JPEG")]
    Heic,
    /// A picture, or something like one, of a kind that is not read here.
    #[error("pictures of kind {0} are not read")]
    UnsupportedFormat(OtherFormat),
    /// The file ends before anything useful of the picture arrived.
    #[error("the file ends before the picture does")]
    Truncated,
    /// The file claims to be a picture and its inside is damaged.
    #[error("the picture is damaged: {0}")]
    Broken(String),
    /// More bytes than an original may have.
    #[error(
        "the file has {size_bytes} bytes; at most {} are read",
        limits::ORIGINAL_MAX_BYTES
    )]
    TooLarge {
        /// Bytes of the file.
        size_bytes: usize,
    },
    /// More pixels than a photo may have.
    #[error(
        "the picture has {pixels} pixels; at most {} are read",
        limits::ORIGINAL_MAX_PIXELS
    )]
    TooManyPixels {
        /// Pixels according to the header.
        pixels: u64,
    },
    /// Few enough pixels, yet stored in a way that takes too much memory.
    #[error(
        "decoding would need {needed_bytes} bytes; at most {} are given",
        limits::DECODE_MAX_BYTES
    )]
    TooMuchMemory {
        /// Bytes that decoding would need.
        needed_bytes: u64,
    },
    /// A file made to exhaust the reader: a huge picture in a few bytes, or
    /// hundreds of passes over one.
    #[error("the file claims more than its bytes can hold")]
    Bomb,
    /// The reading copy could not be written.
    #[error("the reading copy could not be encoded: {0}")]
    Encode(String),
}

impl PhotoError {
    /// Every code that [`PhotoError::code`] can give, so that a screen's
    /// sentences can be checked for completeness.
    pub const CODES: [&'static str; 11] = [
        "empty",
        "not_an_image",
        "heic",
        "unsupported_format",
        "truncated",
        "broken",
        "too_large",
        "too_many_pixels",
        "too_much_memory",
        "bomb",
        "encode",
    ];

    /// The stable code of this error, for screens and logs.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NotAnImage => "not_an_image",
            Self::Heic => "heic",
            Self::UnsupportedFormat(_) => "unsupported_format",
            Self::Truncated => "truncated",
            Self::Broken(_) => "broken",
            Self::TooLarge { .. } => "too_large",
            Self::TooManyPixels { .. } => "too_many_pixels",
            Self::TooMuchMemory { .. } => "too_much_memory",
            Self::Bomb => "bomb",
            Self::Encode(_) => "encode",
        }
    }
}

/// What a file is when it is recognised and not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OtherFormat {
    /// GIF, animated or not.
    Gif,
    /// WebP, animated or not.
    Webp,
    /// AVIF.
    Avif,
    /// BMP.
    Bmp,
    /// TIFF, and the raw formats built on it.
    Tiff,
    /// PDF: a scan, not a photo.
    Pdf,
    /// MP4, MOV and their relatives.
    Video,
    /// JPEG XL.
    JpegXl,
    /// JPEG 2000.
    Jpeg2000,
    /// PNG with several frames.
    AnimatedPng,
    /// JPEG with arithmetic coding, which no camera writes.
    ArithmeticJpeg,
    /// Lossless or hierarchical JPEG, as 12- and 16-bit pictures use.
    LosslessJpeg,
    /// JPEG with more than 8 bits per sample.
    DeepJpeg,
}

impl std::fmt::Display for OtherFormat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Gif => "GIF",
            Self::Webp => "WebP",
            Self::Avif => "AVIF",
            Self::Bmp => "BMP",
            Self::Tiff => "TIFF",
            Self::Pdf => "PDF",
            Self::Video => "video",
            Self::JpegXl => "JPEG XL",
            Self::Jpeg2000 => "JPEG 2000",
            Self::AnimatedPng => "animated PNG",
            Self::ArithmeticJpeg => "arithmetic JPEG",
            Self::LosslessJpeg => "lossless JPEG",
            Self::DeepJpeg => "12- or 16-bit JPEG",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_of_codes_names_every_error_once() {
        let all = [
            PhotoError::Empty,
            PhotoError::NotAnImage,
            PhotoError::Heic,
            PhotoError::UnsupportedFormat(OtherFormat::Gif),
            PhotoError::Truncated,
            PhotoError::Broken(String::new()),
            PhotoError::TooLarge { size_bytes: 0 },
            PhotoError::TooManyPixels { pixels: 0 },
            PhotoError::TooMuchMemory { needed_bytes: 0 },
            PhotoError::Bomb,
            PhotoError::Encode(String::new()),
        ];
        let codes: Vec<_> = all.iter().map(PhotoError::code).collect();
        assert_eq!(codes, PhotoError::CODES);
    }
}
