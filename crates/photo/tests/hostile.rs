//! Files that are no photo, or were one, or want to be the phone's end.
#![expect(
    clippy::unwrap_used,
    reason = "test code outside of test functions; a failure here is a failed test"
)]

mod common;

use common::{Picture, claiming, exif, markers, place_of, png_chunk};
use photo::limits::ORIGINAL_MAX_BYTES;
use photo::page::{find_sheet, read_page};
use photo::{Likeness, OtherFormat, PhotoError, ReadingCopy, Warning, inspect, reduce, thumbnail};
use proptest::prelude::*;

fn refusal(bytes: &[u8]) -> PhotoError {
    let error = reduce(bytes).unwrap_err();
    assert!(PhotoError::CODES.contains(&error.code()));
    assert_eq!(thumbnail(bytes, 100).unwrap_err(), error);
    // Whoever reads the page, looks for the sheet or compares it says the same.
    assert_eq!(read_page(bytes).unwrap_err(), error);
    assert_eq!(find_sheet(bytes).unwrap_err(), error);
    assert_eq!(Likeness::of(bytes).unwrap_err(), error);
    error
}

/// The copy of a file that is damaged and used all the same, after everything
/// else was done with it too.
fn kept(bytes: &[u8]) -> ReadingCopy {
    handle(bytes);
    reduce(bytes).unwrap()
}

fn page() -> Picture {
    Picture::page(600, 800)
}

#[test]
fn a_photo_of_no_bytes_is_empty() {
    assert_eq!(refusal(b""), PhotoError::Empty);
    assert_eq!(inspect(b"").unwrap_err(), PhotoError::Empty);
}

#[test]
fn what_only_calls_itself_a_photo_is_told_by_its_kind() {
    assert_eq!(
        refusal(b"<!doctype html><title>Login"),
        PhotoError::NotAnImage
    );
    assert_eq!(refusal(&[0; 4_096]), PhotoError::NotAnImage);
    assert_eq!(
        refusal(b"\0\0\0\x24ftypheic\0\0\0\0mif1heic"),
        PhotoError::Heic
    );
    for (bytes, kind) in [
        (&b"GIF89a\x01\0\x01\0NETSCAPE2.0"[..], OtherFormat::Gif),
        (
            b"RIFF\x24\0\0\0WEBPVP8X\x0a\0\0\0\x02ANIM",
            OtherFormat::Webp,
        ),
        (b"\0\0\0\x1cftypisom", OtherFormat::Video),
    ] {
        assert_eq!(refusal(bytes), PhotoError::UnsupportedFormat(kind));
        assert!(inspect(bytes).is_err());
    }
}

#[test]
fn a_renamed_png_is_no_jpeg_for_the_endpoint() {
    let png = page().png();
    assert_eq!(inspect(&png).unwrap_err(), PhotoError::NotAnImage);
    assert!(reduce(&png).is_ok());
}

#[test]
fn the_endpoint_sees_a_jpeg_without_decoding_it() {
    let jpeg = page().jpeg();
    let facts = inspect(&jpeg).unwrap();
    assert_eq!((facts.width, facts.height), (600, 800));
    let (data, _) = jpeg.split_at(place_of(&jpeg, 0xDA));
    assert_eq!(inspect(data).unwrap_err(), PhotoError::Truncated);
    assert!(inspect(b"\xff\xd8\xff\xd9").is_err());
}

#[test]
fn a_photo_cut_off_in_its_header_is_truncated() {
    let jpeg = page().jpeg();
    let first_scan = place_of(&jpeg, 0xDA);
    for end in [2, 3, 20, first_scan, first_scan + 5, first_scan + 40] {
        assert_eq!(refusal(&jpeg[..end]), PhotoError::Truncated, "at {end}");
    }
}

#[test]
fn a_photo_cut_off_halfway_is_kept_and_marked() {
    let jpeg = page().jpeg();
    let copy = kept(&jpeg[..jpeg.len() / 2]);
    assert!(copy.judgement.warnings.contains(&Warning::Partial));
    let seen = image::load_from_memory(&copy.jpeg).unwrap().into_rgb8();
    assert_eq!((seen.width(), seen.height()), (600, 800));
    // The top is the page; the bottom is the even grey of what is missing.
    let row = |y| (0..600).map(move |x| (x, y));
    assert!(row(40).any(|(x, y)| seen.get_pixel(x, y).0[0] > 180));
    assert!(row(790).all(|(x, y)| seen.get_pixel(x, y).0[0].abs_diff(128) < 4));
}

#[test]
fn a_progressive_photo_cut_off_halfway_is_kept_whole_but_coarse() {
    let jpeg = page().progressive_jpeg();
    let copy = kept(&jpeg[..jpeg.len() / 2]);
    assert!(copy.judgement.warnings.contains(&Warning::Partial));
    let scans: Vec<_> = markers(&jpeg)
        .into_iter()
        .filter(|(marker, _)| *marker == 0xDA)
        .collect();
    let (_, second_scan) = scans[1];
    assert_eq!(refusal(&jpeg[..second_scan - 60]), PhotoError::Truncated);
}

#[test]
fn a_photo_padded_with_zeros_after_a_broken_copy_is_marked() {
    let mut jpeg = page().jpeg();
    let half = jpeg.len() / 2;
    jpeg[half..].fill(0);
    let copy = kept(&jpeg);
    assert!(copy.judgement.warnings.contains(&Warning::Partial));
}

#[test]
fn what_a_phone_appends_to_a_photo_does_no_harm() {
    let jpeg = page().jpeg();
    let appended = [&jpeg[..], b"SEFT trailer", &page().png()].concat();
    let (plain, trailed) = (kept(&jpeg), kept(&appended));
    assert_eq!(plain.jpeg, trailed.jpeg);
    assert_eq!(plain.judgement, trailed.judgement);
}

#[test]
fn two_hundred_megapixels_are_refused_by_their_header() {
    let jpeg = claiming(page().jpeg(), 20_000, 10_000);
    let pixels = 200_000_000;
    assert_eq!(refusal(&jpeg), PhotoError::TooManyPixels { pixels });
    let largest = claiming(page().jpeg(), u16::MAX, u16::MAX);
    assert_eq!(refusal(&largest).code(), "too_many_pixels");
}

#[test]
fn a_few_bytes_that_claim_a_huge_picture_are_a_bomb() {
    let jpeg = claiming(Picture::page(64, 64).jpeg(), 8_000, 8_000);
    assert_eq!(refusal(&jpeg), PhotoError::Bomb);
}

#[test]
fn a_progressive_giant_needs_too_much_memory() {
    let jpeg = claiming(page().progressive_jpeg(), 8_000, 8_000);
    assert_eq!(refusal(&jpeg).code(), "too_much_memory");
}

#[test]
fn hundreds_of_passes_over_a_picture_are_a_bomb() {
    let jpeg = page().progressive_jpeg();
    let last_scan = markers(&jpeg)
        .into_iter()
        .rfind(|(m, _)| *m == 0xDA)
        .unwrap()
        .1;
    let scan = &jpeg[last_scan..jpeg.len() - 2];
    let bomb = [&jpeg[..jpeg.len() - 2], &scan.repeat(200), b"\xff\xd9"].concat();
    assert_eq!(refusal(&bomb), PhotoError::Bomb);
}

#[test]
fn a_png_bomb_is_refused_by_its_header() {
    let huge = |width: u32, height: u32, bits: u8, colour: u8| {
        let header = [
            &width.to_be_bytes()[..],
            &height.to_be_bytes(),
            &[bits, colour, 0, 0, 0],
        ]
        .concat();
        [
            &b"\x89PNG\r\n\x1a\n"[..],
            &png_chunk(b"IHDR", &header),
            &png_chunk(b"IDAT", b"\x78\x9c\x63\x00\x00"),
        ]
        .concat()
    };
    assert_eq!(
        refusal(&huge(60_000, 60_000, 1, 0)).code(),
        "too_many_pixels"
    );
    assert_eq!(
        refusal(&huge(8_000, 8_000, 16, 6)).code(),
        "too_much_memory"
    );
    refusal(&huge(u32::MAX, u32::MAX, 16, 6));
}

#[test]
fn an_animated_png_is_no_photo() {
    let png = Picture::page(60, 80).png();
    let after_header = 8 + 25;
    let frames = png_chunk(b"acTL", &[0, 0, 0, 1, 0, 0, 0, 0]);
    let animated = [&png[..after_header], &frames, &png[after_header..]].concat();
    let expected = PhotoError::UnsupportedFormat(OtherFormat::AnimatedPng);
    assert_eq!(refusal(&animated), expected);
}

#[test]
fn a_cut_off_or_damaged_png_is_refused() {
    let png = page().png();
    assert_eq!(refusal(&png[..png.len() / 2]).code(), "truncated");
    let mut damaged = png.clone();
    damaged[60..200].fill(0x55);
    refusal(&damaged);
}

#[test]
fn jpegs_that_no_camera_writes_are_named() {
    let sof = place_of(&page().jpeg(), 0xC0);
    let variant = |offset: usize, byte: u8| {
        let mut jpeg = page().jpeg();
        jpeg[sof + offset] = byte;
        refusal(&jpeg)
    };
    let other = PhotoError::UnsupportedFormat;
    assert_eq!(variant(1, 0xC3), other(OtherFormat::LosslessJpeg));
    assert_eq!(variant(1, 0xC9), other(OtherFormat::ArithmeticJpeg));
    assert_eq!(variant(4, 12), other(OtherFormat::DeepJpeg));
    assert_eq!(variant(4, 16), other(OtherFormat::DeepJpeg));
    assert_eq!(refusal(&claiming(page().jpeg(), 0, 800)).code(), "broken");
    assert_eq!(variant(9, 2).code(), "broken");
}

#[test]
fn more_bytes_than_the_wire_allows_are_refused() {
    let mut jpeg = page().jpeg();
    jpeg.resize(ORIGINAL_MAX_BYTES, 0);
    kept(&jpeg);
    jpeg.push(0);
    let size_bytes = jpeg.len();
    assert_eq!(refusal(&jpeg), PhotoError::TooLarge { size_bytes });
}

#[test]
fn a_picture_of_almost_nothing_shows_no_page() {
    for (width, height) in [(1, 1), (3, 2), (1, 900), (900, 1), (64, 5)] {
        let dot = Picture::filled(width, height, [9, 9, 9]).jpeg();
        let reading = read_page(&dot).unwrap();
        assert_eq!(reading.page, None);
        assert!(find_sheet(&dot).unwrap().is_none());
        assert!(Likeness::of(&dot).is_ok());
    }
    let noise = Picture::noise(700, 500).jpeg();
    assert_eq!(read_page(&noise).unwrap().page, None);
}

#[test]
fn damaged_exif_does_not_cost_the_photo() {
    let tiff = exif(6, Some(("2024:11:27 14:03:59", "+08:00")));
    for end in [0, 4, 8, 12, 40, tiff.len() - 3] {
        let original = page().camera_file(false, Some(&tiff[..end]));
        kept(&original);
    }
    let mut looping = tiff.clone();
    looping[4..8].copy_from_slice(&u32::MAX.to_le_bytes());
    kept(&page().camera_file(false, Some(&looping)));
}

/// A small file of one of the kinds that are read.
fn sound_file(kind: usize) -> Vec<u8> {
    let small = Picture::page(72, 56);
    match kind {
        0 => small.jpeg(),
        1 => small.progressive_jpeg(),
        2 => small.cmyk_jpeg(),
        3 => small.camera_file(
            false,
            Some(&exif(8, Some(("2024:11:27 14:03:59", "+08:00")))),
        ),
        _ => small.png(),
    }
}

/// Everything this crate does with a stranger's bytes; only a panic fails.
fn handle(bytes: &[u8]) {
    let _ = inspect(bytes);
    let _ = thumbnail(bytes, 32);
    let _ = read_page(bytes);
    let _ = find_sheet(bytes);
    let _ = Likeness::of(bytes);
    if let Ok(copy) = reduce(bytes) {
        assert!(inspect(&copy.jpeg).is_ok());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn no_bytes_whatever_make_it_fall_over(
        bytes in proptest::collection::vec(any::<u8>(), 0..600),
        start in 0_usize..4,
    ) {
        let magic: [&[u8]; 4] = [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"\0\0\0\x18ftyp"];
        handle(&[magic[start], &bytes].concat());
    }

    #[test]
    fn no_damage_to_a_sound_photo_makes_it_fall_over(
        kind in 0_usize..5,
        damage in proptest::collection::vec((any::<u16>(), any::<u8>()), 1..12),
        kept in 1_usize..=100,
    ) {
        let mut bytes = sound_file(kind);
        for (place, byte) in damage {
            let at = usize::from(place) % bytes.len();
            bytes[at] = byte;
        }
        bytes.truncate(bytes.len() * kept / 100);
        handle(&bytes);
    }
}
