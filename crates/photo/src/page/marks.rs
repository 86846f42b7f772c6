//! Finding the four corner marks of a page whose tag was found.
//!
//! A mark is two black squares that touch at a corner. The tag says how large
//! a square is in the photo and which way the page lies; every dark spot of
//! that size is held against the pattern. Four that put the tag where it was
//! seen are the page's; of fewer, those that agree best with the tag.

use super::geometry::{Point, View, at};
use super::grey::{Grey, Spot};
use super::layout::PlaceLayout;
use super::number::{real, whole};
use super::tag::Tag;

/// Least difference between a mark's white and black quarters, as a share of
/// the tag's.
const PATTERN_MIN: f64 = 0.38;
/// The same where a dark spot alone makes one hope for a mark, before the best
/// place near it is looked for: most spots are letters, and this is quick.
const HOPE_MIN: f64 = 0.1;
/// How far from where the tag alone puts it a mark is looked for, in
/// millimetres on the page for each millimetre from the tag.
const ASTRAY: f64 = 0.3;
/// The same once other marks are known, for spots that look like a mark and
/// for every place around.
const COMPLETED_ASTRAY: f64 = 0.2;
const SEARCHED_ASTRAY: f64 = 0.07;
/// Least brightness of a mark's white, as a share of the tag's.
const WHITE_MIN: f64 = 0.2;
/// Spots that are tried for one corner.
const TRIED: usize = 5;
/// How far the tag may lie from where the marks put it, as a share of its
/// side; and in pixels besides.
const TAG_OFF_SHARE: f64 = 0.08;
const TAG_OFF_PX: f64 = 2.0;

/// What was found of a page's place in the photo.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed {
    /// From millimetres on the page to pixels of the photo.
    pub(super) view: View,
    /// The corner marks that were found, in the order of the layout.
    pub(super) marks: [Option<Point>; 4],
    /// How far the tag lies from where the view puts it, in pixels.
    pub(super) off_px: f64,
}

/// Places a page by its tag and its marks; `None` when not even the tag makes
/// a view.
pub(super) fn place(
    grey: &Grey,
    spots: &[Spot],
    tag: &Tag,
    layout: &PlaceLayout,
) -> Option<Placed> {
    let tag_pairs: Vec<_> = layout.tag_corners().into_iter().zip(tag.corners).collect();
    let near = View::fit(&tag_pairs)?;
    let [left, top, side] = layout.tag;
    let pattern = Pattern::of(tag, side, layout.mark_side);
    let found = candidates(grey, spots, &pattern);
    let back = near.inverse()?;
    let middle = at(left + side / 2.0, top + side / 2.0);
    // What the tag says of perspective goes far astray when one of its corners
    // is a pixel beside its place; its size and direction alone do not.
    let seen_middle = near.of(middle);
    let flat_away = |corner: Point, place: Point| {
        let way = corner.minus(middle);
        let meant = pattern.along.times(way.x).plus(pattern.down.times(way.y));
        place.distance(seen_middle.plus(meant)) / pattern.px_per_mm
    };
    let for_corner = |corner: Point| -> Vec<Option<Point>> {
        let reach = corner.distance(middle) * ASTRAY;
        let away = |place: Point| back.of(place).distance(corner);
        let mut near: Vec<(f64, Point)> = found
            .iter()
            .map(|(score, place)| {
                let away = away(*place).min(flat_away(corner, *place));
                (away, *score, *place)
            })
            .filter(|(away, ..)| *away < reach)
            .map(|(away, score, place)| (away / reach - score, place))
            .collect();
        near.sort_by(|(a, _), (b, _)| a.total_cmp(b));
        let tried = near.into_iter().take(TRIED).map(|(_, place)| Some(place));
        tried.chain([None]).collect()
    };
    let choices = layout.mark_places().map(for_corner);
    let limit = tag.side_px() * TAG_OFF_SHARE + TAG_OFF_PX;
    let mut best: Option<Placed> = None;
    each_choice(&choices, |marks| {
        let Some(placed) = agreed(marks, layout, tag, &tag_pairs) else {
            return;
        };
        let rank = |placed: &Placed| (placed.count(), -placed.off_px);
        if placed.off_px < limit && best.is_none_or(|best| rank(&placed) > rank(&best)) {
            best = Some(placed);
        }
    });
    let start = best.unwrap_or(Placed {
        view: near,
        marks: [None; 4],
        off_px: 0.0,
    });
    let search = Search {
        grey,
        pattern: &pattern,
        found: &found,
        layout,
        tag,
        tag_pairs: &tag_pairs,
        limit,
    };
    Some(search.sharpened(search.completed(start)))
}

/// Looking for the marks that are still missing, with what is known by then.
struct Search<'a> {
    grey: &'a Grey,
    pattern: &'a Pattern,
    found: &'a [(f64, Point)],
    layout: &'a PlaceLayout,
    tag: &'a Tag,
    tag_pairs: &'a [(Point, Point)],
    limit: f64,
}

impl Search<'_> {
    /// Each missing mark looked for around where the others put it, the
    /// nearest first: every one that is found makes the next surer.
    fn completed(&self, start: Placed) -> Placed {
        let mut placed = start;
        let places = self.layout.mark_places();
        let [left, top, side] = self.layout.tag;
        for _ in 0..places.len() {
            let mut known = vec![at(left + side / 2.0, top + side / 2.0)];
            let seen = places.into_iter().zip(placed.marks);
            known.extend(
                seen.filter(|(_, mark)| mark.is_some())
                    .map(|(place, _)| place),
            );
            let away = |place: Point| {
                let ways = known.iter().map(|other| other.distance(place));
                ways.fold(f64::MAX, f64::min)
            };
            let mut missing: Vec<(usize, Point)> = places
                .into_iter()
                .enumerate()
                .filter(|(index, _)| placed.marks.get(*index) == Some(&None))
                .collect();
            missing.sort_by(|(_, a), (_, b)| away(*a).total_cmp(&away(*b)));
            let next = missing
                .into_iter()
                .find_map(|(index, place)| self.with(&placed, index, place, away(place)));
            match next {
                Some(better) => placed = better,
                None => break,
            }
        }
        placed
    }

    /// The page with this mark too, if one is found that agrees.
    fn with(&self, placed: &Placed, index: usize, place: Point, away_mm: f64) -> Option<Placed> {
        let middle = placed.view.of(place);
        let pattern = self.pattern.seen_at(&placed.view, place);
        let reach_px = (away_mm * COMPLETED_ASTRAY + 8.0) * pattern.px_per_mm;
        let step = (2.5 * pattern.px_per_mm).max(1.5);
        let steps = whole((away_mm * SEARCHED_ASTRAY + 6.0) * pattern.px_per_mm / step).min(24);
        let mut tried: Vec<Point> = self
            .found
            .iter()
            .map(|(_, place)| *place)
            .filter(|other| other.distance(middle) < reach_px)
            .collect();
        for row in 0..=2 * steps {
            for column in 0..=2 * steps {
                let shift = |number: usize| (real(number) - real(steps)) * step;
                let spot = middle.plus(at(shift(column), shift(row)));
                if pattern.score(self.grey, spot) > PATTERN_MIN * 0.6 {
                    tried.push(spot);
                }
            }
        }
        let mut best: Option<(f64, Placed)> = None;
        for start in tried {
            let (score, spot) = pattern.best_near(self.grey, start);
            if score < PATTERN_MIN || best.as_ref().is_some_and(|(best, _)| score <= *best) {
                continue;
            }
            let mut marks = placed.marks;
            *marks.get_mut(index)? = Some(spot);
            let better = agreed(marks, self.layout, self.tag, self.tag_pairs);
            if let Some(better) = better.filter(|better| better.off_px < self.limit) {
                best = Some((score, better));
            }
        }
        best.map(|(_, better)| better)
    }

    /// Every mark once more, with the pattern as it is seen at its own place.
    fn sharpened(&self, placed: Placed) -> Placed {
        let mut marks = placed.marks;
        for (mark, place) in marks.iter_mut().zip(self.layout.mark_places()) {
            if let Some(spot) = mark {
                let pattern = self.pattern.seen_at(&placed.view, place);
                *spot = pattern.best_near(self.grey, *spot).1;
            }
        }
        agreed(marks, self.layout, self.tag, self.tag_pairs)
            .filter(|sharper| sharper.count() > 0 && sharper.off_px < self.limit)
            .unwrap_or(placed)
    }
}

impl Placed {
    /// How many marks were found.
    pub(super) fn count(&self) -> usize {
        self.marks.iter().flatten().count()
    }
}

/// Calls `with` for every choice of one place (or none) for each corner, if at
/// least two are chosen.
fn each_choice(choices: &[Vec<Option<Point>>; 4], mut with: impl FnMut([Option<Point>; 4])) {
    let [first, second, third, fourth] = choices;
    for a in first {
        for b in second {
            for c in third {
                for d in fourth {
                    let marks = [*a, *b, *c, *d];
                    if marks.iter().flatten().count() >= 2 {
                        with(marks);
                    }
                }
            }
        }
    }
}

/// The view by these marks. Four alone decide, so that the tag is a witness of
/// its own; fewer need it.
fn agreed(
    marks: [Option<Point>; 4],
    layout: &PlaceLayout,
    tag: &Tag,
    tag_pairs: &[(Point, Point)],
) -> Option<Placed> {
    let mut pairs: Vec<_> = layout
        .mark_places()
        .into_iter()
        .zip(marks)
        .filter_map(|(place, seen)| Some((place, seen?)))
        .collect();
    if pairs.len() < 4 {
        pairs.extend(tag_pairs);
    }
    let view = View::fit(&pairs)?;
    let mut off_px = pairs
        .iter()
        .chain(tag_pairs)
        .map(|(place, seen)| view.of(*place).distance(*seen))
        .fold(0.0, f64::max);
    if !off_px.is_finite() {
        return None;
    }
    // A view that turns part of the sheet behind the camera is none.
    let [width, height] = layout.sheet;
    let corners = [
        at(0.0, 0.0),
        at(width, 0.0),
        at(width, height),
        at(0.0, height),
    ];
    let seen = corners.map(|corner| view.of(corner));
    let turns = (0..4).map(|i| {
        let mut turned = seen;
        turned.rotate_left(i);
        let [a, b, c, _] = turned;
        b.minus(a).cross(c.minus(b))
    });
    if turns.into_iter().any(|turn| turn <= tag.side_px()) {
        off_px = f64::MAX;
    }
    Some(Placed {
        view,
        marks,
        off_px,
    })
}

/// What a mark looks like near the tag.
struct Pattern {
    /// Way of one millimetre along and down the page, in pixels.
    along: Point,
    down: Point,
    square: f64,
    /// Brightness of the tag's white, and how much less its black has, as a
    /// share of it.
    white: f64,
    contrast: f64,
    px_per_mm: f64,
}

impl Pattern {
    fn of(tag: &Tag, side_mm: f64, square: f64) -> Self {
        let [a, b, c, d] = tag.corners;
        let step = |from: Point, to: Point| to.minus(from).times(1.0 / side_mm);
        Self {
            along: step(a, b).plus(step(d, c)).times(0.5),
            down: step(a, d).plus(step(b, c)).times(0.5),
            square,
            white: tag.white,
            contrast: (tag.white - tag.black) / tag.white.max(1.0),
            px_per_mm: tag.side_px() / side_mm,
        }
    }

    /// The same as it is seen at a place of the page.
    fn seen_at(&self, view: &View, place: Point) -> Self {
        const STEP_MM: f64 = 5.0;
        let middle = view.of(place);
        let way = |step: Point| view.of(place.plus(step)).minus(middle).times(1.0 / STEP_MM);
        let (along, down) = (way(at(STEP_MM, 0.0)), way(at(0.0, STEP_MM)));
        Self {
            along,
            down,
            px_per_mm: f64::midpoint(along.length(), down.length()),
            ..*self
        }
    }

    /// How much the place looks like the middle of a mark: the difference
    /// between its darker white and its brighter black quarter.
    fn score(&self, grey: &Grey, middle: Point) -> f64 {
        let quarter = |across: f64, down: f64| {
            let mut sum = 0.0;
            for x in [0.3, 0.5, 0.7] {
                for y in [0.3, 0.5, 0.7] {
                    let (x, y) = (x * self.square * across, y * self.square * down);
                    let away = self.along.times(x).plus(self.down.times(y));
                    sum += grey.at(middle.plus(away));
                }
            }
            sum / 9.0
        };
        let black = quarter(-1.0, -1.0).max(quarter(1.0, 1.0));
        let white = quarter(1.0, -1.0).min(quarter(-1.0, 1.0));
        if white < self.white * WHITE_MIN {
            return 0.0;
        }
        (white - black) / white / self.contrast
    }

    /// The place near `middle` that looks most like one, and how much.
    fn best_near(&self, grey: &Grey, middle: Point) -> (f64, Point) {
        let mut best = (self.score(grey, middle), middle);
        let mut step = (self.px_per_mm * 1.2).max(1.0);
        while step >= 0.12 {
            let around = best.1;
            for (x, y) in [(-1.0, 0.0), (1.0, 0.0), (0.0, -1.0), (0.0, 1.0)] {
                let place = around.plus(at(x * step, y * step));
                let score = self.score(grey, place);
                if score > best.0 {
                    best = (score, place);
                }
            }
            if best.1 == around {
                step /= 2.0;
            }
        }
        best
    }
}

/// All places that look like a mark, with how much they do.
fn candidates(grey: &Grey, spots: &[Spot], pattern: &Pattern) -> Vec<(f64, Point)> {
    let mm = |millimetres: f64| whole(millimetres * pattern.px_per_mm);
    let (pair, single) = (mm(7.0)..=mm(34.0) + 2, mm(3.5)..=mm(17.0) + 1);
    let mut found: Vec<(f64, Point)> = Vec::new();
    for spot in spots {
        let (width, height) = (spot.width(), spot.height());
        let filled = real(spot.area) / real(width * height);
        let mut tried = Vec::new();
        if pair.contains(&width) && pair.contains(&height) && (0.25..0.85).contains(&filled) {
            tried.push(spot.centre());
        }
        if single.contains(&width) && single.contains(&height) && filled > 0.55 {
            let half = pattern.along.plus(pattern.down).times(pattern.square / 2.0);
            tried.push(spot.centre().plus(half));
            tried.push(spot.centre().minus(half));
        }
        for start in tried {
            if pattern.score(grey, start) < HOPE_MIN {
                continue;
            }
            let (score, place) = pattern.best_near(grey, start);
            let known = found.iter().any(|(_, other)| other.distance(place) < 2.0);
            if score >= PATTERN_MIN && !known && grey.shows(place) {
                found.push((score, place));
            }
        }
    }
    found
}
