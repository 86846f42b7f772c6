//! What a file is by its first bytes. Names and endings are never believed:
//! pickers and messengers rename files freely.

use crate::error::{OtherFormat, PhotoError};

/// The two kinds of file that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Jpeg,
    Png,
}

const PNG_SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Other kinds, by the bytes they begin with.
const OTHERS: [(&[u8], OtherFormat); 8] = [
    (b"GIF8", OtherFormat::Gif),
    (b"BM", OtherFormat::Bmp),
    (b"II*\0", OtherFormat::Tiff),
    (b"MM\0*", OtherFormat::Tiff),
    (b"%PDF", OtherFormat::Pdf),
    (b"\xff\x0a", OtherFormat::JpegXl),
    (b"\0\0\0\x0cJXL ", OtherFormat::JpegXl),
    (b"\0\0\0\x0cjP  ", OtherFormat::Jpeg2000),
];

/// What the bytes are, or why they are not read.
pub(crate) fn sniff(bytes: &[u8]) -> Result<Format, PhotoError> {
    if bytes.is_empty() {
        return Err(PhotoError::Empty);
    }
    if bytes.starts_with(&[0xFF, 0xD8]) {
        return Ok(Format::Jpeg);
    }
    if bytes.starts_with(PNG_SIGNATURE) {
        return Ok(Format::Png);
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Err(PhotoError::UnsupportedFormat(OtherFormat::Webp));
    }
    if bytes.get(4..8) == Some(b"ftyp") {
        return Err(boxed_format(bytes.get(8..12).unwrap_or_default()));
    }
    Err(OTHERS
        .iter()
        .find(|(magic, _)| bytes.starts_with(magic))
        .map_or(PhotoError::NotAnImage, |(_, format)| {
            PhotoError::UnsupportedFormat(*format)
        }))
}

/// HEIC, AVIF and films share one container; its brand tells them apart.
fn boxed_format(brand: &[u8]) -> PhotoError {
    match brand {
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1" => {
            PhotoError::Heic
        }
        b"avif" | b"avis" => PhotoError::UnsupportedFormat(OtherFormat::Avif),
        _ => PhotoError::UnsupportedFormat(OtherFormat::Video),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_renamed_file_is_known_by_its_content() {
        let refused = |bytes: &[u8]| sniff(bytes).unwrap_err();
        let other = PhotoError::UnsupportedFormat;
        assert_eq!(refused(b""), PhotoError::Empty);
        assert_eq!(refused(b"<html>login"), PhotoError::NotAnImage);
        assert_eq!(refused(b"GIF89a...."), other(OtherFormat::Gif));
        assert_eq!(refused(b"RIFF\x01\0\0\0WEBPVP8X"), other(OtherFormat::Webp));
        assert_eq!(refused(b"\0\0\0\x18ftypheic"), PhotoError::Heic);
        assert_eq!(refused(b"\0\0\0\x18ftypmif1"), PhotoError::Heic);
        assert_eq!(refused(b"\0\0\0\x18ftypavif"), other(OtherFormat::Avif));
        assert_eq!(refused(b"\0\0\0\x18ftypmp42"), other(OtherFormat::Video));
        assert_eq!(refused(b"%PDF-1.7"), other(OtherFormat::Pdf));
        assert_eq!(sniff(b"\xff\xd8\xff\xe0"), Ok(Format::Jpeg));
        assert_eq!(sniff(PNG_SIGNATURE), Ok(Format::Png));
    }
}
