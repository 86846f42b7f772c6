//! What is true of a photo by how it was taken, whatever the reader makes of
//! it: where things are, whether a person could use it, and what is wrong.
//!
//! All bounds here were written down before the reader was measured against
//! them; `docs/photo.md` repeats them in words.

use anyhow::{Context, Result};
use photo::page::{PlaceLayout, Problem};
use specimen::{Held, Point};

use super::difficulty::Difficulty;
use super::trial::{PAGE, TAG, Trial};

/// Long side of the picture that is read, in pixels.
const READ_LONG_SIDE_PX: f64 = 2_000.0;

/// Breadth of a bubble in millimetres.
const BUBBLE_MM: f64 = 8.0;
/// Brightness of the paper at exposure 1, 0 to 255.
const PAPER_AT_ONE: f64 = 214.0;

/// Least pixels of a bubble's breadth in the picture that is read.
const BUBBLE_MIN_PX: f64 = 7.0;
/// Greatest standard deviation of blur on the paper, focus and motion together,
/// in millimetres: a line of the boxes is 1.06 mm broad.
const BLUR_MAX_MM: f64 = 1.3;
/// Least exposure; 1 shows paper light grey.
const LIGHT_MIN: f64 = 0.45;
/// Most light that a lamp adds on any box or bubble, as a share of white.
const MIRRORED_MAX: f64 = 0.3;

/// From when on each problem is there beyond doubt, and up to where it is
/// certainly not; between the two nobody is blamed.
const BUBBLE_PX: Bounds = Bounds::low(6.0, 7.6);
const BLUR_MM: Bounds = Bounds::high(2.4, 1.2);
const PAPER: Bounds = Bounds::low(60.0, 90.0);
const BRIGHT: Bounds = Bounds::high(320.0, 235.0);
const MIRRORED: Bounds = Bounds::high(0.5, 0.1);

/// Bounds of something that spoils a photo.
struct Bounds {
    bad: f64,
    fine: f64,
}

impl Bounds {
    const fn low(bad: f64, fine: f64) -> Self {
        Self { bad, fine }
    }

    const fn high(bad: f64, fine: f64) -> Self {
        Self { bad, fine }
    }

    /// Whether it is spoiled; `None` between the bounds.
    fn of(&self, value: f64) -> Option<bool> {
        let (low, is_low_bad) = if self.bad < self.fine {
            (self.bad, true)
        } else {
            (self.fine, false)
        };
        let high = self.bad.max(self.fine);
        if value <= low {
            Some(is_low_bad)
        } else if value >= high {
            Some(!is_low_bad)
        } else {
            None
        }
    }
}

/// What is true of one photo.
#[derive(Debug)]
pub struct Truth {
    /// Breadth of the smallest bubble in the picture that is read, in pixels.
    pub bubble_px: f64,
    /// Standard deviation of the blur on the paper, in millimetres.
    pub blur_mm: f64,
    /// Brightness of the paper at exposure and in the deepest shadow there can
    /// be, 0 to 255.
    pub paper: [f64; 2],
    /// Most mirrored light on a box or bubble, as a share of white.
    pub mirrored: f64,
    /// Whether a corner mark is outside.
    pub is_cut_off: bool,
    /// Whether a person could read the figures, tidily filled.
    pub is_usable: bool,
    /// Corner marks, and corners and middle of the table of figures: places on
    /// the page and in the picture that is read, turned as that is.
    pub places: Vec<([f64; 2], [f64; 2])>,
    is_turned: bool,
}

impl Truth {
    /// The truth about a trial.
    ///
    /// # Errors
    /// When the layout of the page is not known.
    pub fn of(trial: &Trial<'_>) -> Result<Self> {
        let layout = PlaceLayout::of_form("c-hasil-ppwp-2024").context("no layout")?;
        let page = layout.page_of_tag(TAG).context("no page")?;
        let picture = Picture::of(trial);
        let figures = page.figures.iter();
        let bubbles: Vec<[f64; 2]> = figures
            .clone()
            .flat_map(|figure| figure.bubbles.iter().flatten().copied())
            .collect();
        let boxes = figures.flat_map(|figure| figure.boxes.iter());
        let middles = boxes.map(|[x, y, width, height]| [x + width / 2.0, y + height / 2.0]);
        let mirrored = picture.mirrored(middles.chain(bubbles.iter().copied()));
        let bubble_px = picture.breadth_px(&bubbles);
        let blur_mm = picture.blur_px() / (bubble_px / BUBBLE_MM);
        let shot = &trial.shot;
        let light = PAPER_AT_ONE * f64::from(shot.light);
        let shade = |depth: f32, share: f64| 1.0 - share * f64::from(depth);
        let deepest = shade(shot.shadow, 0.6) * shade(shot.hand, 0.6) * shade(shot.unevenness, 0.3);
        let half = layout.mark_side;
        let ends = layout
            .marks
            .iter()
            .flat_map(|[x, y]| [[x - half, y - half], [x + half, y + half]]);
        let is_cut_off = picture.is_outside(&ends.collect::<Vec<_>>());
        let mut places = layout.marks.to_vec();
        places.extend([[73.0, 131.0], [526.9, 627.6], [73.0, 627.6]]);
        places.extend([[464.9, 194.5], [511.9, 612.4]]);
        let is_usable = bubble_px >= BUBBLE_MIN_PX
            && blur_mm <= BLUR_MAX_MM
            && f64::from(shot.light) >= LIGHT_MIN
            && light * 0.9 < BRIGHT.bad
            && mirrored <= MIRRORED_MAX
            && !is_cut_off;
        Ok(Self {
            bubble_px,
            blur_mm,
            paper: [light, light * deepest],
            mirrored,
            is_cut_off,
            is_usable,
            places: picture.stored(&places),
            is_turned: picture.is_turned,
        })
    }

    /// Whether a problem is there; `None` where nobody is blamed.
    #[must_use]
    pub fn has(&self, problem: Problem) -> Option<bool> {
        let [paper, shaded] = self.paper;
        match problem {
            Problem::TooDark if paper <= PAPER.bad => Some(true),
            Problem::TooDark => (shaded >= PAPER.fine).then_some(false),
            Problem::TooBright => BRIGHT.of(paper),
            // Light from everywhere hides a lamp.
            Problem::Glare if paper > BRIGHT.fine => None,
            Problem::Glare => MIRRORED.of(self.mirrored),
            // Too few pixels are a blur of their own.
            Problem::Blurred if self.bubble_px < BUBBLE_PX.fine => None,
            Problem::Blurred => BLUR_MM.of(self.blur_mm),
            Problem::TooSmall => BUBBLE_PX.of(self.bubble_px),
            Problem::CutOff => Some(self.is_cut_off),
            Problem::Turned => Some(self.is_turned),
        }
    }
}

/// The picture that is read.
struct Picture<'a> {
    trial: &'a Trial<'a>,
    /// Width and height in pixels, upright.
    size: [f64; 2],
    /// Pixels of it for each of the camera's.
    scale: f64,
    is_turned: bool,
}

impl<'a> Picture<'a> {
    fn of(trial: &'a Trial<'a>) -> Self {
        let (width, height) = specimen::size_in_pixels(&trial.shot);
        let (width, height) = (f64::from(width), f64::from(height));
        let scale = (READ_LONG_SIDE_PX / height).min(1.0);
        Self {
            trial,
            size: [width * scale, height * scale],
            scale,
            is_turned: trial.difficulty == Difficulty::Turned,
        }
    }

    /// Where places of the page are in it, upright.
    fn seen(&self, places: &[[f64; 2]]) -> Vec<[f64; 2]> {
        let points: Vec<Point> = places.iter().copied().map(point).collect();
        specimen::places_in_photo(&self.trial.filled(), PAGE, &self.trial.shot, &points)
            .into_iter()
            .map(|point| {
                [
                    f64::from(point.x) * self.scale,
                    f64::from(point.y) * self.scale,
                ]
            })
            .collect()
    }

    /// Places of the page, each with where it is in the picture as it lies.
    fn stored(&self, places: &[[f64; 2]]) -> Vec<([f64; 2], [f64; 2])> {
        let [width, height] = self.size;
        let as_it_lies = |[x, y]: [f64; 2]| match self.trial.shot.held {
            _ if !self.is_turned => [x, y],
            Held::Upright => [x, y],
            Held::OnItsRight => [y, width - x],
            Held::UpsideDown => [width - x, height - y],
            Held::OnItsLeft => [height - y, x],
        };
        let seen = self.seen(places).into_iter().map(as_it_lies);
        places.iter().copied().zip(seen).collect()
    }

    /// Whether one of these places is outside.
    fn is_outside(&self, places: &[[f64; 2]]) -> bool {
        let [width, height] = self.size;
        let mut seen = self.seen(places).into_iter();
        seen.any(|[x, y]| !(0.0..width).contains(&x) || !(0.0..height).contains(&y))
    }

    /// The least breadth of bubbles in pixels, along or down.
    fn breadth_px(&self, bubbles: &[[f64; 2]]) -> f64 {
        let half = BUBBLE_MM / 2.0;
        let ends: Vec<[f64; 2]> = bubbles
            .iter()
            .flat_map(|[x, y]| {
                [
                    [x - half, *y],
                    [x + half, *y],
                    [*x, y - half],
                    [*x, y + half],
                ]
            })
            .collect();
        self.seen(&ends)
            .chunks_exact(2)
            .map(|ends| (ends[0][0] - ends[1][0]).hypot(ends[0][1] - ends[1][1]))
            .fold(f64::MAX, f64::min)
    }

    /// Standard deviation of the blur in pixels, focus and motion together.
    fn blur_px(&self) -> f64 {
        let [_, height] = self.size;
        let pixels = |thousandths: f32| f64::from(thousandths) * height / 1_000.0;
        let shot = &self.trial.shot;
        // A smear of this length has that standard deviation.
        pixels(shot.blur).hypot(pixels(shot.motion) / 12.0_f64.sqrt())
    }

    /// The most that a lamp is mirrored at some places of the page.
    fn mirrored(&self, places: impl Iterator<Item = [f64; 2]>) -> f64 {
        let points: Vec<Point> = places.map(point).collect();
        specimen::glare_at(&self.trial.filled(), PAGE, &self.trial.shot, &points)
            .into_iter()
            .map(f64::from)
            .fold(0.0, f64::max)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "millimetres of a sheet fit many times"
)]
fn point([x, y]: [f64; 2]) -> Point {
    Point {
        x: x as f32,
        y: y as f32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn between_its_bounds_nobody_is_blamed() {
        let seen = [50.0, 75.0, 120.0].map(|value| PAPER.of(value));
        assert_eq!(seen, [Some(true), None, Some(false)]);
        let seen = [0.05, 0.3, 0.7].map(|value| MIRRORED.of(value));
        assert_eq!(seen, [Some(false), None, Some(true)]);
    }
}
