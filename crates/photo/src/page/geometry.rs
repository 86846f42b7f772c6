//! Points, and the way from the flat page to the photo and back.

use super::number::real;

/// A point: millimetres on the page, or pixels in the photo, from the top left.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
}

/// The point at `x`, `y`.
pub(crate) const fn at(x: f64, y: f64) -> Point {
    Point { x, y }
}

impl Point {
    pub(super) fn plus(self, other: Self) -> Self {
        at(self.x + other.x, self.y + other.y)
    }

    pub(super) fn minus(self, other: Self) -> Self {
        at(self.x - other.x, self.y - other.y)
    }

    pub(super) fn times(self, factor: f64) -> Self {
        at(self.x * factor, self.y * factor)
    }

    pub(super) fn length(self) -> f64 {
        self.x.hypot(self.y)
    }

    /// Distance in the unit of both.
    #[must_use]
    pub fn distance(self, other: Self) -> f64 {
        self.minus(other).length()
    }

    /// Twice the area that this way and the other span; positive when the
    /// other is clockwise of this, as seen.
    pub(super) fn cross(self, other: Self) -> f64 {
        self.x * other.y - self.y * other.x
    }
}

/// A perspective view of a plane: straight lines stay straight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    rows: [[f64; 3]; 3],
}

impl View {
    /// The view that takes the first of each pair to the second, as nearly as
    /// all of them allow; `None` for fewer than four, or when they leave it
    /// open.
    pub(super) fn fit(pairs: &[(Point, Point)]) -> Option<Self> {
        if pairs.len() < 4 {
            return None;
        }
        // Around 0 and about 1 in size, so that nothing drowns in rounding.
        let from = Scale::of(pairs.iter().map(|(from, _)| *from))?;
        let to = Scale::of(pairs.iter().map(|(_, to)| *to))?;
        let mut equations = [[0.0; 9]; 8];
        for (source, target) in pairs {
            let (p, q) = (from.normal(*source), to.normal(*target));
            add(
                &mut equations,
                [p.x, p.y, 1.0, 0.0, 0.0, 0.0, -q.x * p.x, -q.x * p.y, q.x],
            );
            add(
                &mut equations,
                [0.0, 0.0, 0.0, p.x, p.y, 1.0, -q.y * p.x, -q.y * p.y, q.y],
            );
        }
        let [a, b, c, d, e, f, g, h] = solve(equations)?;
        let middle = Self {
            rows: [[a, b, c], [d, e, f], [g, h, 1.0]],
        };
        Some(to.back().after(&middle).after(&from.there()))
    }

    /// Where a point goes.
    #[must_use]
    pub fn of(&self, point: Point) -> Point {
        let [x, y, depth] = self.rows.map(|[a, b, c]| a * point.x + b * point.y + c);
        at(x / depth, y / depth)
    }

    /// How near a point of the plane is: 1 about in the middle of what the view
    /// was fitted to, less farther off, 0 and below from the horizon on.
    pub(super) fn nearness(&self, point: Point) -> f64 {
        let [_, _, [a, b, c]] = self.rows;
        a * point.x + b * point.y + c
    }

    /// This view after another.
    fn after(&self, first: &Self) -> Self {
        let [[a, b, c], [d, e, f], [g, h, i]] = first.rows;
        Self {
            rows: self.rows.map(|[x, y, z]| {
                [
                    x * a + y * d + z * g,
                    x * b + y * e + z * h,
                    x * c + y * f + z * i,
                ]
            }),
        }
    }

    /// The way back; `None` when the plane is seen from its edge.
    #[must_use]
    pub fn inverse(&self) -> Option<Self> {
        let [[a, b, c], [d, e, f], [g, h, i]] = self.rows;
        let size = a * (e * i - f * h) - b * (d * i - f * g) + c * (d * h - e * g);
        if !size.is_normal() {
            return None;
        }
        let rows = [
            [e * i - f * h, c * h - b * i, b * f - c * e],
            [f * g - d * i, a * i - c * g, c * d - a * f],
            [d * h - e * g, b * g - a * h, a * e - b * d],
        ];
        Some(Self {
            rows: rows.map(|row| row.map(|value| value / size)),
        })
    }
}

/// What brings some points around 0 and to a distance of about 1.
struct Scale {
    centre: Point,
    factor: f64,
}

impl Scale {
    fn of(points: impl Iterator<Item = Point> + Clone) -> Option<Self> {
        let count = real(points.clone().count());
        let sum = points.clone().fold(at(0.0, 0.0), Point::plus);
        let centre = sum.times(1.0 / count);
        let spread = points.map(|point| point.distance(centre)).sum::<f64>() / count;
        (spread.is_finite() && spread > 1e-9).then(|| Self {
            centre,
            factor: 1.0 / spread,
        })
    }

    fn normal(&self, point: Point) -> Point {
        point.minus(self.centre).times(self.factor)
    }

    fn there(&self) -> View {
        let (x, y) = (-self.centre.x * self.factor, -self.centre.y * self.factor);
        View {
            rows: [
                [self.factor, 0.0, x],
                [0.0, self.factor, y],
                [0.0, 0.0, 1.0],
            ],
        }
    }

    fn back(&self) -> View {
        let step = 1.0 / self.factor;
        View {
            rows: [
                [step, 0.0, self.centre.x],
                [0.0, step, self.centre.y],
                [0.0, 0.0, 1.0],
            ],
        }
    }
}

/// Adds one equation to those of least squares.
fn add(equations: &mut [[f64; 9]; 8], row: [f64; 9]) {
    for (sums, factor) in equations.iter_mut().zip(row) {
        for (sum, value) in sums.iter_mut().zip(row) {
            *sum += factor * value;
        }
    }
}

/// Solves eight equations by elimination; `None` when they leave it open.
#[expect(
    clippy::indexing_slicing,
    reason = "all three counters stay below the fixed sizes, and elimination is unreadable without them"
)]
fn solve(mut rows: [[f64; 9]; 8]) -> Option<[f64; 8]> {
    for column in 0..8 {
        let best =
            (column..8).max_by(|a, b| rows[*a][column].abs().total_cmp(&rows[*b][column].abs()))?;
        rows.swap(column, best);
        let pivot = rows[column][column];
        if pivot.abs() < 1e-10 {
            return None;
        }
        for row in 0..8 {
            if row == column {
                continue;
            }
            let factor = rows[row][column] / pivot;
            let from = rows[column];
            for (value, above) in rows[row].iter_mut().zip(from).skip(column) {
                *value -= factor * above;
            }
        }
    }
    let mut answer = [0.0; 8];
    for (row, value) in answer.iter_mut().enumerate() {
        *value = rows[row][8] / rows[row][row];
    }
    answer
        .iter()
        .all(|value| value.is_finite())
        .then_some(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CORNERS: [Point; 4] = [
        at(0.0, 0.0),
        at(600.0, 0.0),
        at(600.0, 900.0),
        at(0.0, 900.0),
    ];
    const SEEN: [Point; 4] = [
        at(110.0, 95.0),
        at(1_380.0, 140.0),
        at(1_290.0, 1_900.0),
        at(160.0, 1_820.0),
    ];

    #[test]
    fn four_corners_make_a_view_and_its_way_back() {
        let pairs: Vec<_> = CORNERS.into_iter().zip(SEEN).collect();
        let view = View::fit(&pairs).unwrap();
        let back = view.inverse().unwrap();
        for (corner, seen) in pairs {
            assert!(view.of(corner).distance(seen) < 1e-6);
            assert!(back.of(seen).distance(corner) < 1e-6);
        }
    }

    #[test]
    fn points_in_one_line_make_no_view() {
        let line: Vec<_> = (0..6_u8)
            .map(|i| (at(f64::from(i), f64::from(i)), at(f64::from(i) * 2.0, 1.0)))
            .collect();
        assert!(View::fit(&line).is_none());
        assert!(View::fit(&[]).is_none());
    }
}
