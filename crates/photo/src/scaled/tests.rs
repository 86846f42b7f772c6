//! The smaller picture against the full decoder's, made smaller.

use jpeg_encoder::{ColorType, Encoder, SamplingFactor};

use super::*;

/// Uneven slopes of colour with a few hard edges.
fn scene(width: u16, height: u16) -> Vec<u8> {
    let mut rgb = Vec::new();
    for y in 0..u32::from(height) {
        for x in 0..u32::from(width) {
            let edge = if (x / 24 + y / 40) % 3 == 0 { 120 } else { 0 };
            let byte = |value: u32| u8::try_from(value % 256).unwrap();
            rgb.extend([byte(60 + x / 8), byte(90 + y / 9), byte(40 + edge)]);
        }
    }
    rgb
}

fn jpeg(width: u16, height: u16, sampling: SamplingFactor, restart: u16) -> Vec<u8> {
    let mut jpeg = Vec::new();
    let mut encoder = Encoder::new(&mut jpeg, 95);
    encoder.set_sampling_factor(sampling);
    if restart > 0 {
        encoder.set_restart_interval(restart);
    }
    let rgb = scene(width, height);
    encoder.encode(&rgb, width, height, ColorType::Rgb).unwrap();
    jpeg
}

/// Mean distance between the scaled picture and the full one made smaller.
fn apart(jpeg: &[u8], eighths: u32) -> f64 {
    let small = decode(jpeg, eighths).unwrap();
    let full = image::load_from_memory(jpeg).unwrap().into_rgb8();
    let wanted = image::imageops::resize(
        &full,
        small.width,
        small.height,
        image::imageops::FilterType::CatmullRom,
    );
    let sum: u64 = small
        .pixels
        .iter()
        .zip(wanted.as_raw())
        .map(|(a, b)| u64::from(a.abs_diff(*b)))
        .sum();
    sum as f64 / small.pixels.len() as f64
}

#[test]
fn a_smaller_picture_is_the_full_one_made_smaller() {
    for sampling in [
        SamplingFactor::F_2_2,
        SamplingFactor::F_2_1,
        SamplingFactor::F_1_2,
        SamplingFactor::F_1_1,
    ] {
        let stored = jpeg(640, 480, sampling, 0);
        for eighths in 1..=7 {
            let apart = apart(&stored, eighths);
            // Where few pixels are left, how hard edges are rounded off counts.
            let bound = if eighths < 3 { 10.0 } else { 4.0 };
            assert!(apart < bound, "{sampling:?} at {eighths}/8: {apart}");
        }
    }
}

#[test]
fn sides_that_are_no_whole_blocks_and_restarts_are_read() {
    for restart in [0, 1, 7] {
        let stored = jpeg(333, 251, SamplingFactor::F_2_2, restart);
        let small = decode(&stored, 4).unwrap();
        assert_eq!((small.width, small.height), (167, 126));
        assert!(apart(&stored, 4) < 4.0);
    }
}

#[test]
fn grey_is_read() {
    let mut stored = Vec::new();
    let grey: Vec<u8> = scene(96, 64).chunks(3).map(|rgb| rgb[0]).collect();
    Encoder::new(&mut stored, 95)
        .encode(&grey, 96, 64, ColorType::Luma)
        .unwrap();
    assert!(apart(&stored, 4) < 2.0);
}

#[test]
fn what_is_not_plain_or_not_whole_is_left_to_the_full_decoder() {
    let stored = jpeg(64, 64, SamplingFactor::F_2_2, 0);
    let cut = stored.len() * 2 / 3;
    assert!(decode(&stored[..cut], 4).is_none());
    let mut progressive = Vec::new();
    let mut encoder = Encoder::new(&mut progressive, 95);
    encoder.set_progressive(true);
    encoder
        .encode(&scene(64, 64), 64, 64, ColorType::Rgb)
        .unwrap();
    assert!(decode(&progressive, 4).is_none());
}

#[test]
fn the_fewest_eighths_that_reach_the_wanted_side_are_taken() {
    assert_eq!(eighths(4_000, 2_000), Some(4));
    assert_eq!(eighths(4_032, 2_000), Some(4));
    assert_eq!(eighths(3_264, 2_000), Some(5));
    assert_eq!(eighths(8_000, 2_000), Some(2));
    assert_eq!(eighths(2_000, 2_000), None);
    assert_eq!(eighths(1_000, 2_000), None);
}
