//! What comes out of a good photo.
#![expect(
    clippy::unwrap_used,
    reason = "test code outside of test functions; a failure here is a failed test"
)]

mod common;

use chrono::{FixedOffset, NaiveDate};
use common::{Picture, exif, markers, png_of};
use photo::limits::{READING_COPY_LONG_SIDE_PX, READING_COPY_MAX_BYTES};
use photo::{inspect, reduce, thumbnail};

#[test]
fn a_twelve_megapixel_page_becomes_a_small_progressive_copy() {
    let original = Picture::page(3_000, 4_000).grainy(6).jpeg();
    let copy = reduce(&original).unwrap();
    assert_eq!((copy.width, copy.height), (1_500, 2_000));
    assert_eq!((copy.original.width, copy.original.height), (3_000, 4_000));
    assert!(copy.jpeg.len() <= usize::try_from(READING_COPY_MAX_BYTES).unwrap());
    assert!(
        markers(&copy.jpeg)
            .iter()
            .any(|(marker, _)| *marker == 0xC2)
    );
    assert!(copy.judgement.warnings.is_empty(), "{:?}", copy.judgement);
    assert!(copy.original.is_jpeg);
}

#[test]
fn pure_noise_still_fits_the_budget() {
    let original = Picture::noise(4_000, 3_000).jpeg();
    let copy = reduce(&original).unwrap();
    assert!(copy.jpeg.len() <= usize::try_from(READING_COPY_MAX_BYTES).unwrap());
    assert!(copy.width <= READING_COPY_LONG_SIDE_PX);
    let decoded = image::load_from_memory(&copy.jpeg).unwrap();
    assert_eq!(
        (decoded.width(), decoded.height()),
        (copy.width, copy.height)
    );
}

#[test]
fn the_copy_carries_nothing_but_the_picture() {
    let tiff = exif(6, Some(("2024:11:27 14:03:59", "+08:00")));
    let original = Picture::page(600, 800).camera_file(false, Some(&tiff));
    assert!(markers(&original).iter().any(|(marker, _)| *marker == 0xE1));
    for copy in [
        reduce(&original).unwrap().jpeg,
        thumbnail(&original, 200).unwrap(),
    ] {
        let beside: Vec<_> = markers(&copy)
            .into_iter()
            .filter(|(marker, _)| matches!(marker, 0xE0..=0xEF | 0xFE))
            .collect();
        // The JFIF mark alone, 16 bytes without a preview in it.
        assert_eq!(beside, [(0xE0, 2)]);
        assert_eq!(copy[4..11], *b"\x00\x10JFIF\0");
    }
}

/// Upright: red top left, green top right, blue bottom left, paper elsewhere.
fn corners(width: usize, height: usize) -> Picture {
    Picture::drawn(width, height, |x, y| {
        match (x < width / 2, y < height / 2) {
            (true, true) => [200, 20, 20],
            (false, true) => [20, 200, 20],
            (true, false) => [20, 20, 200],
            (false, false) => [210, 210, 210],
        }
    })
}

/// The same scene as a sensor held in one of EXIF's eight positions stores it.
fn stored(upright: &Picture, orientation: u16) -> Picture {
    let (right, bottom) = (upright.width - 1, upright.height - 1);
    let from = |x: usize, y: usize| match orientation {
        2 => upright.at(right - x, y),
        3 => upright.at(right - x, bottom - y),
        4 => upright.at(x, bottom - y),
        5 => upright.at(y, x),
        6 => upright.at(right - y, x),
        7 => upright.at(right - y, bottom - x),
        8 => upright.at(y, bottom - x),
        _ => upright.at(x, y),
    };
    if orientation >= 5 {
        Picture::drawn(upright.height, upright.width, from)
    } else {
        Picture::drawn(upright.width, upright.height, from)
    }
}

fn assert_corners_upright(jpeg: &[u8], width: u32, height: u32, held: u16) {
    let seen = image::load_from_memory(jpeg).unwrap().into_rgb8();
    assert_eq!(
        (seen.width(), seen.height()),
        (width, height),
        "held {held}"
    );
    let strongest = |x: u32, y: u32| {
        let [r, g, b] = seen.get_pixel(x, y).0;
        [r > 120, g > 120, b > 120]
    };
    let (left, right) = (width / 4, width * 3 / 4);
    let (top, bottom) = (height / 4, height * 3 / 4);
    assert_eq!(strongest(left, top), [true, false, false], "held {held}");
    assert_eq!(strongest(right, top), [false, true, false], "held {held}");
    assert_eq!(strongest(left, bottom), [false, false, true], "held {held}");
    assert_eq!(strongest(right, bottom), [true, true, true], "held {held}");
}

#[test]
fn however_the_phone_was_held_the_copy_is_upright() {
    let upright = corners(320, 200);
    for held in 1..=8 {
        let original = stored(&upright, held).camera_file(false, Some(&exif(held, None)));
        let copy = reduce(&original).unwrap();
        assert_corners_upright(&copy.jpeg, 320, 200, held);
        assert_eq!((copy.original.width, copy.original.height), (320, 200));
        assert_corners_upright(&thumbnail(&original, 160).unwrap(), 160, 100, held);
    }
}

#[test]
fn an_orientation_that_does_not_exist_is_taken_as_upright() {
    for nonsense in [0, 9, 65_535] {
        let original = corners(320, 200).camera_file(false, Some(&exif(nonsense, None)));
        assert_corners_upright(&reduce(&original).unwrap().jpeg, 320, 200, nonsense);
    }
}

#[test]
fn the_time_of_the_camera_is_read_with_its_distance_from_utc() {
    let taken = |time, offset| {
        let tiff = exif(1, Some((time, offset)));
        let original = Picture::page(90, 120).camera_file(false, Some(&tiff));
        reduce(&original).unwrap().original.taken_at
    };
    let local = NaiveDate::from_ymd_opt(2024, 11, 27)
        .unwrap()
        .and_hms_opt(14, 3, 59)
        .unwrap();
    let wita = FixedOffset::east_opt(8 * 3_600).unwrap();

    let known = taken("2024:11:27 14:03:59", "+08:00").unwrap();
    assert_eq!((known.local, known.offset), (local, Some(wita)));
    let moment = known.or_offset(FixedOffset::east_opt(0).unwrap()).unwrap();
    assert_eq!(moment.to_rfc3339(), "2024-11-27T14:03:59+08:00");

    let without = taken("2024:11:27 14:03:59", "      ").unwrap();
    assert_eq!((without.local, without.offset), (local, None));

    assert_eq!(taken("0000:00:00 00:00:00", "+08:00"), None);
    assert_eq!(taken("2024:13:41 25:61:61", "+08:00"), None);
    assert_eq!(taken("    :  :     :  :  ", "      "), None);
}

#[test]
fn a_photo_is_never_enlarged() {
    let original = Picture::page(640, 480).jpeg();
    let copy = reduce(&original).unwrap();
    assert_eq!((copy.width, copy.height), (640, 480));
    let thumb = thumbnail(&original, 5_000).unwrap();
    assert_eq!(inspect(&thumb).unwrap().width, 640);
}

#[test]
fn the_same_photo_gives_the_same_copy_and_its_hashes_name_it() {
    let original = Picture::page(1_200, 1_600).grainy(4).jpeg();
    let (first, second) = (reduce(&original).unwrap(), reduce(&original).unwrap());
    assert_eq!(first, second);
    assert_eq!(first.original.file.size_bytes, original.len());
    assert_eq!(first.file.size_bytes, first.jpeg.len());
    assert_ne!(first.file.sha256, first.original.file.sha256);
    assert_eq!(first.file.sha256.len(), 64);
    // SHA-256 of the copy, as any other program reckons it.
    use sha2::Digest;
    let again = hex::encode(sha2::Sha256::digest(&first.jpeg));
    assert_eq!(first.file.sha256, again);
}

#[test]
fn the_copy_of_a_copy_is_still_a_copy() {
    let once = reduce(&Picture::page(2_400, 3_200).jpeg()).unwrap();
    let twice = reduce(&once.jpeg).unwrap();
    assert_eq!((once.width, once.height), (twice.width, twice.height));
    assert!(twice.judgement.warnings.is_empty());
}

#[test]
fn a_png_is_read_and_marked_as_no_jpeg() {
    let copy = reduce(&corners(320, 200).png()).unwrap();
    assert!(!copy.original.is_jpeg);
    assert_corners_upright(&copy.jpeg, 320, 200, 1);
}

#[test]
fn sixteen_bit_grey_and_transparent_pngs_come_out_in_plain_colours() {
    let eight = image::load_from_memory(&corners(320, 200).png()).unwrap();
    for deep in [
        image::DynamicImage::ImageRgb16(eight.to_rgb16()),
        image::DynamicImage::ImageRgba16(eight.to_rgba16()),
        image::DynamicImage::ImageRgba8(eight.to_rgba8()),
    ] {
        let copy = reduce(&png_of(&deep)).unwrap();
        assert_corners_upright(&copy.jpeg, 320, 200, 1);
    }
    let grey = reduce(&png_of(&image::DynamicImage::ImageLuma16(
        eight.to_luma16(),
    )));
    assert_eq!(grey.unwrap().width, 320);

    let clear = image::RgbaImage::from_pixel(64, 64, image::Rgba([0, 0, 0, 0]));
    let copy = reduce(&png_of(&image::DynamicImage::ImageRgba8(clear))).unwrap();
    let seen = image::load_from_memory(&copy.jpeg).unwrap().into_rgb8();
    assert!(
        seen.get_pixel(32, 32)
            .0
            .iter()
            .all(|channel| *channel > 250)
    );
}

#[test]
fn cmyk_and_progressive_jpegs_are_read() {
    let scene = corners(320, 200);
    for original in [scene.cmyk_jpeg(), scene.progressive_jpeg()] {
        let copy = reduce(&original).unwrap();
        assert!(copy.original.is_jpeg);
        assert_corners_upright(&copy.jpeg, 320, 200, 1);
    }
}
