//! Whether the figures of a page can be read from a photo, judged where they
//! stand and not on average over the picture.
//!
//! Each digit's box is a printed line of known breadth around paper: how deep
//! the line is in the photo tells blur and flare at once, how bright the paper
//! is tells light and glare, and how large the box is tells distance. The
//! thresholds were set on specimens; their rates of error stand in
//! `docs/photo.md`.

use serde::Serialize;

use super::figure::Laid;
use super::geometry::{Point, at};
use super::grey::Grey;
use super::layout::{FigurePlaces, PlaceLayout};
use super::marks::Placed;
use super::number::{median, quantile, real};
use super::reading::place_px;
use super::tag::Tag;
use crate::error::PhotoError;
use crate::judge::{Warning, judge};
use crate::pixels::Rgb;

/// Below this brightness of the paper around the figures a photo is dark.
pub(super) const DARK_PAPER: f64 = 72.0;
/// From this brightness on nothing is left to see of faint ink.
const BLOWN: f64 = 250.0;
/// Share of a box's paper that is blown for the box to count as blown.
const BLOWN_SHARE: f64 = 0.5;
/// Share of blown boxes from which on the whole photo is too bright, if the
/// tag is as bright: a lamp seldom lies on figures and tag at once.
const BRIGHT_SHARE: f64 = 0.6;
/// Brightness of the tag's white from which on it is not a lamp that blows out
/// the figures.
const BRIGHT_TAG: f64 = 240.0;
/// Bubbles that have to be blown out for it to be glare: it is seldom smaller.
const GLARE_BUBBLES: usize = 2;
/// Depth of the boxes' lines below which figures are blurred, as a share of
/// the tag's own contrast. A line 1.06 mm broad keeps 0.3 of its depth under a
/// blur of 1.4 mm, where bubbles can still be told and digits hardly.
pub(super) const PRINT_MIN: f64 = 0.24;
/// Pixels per millimetre below which figures are too small.
pub(super) const SMALL_PX_PER_MM: f64 = 0.85;

/// Places between a bubble's numeral and its circle, in radii from its middle.
const RING: [(f64, f64); 8] = [
    (0.65, 0.0),
    (0.46, 0.46),
    (0.0, 0.65),
    (-0.46, 0.46),
    (-0.65, 0.0),
    (-0.46, -0.46),
    (0.0, -0.65),
    (0.46, -0.46),
];

/// Marks from which on it is known where the others should be.
const KNOWN_MARKS: usize = 2;

/// What makes a page hard to read, each a sentence on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// The paper around the figures is dark.
    TooDark,
    /// The paper around most figures is blown out.
    TooBright,
    /// Light is mirrored on some figures.
    Glare,
    /// Out of focus or moved where the figures are.
    Blurred,
    /// The figures have too few pixels.
    TooSmall,
    /// Part of the page is outside the photo.
    CutOff,
    /// The page lies upside down or on its side in the photo.
    Turned,
}

impl Problem {
    /// The stable code of this problem, as it stands in JSON.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::TooDark => "too_dark",
            Self::TooBright => "too_bright",
            Self::Glare => "glare",
            Self::Blurred => "blurred",
            Self::TooSmall => "too_small",
            Self::CutOff => "cut_off",
            Self::Turned => "turned",
        }
    }
}

/// What was found out about a page's legibility.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct PageJudgement {
    /// What makes it hard to read, in a fixed order, each at most once.
    pub problems: Vec<Problem>,
    /// Brightness of the paper around the figures, 0 to 255.
    pub paper: Option<f64>,
    /// Depth of the boxes' printed lines as a share of the tag's contrast.
    pub print: Option<f64>,
    /// Pixels per millimetre at the smallest figure.
    pub px_per_mm: Option<f64>,
    /// Share of boxes whose paper is blown out.
    pub blown: Option<f64>,
    /// Where the problems of single figures are: left, top, width, height in
    /// pixels of the upright picture.
    pub marked_px: Vec<[f64; 4]>,
}

/// Judges a photo whose page was not made out: where its figures are nobody
/// knows, so it is judged on average over the picture, as
/// [`crate::reduce`] does.
pub(super) fn without_page(rgb: &Rgb, tag: Option<&Tag>) -> Result<PageJudgement, PhotoError> {
    let on_average = judge(rgb, rgb.long_side(), false)?;
    let is_warned = |warning| on_average.warnings.contains(&warning);
    let problems = [
        (is_warned(Warning::Dark), Problem::TooDark),
        (is_warned(Warning::Blurred), Problem::Blurred),
        (is_warned(Warning::Tiny), Problem::TooSmall),
        (
            tag.is_some_and(|tag| tag.quarter_turns() != 0),
            Problem::Turned,
        ),
    ];
    Ok(PageJudgement {
        problems: holding(problems),
        ..PageJudgement::default()
    })
}

/// The problems that hold.
fn holding(problems: impl IntoIterator<Item = (bool, Problem)>) -> Vec<Problem> {
    let holding = problems.into_iter().filter(|(holds, _)| *holds);
    holding.map(|(_, problem)| problem).collect()
}

/// Judges a page that was placed, with its figures.
pub(super) fn page(
    grey: &Grey,
    tag: &Tag,
    placed: &Placed,
    layout: &PlaceLayout,
    laid: &[(&FigurePlaces, Laid<'_>)],
) -> PageJudgement {
    let contrast = (tag.white - tag.black).max(1.0);
    let boxes: Vec<(usize, BoxLook)> = laid
        .iter()
        .enumerate()
        .flat_map(|(index, (figure, laid))| {
            let looks = figure.boxes.iter().map(move |area| look(laid, *area));
            looks.map(move |look| (index, look))
        })
        .collect();
    let all = |of: fn(&BoxLook) -> f64| -> Option<f64> {
        median(&mut boxes.iter().map(|(_, look)| of(look)).collect::<Vec<_>>())
    };
    let paper = all(|look| look.paper);
    let print = all(|look| look.depth).map(|depth| depth / contrast);
    let px_per_mm = laid
        .iter()
        .map(|(_, laid)| laid.px_per_mm())
        .reduce(f64::min);
    let blown_count = boxes
        .iter()
        .filter(|(_, look)| look.blown >= BLOWN_SHARE)
        .count();
    let (has_glare, marked_px) = blown_out(&boxes, laid);
    let blown = (!boxes.is_empty()).then(|| real(blown_count) / real(boxes.len()));
    let are_blown = blown.is_some_and(|share| share >= BRIGHT_SHARE)
        || paper.is_some_and(|paper| paper >= BLOWN);
    let is_bright = are_blown && tag.white >= BRIGHT_TAG;
    // In a blurred photo a mark may be missed, and then the rest of the page
    // is not where it seems to be.
    let is_sharp = print.is_some_and(|print| print >= PRINT_MIN);
    let is_known = is_sharp || placed.count() >= KNOWN_MARKS;
    let problems = [
        (
            paper.is_some_and(|paper| paper < DARK_PAPER),
            Problem::TooDark,
        ),
        (is_bright, Problem::TooBright),
        ((has_glare || are_blown) && !is_bright, Problem::Glare),
        (
            print.is_some_and(|print| print < PRINT_MIN),
            Problem::Blurred,
        ),
        (
            px_per_mm.is_some_and(|scale| scale < SMALL_PX_PER_MM),
            Problem::TooSmall,
        ),
        (
            is_known && is_cut_off(grey, placed, layout),
            Problem::CutOff,
        ),
        (tag.quarter_turns() != 0, Problem::Turned),
    ];
    PageJudgement {
        problems: holding(problems),
        paper,
        print,
        px_per_mm,
        blown,
        marked_px,
    }
}

/// Whether boxes or bubbles are blown out, and where the figures are that have
/// some.
fn blown_out(
    boxes: &[(usize, BoxLook)],
    laid: &[(&FigurePlaces, Laid<'_>)],
) -> (bool, Vec<[f64; 4]>) {
    let has_box = |index: usize| {
        let mut own = boxes.iter().filter(|(of, _)| *of == index);
        own.any(|(_, look)| look.blown >= BLOWN_SHARE)
    };
    let marked: Vec<[f64; 4]> = laid
        .iter()
        .enumerate()
        .filter(|(index, (figure, laid))| {
            has_box(*index) || blown_bubbles(figure, laid) >= GLARE_BUBBLES
        })
        .map(|(_, (figure, laid))| place_px(figure, laid))
        .collect();
    (!marked.is_empty(), marked)
}

/// How many of a figure's bubbles are blown out, by the paper between the
/// numeral and the circle.
fn blown_bubbles(figure: &FigurePlaces, laid: &Laid<'_>) -> usize {
    let is_blown = |[x, y]: &[f64; 2]| {
        let levels = RING.map(|(across, down)| {
            let radius = figure.bubble_radius;
            laid.grey_at(at(x + radius * across, y + radius * down))
        });
        let blown = levels.iter().filter(|level| **level >= BLOWN).count();
        real(blown) / real(levels.len()) >= BLOWN_SHARE
    };
    figure
        .bubbles
        .iter()
        .flatten()
        .filter(|middle| is_blown(middle))
        .count()
}

/// Whether a mark that was not found lies beyond the photo's edge.
fn is_cut_off(grey: &Grey, placed: &Placed, layout: &PlaceLayout) -> bool {
    let half = layout.mark_side;
    layout
        .mark_places()
        .into_iter()
        .zip(placed.marks)
        .filter(|(_, seen)| seen.is_none())
        .any(|(place, _)| {
            let far =
                [at(-half, -half), at(half, half)].map(|away| placed.view.of(place.plus(away)));
            far.into_iter().any(|corner: Point| !grey.shows(corner))
        })
}

/// What one digit's box looks like.
struct BoxLook {
    /// Brightness of its paper.
    paper: f64,
    /// How much darker its line is than the paper, in levels.
    depth: f64,
    /// Share of its paper that is blown out.
    blown: f64,
}

fn look(laid: &Laid<'_>, [left, top, width, height]: [f64; 4]) -> BoxLook {
    let mut inside = Vec::new();
    for row in 0..7_u8 {
        for column in 0..7_u8 {
            let share = |step: u8| 0.14 + 0.12 * f64::from(step);
            let place = at(left + width * share(column), top + height * share(row));
            inside.push(laid.grey_at(place));
        }
    }
    let blown = real(inside.iter().filter(|level| **level >= BLOWN).count()) / real(inside.len());
    let paper = quantile(&mut inside, 0.75).unwrap_or(0.0);
    let mut depths = Vec::new();
    for step in 0..5_u8 {
        let share = 0.1 + 0.2 * f64::from(step);
        let (x, y) = (left + width * share, top + height * share);
        for (on, out) in [
            (at(x, top), at(0.0, 1.0)),
            (at(x, top + height), at(0.0, 1.0)),
            (at(left, y), at(1.0, 0.0)),
            (at(left + width, y), at(1.0, 0.0)),
        ] {
            let across = |mm: f64| laid.grey_at(on.plus(out.times(mm)));
            let line = [-0.7, -0.35, 0.0, 0.35, 0.7]
                .map(across)
                .into_iter()
                .fold(255.0, f64::min);
            let beside = f64::midpoint(across(-1.75), across(1.75));
            depths.push(beside - line);
        }
    }
    BoxLook {
        paper,
        depth: median(&mut depths).unwrap_or(0.0),
        blown,
    }
}
