//! What the camera wrote beside the picture: which way is up, and when.
//!
//! Everything else in EXIF (place, phone, owner, thumbnail) is neither read
//! nor passed on. Damaged EXIF is no reason to refuse a photo: what cannot be
//! read is taken as absent.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime};
use exif::{In, Tag};
use image::metadata::Orientation;

use crate::limits::EXIF_MAX_BYTES;

/// When the camera says the photo was taken: local time of the phone, and its
/// distance from UTC if the camera wrote it (older phones do not).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakenAt {
    /// Wall-clock time of the phone, to the second.
    pub local: NaiveDateTime,
    /// The phone's distance from UTC, if it was written.
    pub offset: Option<FixedOffset>,
}

impl TakenAt {
    /// The moment itself, with `fallback` as the distance from UTC when the
    /// camera wrote none. `None` only at the very edge of the calendar.
    #[must_use]
    pub fn or_offset(&self, fallback: FixedOffset) -> Option<DateTime<FixedOffset>> {
        self.local
            .and_local_timezone(self.offset.unwrap_or(fallback))
            .single()
    }
}

/// What is used of a photo's EXIF.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ExifFacts {
    pub(crate) orientation: Orientation,
    pub(crate) taken_at: Option<TakenAt>,
}

impl Default for ExifFacts {
    fn default() -> Self {
        Self {
            orientation: Orientation::NoTransforms,
            taken_at: None,
        }
    }
}

/// Reads the TIFF structure that EXIF is, as far as it can be read.
pub(crate) fn read(tiff: &[u8]) -> ExifFacts {
    if tiff.len() > EXIF_MAX_BYTES {
        return ExifFacts::default();
    }
    let Ok(exif) = exif::Reader::new()
        .continue_on_error(true)
        .read_raw(tiff.to_vec())
        .or_else(|error| error.distill_partial_result(|_| ()))
    else {
        return ExifFacts::default();
    };
    let orientation = exif
        .get_field(Tag::Orientation, In::PRIMARY)
        .and_then(|field| field.value.get_uint(0))
        .and_then(|value| u8::try_from(value).ok())
        .and_then(Orientation::from_exif)
        .unwrap_or(Orientation::NoTransforms);
    ExifFacts {
        orientation,
        taken_at: taken_at(&exif),
    }
}

fn taken_at(exif: &exif::Exif) -> Option<TakenAt> {
    let mut written = exif::DateTime::from_ascii(ascii(exif, Tag::DateTimeOriginal)?).ok()?;
    if let Some(offset) = ascii(exif, Tag::OffsetTimeOriginal) {
        // A damaged offset leaves the time itself standing.
        let _ = written.parse_offset(offset);
    }
    let local = NaiveDate::from_ymd_opt(
        i32::from(written.year),
        u32::from(written.month),
        u32::from(written.day),
    )?
    .and_hms_opt(
        u32::from(written.hour),
        u32::from(written.minute),
        u32::from(written.second),
    )?;
    let offset = written
        .offset
        .and_then(|minutes| FixedOffset::east_opt(i32::from(minutes) * 60));
    Some(TakenAt { local, offset })
}

fn ascii(exif: &exif::Exif, tag: Tag) -> Option<&[u8]> {
    match &exif.get_field(tag, In::PRIMARY)?.value {
        exif::Value::Ascii(lines) => lines.first().map(Vec::as_slice),
        _ => None,
    }
}
