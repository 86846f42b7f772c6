//! Looking at a photo: whether it can be read, which page it shows, and what
//! its bubbles say.
//!
//! It takes a second or more on a slow phone, so it is asked for by itself
//! when the photo stands in the draft already, off the window's thread, one
//! photo at a time, and nothing waits for it. What comes of it is kept with
//! the photo: a restart neither loses it nor does it again. It is worked out
//! from the reading copy, which is what the counting room sees.

use giving_way::giving_way;
use photo::page::{self, PagePlaces, PageReading, PlaceLayout, Problem};
use protocol::SlotId;
use serde::{Deserialize, Serialize};
use store::Photo;

use crate::core::{Core, lock};
use crate::view::{DraftView, Failure, PhotoLook, PhotoProblem, PhotoTrouble, PicturePlace};

/// Version of what is worked out and how it is kept. Readings of another one
/// are worked out again.
const READER: u32 = 2;

/// Breadth of the strip that marks a side beyond which a page goes on, as a
/// share of the photo's: one in so many.
const STRIP_SHARE: u32 = 30;

/// What was made out on a photo, as it is kept.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub(crate) struct Looked {
    /// What the window shows.
    pub(crate) look: PhotoLook,
    /// Number of the tag on its page.
    pub(crate) tag: Option<u32>,
    /// Figures of which the bubbles of every digit were clear.
    pub(crate) figures: Vec<ReadFigure>,
}

/// A figure as its bubbles say it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ReadFigure {
    /// Id of the count.
    pub(crate) id: String,
    /// A digit for each box.
    pub(crate) digits: String,
    /// Where it stands.
    pub(crate) place: PicturePlace,
}

impl Core {
    /// Looks at a photo of a draft, unless that was done before.
    pub(crate) fn look_at_photo(&self, slot: &SlotId, id: i64) -> Result<DraftView, Failure> {
        let form = self.form(slot)?;
        let draft = self.store().draft(slot)?.ok_or(Failure::NotFound)?;
        if !draft.photos.iter().any(|own| own.photo == id) {
            return Err(Failure::NotFound);
        }
        let turn = lock(&self.looking);
        if self.looked(id)?.is_none() {
            let photo = self.store().photo(id)?.ok_or(Failure::NotFound)?;
            let looked = serde_json::to_string(&self.look_closely(&photo)?)?;
            let now = self.now();
            self.store().put_photo_reading(id, READER, &looked, now)?;
        }
        drop(turn);
        self.draft_view(&form)
    }

    /// What was made out on a photo, if it was looked at. What cannot be read
    /// back is made out again.
    pub(crate) fn looked(&self, id: i64) -> Result<Option<Looked>, Failure> {
        let body = self.store().photo_reading(id, READER)?;
        Ok(body.and_then(|body| serde_json::from_str(&body).ok()))
    }

    fn look_closely(&self, photo: &Photo) -> Result<Looked, Failure> {
        let warnings = &photo.facts.warnings;
        let bytes = self.photo_bytes(photo.id)?;
        match giving_way(|| page::read_page(&bytes)) {
            Ok(reading) => Ok(looked(&reading, warnings)),
            Err(cause) => {
                // The copy was made here; whatever this is, its photo is kept.
                tracing::warn!(%cause, photo = photo.id, "a reading copy cannot be read");
                Ok(Looked {
                    look: PhotoLook {
                        troubles: warned(warnings),
                        sheet: None,
                    },
                    ..Looked::default()
                })
            }
        }
    }
}

fn looked(reading: &PageReading, warnings: &[String]) -> Looked {
    let figures = reading.figures.iter().filter_map(|figure| {
        let digits: Option<String> = figure
            .digits
            .iter()
            .map(|digit| digit.value().map(|value| char::from(b'0' + value.min(9))))
            .collect();
        Some(ReadFigure {
            id: figure.id.clone(),
            digits: digits.filter(|digits| !digits.is_empty())?,
            place: place_in(reading.size, figure.place_px),
        })
    });
    Looked {
        look: PhotoLook {
            troubles: troubles(reading, warnings),
            sheet: reading.sheet,
        },
        tag: reading.page.and(reading.tag).map(|tag| tag.number),
        figures: figures.collect(),
    }
}

/// What makes a photo hard to read. Where the page was found, its figures were
/// looked at, and what the photo as a whole gives reason to warn of is left
/// out: the same thing is never said twice, in two ways.
fn troubles(reading: &PageReading, warnings: &[String]) -> Vec<PhotoTrouble> {
    let judged = &reading.judgement;
    let layout = reading
        .page
        .and_then(|page| PlaceLayout::of_form(page.form));
    let mut troubles: Vec<PhotoTrouble> = judged
        .problems
        .iter()
        .map(|problem| PhotoTrouble {
            problem: named(*problem),
            places: places(reading, layout.as_ref(), *problem),
        })
        .collect();
    let are_figures_judged = judged.print.is_some();
    for warned in warned(warnings) {
        let is_said = troubles.iter().any(|own| own.problem == warned.problem);
        let is_of_the_file = warned.problem == PhotoProblem::Partial;
        if !is_said && (is_of_the_file || !are_figures_judged) {
            troubles.push(warned);
        }
    }
    troubles.sort_by_key(|trouble| trouble.problem);
    troubles
}

/// What was warned of when the photo was reduced, in the window's words.
fn warned(warnings: &[String]) -> Vec<PhotoTrouble> {
    let problem = |code: &str| match code {
        "dark" => Some(PhotoProblem::TooDark),
        "blurred" => Some(PhotoProblem::Blurred),
        "tiny" => Some(PhotoProblem::TooSmall),
        "partial" => Some(PhotoProblem::Partial),
        _ => None,
    };
    warnings
        .iter()
        .filter_map(|code| problem(code))
        .map(|problem| PhotoTrouble {
            problem,
            places: Vec::new(),
        })
        .collect()
}

fn named(problem: Problem) -> PhotoProblem {
    match problem {
        Problem::TooDark => PhotoProblem::TooDark,
        Problem::TooBright => PhotoProblem::TooBright,
        Problem::Glare => PhotoProblem::Glare,
        Problem::Blurred => PhotoProblem::Blurred,
        Problem::TooSmall => PhotoProblem::TooSmall,
        Problem::CutOff => PhotoProblem::CutOff,
        Problem::Turned => PhotoProblem::Turned,
    }
}

/// Where on the photo a problem is.
fn places(
    reading: &PageReading,
    layout: Option<&PlaceLayout>,
    problem: Problem,
) -> Vec<PicturePlace> {
    match problem {
        Problem::Glare => boxes(reading.size, reading.judgement.marked_px.iter().copied()),
        Problem::CutOff => sides_passed(reading, layout),
        Problem::TooDark | Problem::TooBright | Problem::Blurred | Problem::TooSmall => {
            figure_places(reading, layout)
        }
        Problem::Turned => Vec::new(),
    }
}

/// The figures of the page, those without bubbles too.
fn figure_places(reading: &PageReading, layout: Option<&PlaceLayout>) -> Vec<PicturePlace> {
    let tag = reading.tag.map(|tag| tag.number);
    let on_page = match (layout, tag) {
        (Some(layout), Some(tag)) => layout.page_of_tag(tag),
        _ => None,
    };
    let (Some(view), Some(PagePlaces { figures, .. })) = (reading.view, on_page) else {
        let read = reading.figures.iter().map(|figure| figure.place_px);
        return boxes(reading.size, read);
    };
    let seen = figures.iter().map(|figure| {
        let corners = figure.boxes.iter().flat_map(|[left, top, width, height]| {
            let (right, bottom) = (left + width, top + height);
            [
                (*left, *top),
                (right, *top),
                (*left, bottom),
                (right, bottom),
            ]
        });
        let points = corners.map(|(x, y)| view.of(page::Point { x, y }));
        let (mut low, mut high) = ((f64::MAX, f64::MAX), (f64::MIN, f64::MIN));
        for point in points {
            low = (low.0.min(point.x), low.1.min(point.y));
            high = (high.0.max(point.x), high.1.max(point.y));
        }
        [low.0, low.1, high.0 - low.0, high.1 - low.1]
    });
    boxes(reading.size, seen)
}

/// A strip along each side of the photo beyond which the page goes on.
fn sides_passed(reading: &PageReading, layout: Option<&PlaceLayout>) -> Vec<PicturePlace> {
    let (Some(view), Some(layout)) = (reading.view, layout) else {
        return Vec::new();
    };
    let [sheet_width, sheet_height] = layout.sheet;
    let corners = [
        (0.0, 0.0),
        (sheet_width, 0.0),
        (sheet_width, sheet_height),
        (0.0, sheet_height),
    ]
    .map(|(x, y)| view.of(page::Point { x, y }));
    let (width, height) = reading.size;
    let (across, down) = (width.div_ceil(STRIP_SHARE), height.div_ceil(STRIP_SHARE));
    let strip = |left, top, width, height| PicturePlace {
        left,
        top,
        width,
        height,
    };
    let sides = [
        (
            corners.iter().any(|corner| corner.x < 0.0),
            strip(0, 0, across, height),
        ),
        (
            corners.iter().any(|corner| corner.x > f64::from(width)),
            strip(width.saturating_sub(across), 0, across, height),
        ),
        (
            corners.iter().any(|corner| corner.y < 0.0),
            strip(0, 0, width, down),
        ),
        (
            corners.iter().any(|corner| corner.y > f64::from(height)),
            strip(0, height.saturating_sub(down), width, down),
        ),
    ];
    let passed = sides.into_iter().filter(|(is_passed, _)| *is_passed);
    passed.map(|(_, strip)| strip).collect()
}

fn boxes(size: (u32, u32), places_px: impl Iterator<Item = [f64; 4]>) -> Vec<PicturePlace> {
    places_px
        .map(|place| place_in(size, place))
        .filter(|place| place.width > 0 && place.height > 0)
        .collect()
}

/// The part of a box that lies within a picture of this size.
fn place_in((width, height): (u32, u32), [x, y, across, down]: [f64; 4]) -> PicturePlace {
    let (left, top) = (pixel(x).min(width), pixel(y).min(height));
    PicturePlace {
        left,
        top,
        width: pixel(x + across).min(width).saturating_sub(left),
        height: pixel(y + down).min(height).saturating_sub(top),
    }
}

/// The nearest pixel; 0 for what lies before the first.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a float converts to the nearest value of the range, which is meant"
)]
fn pixel(place: f64) -> u32 {
    place.round() as u32
}
