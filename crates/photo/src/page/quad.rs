//! The four corners of a dark, square spot, to a part of a pixel.

use super::geometry::{Point, View, at};
use super::grey::{Grey, Spot};
use super::number::real;

/// Least share of a spot's hull that its four corners must span: a square has
/// all of it, a disc two thirds.
const SQUARE_SHARE: f64 = 0.86;
/// Places along each side where its edge is looked for.
const ALONG: u8 = 16;
/// Least step in brightness of an edge, in levels.
const EDGE_MIN: f64 = 12.0;

/// Corners of a unit square, clockwise from the top left as seen.
pub(super) const UNIT: [Point; 4] = [at(0.0, 0.0), at(1.0, 0.0), at(1.0, 1.0), at(0.0, 1.0)];

/// The corners of a spot that is a quadrilateral, clockwise as seen.
pub(super) fn corners(grey: &Grey, spot: &Spot) -> Option<[Point; 4]> {
    let hull = hull(spot);
    let (first, third) = farthest(&hull)?;
    let diagonal = third.minus(first);
    let side = |point: &Point| diagonal.cross(point.minus(first));
    let second = *hull.iter().min_by(|a, b| side(a).total_cmp(&side(b)))?;
    let fourth = *hull.iter().max_by(|a, b| side(a).total_cmp(&side(b)))?;
    let rough = [first, second, third, fourth];
    if area(&rough) < SQUARE_SHARE * area(&hull) {
        return None;
    }
    refined(grey, rough)
}

/// The convex hull of a spot's pixels, clockwise as seen.
fn hull(spot: &Spot) -> Vec<Point> {
    let mut points = Vec::new();
    for (row, (first, last)) in (spot.top..).zip(&spot.rim) {
        for y in [real(row), real(row + 1)] {
            points.push(at(real(*first), y));
            points.push(at(real(last + 1), y));
        }
    }
    points.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    let mut upper = half(points.iter());
    let lower = half(points.iter().rev());
    upper.extend(lower);
    upper
}

/// One half of a hull, without its last point.
fn half<'a>(points: impl Iterator<Item = &'a Point>) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::new();
    for point in points {
        while let [.., a, b] = kept.as_slice() {
            if b.minus(*a).cross(point.minus(*b)) > 0.0 {
                break;
            }
            kept.pop();
        }
        kept.push(*point);
    }
    kept.pop();
    kept
}

fn farthest(points: &[Point]) -> Option<(Point, Point)> {
    let pairs = points
        .iter()
        .flat_map(|a| points.iter().map(move |b| (*a, *b)));
    pairs.max_by(|(a, b), (c, d)| a.distance(*b).total_cmp(&c.distance(*d)))
}

fn area(points: &[Point]) -> f64 {
    let next = points.iter().cycle().skip(1);
    let sum: f64 = points.iter().zip(next).map(|(a, b)| a.cross(*b)).sum();
    sum.abs() / 2.0
}

/// The corners where the lines along the true edges meet.
fn refined(grey: &Grey, rough: [Point; 4]) -> Option<[Point; 4]> {
    let [a, b, c, d] = rough;
    let lines = [
        edge(grey, a, b)?,
        edge(grey, b, c)?,
        edge(grey, c, d)?,
        edge(grey, d, a)?,
    ];
    let [ab, bc, cd, da] = lines;
    let corners = [
        meeting(da, ab)?,
        meeting(ab, bc)?,
        meeting(bc, cd)?,
        meeting(cd, da)?,
    ];
    let near = rough
        .iter()
        .zip(&corners)
        .all(|(rough, fine)| rough.distance(*fine) < 2.5 + a.distance(c) / 14.0);
    near.then_some(corners)
}

/// A line: a point on it and its direction.
type Line = (Point, Point);

/// The line of the step from dark inside to bright outside between two
/// corners that go clockwise.
fn edge(grey: &Grey, from: Point, to: Point) -> Option<Line> {
    let way = to.minus(from);
    let length = way.length();
    if length < 6.0 {
        return None;
    }
    let along = way.times(1.0 / length);
    let outward = at(along.y, -along.x);
    let reach = (length / 14.0).clamp(1.5, 4.0);
    let mut places = Vec::new();
    for step in 0..ALONG {
        let share = 0.1 + 0.8 * f64::from(step) / f64::from(ALONG - 1);
        let base = from.plus(way.times(share));
        if let Some(place) = step_along(grey, base, outward, reach) {
            places.push(place);
        }
    }
    if places.len() < usize::from(ALONG) / 2 {
        return Some((from, along));
    }
    straight(&places)
}

/// Where brightness climbs most steeply along a way through `base`.
fn step_along(grey: &Grey, base: Point, outward: Point, reach: f64) -> Option<Point> {
    const STEP: f64 = 0.5;
    let slope = |place: f64| {
        let (inner, outer) = (outward.times(place - 0.7), outward.times(place + 0.7));
        grey.at(base.plus(outer)) - grey.at(base.plus(inner))
    };
    let mut best = (0.0, EDGE_MIN);
    let mut place = -reach;
    while place <= reach {
        let here = slope(place);
        if here > best.1 {
            best = (place, here);
        }
        place += STEP;
    }
    let (place, peak) = best;
    if peak <= EDGE_MIN {
        return None;
    }
    let (before, behind) = (slope(place - STEP), slope(place + STEP));
    let bend = before - 2.0 * peak + behind;
    let shift = if bend < 0.0 {
        ((before - behind) / bend / 2.0 * STEP).clamp(-STEP, STEP)
    } else {
        0.0
    };
    Some(base.plus(outward.times(place + shift)))
}

/// The straight line nearest to some places, twice: the second time without
/// those that lie far from it.
fn straight(places: &[Point]) -> Option<Line> {
    let first = nearest_line(places)?;
    let off = |place: &Point| first.1.cross(place.minus(first.0)).abs();
    let kept: Vec<Point> = places
        .iter()
        .copied()
        .filter(|place| off(place) < 1.0)
        .collect();
    if kept.len() * 2 < places.len() {
        return Some(first);
    }
    nearest_line(&kept)
}

fn nearest_line(places: &[Point]) -> Option<Line> {
    let count = real(places.len());
    let middle = places
        .iter()
        .fold(at(0.0, 0.0), |sum, place| sum.plus(*place))
        .times(1.0 / count);
    let (mut xx, mut xy, mut yy) = (0.0, 0.0, 0.0);
    for place in places {
        let away = place.minus(middle);
        xx += away.x * away.x;
        xy += away.x * away.y;
        yy += away.y * away.y;
    }
    let angle = (2.0 * xy).atan2(xx - yy) / 2.0;
    angle
        .is_finite()
        .then(|| (middle, at(angle.cos(), angle.sin())))
}

fn meeting((a, along): Line, (b, other): Line) -> Option<Point> {
    let turn = along.cross(other);
    if turn.abs() < 0.2 {
        return None;
    }
    Some(a.plus(along.times(b.minus(a).cross(other) / turn)))
}

/// The view from a unit square to these corners.
pub(super) fn from_unit(corners: [Point; 4]) -> Option<View> {
    let pairs: Vec<_> = UNIT.into_iter().zip(corners).collect();
    View::fit(&pairs)
}
