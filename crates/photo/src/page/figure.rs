//! Laying a figure's boxes and bubbles exactly over the photo.
//!
//! A sheet on a wall is not flat: where the corner marks put a bubble may be
//! off by half of one. So each figure is fitted on its own, by the printed
//! lines of its boxes and the printed circles of its bubbles: a small shift,
//! stretch and slant of the page around it, so that what should be a line is
//! darker than what is beside it. Hand-filled bubbles hardly pull at it, as
//! each place counts only up to what print can be.

use super::geometry::{Point, View, at};
use super::grey::Grey;
use super::layout::FigurePlaces;
use super::number::{real, whole};

/// Away from a box's line that its paper is looked at, in millimetres.
const BESIDE_BOX_MM: f64 = 1.7;
/// Away from a bubble's circle that its paper is looked at, in millimetres.
const BESIDE_RING_MM: f64 = 1.15;
/// Greatest share of the tag's contrast that one place counts for.
const BOX_LIMIT: f64 = 0.5;
const RING_LIMIT: f64 = 0.12;
/// Places along each side of a box, and around each circle.
const ALONG_SIDE: u32 = 7;
const AROUND_RING: u32 = 10;
/// Finest shift that is tried, in millimetres.
const FINEST_MM: f64 = 0.1;

/// A place that should be dark, and those beside it that should not.
struct Probe {
    on: Point,
    beside: [Point; 2],
    limit: f64,
}

/// The page around one figure, shifted and stretched.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fitted {
    centre: Point,
    /// Shift in millimetres.
    shift: Point,
    /// What is added to the ways along and down the page.
    along: Point,
    down: Point,
}

impl Fitted {
    fn start(centre: Point) -> Self {
        let none = at(0.0, 0.0);
        Self {
            centre,
            shift: none,
            along: none,
            down: none,
        }
    }

    /// How much the page is stretched or slanted, as a share.
    fn strain(&self) -> f64 {
        self.along.length().max(self.down.length())
    }

    /// Where a place of the layout lies on the page as the marks see it.
    fn on_page(&self, place: Point) -> Point {
        let away = place.minus(self.centre);
        place
            .plus(self.shift)
            .plus(self.along.times(away.x))
            .plus(self.down.times(away.y))
    }
}

/// A figure laid over the photo.
pub(super) struct Laid<'a> {
    grey: &'a Grey,
    view: View,
    fitted: Fitted,
    /// How clearly the boxes' lines are darker than the paper beside them, as
    /// a share of the tag's contrast; 0 when the fit is by chance.
    pub(super) box_print: f64,
    /// The same of the bubbles' circles, in that part of the figure where they
    /// are made out least: a fit that is right at one end can be a bubble off
    /// at the other.
    pub(super) ring_print: f64,
    /// How much better this fit is than the same moved by one bubble.
    pub(super) ahead: f64,
}

impl Laid<'_> {
    /// Where a place of the layout is in the photo.
    pub(super) fn seen(&self, place: Point) -> Point {
        self.view.of(self.fitted.on_page(place))
    }

    /// How much the page had to be stretched or slanted for the fit, as a
    /// share: print that is hardly there can be fitted by no little of it.
    pub(super) fn strain(&self) -> f64 {
        self.fitted.strain()
    }

    /// Brightness of a place of the layout.
    pub(super) fn grey_at(&self, place: Point) -> f64 {
        self.grey.at(self.seen(place))
    }

    /// Whether the place is in the photo.
    pub(super) fn shows(&self, place: Point) -> bool {
        self.grey.shows(self.seen(place))
    }

    /// Pixels of the photo per millimetre around the figure.
    pub(super) fn px_per_mm(&self) -> f64 {
        let centre = self.fitted.centre;
        let middle = self.seen(centre);
        let across = self.seen(centre.plus(at(10.0, 0.0))).distance(middle);
        let down = self.seen(centre.plus(at(0.0, 10.0))).distance(middle);
        f64::min(across, down) / 10.0
    }
}

/// Lays a figure over the photo. `view` may be off by up to `reach_mm`
/// millimetres there; `contrast` is the tag's, in levels.
pub(super) fn lay<'a>(
    grey: &'a Grey,
    view: View,
    figure: &FigurePlaces,
    contrast: f64,
    reach_mm: f64,
) -> Laid<'a> {
    let boxes = box_probes(figure);
    let rings = ring_probes(figure);
    let score =
        |probes: &[Probe], fitted: &Fitted| mean_print(grey, &view, probes, fitted, contrast);
    let both = |fitted: &Fitted| score(&boxes, fitted) + 3.0 * score(&rings, fitted);

    let mut best = Fitted::start(figure.centre());
    let mut best_score = both(&best);
    let steps = whole(reach_mm / 0.8) * 2 + 1;
    for row in 0..steps {
        for column in 0..steps {
            let step = |index: usize| (real(index) - real(steps / 2)) * 0.8;
            let tried = Fitted {
                shift: at(step(column), step(row)),
                ..Fitted::start(best.centre)
            };
            let tried_score = both(&tried);
            if tried_score > best_score {
                (best, best_score) = (tried, tried_score);
            }
        }
    }
    best = climb(best, best_score, &both);
    let moved = |by: f64| Fitted {
        shift: best.shift.plus(at(0.0, by)),
        ..best
    };
    let pitch = pitch(figure);
    let rival = f64::max(both(&moved(pitch)), both(&moved(-pitch)));
    Laid {
        grey,
        view,
        fitted: best,
        box_print: score(&boxes, &best),
        ring_print: parts(figure)
            .iter()
            .map(|part| score(part, &best))
            .fold(score(&rings, &best), f64::min),
        ahead: both(&best) - rival,
    }
}

/// Distance of one bubble to the next, or of a box to its next if there are
/// none, in millimetres.
fn pitch(figure: &FigurePlaces) -> f64 {
    match figure.bubbles.first().map(Vec::as_slice) {
        Some([[_, zero], [_, one], ..]) => one - zero,
        _ => figure.boxes.first().map_or(1.0, |[_, _, width, _]| *width),
    }
}

/// Better and better fits by small steps of one thing at a time.
fn climb(start: Fitted, start_score: f64, score: &impl Fn(&Fitted) -> f64) -> Fitted {
    let (mut best, mut best_score) = (start, start_score);
    let mut step = 0.8;
    while step >= FINEST_MM {
        // A stretch moves the ends of a figure, some 50 mm away, by a step.
        let (shift, stretch) = (step, step / 50.0);
        let mut better = false;
        for sign in [-1.0, 1.0] {
            let moves = [
                (at(shift, 0.0), at(0.0, 0.0), at(0.0, 0.0)),
                (at(0.0, shift), at(0.0, 0.0), at(0.0, 0.0)),
                (at(0.0, 0.0), at(stretch, 0.0), at(0.0, 0.0)),
                (at(0.0, 0.0), at(0.0, stretch), at(0.0, 0.0)),
                (at(0.0, 0.0), at(0.0, 0.0), at(stretch, 0.0)),
                (at(0.0, 0.0), at(0.0, 0.0), at(0.0, stretch)),
            ];
            for (shift, along, down) in moves {
                let tried = Fitted {
                    centre: best.centre,
                    shift: best.shift.plus(shift.times(sign)),
                    along: best.along.plus(along.times(sign)),
                    down: best.down.plus(down.times(sign)),
                };
                let tried_score = score(&tried);
                if tried_score > best_score {
                    (best, best_score) = (tried, tried_score);
                    better = true;
                }
            }
        }
        if !better {
            step /= 2.0;
        }
    }
    best
}

/// How much darker the probes are than what is beside them, on average, as a
/// share of `contrast`; 0 when there are none.
fn mean_print(grey: &Grey, view: &View, probes: &[Probe], fitted: &Fitted, contrast: f64) -> f64 {
    if probes.is_empty() {
        return 0.0;
    }
    let look = |place: Point| grey.at(view.of(fitted.on_page(place)));
    let sum: f64 = probes
        .iter()
        .map(|probe| {
            let [inner, outer] = probe.beside;
            let darker = f64::midpoint(look(inner), look(outer)) - look(probe.on);
            (darker / contrast).clamp(-probe.limit, probe.limit)
        })
        .sum();
    sum / real(probes.len())
}

fn box_probes(figure: &FigurePlaces) -> Vec<Probe> {
    let mut probes = Vec::new();
    for [left, top, width, height] in &figure.boxes {
        for step in 0..ALONG_SIDE {
            let share = f64::from(step) / f64::from(ALONG_SIDE - 1);
            let (x, y) = (left + width * share, top + height * share);
            for (on, out) in [
                (at(x, *top), at(0.0, -1.0)),
                (at(x, top + height), at(0.0, 1.0)),
                (at(*left, y), at(-1.0, 0.0)),
                (at(left + width, y), at(1.0, 0.0)),
            ] {
                let beside = out.times(BESIDE_BOX_MM);
                probes.push(Probe {
                    on,
                    beside: [on.minus(beside), on.plus(beside)],
                    limit: BOX_LIMIT,
                });
            }
        }
    }
    probes
}

fn ring_probes(figure: &FigurePlaces) -> Vec<Probe> {
    around(figure.bubbles.iter().flatten(), figure.bubble_radius)
}

/// The probes of the upper, the middle and the lower bubbles, each for
/// themselves; none where a figure has no bubbles.
fn parts(figure: &FigurePlaces) -> Vec<Vec<Probe>> {
    let rows = figure.bubbles.first().map_or(0, Vec::len);
    let third = rows.div_ceil(3).max(1);
    let part = |from: usize| {
        let columns = figure.bubbles.iter();
        let middles = columns.flat_map(move |column| column.iter().skip(from).take(third));
        around(middles, figure.bubble_radius)
    };
    (0..rows).step_by(third).map(part).collect()
}

fn around<'a>(middles: impl Iterator<Item = &'a [f64; 2]>, radius: f64) -> Vec<Probe> {
    let mut probes = Vec::new();
    for [x, y] in middles {
        for step in 0..AROUND_RING {
            let angle = f64::from(step) / f64::from(AROUND_RING) * std::f64::consts::TAU;
            let (down, across) = angle.sin_cos();
            let at_radius = |radius: f64| at(x + across * radius, y + down * radius);
            // Outside only: a filled bubble is dark within.
            let beside = at_radius(radius + BESIDE_RING_MM);
            probes.push(Probe {
                on: at_radius(radius),
                beside: [beside, beside],
                limit: RING_LIMIT,
            });
        }
    }
    probes
}
