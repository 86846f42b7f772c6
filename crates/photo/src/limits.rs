//! Every limit and threshold of this crate, each with its unit and its reason.

/// Longest side of a reading copy, in pixels. An A-plano sheet of 600 × 900 mm
/// keeps 2.2 px per millimetre: digits in their boxes and bubbles stay legible.
pub const READING_COPY_LONG_SIDE_PX: u32 = 2_000;

/// A reading copy's longest side, in pixels, where that is what decoding gave.
/// Half of a 12 megapixel photo is 2,000 to 2,048 px: to bring those to 2,000
/// would cost a tenth of the time, and sharpness, to lose one row in fifty.
pub const READING_COPY_MOST_PX: u32 = 2_050;

/// Most bytes of a reading copy.
pub const READING_COPY_MAX_BYTES: u32 = 300_000;

/// Best JPEG quality a reading copy is encoded with. Above it bytes grow and
/// nothing becomes easier to read.
pub const QUALITY_CEILING: u8 = 85;

/// Worst JPEG quality a reading copy is encoded with. Rather than going below,
/// the picture is made smaller: fewer clean pixels read better than many
/// smeared ones.
pub const QUALITY_FLOOR: u8 = 40;

/// JPEG quality of a thumbnail.
pub const THUMBNAIL_QUALITY: u8 = 75;

/// Most bytes of an original, as the wire allows.
pub const ORIGINAL_MAX_BYTES: usize = 16 * 1024 * 1024;

/// Most pixels of an original. Phones' 12 to 64 megapixels pass; the
/// 108 and 200 megapixel modes exceed [`ORIGINAL_MAX_BYTES`] anyway.
pub const ORIGINAL_MAX_PIXELS: u64 = 80_000_000;

/// Most bytes that decoding may need at once, reckoned from the header before
/// any of them is allocated. A baseline JPEG needs three bytes per pixel, a
/// progressive one six to nine, a 16-bit PNG up to eleven.
pub const DECODE_MAX_BYTES: u64 = 256 * 1024 * 1024;

/// Most pixels that one byte of a JPEG file may stand for. A perfectly even
/// picture reaches about 340; a file beyond this was made to exhaust memory,
/// or next to nothing of it is here.
pub const MAX_PIXELS_PER_BYTE: u64 = 1_000;

/// Most scans of a JPEG. Encoders write up to a dozen; each one costs a pass
/// over the whole picture, so hundreds are an attack on the processor.
pub const MAX_SCANS: usize = 64;

/// Most bytes of EXIF that are looked at. In a JPEG it cannot exceed 64 KiB;
/// in a PNG it could be anything.
pub const EXIF_MAX_BYTES: usize = 128 * 1024;

/// Least share of a cut-off picture that must be there for it to be kept, in
/// percent of its rows. A tenth of a page can still show a row of figures.
pub const KEPT_MIN_PERCENT: u32 = 10;

/// Below this long side of the original, in pixels, a photo is
/// [`Tiny`](crate::Warning::Tiny). Real forms of 900 × 1200 px were just
/// readable.
pub const TINY_LONG_SIDE_PX: u32 = 900;

/// Below this luma of the paper (0 to 255), a photo is
/// [`Dark`](crate::Warning::Dark). The paper of an ordinary photo lies between
/// 130 and 255.
pub const DARK_PAPER_LUMA: u8 = 80;

/// Share of pixels brighter than what is taken for the paper, in percent: the
/// brightest tenth shows paper even when the form fills a corner of the photo.
pub const PAPER_BRIGHTEST_PERCENT: u32 = 10;

/// Long side, in pixels, that a picture is brought to before its sharpness is
/// measured, so that blur counts against the size of the page, not of a pixel.
pub const JUDGED_LONG_SIDE_PX: u32 = 1_000;

/// Below this [`sharpness`](crate::Judgement::sharpness), a photo is
/// [`Blurred`](crate::Warning::Blurred). Two real photos of forms measure 0.65
/// and 0.71. Blurred by a Gaussian until tally strokes just run together
/// (1.7 px at this scale) they measure 0.45 and 0.44, and when digits begin to
/// go as well (2 px) 0.36 and 0.40.
pub const BLURRED_SHARPNESS: f32 = 0.42;

/// Side of the square tiles that sharpness is measured in, in pixels.
pub const TILE_SIDE_PX: usize = 32;

/// Least difference in luma (0 to 255) between the darkest and the brightest
/// of a tile for it to count as written or printed on. Noise stays below it.
pub const INK_MIN_CONTRAST: u16 = 60;

/// Least share of tiles with ink, in per mille, for sharpness to mean
/// anything. A form is full of lines; a photo with fewer shows none of them.
pub const INK_MIN_TILES_PER_MILLE: usize = 10;
