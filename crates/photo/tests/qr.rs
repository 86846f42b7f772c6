//! QR codes as one phone photographs them from the screen of another.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "test code outside of test functions; a failure here is a failed test"
)]

use image::{GrayImage, Luma};
use imageproc::filter::gaussian_blur_f32;
use imageproc::geometric_transformations::{Border, Interpolation, Projection, warp_into};
use imageproc::noise::gaussian_noise;
use qrcode::{Color, EcLevel, QrCode};

const SYMBOLS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

/// Text such as a form's code has: `length` symbols without pattern.
fn text(length: usize) -> String {
    let mut state = 12_345_u32;
    (0..length)
        .map(|_| {
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            char::from(SYMBOLS[state as usize % SYMBOLS.len()])
        })
        .collect()
}

/// How a hand holds a camera.
struct Hand {
    /// Pixels of the photo for each square of the code.
    square_px: u32,
    /// How far the corners are off, as a share of the side.
    tilt: f32,
    /// Sigma of the blur, in pixels.
    blur_px: f32,
    /// Standard deviation of the noise, of 255.
    noise: f64,
}

/// The code on a bright screen, photographed.
fn photographed(text: &str, level: EcLevel, hand: &Hand) -> Vec<u8> {
    let code = QrCode::with_error_correction_level(text, level).unwrap();
    let width = code.width() as u32;
    let colors = code.to_colors();
    let side = (width + 8) * hand.square_px;
    let is_dark = |x: u32, y: u32| {
        let (column, row) = (x / hand.square_px, y / hand.square_px);
        let inside = 4..width + 4;
        inside.contains(&column)
            && inside.contains(&row)
            && colors[((row - 4) * width + column - 4) as usize] == Color::Dark
    };
    let screen = GrayImage::from_fn(side, side, |x, y| {
        Luma([if is_dark(x, y) { 25 } else { 225 }])
    });
    let (side, tilt) = (side as f32, hand.tilt);
    let off = side * 0.2;
    let corners = [
        (off + tilt * side * 0.6, off),
        (off + side, off + tilt * side * 0.3),
        (off + side - tilt * side * 0.2, off + side),
        (off, off + side - tilt * side * 0.4),
    ];
    let flat = [(0., 0.), (side, 0.), (side, side), (0., side)];
    let warp = Projection::from_control_points(flat, corners).unwrap();
    let room = (side * 1.4) as u32;
    let mut photo = GrayImage::from_pixel(room, room, Luma([90]));
    let around = Border::Constant(Luma([90]));
    warp_into(&screen, warp, Interpolation::Bilinear, around, &mut photo);
    let photo = gaussian_noise(&gaussian_blur_f32(&photo, hand.blur_px), 0.0, hand.noise, 7);
    jpeg(&photo)
}

fn jpeg(photo: &GrayImage) -> Vec<u8> {
    let (width, height) = photo.dimensions();
    let mut bytes = Vec::new();
    jpeg_encoder::Encoder::new(&mut bytes, 85)
        .encode(
            photo.as_raw(),
            width as u16,
            height as u16,
            jpeg_encoder::ColorType::Luma,
        )
        .unwrap();
    bytes
}

#[test]
fn a_forms_code_is_read_from_a_photo_of_a_screen() {
    for (length, level) in [(600, EcLevel::M), (1_200, EcLevel::L), (1_200, EcLevel::M)] {
        let text = text(length);
        for hand in [
            Hand {
                square_px: 6,
                tilt: 0.05,
                blur_px: 0.8,
                noise: 8.0,
            },
            Hand {
                square_px: 8,
                tilt: 0.1,
                blur_px: 1.5,
                noise: 15.0,
            },
        ] {
            let read = photo::read_qr(&photographed(&text, level, &hand)).unwrap();
            assert_eq!(
                read,
                [text.as_str()],
                "{length} {level:?} {}",
                hand.square_px
            );
        }
    }
}

#[test]
fn a_photo_without_a_code_has_none_and_a_file_that_is_no_photo_is_refused() {
    let plain = jpeg(&GrayImage::from_fn(400, 300, |x, y| {
        Luma([(x * y % 256) as u8])
    }));
    assert_eq!(photo::read_qr(&plain), Ok(Vec::new()));
    assert!(photo::read_qr(b"bukan gambar").is_err());
}
