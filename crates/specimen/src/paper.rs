//! The sheet as a raster: smooth-edged lines, areas, circles and pen strokes,
//! given in millimetres.
//!
//! Every shape is laid down by how much of a pixel it covers, so that a page
//! of few pixels looks like a photo of few pixels and not like a staircase.

use image::{Rgb, RgbImage};

use crate::measure::{Area, Point, at, level, measure, pixels};

/// A colour and how much of what lies under it it hides.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ink {
    pub(crate) rgb: [u8; 3],
    /// 0 (invisible) to 1.
    pub(crate) opacity: f32,
}

impl Ink {
    /// An ink that hides what is under it.
    pub(crate) const fn solid(rgb: [u8; 3]) -> Self {
        Self { rgb, opacity: 1.0 }
    }
}

/// Where a pen passes, and how broad its line is there in millimetres.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PenPoint {
    pub(crate) at: Point,
    pub(crate) width: f32,
}

/// A sheet of paper being printed and written on.
pub(crate) struct Paper {
    image: RgbImage,
    pixels_per_mm: f32,
}

impl Paper {
    /// A blank sheet of `area`'s size.
    pub(crate) fn blank(area: Area, pixels_per_mm: f32, rgb: [u8; 3]) -> Self {
        let side = |mm: f32| pixels(mm * pixels_per_mm).max(1);
        Self {
            image: RgbImage::from_pixel(side(area.width), side(area.height), Rgb(rgb)),
            pixels_per_mm,
        }
    }

    /// The finished raster.
    pub(crate) fn into_image(self) -> RgbImage {
        self.image
    }

    pub(crate) fn pixels_per_mm(&self) -> f32 {
        self.pixels_per_mm
    }

    /// Lays `ink` on one pixel that is covered to the share `coverage`.
    pub(crate) fn blend(&mut self, x: u32, y: u32, coverage: f32, ink: Ink) {
        let share = (coverage * ink.opacity).clamp(0.0, 1.0);
        if let Some(pixel) = self.image.get_pixel_mut_checked(x, y) {
            for (under, over) in pixel.0.iter_mut().zip(ink.rgb) {
                let (from, to) = (f32::from(*under), f32::from(over));
                *under = level(from + (to - from) * share);
            }
        }
    }

    /// Fills an upright rectangle.
    pub(crate) fn fill(&mut self, area: Area, ink: Ink) {
        let scale = self.pixels_per_mm;
        let (left, right) = (area.left * scale, area.right() * scale);
        let (top, bottom) = (area.top * scale, area.bottom() * scale);
        for y in pixels(top)..=pixels(bottom) {
            let down = overlap(y, top, bottom);
            for x in pixels(left)..=pixels(right) {
                self.blend(x, y, down * overlap(x, left, right), ink);
            }
        }
    }

    /// Draws a rectangle's outline, the line's middle on its edges.
    pub(crate) fn frame(&mut self, area: Area, width: f32, ink: Ink) {
        let (left, top, right, bottom) = (area.left, area.top, area.right(), area.bottom());
        self.line(at(left, top), at(right, top), width, ink);
        self.line(at(left, bottom), at(right, bottom), width, ink);
        self.line(at(left, top), at(left, bottom), width, ink);
        self.line(at(right, top), at(right, bottom), width, ink);
    }

    /// Draws a straight line with square ends.
    pub(crate) fn line(&mut self, from: Point, to: Point, width: f32, ink: Ink) {
        let half = width / 2.0;
        self.fill(
            Area::spanning(
                from.x.min(to.x) - half,
                from.y.min(to.y) - half,
                from.x.max(to.x) + half,
                from.y.max(to.y) + half,
            ),
            ink,
        );
    }

    /// Fills a disc.
    pub(crate) fn disc(&mut self, centre: Point, radius: f32, ink: Ink) {
        self.round(centre, 0.0, radius, ink);
    }

    /// Draws a circle, its line's middle at `radius`.
    pub(crate) fn ring(&mut self, centre: Point, radius: f32, width: f32, ink: Ink) {
        self.round(centre, radius - width / 2.0, radius + width / 2.0, ink);
    }

    fn round(&mut self, centre: Point, inner: f32, outer: f32, ink: Ink) {
        let scale = self.pixels_per_mm;
        let middle = at(centre.x * scale, centre.y * scale);
        let (inner, outer) = (inner * scale, outer * scale);
        for y in pixels(middle.y - outer - 1.0)..=pixels(middle.y + outer + 1.0) {
            for x in pixels(middle.x - outer - 1.0)..=pixels(middle.x + outer + 1.0) {
                let distance = middle.distance(at(measure(x) + 0.5, measure(y) + 0.5));
                let within = (outer + 0.5 - distance).clamp(0.0, 1.0);
                let without = if inner > 0.0 {
                    (distance - inner + 0.5).clamp(0.0, 1.0)
                } else {
                    1.0
                };
                if within > 0.0 && without > 0.0 {
                    self.blend(x, y, within * without, ink);
                }
            }
        }
    }

    /// Draws a pen's way, round-ended, as one stroke: where it crosses itself
    /// it is not darker.
    pub(crate) fn stroke(&mut self, way: &[PenPoint], ink: Ink) {
        let scale = self.pixels_per_mm;
        let Some(mut strip) = Strip::around(way, scale) else {
            return;
        };
        for (from, to) in way.iter().zip(way.iter().skip(1)) {
            strip.cover(*from, *to, scale);
        }
        for (index, coverage) in strip.coverage.iter().enumerate() {
            if *coverage > 0.0 {
                let index = u32::try_from(index).unwrap_or(u32::MAX);
                let (x, y) = (index % strip.width, index / strip.width);
                self.blend(
                    strip.left.saturating_add(x),
                    strip.top.saturating_add(y),
                    *coverage,
                    ink,
                );
            }
        }
    }
}

/// How much of pixel `index` lies between `from` and `to`.
fn overlap(index: u32, from: f32, to: f32) -> f32 {
    let start = measure(index);
    (to.min(start + 1.0) - from.max(start)).clamp(0.0, 1.0)
}

/// Coverage of the pixels around one stroke.
struct Strip {
    left: u32,
    top: u32,
    width: u32,
    coverage: Vec<f32>,
}

impl Strip {
    /// A blank strip that holds the whole way; `None` when there is no way.
    fn around(way: &[PenPoint], scale: f32) -> Option<Self> {
        let first = way.first()?;
        let mut edges = Area::around(first.at, first.width);
        for point in way {
            let dot = Area::around(point.at, point.width);
            edges = Area::spanning(
                edges.left.min(dot.left),
                edges.top.min(dot.top),
                edges.right().max(dot.right()),
                edges.bottom().max(dot.bottom()),
            );
        }
        let left = pixels(edges.left * scale - 2.0);
        let top = pixels(edges.top * scale - 2.0);
        let width = pixels(edges.right() * scale + 3.0).saturating_sub(left);
        let height = pixels(edges.bottom() * scale + 3.0).saturating_sub(top);
        let size = usize::try_from(width.checked_mul(height)?).ok()?;
        Some(Self {
            left,
            top,
            width: width.max(1),
            coverage: vec![0.0; size],
        })
    }

    /// Covers what a pen of these widths covers between two points.
    fn cover(&mut self, from: PenPoint, to: PenPoint, scale: f32) {
        let (a, b) = (
            at(from.at.x * scale, from.at.y * scale),
            at(to.at.x * scale, to.at.y * scale),
        );
        let half = (from.width + to.width) * scale / 4.0;
        let reach = half + 1.0;
        let (along_x, along_y) = (b.x - a.x, b.y - a.y);
        let length_squared = along_x * along_x + along_y * along_y;
        // A line thinner than a pixel is paler, not broader.
        let strength = (half * 2.0).min(1.0);
        for y in pixels(a.y.min(b.y) - reach)..=pixels(a.y.max(b.y) + reach) {
            for x in pixels(a.x.min(b.x) - reach)..=pixels(a.x.max(b.x) + reach) {
                let here = at(measure(x) + 0.5, measure(y) + 0.5);
                let along = (here.x - a.x) * along_x + (here.y - a.y) * along_y;
                let share = if length_squared > 0.0 {
                    (along / length_squared).clamp(0.0, 1.0)
                } else {
                    0.0
                };
                let distance = here.distance(a.between(b, share));
                let covered = (half.max(0.5) + 0.5 - distance).clamp(0.0, 1.0) * strength;
                self.raise(x, y, covered);
            }
        }
    }

    fn raise(&mut self, x: u32, y: u32, covered: f32) {
        let (Some(column), Some(row)) = (x.checked_sub(self.left), y.checked_sub(self.top)) else {
            return;
        };
        if column >= self.width {
            return;
        }
        let index = row.saturating_mul(self.width).saturating_add(column);
        if let Some(cell) = self
            .coverage
            .get_mut(usize::try_from(index).unwrap_or(usize::MAX))
        {
            *cell = cell.max(covered);
        }
    }
}
