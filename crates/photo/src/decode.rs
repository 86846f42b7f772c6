//! From a file's bytes to pixels, within bounds, keeping what is there.
//!
//! Decoding stops early in one case only: nothing useful came out. A JPEG
//! whose end is missing (the battery died, the copy was interrupted) is kept
//! with a mark when its baseline rows reach at least
//! [`KEPT_MIN_PERCENT`](crate::limits::KEPT_MIN_PERCENT), or when a
//! progressive one has at least one whole pass: a coarse photo of a form is
//! evidence too. The missing part shows as flat grey, so that nobody takes it
//! for paper.

use std::panic::{AssertUnwindSafe, catch_unwind};

use zune_jpeg::JpegDecoder;
use zune_jpeg::zune_core::bytestream::ZCursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

use crate::error::PhotoError;
use crate::exif::{self, ExifFacts};
use crate::jpeg::{Frame, Header, Scans};
use crate::limits;
use crate::pixels::Rgb;
use crate::png;
use crate::scaled;
use crate::sniff::{Format, sniff};

/// The grey that stands for rows that are not in the file.
const MISSING_GREY: u8 = 128;

/// A decoded photo, not yet turned upright.
pub(crate) struct Decoded {
    /// The pixels; fewer than stored when fewer were asked for.
    pub(crate) rgb: Rgb,
    /// Width and height in pixels as stored.
    pub(crate) stored: (u32, u32),
    pub(crate) exif: ExifFacts,
    pub(crate) format: Format,
    /// The end of the picture is missing.
    pub(crate) partial: bool,
}

/// Decodes a JPEG or a PNG. Where that saves work, a picture larger than
/// `wanted_px` comes out smaller, with a long side of at least that.
pub(crate) fn decode(bytes: &[u8], wanted_px: u32) -> Result<Decoded, PhotoError> {
    let format = sniff(bytes)?;
    if bytes.len() > limits::ORIGINAL_MAX_BYTES {
        return Err(PhotoError::TooLarge {
            size_bytes: bytes.len(),
        });
    }
    match format {
        Format::Jpeg => decode_jpeg(bytes, wanted_px),
        Format::Png => contained(|| png::decode(bytes))?,
    }
}

/// Refuses what has more pixels, or needs more memory, than is given.
pub(crate) fn check_size(pixels: u64, needed_bytes: u64) -> Result<(), PhotoError> {
    if pixels > limits::ORIGINAL_MAX_PIXELS {
        return Err(PhotoError::TooManyPixels { pixels });
    }
    if needed_bytes > limits::DECODE_MAX_BYTES {
        return Err(PhotoError::TooMuchMemory { needed_bytes });
    }
    Ok(())
}

fn decode_jpeg(bytes: &[u8], wanted_px: u32) -> Result<Decoded, PhotoError> {
    let (header, data) = Header::read(bytes)?;
    let frame = header.frame;
    check_size(frame.pixels(), header.decode_bytes())?;
    let scans = Scans::walk(data);
    let file_bytes = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if frame.pixels() > file_bytes.saturating_mul(limits::MAX_PIXELS_PER_BYTE)
        || scans.begun > limits::MAX_SCANS
    {
        return Err(PhotoError::Bomb);
    }
    let (rgb, missing_rows) = match decode_smaller(bytes, frame, scans, wanted_px) {
        Some(rgb) => (rgb, 0),
        None => decode_frame(bytes, frame, scans)?,
    };
    Ok(Decoded {
        rgb,
        stored: (frame.width, frame.height),
        exif: header.exif.map(exif::read).unwrap_or_default(),
        format: Format::Jpeg,
        partial: missing_rows > 0 || !scans.complete,
    })
}

/// The pixels of a whole, plain JPEG straight at a smaller size.
fn decode_smaller(bytes: &[u8], frame: Frame, scans: Scans, wanted_px: u32) -> Option<Rgb> {
    if frame.progressive || !scans.complete || scans.begun != 1 {
        return None;
    }
    let eighths = scaled::eighths(frame.width.max(frame.height), wanted_px)?;
    contained(|| scaled::decode(bytes, eighths)).ok().flatten()
}

/// The pixels, and how many rows at the bottom are missing.
fn decode_frame(bytes: &[u8], frame: Frame, scans: Scans) -> Result<(Rgb, u32), PhotoError> {
    if frame.progressive && !scans.complete && scans.begun < 2 {
        return Err(PhotoError::Truncated);
    }
    let row_bytes = to_usize(frame.width) * 3;
    let mut pixels = vec![0; row_bytes * to_usize(frame.height)];
    let outcome = contained(|| run_decoder(bytes, frame, &mut pixels)).and_then(|result| result);
    let filled_with = match outcome {
        Ok(()) => MISSING_GREY,
        // The decoder gave up and left the rest as it was allocated.
        Err(_) => 0,
    };
    let missing_rows = grey_over(&mut pixels, row_bytes, filled_with);
    if missing_rows == frame.height && scans.complete && outcome.is_ok() {
        // A whole picture that really is of this grey all over.
        return Ok((into_rgb(frame, pixels), 0));
    }
    let kept_rows = u64::from(frame.height - missing_rows);
    let enough = u64::from(frame.height) * u64::from(limits::KEPT_MIN_PERCENT);
    if kept_rows * 100 >= enough && kept_rows > 0 {
        return Ok((into_rgb(frame, pixels), missing_rows));
    }
    match outcome {
        _ if !scans.complete => Err(PhotoError::Truncated),
        Err(error) => Err(error),
        Ok(()) => Err(PhotoError::Broken("hardly any of it decodes".to_owned())),
    }
}

fn into_rgb(frame: Frame, pixels: Vec<u8>) -> Rgb {
    Rgb {
        width: frame.width,
        height: frame.height,
        pixels,
    }
}

fn run_decoder(bytes: &[u8], frame: Frame, pixels: &mut [u8]) -> Result<(), PhotoError> {
    let broken = |error: zune_jpeg::errors::DecodeErrors| PhotoError::Broken(error.to_string());
    let options = DecoderOptions::default()
        .set_strict_mode(false)
        .set_max_width(to_usize(frame.width))
        .set_max_height(to_usize(frame.height))
        .jpeg_set_max_scans(limits::MAX_SCANS)
        .jpeg_set_out_colorspace(ColorSpace::RGB);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), options);
    decoder.decode_headers().map_err(broken)?;
    // The decoder reads the header for itself; what was checked above must be
    // what it is about to allocate for.
    if decoder.output_buffer_size() != Some(pixels.len()) {
        return Err(PhotoError::Broken("its header is ambiguous".to_owned()));
    }
    decoder.decode_into(pixels).map_err(broken)
}

/// Counts the rows at the bottom that are wholly `filler`, and paints them in
/// the grey of missing rows.
fn grey_over(pixels: &mut [u8], row_bytes: usize, filler: u8) -> u32 {
    let mut missing = 0;
    for row in pixels.rchunks_exact_mut(row_bytes.max(1)) {
        if row.iter().any(|byte| *byte != filler) {
            break;
        }
        row.fill(MISSING_GREY);
        missing += 1;
    }
    missing
}

/// Runs a decoder so that a fault inside it on a damaged file is an error like
/// any other. The decoders are safe code that promises not to panic; this
/// holds when a promise is broken, because a witness's app must not fall over
/// a photo.
fn contained<T>(run: impl FnOnce() -> T) -> Result<T, PhotoError> {
    catch_unwind(AssertUnwindSafe(run))
        .map_err(|_| PhotoError::Broken("the decoder stopped on it".to_owned()))
}

fn to_usize(side: u32) -> usize {
    usize::try_from(side).unwrap_or(usize::MAX)
}
