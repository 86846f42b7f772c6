//! A writer's hand: digits, words, tally strokes, filled bubbles and
//! signatures, made of pen strokes with a person's unevenness.
//!
//! A hand is drawn by lot once for a form and keeps its ink, slant and shapes
//! on all its pages; what wavers from sign to sign is drawn as it goes.
//! Signatures are scribbles and spell nobody's name.

mod strokes;

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::measure::{Area, Point, at, measure, nth};
use crate::paper::{Ink, Paper, PenPoint};

/// Inks found in ballpoint and felt pens: blues and blacks.
const INKS: [[u8; 3]; 4] = [[28, 44, 128], [22, 34, 96], [34, 36, 48], [44, 62, 150]];

/// Longest piece of a curve that is drawn straight, in millimetres.
const PIECE_MM: f32 = 0.4;

/// How a leading zero is written; forms of the field show all three.
const BLANKS: [char; 3] = ['X', '0', '-'];

/// The colour of a pen's ink.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PenInk {
    /// Red, green and blue, 0 to 255.
    pub rgb: [u8; 3],
}

impl PenInk {
    /// Whether people would call it blue; else they call it black.
    #[must_use]
    pub fn is_blue(self) -> bool {
        let [red, _, blue] = self.rgb;
        u16::from(blue) > 2 * u16::from(red)
    }
}

/// One person writing on one form.
pub(crate) struct Hand {
    ink: Ink,
    /// Breadth of the pen's line in millimetres.
    pen: f32,
    /// Sideways lean of a sign, in parts of its height.
    slant: f32,
    /// How far points stray, in parts of a sign's height.
    waver: f32,
    /// Which of each sign's hands this person writes.
    habit: usize,
    /// What this person writes before a figure with fewer digits than boxes.
    pub(crate) blank: char,
    /// Whether this person strikes out what stays empty of a tally.
    pub(crate) strikes_out: bool,
    rng: ChaCha8Rng,
}

impl Hand {
    /// The hand of form `seed`, on its page `page`.
    pub(crate) fn of(seed: u64, page: u32) -> Self {
        let mut person = ChaCha8Rng::seed_from_u64(seed);
        let mut pick = |count: usize| person.random_range(0..count);
        let rgb = INKS.get(pick(INKS.len())).copied().unwrap_or_default();
        let blank = BLANKS.get(pick(BLANKS.len())).copied().unwrap_or('0');
        let habit = pick(60);
        Self {
            ink: Ink { rgb, opacity: 0.9 },
            pen: person.random_range(0.85..1.35),
            slant: person.random_range(-0.06..0.2),
            waver: person.random_range(0.02..0.05),
            habit,
            blank,
            strikes_out: person.random_ratio(3, 4),
            rng: ChaCha8Rng::seed_from_u64(seed.rotate_left(17) ^ u64::from(page)),
        }
    }

    /// What this person writes with.
    pub(crate) fn pen_ink(&self) -> PenInk {
        PenInk { rgb: self.ink.rgb }
    }

    /// A number around 0, mostly within `spread`.
    fn stray(&mut self, spread: f32) -> f32 {
        let a: f32 = self.rng.random_range(-1.0..1.0);
        let b: f32 = self.rng.random_range(-1.0..1.0);
        (a + b) / 2.0 * spread
    }

    /// Draws the pen through these points: straight for two, else curved.
    fn draw(&mut self, paper: &mut Paper, points: &[Point], pen: f32) {
        let mut way = Vec::new();
        for point in smooth(points) {
            let width = pen * (1.0 + self.stray(0.25));
            way.push(PenPoint { at: point, width });
        }
        paper.stroke(&way, self.ink);
    }

    /// Writes one sign into `area`.
    pub(crate) fn sign(&mut self, paper: &mut Paper, sign: char, area: Area) {
        let hands = strokes::hands(sign);
        let count = hands.len().max(1);
        // A habit, now and then broken.
        let choice = if self.rng.random_ratio(1, 12) {
            self.rng.random_range(0..count)
        } else {
            self.habit % count
        };
        let Some(hand) = hands.get(choice) else {
            return;
        };
        let lean = self.slant * area.height;
        for stroke in strokes::strokes(hand) {
            let points: Vec<Point> = stroke
                .into_iter()
                .map(|(across, down)| {
                    let base = area.spot(across, down);
                    at(
                        base.x + lean * (0.5 - down) + self.stray(self.waver * area.height),
                        base.y + self.stray(self.waver * area.height),
                    )
                })
                .collect();
            let pen = self.pen;
            self.draw(paper, &points, pen);
        }
    }

    /// Writes one digit into its printed box, not quite in the middle.
    pub(crate) fn digit(&mut self, paper: &mut Paper, sign: char, area: Area) {
        let height = area.height * (0.62 + self.stray(0.08));
        let narrow = if sign == '1' { 0.4 } else { 0.62 };
        let width = height * (narrow + self.stray(0.06));
        let centre = area.centre();
        let middle = at(
            centre.x + self.stray(area.width * 0.1),
            centre.y + self.stray(area.height * 0.08),
        );
        let target = Area::spanning(
            middle.x - width / 2.0,
            middle.y - height / 2.0,
            middle.x + width / 2.0,
            middle.y + height / 2.0,
        );
        self.sign(paper, sign, target);
    }

    /// Writes words in capitals, centred in `area`, on two lines if one is not
    /// enough for a readable size.
    pub(crate) fn words(&mut self, paper: &mut Paper, words: &str, area: Area) {
        let words = words.to_uppercase();
        let letters = words.chars().count();
        let fits = |count: usize| area.width / (nth(count).max(1.0) * LETTER_PITCH);
        let one_line = fits(letters).min(area.height * 0.8);
        if one_line >= area.height * 0.35 || !words.contains(' ') {
            let size = one_line.min(area.height * 0.62);
            self.line(paper, &words, size, area.centre().y, area);
            return;
        }
        let (first, second) = halves(&words);
        let longest = first.chars().count().max(second.chars().count());
        let size = fits(longest).min(area.height * 0.36);
        self.line(paper, first, size, area.spot(0.0, 0.27).y, area);
        self.line(paper, second, size, area.spot(0.0, 0.75).y, area);
    }

    /// Writes one line of signs of this height around the line `middle`.
    fn line(&mut self, paper: &mut Paper, words: &str, size: f32, middle: f32, area: Area) {
        let width = nth(words.chars().count()) * size * LETTER_PITCH;
        let spare = (area.width - width).max(0.0);
        let mut left = area.left + spare * self.rng.random_range(0.1..0.4);
        let drift = self.stray(0.02);
        let start = left;
        for letter in words.chars() {
            let height = size * (1.0 + self.stray(0.1));
            let broad = size * LETTER_PITCH * 0.72;
            let top = middle - height / 2.0 + (left - start) * drift + self.stray(size * 0.06);
            if letter != ' ' {
                let target = Area {
                    left,
                    top,
                    width: broad,
                    height,
                };
                self.sign(paper, letter, target);
            }
            left += size * LETTER_PITCH * (1.0 + self.stray(0.08));
        }
    }

    /// Makes `count` tally strokes (1 to 5) in a cell: uprights, and the fifth
    /// across them.
    pub(crate) fn tally(&mut self, paper: &mut Paper, count: u32, cell: Area) {
        let cell = cell.inset(cell.height * 0.17);
        let pen = self.pen * 0.85;
        for upright in 0..count.min(4) {
            let across = 0.14 + measure(upright) * 0.21;
            let top = cell.spot(across + self.stray(0.05), self.stray(0.1));
            let foot = cell.spot(across + self.stray(0.05), 1.0 + self.stray(0.1));
            self.draw(paper, &[top, foot], pen);
        }
        if count >= 5 {
            let from = cell.spot(self.stray(0.06), 0.12 + self.stray(0.1));
            let to = cell.spot(0.96 + self.stray(0.06), 0.88 + self.stray(0.1));
            self.draw(paper, &[from, to], pen);
        }
    }

    /// Draws nearly straight lines from point to point: the long Z that
    /// strikes out what stays empty, so that nothing can be added later.
    pub(crate) fn strike(&mut self, paper: &mut Paper, corners: &[Point]) {
        let pen = self.pen * 0.8;
        for (from, to) in corners.iter().zip(corners.iter().skip(1)) {
            let middle = from.between(*to, 0.5);
            let bowed = at(middle.x, middle.y + self.stray(1.5));
            self.draw(paper, &[*from, bowed, *to], pen);
        }
    }

    /// Blackens a bubble: close hatching inside and a little beyond it.
    pub(crate) fn bubble(&mut self, paper: &mut Paper, centre: Point, radius: f32) {
        let centre = at(
            centre.x + self.stray(radius * 0.15),
            centre.y + self.stray(radius * 0.15),
        );
        paper.disc(centre, radius * 0.86, self.ink);
        let turns = 40_u32;
        let points: Vec<Point> = (0..turns)
            .map(|turn| {
                let angle = measure(turn) * 2.4;
                let reach = radius * (0.35 + 0.6 * measure(turn) / measure(turns));
                let reach = reach + self.stray(radius * 0.08);
                at(
                    centre.x + angle.cos() * reach,
                    centre.y + angle.sin() * reach,
                )
            })
            .collect();
        let pen = self.pen;
        self.draw(paper, &points, pen);
    }

    /// Fills only about half of a bubble, from below.
    pub(crate) fn half_bubble(&mut self, paper: &mut Paper, centre: Point, radius: f32) {
        let lower = at(centre.x, centre.y + radius * (0.35 + self.stray(0.1)));
        paper.disc(lower, radius * 0.52, self.ink);
        let (left, right) = (radius * -0.75, radius * 0.75);
        let way = [at(lower.x + left, lower.y), at(lower.x + right, lower.y)];
        let pen = self.pen;
        self.draw(paper, &way, pen);
    }

    /// Puts a cross or a tick on a bubble instead of filling it.
    pub(crate) fn crossed_bubble(&mut self, paper: &mut Paper, centre: Point, radius: f32) {
        let pen = self.pen;
        let reach = radius * (0.8 + self.stray(0.2));
        for side in [-1.0, 1.0] {
            let way = [
                at(centre.x - side * reach, centre.y - reach),
                at(centre.x + side * reach, centre.y + reach),
            ];
            self.draw(paper, &way, pen);
        }
    }

    /// A number below `bound`, at random.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.rng.random_range(0..bound.max(1))
    }

    /// Whether something happens that happens so many times in a hundred.
    pub(crate) fn happens(&mut self, percent: u32) -> bool {
        self.rng.random_ratio(percent.min(100), 100)
    }

    /// Scribbles something like a signature that spells nothing.
    pub(crate) fn signature(&mut self, paper: &mut Paper, area: Area) {
        let loops = self.rng.random_range(3..7_u32);
        let roundness: f32 = self.rng.random_range(0.2..1.0);
        let reach = 0.6 / measure(loops);
        // Four points to a loop, each loop further right and a little lower.
        let mut points = vec![area.spot(self.stray(0.06), 0.6 + self.stray(0.3))];
        for quarter in 0..loops.saturating_mul(4) {
            let turn = measure(quarter) * std::f32::consts::FRAC_PI_2;
            let progress = measure(quarter) / measure(loops) / 4.0;
            let tall = if quarter < 4 { 0.45 } else { 0.28 };
            points.push(area.spot(
                progress * 0.9 + reach * roundness * turn.sin() + self.stray(0.03),
                0.5 + 0.15 * progress - tall * turn.cos() + self.stray(0.16),
            ));
        }
        let pen = self.pen * 0.9;
        self.draw(paper, &points, pen);
        let from = area.spot(0.05 + self.stray(0.1), 0.85 + self.stray(0.1));
        let to = area.spot(0.95 + self.stray(0.1), 0.7 + self.stray(0.2));
        self.draw(paper, &[from, from.between(to, 0.5), to], pen);
    }
}

/// Distance from one handwritten letter to the next, in parts of its height.
const LETTER_PITCH: f32 = 0.86;

/// Words parted at the space nearest to their middle.
fn halves(words: &str) -> (&str, &str) {
    let middle = words.len() / 2;
    words
        .match_indices(' ')
        .min_by_key(|(index, _)| index.abs_diff(middle))
        .and_then(|(index, space)| Some((words.get(..index)?, words.get(index + space.len()..)?)))
        .unwrap_or((words, ""))
}

/// Points along a smooth curve through `points` (Catmull and Rom's), close
/// enough together to be drawn straight.
fn smooth(points: &[Point]) -> Vec<Point> {
    let mut way: Vec<Point> = points.first().copied().into_iter().collect();
    for index in 1..points.len() {
        let near = |offset: usize| points.get(offset.min(points.len() - 1)).copied();
        let (Some(before), Some(from), Some(to), Some(after)) = (
            near(index.saturating_sub(2)),
            near(index - 1),
            near(index),
            near(index + 1),
        ) else {
            continue;
        };
        let pieces = (from.distance(to) / PIECE_MM).clamp(1.0, 200.0).ceil();
        let mut piece = 1.0;
        while piece <= pieces {
            way.push(curve([before, from, to, after], piece / pieces));
            piece += 1.0;
        }
    }
    way
}

/// The point at share `t` of the way from the second to the third point.
fn curve(points: [Point; 4], t: f32) -> Point {
    let axis = |pick: fn(Point) -> f32| {
        let [a, b, c, d] = points.map(pick);
        let square = t * t;
        0.5 * (2.0 * b
            + (c - a) * t
            + (2.0 * a - 5.0 * b + 4.0 * c - d) * square
            + (3.0 * b - a - 3.0 * c + d) * square * t)
    };
    at(axis(|point| point.x), axis(|point| point.y))
}
