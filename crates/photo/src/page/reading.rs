//! Everything that a photo says of its page.

use serde::Serialize;

use super::boxes::{self, BoxMark};
use super::bubbles::{self, Digit, Doubt};
use super::family::FormPage;
use super::figure::{Laid, lay};
use super::geometry::{Point, View, at};
use super::grey::{DARK_SHARES, Grey, Spot};
use super::judge::{self, PageJudgement};
use super::layout::{FigurePlaces, PagePlaces, PlaceLayout};
use super::marks::{self, Placed};
use super::sheet::SheetPlace;
use super::tag::{self, Tag};
use crate::decode::decode;
use crate::error::PhotoError;
use crate::limits::{READING_COPY_LONG_SIDE_PX, READING_COPY_MOST_PX};
use crate::pixels::Rgb;

/// Least print of the boxes' lines and the bubbles' circles, as a share of the
/// tag's contrast, for the bubbles under them to be read.
const BOX_PRINT_MIN: f64 = 0.09;
const RING_PRINT_MIN: f64 = 0.02;
/// Least lead of the fit over the one a bubble farther.
const AHEAD_MIN: f64 = 0.08;
/// Most stretch or slant of the page around a figure. A crumpled sheet in a
/// photo aslant needs a few hundredths.
const STRAIN_MAX: f64 = 0.1;
/// How far off a figure may be when all marks were found, and when it is
/// reached from the tag, in millimetres.
const NEAR_MM: f64 = 5.0;
const FAR_MM: f64 = 9.0;
/// Marks from which on the whole page is known to be where they say.
const MARKS_SURE: usize = 3;

/// What a photo says of its page.
#[derive(Debug, Clone)]
pub struct PageReading {
    /// Width and height of the upright picture that was read, in pixels; all
    /// places are in it.
    pub size: (u32, u32),
    /// The tag, if one was found.
    pub tag: Option<Tag>,
    /// The page it names.
    pub page: Option<FormPage>,
    /// From millimetres on the page to pixels; `None` without a tag, and when
    /// too little besides it was found to say where the rest of the page is.
    pub view: Option<View>,
    /// Where the sheet lies; `None` as above, and when it is seen almost from
    /// its edge.
    pub sheet: Option<SheetPlace>,
    /// The corner marks that were found: top left, top right, bottom right,
    /// bottom left.
    pub marks: [Option<Point>; 4],
    /// Whether it can be read, seen as this page.
    pub judgement: PageJudgement,
    /// Figures with bubbles, in the order of the layout; empty when the form's
    /// places are not known or the page has none.
    pub figures: Vec<FigureReading>,
}

/// What the bubbles of one figure say.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FigureReading {
    /// Id of the count, such as `votes.1`.
    pub id: String,
    /// Its digits by the bubbles, the most significant first.
    pub digits: Vec<Digit>,
    /// The number, when every digit was read.
    pub number: Option<u32>,
    /// What stands in its digits' boxes.
    pub boxes: Vec<BoxMark>,
    /// Left, top, width and height in pixels of the upright picture: where to
    /// look again.
    pub place_px: [f64; 4],
}

/// Reads the page that a camera's file or a reading copy shows. The layout is
/// chosen by the tag.
///
/// Takes about as long as [`crate::reduce`] on a camera's file, and less on a
/// reading copy.
///
/// # Errors
/// [`PhotoError`] as for [`crate::reduce`]; a photo that shows no page is
/// none.
pub fn read_page(bytes: &[u8]) -> Result<PageReading, PhotoError> {
    let (rgb, _) = upright(bytes)?;
    read_rgb(&rgb)
}

/// The upright picture at the size of a reading copy, and the long side of the
/// stored one.
pub(crate) fn upright(bytes: &[u8]) -> Result<(Rgb, u32), PhotoError> {
    let decoded = decode(bytes, READING_COPY_LONG_SIDE_PX)?;
    let long_side_px = decoded.stored.0.max(decoded.stored.1);
    let rgb = decoded
        .rgb
        .fit_reading_copy()?
        .upright(decoded.exif.orientation)?;
    Ok((rgb, long_side_px))
}

pub(crate) fn read_rgb(rgb: &Rgb) -> Result<PageReading, PhotoError> {
    let size = (rgb.width, rgb.height);
    let grey = Grey::from(rgb.luma_within(READING_COPY_MOST_PX)?);
    let seen = Seen::on(&grey);
    let Some((tag, layout, placed)) = seen.placed() else {
        return Ok(PageReading {
            size,
            tag: seen.tag,
            page: seen.page,
            view: None,
            sheet: None,
            marks: [None; 4],
            judgement: judge::without_page(rgb, seen.tag.as_ref())?,
            figures: Vec::new(),
        });
    };
    let laid = seen.laid(&grey);
    let figures = laid
        .iter()
        .filter(|(figure, _)| !figure.bubbles.is_empty())
        .map(|(figure, laid)| read_figure(figure, laid))
        .collect();
    let view = settled(tag, placed, layout, &laid);
    Ok(PageReading {
        size,
        tag: Some(*tag),
        page: seen.page,
        view,
        sheet: seen.sheet(size, || view),
        marks: placed.marks,
        judgement: judge::page(&grey, tag, placed, layout, &laid),
        figures,
    })
}

/// Where the sheet lies in an upright picture.
pub(crate) fn sheet_in(rgb: &Rgb) -> Result<Option<SheetPlace>, PhotoError> {
    let grey = Grey::from(rgb.luma_within(READING_COPY_MOST_PX)?);
    let seen = Seen::on(&grey);
    Ok(seen.sheet((rgb.width, rgb.height), || {
        let (tag, layout, placed) = seen.placed()?;
        settled(tag, placed, layout, &seen.laid(&grey))
    }))
}

/// What is seen of a page before its figures are.
struct Seen {
    tag: Option<Tag>,
    page: Option<FormPage>,
    layout: Option<PlaceLayout>,
    placed: Option<Placed>,
}

impl Seen {
    fn on(grey: &Grey) -> Self {
        let (tag, spots) = find_tag(grey);
        let page = tag.and_then(|tag| FormPage::of_tag(tag.number));
        let layout = page.and_then(|page| PlaceLayout::of_form(page.form));
        let placed = match (&tag, &layout) {
            (Some(tag), Some(layout)) => marks::place(grey, &spots, tag, layout),
            _ => None,
        };
        Self {
            tag,
            page,
            layout,
            placed,
        }
    }

    fn placed(&self) -> Option<(&Tag, &PlaceLayout, &Placed)> {
        Some((
            self.tag.as_ref()?,
            self.layout.as_ref()?,
            self.placed.as_ref()?,
        ))
    }

    /// The page's figures, laid over the photo.
    fn laid<'a>(&'a self, grey: &'a Grey) -> Vec<(&'a FigurePlaces, Laid<'a>)> {
        let Some((tag, layout, placed)) = self.placed() else {
            return Vec::new();
        };
        let places = layout.page_of_tag(tag.number);
        places.map_or_else(Vec::new, |places| {
            lay_all(grey, tag, placed, places, layout)
        })
    }

    /// All four marks say where the sheet's corners are, better than figures
    /// far from them could; with fewer it is by `view`, which takes longer.
    fn sheet(&self, size: (u32, u32), view: impl FnOnce() -> Option<View>) -> Option<SheetPlace> {
        let (_, layout, placed) = self.placed()?;
        let is_sure = placed.count() == placed.marks.len();
        let view = if is_sure { placed.view } else { view()? };
        SheetPlace::seen(&view, layout, size)
    }
}

/// The tag, and the dark spots among which it was found.
fn find_tag(grey: &Grey) -> (Option<Tag>, Vec<Spot>) {
    let mut spots = Vec::new();
    for share in DARK_SHARES {
        spots = grey.spots(share);
        if let Some(tag) = tag::find(grey, &spots) {
            return (Some(tag), spots);
        }
    }
    (None, spots)
}

/// Lays all figures of a page over the photo. With enough marks each is near
/// where they put it; without, the way leads from the tag to the nearest
/// figure, and with what that one has shown on to the next.
fn lay_all<'a, 'b>(
    grey: &'a Grey,
    tag: &Tag,
    placed: &Placed,
    places: &'b PagePlaces,
    layout: &PlaceLayout,
) -> Vec<(&'b FigurePlaces, Laid<'a>)> {
    let contrast = tag.white - tag.black;
    if placed.count() >= MARKS_SURE {
        let lay = |figure| (figure, lay(grey, placed.view, figure, contrast, NEAR_MM));
        return places.figures.iter().map(lay).collect();
    }
    let mut pairs: Vec<(Point, Point)> =
        layout.tag_corners().into_iter().zip(tag.corners).collect();
    let marks = layout.mark_places().into_iter().zip(placed.marks);
    pairs.extend(marks.filter_map(|(place, seen)| Some((place, seen?))));
    let [tag_place, ..] = layout.tag_corners();
    let mut left: Vec<&FigurePlaces> = places.figures.iter().collect();
    left.sort_by(|a, b| {
        let away = |figure: &FigurePlaces| figure.centre().distance(tag_place);
        away(a).total_cmp(&away(b))
    });
    let mut laid = Vec::new();
    for figure in left {
        let Some(view) = View::fit(&pairs) else { break };
        let here = lay(grey, view, figure, contrast, FAR_MM);
        if is_clear(figure, &here) {
            let corners = figure
                .boxes
                .iter()
                .flat_map(|[x, y, width, height]| [at(*x, *y), at(x + width, y + height)]);
            let middles = figure.bubbles.iter().flatten().map(|[x, y]| at(*x, *y));
            pairs.extend(
                corners
                    .chain(middles)
                    .map(|place| (place, here.seen(place))),
            );
        }
        laid.push((figure, here));
    }
    laid
}

/// The view by everything that was found: marks, tag, and figures that were
/// laid clearly. `None` when that is next to nothing.
fn settled(
    tag: &Tag,
    placed: &Placed,
    layout: &PlaceLayout,
    laid: &[(&FigurePlaces, Laid<'_>)],
) -> Option<View> {
    let mut pairs: Vec<(Point, Point)> =
        layout.tag_corners().into_iter().zip(tag.corners).collect();
    let marks = layout.mark_places().into_iter().zip(placed.marks);
    pairs.extend(marks.filter_map(|(place, seen)| Some((place, seen?))));
    let clear = laid.iter().filter(|(figure, laid)| is_clear(figure, laid));
    let mut clear_count = 0;
    for (figure, laid) in clear {
        clear_count += 1;
        let middle = figure.centre();
        pairs.push((middle, laid.seen(middle)));
    }
    if placed.count() < MARKS_SURE && clear_count + placed.count() < MARKS_SURE {
        return None;
    }
    View::fit(&pairs)
}

/// Whether the figure's print was made out where it was laid.
pub(super) fn is_clear(figure: &FigurePlaces, laid: &Laid<'_>) -> bool {
    let rings = figure.bubbles.is_empty() || laid.ring_print >= RING_PRINT_MIN;
    let is_printed = laid.box_print >= BOX_PRINT_MIN && rings;
    is_printed && laid.ahead >= AHEAD_MIN && laid.strain() <= STRAIN_MAX
}

fn read_figure(figure: &FigurePlaces, laid: &Laid<'_>) -> FigureReading {
    let is_clear = is_clear(figure, laid);
    let digits: Vec<Digit> = figure
        .bubbles
        .iter()
        .map(|column| {
            if is_clear {
                bubbles::read(laid, column, figure.bubble_radius)
            } else {
                Digit::Unsure(Doubt::Unclear)
            }
        })
        .collect();
    let boxes = figure
        .boxes
        .iter()
        .map(|area| {
            if is_clear {
                boxes::look(laid, *area)
            } else {
                BoxMark::Unclear
            }
        })
        .collect();
    let number = digits
        .iter()
        .try_fold(0_u32, |number, digit| {
            Some(number.checked_mul(10)? + u32::from(digit.value()?))
        })
        .filter(|_| !digits.is_empty());
    FigureReading {
        id: figure.id.clone(),
        digits,
        number,
        boxes,
        place_px: place_px(figure, laid),
    }
}

/// The box in the photo that holds all of a figure.
pub(super) fn place_px(figure: &FigurePlaces, laid: &Laid<'_>) -> [f64; 4] {
    let corners = figure.boxes.iter().flat_map(|[x, y, width, height]| {
        [
            at(*x, *y),
            at(x + width, *y),
            at(*x, y + height),
            at(x + width, y + height),
        ]
    });
    let middles = figure.bubbles.iter().flatten().map(|[x, y]| at(*x, *y));
    let seen = || {
        corners
            .clone()
            .chain(middles.clone())
            .map(|place| laid.seen(place))
    };
    let least = |of: fn(Point) -> f64| seen().map(of).fold(f64::MAX, f64::min);
    let most = |of: fn(Point) -> f64| seen().map(of).fold(f64::MIN, f64::max);
    let (left, top) = (least(|p| p.x), least(|p| p.y));
    [left, top, most(|p| p.x) - left, most(|p| p.y) - top]
}
