//! A flat page photographed: perspective, what lies around it, light, blur and
//! noise.
//!
//! Each pixel of the photo is traced back to the page (or past its edge, to
//! the wall behind), lit, then blurred with its neighbours and disturbed. All
//! chance comes from the seed.

mod light;
mod pose;
mod surface;

use image::{RgbImage, imageops};
use imageproc::filter::gaussian_blur_f32;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::measure::{Area, Point, at, level, measure, pixels, rounded};
use crate::shot::{Held, Shot};
use light::Light;
use pose::View;
use surface::{Relief, Wall};

/// Blur below this standard deviation, in pixels, is not worth a pass.
const BLUR_MIN_PX: f32 = 0.35;

/// Luma that white paper has at exposure 1.
const PAPER_LUMA: f32 = 214.0;

/// Width and height of a photo of so many megapixels, in pixels.
pub(crate) fn frame(megapixels: f32) -> (u32, u32) {
    let width = (megapixels.clamp(0.05, 50.0) * 1e6 * 0.75).sqrt();
    let even = |side: f32| pixels(side / 2.0).max(8) * 2;
    (even(width), even(width / 0.75))
}

/// Photographs a flat page that shows `sheet`.
pub(crate) fn take(page: &RgbImage, sheet: Area, shot: &Shot, seed: u64) -> RgbImage {
    let mut rng = ChaCha8Rng::seed_from_u64(seed.rotate_left(31) ^ 0xCA_3E_4A);
    let (width, height) = frame(shot.megapixels);
    let view = View::of(shot, sheet, width, height, &mut rng);
    let light = Light::of(shot, &mut rng);
    let relief = Relief::of(sheet, shot.creases, &mut rng);
    let wall = Wall::of(&mut rng);
    let page = Page {
        image: page,
        pixels_per_mm: measure(page.width()) / sheet.width,
    };
    let exposure = shot.light * PAPER_LUMA / 255.0;
    let mut photo = RgbImage::new(width, height);
    for (column, row, pixel) in photo.enumerate_pixels_mut() {
        let (x, y) = (measure(column) + 0.5, measure(row) + 0.5);
        let here = view.on_page(x, y);
        let (gain, mirrored) = light.at(x / measure(width), y / measure(height));
        let gain = gain.map(|gain| gain * exposure);
        let colour = if sheet.contains(here) {
            let relief = relief.at(here);
            page.at(at(here.x + relief.shift.x, here.y + relief.shift.y))
                .map(|channel| channel * relief.shade)
        } else {
            let beyond = sheet.distance_to(here);
            wall.at(here, beyond)
        };
        for ((channel, colour), gain) in pixel.0.iter_mut().zip(colour).zip(gain) {
            *channel = level(colour * gain + mirrored * 255.0);
        }
    }
    let blur = shot.blur * measure(height) / 1_000.0;
    if blur > BLUR_MIN_PX {
        photo = gaussian_blur_f32(&photo, blur);
    }
    let moved = shot.motion * measure(height) / 1_000.0;
    if moved > 1.0 {
        photo = smeared(&photo, moved, seed);
    }
    disturb(&mut photo, shot.noise, &mut rng);
    if !shot.has_exif {
        return photo;
    }
    match shot.held {
        Held::Upright => photo,
        Held::OnItsRight => imageops::rotate270(&photo),
        Held::UpsideDown => imageops::rotate180(&photo),
        Held::OnItsLeft => imageops::rotate90(&photo),
    }
}

/// Where in the upright photo these points of the print are seen, in pixels
/// from its top left corner: the truth that a reader is held against.
pub(crate) fn places(sheet: Area, shot: &Shot, seed: u64, points: &[Point]) -> Vec<Point> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed.rotate_left(31) ^ 0xCA_3E_4A);
    let (width, height) = frame(shot.megapixels);
    // Drawn in the same order as when the photo is taken.
    let view = View::of(shot, sheet, width, height, &mut rng);
    let _ = Light::of(shot, &mut rng);
    let relief = Relief::of(sheet, shot.creases, &mut rng);
    let seen = points.iter().map(|point| {
        // The print at a point appears where the sheet shifts it to; the
        // shift hardly changes over its own length.
        let shift = relief.at(*point).shift;
        view.in_photo(at(point.x - shift.x, point.y - shift.y))
    });
    seen.collect()
}

/// The photo of a camera that moved by so many pixels, some way.
fn smeared(photo: &RgbImage, length: f32, seed: u64) -> RgbImage {
    let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 0x4D4F_5645);
    let angle: f32 = rng.random_range(0.0..std::f32::consts::PI);
    let steps = pixels(length).max(1) + 1;
    let offsets: Vec<(i64, i64)> = (0..steps)
        .map(|step| {
            let along = (measure(step) / measure(steps - 1) - 0.5) * length;
            (rounded(along * angle.cos()), rounded(along * angle.sin()))
        })
        .collect();
    let (width, height) = photo.dimensions();
    let within = |place: u32, by: i64, size: u32| {
        let moved = (i64::from(place) + by).clamp(0, i64::from(size) - 1);
        u32::try_from(moved).unwrap_or_default()
    };
    RgbImage::from_fn(width, height, |x, y| {
        let mut sums = [0_u32; 3];
        for (across, down) in &offsets {
            let place = (within(x, *across, width), within(y, *down, height));
            if let Some(pixel) = photo.get_pixel_checked(place.0, place.1) {
                for (sum, channel) in sums.iter_mut().zip(pixel.0) {
                    *sum += u32::from(channel);
                }
            }
        }
        let mean = |sum: u32| u8::try_from(sum / steps).unwrap_or(u8::MAX);
        image::Rgb(sums.map(mean))
    })
}

impl Area {
    fn contains(&self, point: Point) -> bool {
        let across = self.left..self.right();
        let down = self.top..self.bottom();
        across.contains(&point.x) && down.contains(&point.y)
    }

    /// Millimetres from a point outside to the nearest edge.
    fn distance_to(&self, point: Point) -> f32 {
        let nearest = at(
            point.x.clamp(self.left, self.right()),
            point.y.clamp(self.top, self.bottom()),
        );
        point.distance(nearest)
    }
}

/// The flat page, read between its pixels.
struct Page<'a> {
    image: &'a RgbImage,
    pixels_per_mm: f32,
}

impl Page<'_> {
    fn at(&self, point: Point) -> [f32; 3] {
        let x = point.x * self.pixels_per_mm - 0.5;
        let y = point.y * self.pixels_per_mm - 0.5;
        let (left, top) = (pixels(x), pixels(y));
        let (across, down) = (
            (x - measure(left)).clamp(0.0, 1.0),
            (y - measure(top)).clamp(0.0, 1.0),
        );
        let [a, b] = [left, left.saturating_add(1)].map(|column| self.pixel(column, top));
        let [c, d] =
            [left, left.saturating_add(1)].map(|column| self.pixel(column, top.saturating_add(1)));
        let mut mixed = [0.0; 3];
        let corners = a.into_iter().zip(b).zip(c.into_iter().zip(d));
        for (channel, ((a, b), (c, d))) in mixed.iter_mut().zip(corners) {
            let upper = a + (b - a) * across;
            let lower = c + (d - c) * across;
            *channel = upper + (lower - upper) * down;
        }
        mixed
    }

    fn pixel(&self, column: u32, row: u32) -> [f32; 3] {
        let column = column.min(self.image.width().saturating_sub(1));
        let row = row.min(self.image.height().saturating_sub(1));
        self.image
            .get_pixel_checked(column, row)
            .map_or([0.0; 3], |pixel| pixel.0.map(f32::from))
    }
}

/// Adds the sensor's noise: mostly in brightness, a little in colour.
fn disturb(photo: &mut RgbImage, deviation: f32, rng: &mut ChaCha8Rng) {
    if deviation <= 0.0 {
        return;
    }
    // Four even bytes add up to nearly a normal distribution of this deviation.
    const FOUR_BYTES_DEVIATION: f32 = 147.8;
    for pixel in photo.pixels_mut() {
        let [a, b, c, d, red, blue, _, _] = rng.next_u64().to_le_bytes().map(f32::from);
        let grey = (a + b + c + d - 510.0) / FOUR_BYTES_DEVIATION * deviation;
        let tint = |byte: f32| (byte - 127.5) / 74.0 * deviation * 0.4;
        let noise = [grey + tint(red), grey, grey + tint(blue)];
        for (channel, noise) in pixel.0.iter_mut().zip(noise) {
            *channel = level(f32::from(*channel) + noise);
        }
    }
}
