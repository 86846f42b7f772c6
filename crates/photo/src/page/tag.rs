//! Finding the tag of a page in a photo.
//!
//! Every dark spot with four corners is looked at as a tag: its eight by eight
//! cells are read through its own perspective, the outer ones must be black,
//! and the inner ones must be nearly a code that stands on a form. The pure
//! reader that is well known for this (`kornia-apriltag`) finds the same tags;
//! it brings a hundred further crates into a phone's app for it.

use super::family::{BITS, bit_cells, nearest};
use super::geometry::{Point, View, at};
use super::grey::{Grey, Spot};
use super::number::median;
use super::quad;

/// Cells along a tag's side, its black border included.
const CELLS: usize = 8;
/// Least side of a tag in pixels: below two pixels a cell nothing is legible.
const SIDE_MIN_PX: usize = 14;
/// Least difference in brightness between a tag's white and black, in levels.
const CONTRAST_MIN: f64 = 22.0;
/// Of the 28 cells of the border, how many must be black.
const BORDER_MIN: usize = 25;

/// A tag that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tag {
    /// Its number in the family.
    pub number: u32,
    /// Its corners in the photo in pixels: top left, top right, bottom right
    /// and bottom left of the page, wherever they lie in the photo.
    pub corners: [Point; 4],
    /// Bits of its code that were read wrong and put right.
    pub wrong_bits: u32,
    /// Brightness of its paper, 0 to 255.
    pub white: f64,
    /// Brightness of its black, 0 to 255.
    pub black: f64,
}

impl Tag {
    /// Mean length of its sides in pixels.
    pub(super) fn side_px(&self) -> f64 {
        let [a, b, c, d] = self.corners;
        (a.distance(b) + b.distance(c) + c.distance(d) + d.distance(a)) / 4.0
    }

    /// Quarter turns clockwise that the page lies from upright, 0 to 3.
    #[must_use]
    pub fn quarter_turns(&self) -> u8 {
        let [left, right, ..] = self.corners;
        let way = right.minus(left);
        match (way.x.abs() >= way.y.abs(), way.x >= 0.0, way.y >= 0.0) {
            (true, true, _) => 0,
            (true, false, _) => 2,
            (false, _, true) => 1,
            (false, _, false) => 3,
        }
    }
}

/// The tag in the photo: of several the one with the fewest wrong bits, then
/// the largest.
pub(super) fn find(grey: &Grey, spots: &[Spot]) -> Option<Tag> {
    let mut best: Option<Tag> = None;
    for spot in spots.iter().filter(|spot| can_be_tag(spot)) {
        let Some(tag) = quad::corners(grey, spot).and_then(|corners| read(grey, corners)) else {
            continue;
        };
        let better = best.as_ref().is_none_or(|best| {
            (tag.wrong_bits, -tag.side_px()) < (best.wrong_bits, -best.side_px())
        });
        if better {
            best = Some(tag);
        }
    }
    best
}

/// Nearly square, and black at least around its border.
fn can_be_tag(spot: &Spot) -> bool {
    let (short, long) = (
        spot.width().min(spot.height()),
        spot.width().max(spot.height()),
    );
    short >= SIDE_MIN_PX && long <= short * 2 && spot.area * 4 >= spot.width() * spot.height()
}

/// Reads the cells between four corners, whichever of them is the first.
fn read(grey: &Grey, corners: [Point; 4]) -> Option<Tag> {
    let mut corners = corners;
    let mut best: Option<Tag> = None;
    for _ in 0..4 {
        let view = quad::from_unit(corners)?;
        let cells = Cells::of(grey, &view)?;
        if let Some((number, wrong_bits)) = cells.number()
            && best.is_none_or(|best| wrong_bits < best.wrong_bits)
        {
            best = Some(Tag {
                number,
                corners,
                wrong_bits,
                white: cells.white,
                black: cells.black,
            });
        }
        corners.rotate_left(1);
    }
    best
}

/// The brightness of a tag's cells.
struct Cells {
    at: [[f64; CELLS]; CELLS],
    white: f64,
    black: f64,
}

impl Cells {
    /// Reads them; `None` when the border is not black on white.
    fn of(grey: &Grey, view: &View) -> Option<Self> {
        let mut cells = [[0.0; CELLS]; CELLS];
        let place = |number: usize| f64::from(u8::try_from(number).unwrap_or_default());
        for (row, line) in cells.iter_mut().enumerate() {
            for (column, cell) in line.iter_mut().enumerate() {
                *cell = mean_around(grey, view, place(column) + 0.5, place(row) + 0.5);
            }
        }
        let paper = Paper::around(grey, view)?;
        for (row, line) in cells.iter_mut().enumerate() {
            for (column, cell) in line.iter_mut().enumerate() {
                *cell *= paper.evened(place(column) + 0.5, place(row) + 0.5);
            }
        }
        let inside = |place: usize| (1..CELLS - 1).contains(&place);
        let mut border = Vec::new();
        for (row, line) in cells.iter().enumerate() {
            for (column, cell) in line.iter().enumerate() {
                if !(inside(row) && inside(column)) {
                    border.push(*cell);
                }
            }
        }
        let white = paper.mean;
        let black = median(&mut border.clone())?;
        let middle = f64::midpoint(white, black);
        let dark = border.iter().filter(|cell| **cell < middle).count();
        (white - black >= CONTRAST_MIN && dark >= BORDER_MIN).then_some(Self {
            at: cells,
            white,
            black,
        })
    }

    fn cell(&self, column: usize, row: usize) -> f64 {
        self.at
            .get(row)
            .and_then(|line| line.get(column))
            .copied()
            .unwrap_or(self.white)
    }

    /// The number of the code in the cells: as they are, then with blur taken
    /// back by holding each cell against its neighbours.
    fn number(&self) -> Option<(u32, u32)> {
        [0.0, 0.25, 0.5]
            .into_iter()
            .filter_map(|strength| nearest(self.bits(strength)))
            .min_by_key(|(_, wrong)| *wrong)
    }

    fn bits(&self, strength: f64) -> u64 {
        let middle = f64::midpoint(self.white, self.black);
        let mut bits = 0;
        for (index, (column, row)) in bit_cells().enumerate() {
            let (column, row) = (usize::from(column), usize::from(row));
            let here = self.cell(column, row);
            let beside = self.cell(column - 1, row)
                + self.cell(column + 1, row)
                + self.cell(column, row - 1)
                + self.cell(column, row + 1);
            if here + strength * (here - beside / 4.0) > middle {
                bits |= 1 << (BITS - 1 - index);
            }
        }
        bits
    }
}

/// The brightness of the paper around a tag, which may lie half in a shadow.
struct Paper {
    mean: f64,
    /// What is added from the left edge to the right, and from top to bottom.
    across: f64,
    down: f64,
}

impl Paper {
    /// Half a cell outside the border; a label that stands there on one side
    /// is outvoted.
    fn around(grey: &Grey, view: &View) -> Option<Self> {
        let side = |at_cell: fn(f64) -> (f64, f64)| {
            let mut values: Vec<f64> = (0..8_u8)
                .map(|number| {
                    let (x, y) = at_cell(f64::from(number) + 0.5);
                    mean_around(grey, view, x, y)
                })
                .collect();
            median(&mut values)
        };
        let (top, bottom) = (side(|along| (along, -0.6))?, side(|along| (along, 8.6))?);
        let (left, right) = (side(|along| (-0.6, along))?, side(|along| (8.6, along))?);
        Some(Self {
            mean: ((top + bottom + left + right) / 4.0).max(1.0),
            across: right - left,
            down: bottom - top,
        })
    }

    /// What takes brightness at a cell to what it would be in even light.
    fn evened(&self, x: f64, y: f64) -> f64 {
        let side = 9.2;
        let here = self.mean + self.across * (x - 4.0) / side + self.down * (y - 4.0) / side;
        (self.mean / here.max(1.0)).clamp(0.25, 4.0)
    }
}

/// Mean brightness in the middle of the cell at this place.
fn mean_around(grey: &Grey, view: &View, x: f64, y: f64) -> f64 {
    const AWAY: [f64; 3] = [-0.22, 0.0, 0.22];
    let side = 8.0;
    let mut sum = 0.0;
    for down in AWAY {
        for across in AWAY {
            sum += grey.at(view.of(at((x + across) / side, (y + down) / side)));
        }
    }
    sum / 9.0
}
