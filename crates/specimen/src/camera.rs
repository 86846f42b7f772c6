//! A flat page photographed: perspective, what lies around it, light, blur and
//! noise.
//!
//! Each pixel of the photo is traced back to the page (or past its edge, to
//! the wall behind), lit, then blurred with its neighbours and disturbed. All
//! chance comes from the seed.

mod blur;
mod light;
mod pose;
mod surface;

use image::{RgbImage, imageops};
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
    let scene = Scene {
        page,
        sheet,
        view,
        light,
        relief,
        wall,
        exposure,
        size: (measure(width), measure(height)),
    };
    let mut photo = RgbImage::new(width, height);
    let row_bytes = usize::try_from(width).unwrap_or(1).max(1) * 3;
    for (row, line) in (0..height).zip(photo.chunks_exact_mut(row_bytes)) {
        scene.expose(measure(row) + 0.5, line);
    }
    let blur = shot.blur * measure(height) / 1_000.0;
    if blur > BLUR_MIN_PX {
        photo = blur::blurred(&photo, blur);
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

/// How much of a lamp is mirrored at these points of the print, as a share of
/// white, 0 to 1.
pub(crate) fn glare(sheet: Area, shot: &Shot, seed: u64, points: &[Point]) -> Vec<f32> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed.rotate_left(31) ^ 0xCA_3E_4A);
    let (width, height) = frame(shot.megapixels);
    // Drawn in the same order as when the photo is taken.
    let _ = View::of(shot, sheet, width, height, &mut rng);
    let light = Light::of(shot, &mut rng);
    let seen = places(sheet, shot, seed, points).into_iter().map(|place| {
        let (_, mirrored) = light.at(place.x / measure(width), place.y / measure(height));
        mirrored
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

/// Pixels beside one another over which light and the sheet's unevenness are
/// taken to change evenly: both are smooth over some millimetres.
const RUN_PX: u8 = 8;

/// All that a photo shows.
struct Scene<'a> {
    page: Page<'a>,
    sheet: Area,
    view: View,
    light: Light,
    relief: Relief,
    wall: Wall,
    exposure: f32,
    /// Width and height in pixels.
    size: (f32, f32),
}

/// What the light and the sheet do at one place of the photo.
#[derive(Clone, Copy)]
struct Here {
    gain: [f32; 3],
    mirrored: f32,
    shift: Point,
    shade: f32,
}

impl Here {
    /// What they do at this share of the way to another place.
    fn between(&self, other: &Self, share: f32) -> Self {
        let mix = |from: f32, to: f32| from + (to - from) * share;
        let [red, green, blue] = self.gain;
        let [other_red, other_green, other_blue] = other.gain;
        Self {
            gain: [
                mix(red, other_red),
                mix(green, other_green),
                mix(blue, other_blue),
            ],
            mirrored: mix(self.mirrored, other.mirrored),
            shift: self.shift.between(other.shift, share),
            shade: mix(self.shade, other.shade),
        }
    }
}

impl Scene<'_> {
    /// Exposes one row of pixels, whose middles lie at `y`.
    fn expose(&self, y: f32, line: &mut [u8]) {
        let run_px = f32::from(RUN_PX);
        let mut left = 0.5;
        let mut from = self.at(left, y);
        for run in line.chunks_mut(usize::from(RUN_PX) * 3) {
            let to = self.at(left + run_px, y);
            for (pixel, step) in run.chunks_exact_mut(3).zip(0..RUN_PX) {
                let step = f32::from(step);
                let here = from.between(&to, step / run_px);
                let colour = self.colour(self.view.on_page(left + step, y), &here);
                for ((channel, colour), gain) in pixel.iter_mut().zip(colour).zip(here.gain) {
                    *channel = level(colour * gain + here.mirrored * 255.0);
                }
            }
            from = to;
            left += run_px;
        }
    }

    fn at(&self, x: f32, y: f32) -> Here {
        let (width, height) = self.size;
        let (gain, mirrored) = self.light.at(x / width, y / height);
        let relief = self.relief.at(self.view.on_page(x, y));
        Here {
            gain: gain.map(|gain| gain * self.exposure),
            mirrored,
            shift: relief.shift,
            shade: relief.shade,
        }
    }

    fn colour(&self, place: Point, here: &Here) -> [f32; 3] {
        if self.sheet.contains(place) {
            let seen = at(place.x + here.shift.x, place.y + here.shift.y);
            self.page.at(seen).map(|channel| channel * here.shade)
        } else {
            self.wall.at(place, self.sheet.distance_to(place))
        }
    }
}

/// The flat page, read between its pixels.
struct Page<'a> {
    image: &'a RgbImage,
    pixels_per_mm: f32,
}

impl Page<'_> {
    fn at(&self, point: Point) -> [f32; 3] {
        let (width, height) = self.image.dimensions();
        let x = point.x * self.pixels_per_mm - 0.5;
        let y = point.y * self.pixels_per_mm - 0.5;
        let left = pixels(x).min(width.saturating_sub(2));
        let top = pixels(y).min(height.saturating_sub(2));
        let (across, down) = (
            (x - measure(left)).clamp(0.0, 1.0),
            (y - measure(top)).clamp(0.0, 1.0),
        );
        let start = usize::try_from((top * width + left) * 3).unwrap_or(usize::MAX);
        let row_bytes = usize::try_from(width * 3).unwrap_or(usize::MAX);
        let pair = |start: usize| self.image.as_raw().get(start..start.saturating_add(6));
        let rows = (pair(start), pair(start.saturating_add(row_bytes)));
        let (Some([r1, g1, b1, r2, g2, b2]), Some([r3, g3, b3, r4, g4, b4])) = rows else {
            return [0.0; 3];
        };
        [[r1, r2, r3, r4], [g1, g2, g3, g4], [b1, b2, b3, b4]].map(|corners| {
            let [a, b, c, d] = corners.map(|level| f32::from(*level));
            let upper = a + (b - a) * across;
            let lower = c + (d - c) * across;
            upper + (lower - upper) * down
        })
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
