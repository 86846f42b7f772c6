//! What is photographed besides the print: a sheet that was folded and does
//! not lie flat, and the wall or table behind it.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use crate::measure::{Area, Point, at, measure, pixels};

/// Values known on a grid, read smoothly between its points.
pub(super) struct Grid<const N: usize> {
    columns: u32,
    rows: u32,
    values: Vec<[f32; N]>,
}

impl<const N: usize> Grid<N> {
    /// A grid whose points have the values of `of` at their shares of width
    /// and height.
    pub(super) fn new(columns: u32, rows: u32, of: impl Fn(f32, f32) -> [f32; N]) -> Self {
        let mut values = Vec::new();
        for row in 0..=rows {
            for column in 0..=columns {
                values.push(of(
                    measure(column) / measure(columns),
                    measure(row) / measure(rows),
                ));
            }
        }
        Self {
            columns,
            rows,
            values,
        }
    }

    /// The values at these shares of width and height.
    pub(super) fn at(&self, u: f32, v: f32) -> [f32; N] {
        let x = u.clamp(0.0, 1.0) * measure(self.columns);
        let y = v.clamp(0.0, 1.0) * measure(self.rows);
        let column = pixels(x).min(self.columns.saturating_sub(1));
        let row = pixels(y).min(self.rows.saturating_sub(1));
        let (across, down) = (x - measure(column), y - measure(row));
        let (a, b) = (self.point(column, row), self.point(column + 1, row));
        let (c, d) = (self.point(column, row + 1), self.point(column + 1, row + 1));
        let mut mixed = [0.0; N];
        let corners = a.into_iter().zip(b).zip(c.into_iter().zip(d));
        for (value, ((a, b), (c, d))) in mixed.iter_mut().zip(corners) {
            let upper = a + (b - a) * across;
            let lower = c + (d - c) * across;
            *value = upper + (lower - upper) * down;
        }
        mixed
    }

    fn point(&self, column: u32, row: u32) -> [f32; N] {
        let index = row * (self.columns + 1) + column;
        let index = usize::try_from(index).unwrap_or(usize::MAX);
        self.values.get(index).copied().unwrap_or([1.0; N])
    }
}

/// What the sheet's unevenness does at a point.
pub(super) struct Uneven {
    /// How far aside the print appears, in millimetres.
    pub(super) shift: Point,
    /// How bright the paper is there, around 1.
    pub(super) shade: f32,
}

/// A sheet that came folded in four and hangs a little loose.
pub(super) struct Relief {
    sheet: Area,
    grid: Grid<3>,
}

impl Relief {
    /// A sheet so crumpled: 1 is once folded in four.
    pub(super) fn of(sheet: Area, creases: f32, rng: &mut ChaCha8Rng) -> Self {
        let seed: u32 = rng.random();
        let mut depth = || creases * rng.random_range(-0.045..0.045);
        let (upright, level): (f32, f32) = (depth(), depth());
        let waves = creases * rng.random_range(0.4..1.1);
        // Fine enough for a crease of three millimetres.
        let (columns, rows) = (pixels(sheet.width / 3.0), pixels(sheet.height / 3.0));
        let grid = Grid::new(columns, rows, |u, v| {
            let crease = |share: f32, strength: f32, length: f32| {
                let distance = (share - 0.5) * length;
                strength * distance.signum() * (-distance.abs() / 28.0).exp()
            };
            let swell = noise(u * 3.0, v * 4.5, seed) - 0.5;
            let side = noise(u * 2.0 + 9.0, v * 3.0, seed) - 0.5;
            let shade = 1.0
                + crease(u, upright, sheet.width)
                + crease(v, level, sheet.height)
                + 0.05 * swell;
            [waves * 2.0 * swell, waves * 2.0 * side, shade]
        });
        Self { sheet, grid }
    }

    pub(super) fn at(&self, point: Point) -> Uneven {
        let u = (point.x - self.sheet.left) / self.sheet.width;
        let v = (point.y - self.sheet.top) / self.sheet.height;
        let [x, y, shade] = self.grid.at(u, v);
        Uneven {
            shift: at(x, y),
            shade,
        }
    }
}

/// What is behind the sheet.
pub(super) struct Wall {
    seed: u32,
    colour: [f32; 3],
    /// Breadth of a plank in millimetres; none on a painted wall.
    plank_mm: Option<f32>,
}

/// Colours of walls and tables.
const PAINTS: [[f32; 3]; 4] = [
    [196.0, 200.0, 190.0],
    [170.0, 186.0, 196.0],
    [214.0, 202.0, 170.0],
    [178.0, 172.0, 166.0],
];
const WOODS: [[f32; 3]; 3] = [
    [142.0, 104.0, 70.0],
    [110.0, 78.0, 52.0],
    [172.0, 136.0, 96.0],
];

impl Wall {
    pub(super) fn of(rng: &mut ChaCha8Rng) -> Self {
        let is_wood = rng.random_ratio(2, 5);
        let colours: &[[f32; 3]] = if is_wood { &WOODS } else { &PAINTS };
        let index = rng.random_range(0..colours.len());
        Self {
            seed: rng.random(),
            colour: colours.get(index).copied().unwrap_or([180.0; 3]),
            plank_mm: is_wood.then(|| rng.random_range(70.0..140.0)),
        }
    }

    /// The colour behind the page's plane at `point`, `beyond` millimetres
    /// from the sheet's edge: close to it lies its shadow.
    pub(super) fn at(&self, point: Point, beyond: f32) -> [f32; 3] {
        let tone = match self.plank_mm {
            Some(plank) => self.wood(point, plank),
            None => self.plaster(point),
        };
        let shadow = 1.0 - 0.42 * (-beyond / 7.0).exp();
        self.colour.map(|channel| channel * tone * shadow)
    }

    fn plaster(&self, point: Point) -> f32 {
        let broad = noise(point.x / 130.0, point.y / 130.0, self.seed);
        let grain = noise(point.x / 2.5, point.y / 2.5, self.seed ^ 7);
        0.9 + 0.14 * broad + 0.07 * grain
    }

    fn wood(&self, point: Point, plank: f32) -> f32 {
        let across = point.x / plank;
        let joint = across - across.floor();
        let board = hashed(pixels(across + 1_000.0), 3, self.seed);
        let grain = noise(point.x / 5.0, point.y / 90.0 + board * 50.0, self.seed);
        let fine = noise(point.x / 1.6, point.y / 24.0, self.seed ^ 5);
        let gap = if joint < 0.025 { 0.45 } else { 1.0 };
        gap * (0.78 + 0.16 * board + 0.18 * grain + 0.1 * fine)
    }
}

/// Smooth noise between 0 and 1 with one hill to each whole number.
fn noise(x: f32, y: f32, seed: u32) -> f32 {
    // Shifted so that what lies left of and above the sheet is positive too.
    let (x, y) = (x + 4_096.0, y + 4_096.0);
    let (column, row) = (pixels(x), pixels(y));
    let ease = |share: f32| share * share * (3.0 - 2.0 * share);
    let (across, down) = (ease(x - measure(column)), ease(y - measure(row)));
    let (next_column, next_row) = (column.wrapping_add(1), row.wrapping_add(1));
    let upper = hashed(column, row, seed)
        + (hashed(next_column, row, seed) - hashed(column, row, seed)) * across;
    let lower = hashed(column, next_row, seed)
        + (hashed(next_column, next_row, seed) - hashed(column, next_row, seed)) * across;
    upper + (lower - upper) * down
}

/// A number between 0 and 1 that looks drawn by lot for these three.
fn hashed(column: u32, row: u32, seed: u32) -> f32 {
    let mut mixed = column
        .wrapping_mul(0x9E37_79B1)
        .wrapping_add(row.wrapping_mul(0x85EB_CA77))
        .wrapping_add(seed.wrapping_mul(0xC2B2_AE3D));
    mixed = (mixed ^ (mixed >> 15)).wrapping_mul(0x2C1B_3C6D);
    mixed = (mixed ^ (mixed >> 12)).wrapping_mul(0x297A_2D39);
    mixed ^= mixed >> 15;
    measure(mixed >> 8) / measure(1 << 24)
}
