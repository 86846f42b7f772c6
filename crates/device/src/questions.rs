//! What the photos of a form give reason to ask: pages that are wrong, twice
//! or missing, and bubbles that say something else than what was keyed.

use domain::Counts;
use photo::page::{FormPage, PageSighting, SetFinding, check_pages};
use protocol::BubbleReading;
use protocol::revision::PhotoKind;
use store::{Draft, DraftPhoto};

use crate::core::Core;
use crate::form::Form;
use crate::look::{Looked, ReadFigure};
use crate::view::{BubbleQuestion, Failure, PageFinding};

/// A photo of a draft, with what was made out on it.
pub(crate) type LookedPhoto = (DraftPhoto, Option<Looked>);

impl Core {
    /// The photos of a draft in order, each with what was made out on it.
    pub(crate) fn looked_photos(&self, draft: &Draft) -> Result<Vec<LookedPhoto>, Failure> {
        let with_look = |place: &DraftPhoto| Ok((*place, self.looked(place.photo)?));
        draft.photos.iter().map(with_look).collect()
    }
}

/// What is wrong with a form's pages. A page that two untagged photos stand
/// at is not: somebody took it in two parts.
pub(crate) fn page_findings(form: &Form, photos: &[LookedPhoto]) -> Vec<PageFinding> {
    let of_form: Vec<(&DraftPhoto, PageSighting)> = photos
        .iter()
        .filter(|(place, _)| place.kind == PhotoKind::Form)
        .map(|(place, looked)| {
            let seen = seen_page(looked.as_ref());
            let meant = place.page;
            (place, PageSighting { meant, seen })
        })
        .collect();
    if of_form.is_empty() {
        return Vec::new();
    }
    let pages: Vec<u32> = form.layout.pages.iter().map(|page| page.number).collect();
    let sightings: Vec<PageSighting> = of_form.iter().map(|(_, sighting)| *sighting).collect();
    let is_tagged = |index: &usize| {
        let sighting = sightings.get(*index);
        sighting.is_some_and(|sighting| sighting.seen.is_some())
    };
    let photo = |index: usize| of_form.get(index).map(|(place, _)| place.photo);
    let found = check_pages(&form.layout.id, &pages, &sightings);
    let findings = found.into_iter().filter_map(|finding| {
        Some(match finding {
            SetFinding::WrongForm { photo: at, form } => PageFinding::WrongForm {
                photo: photo(at)?,
                form: form.to_owned(),
            },
            SetFinding::WrongPage {
                photo: at,
                meant,
                seen,
            } => PageFinding::WrongPage {
                photo: photo(at)?,
                meant,
                seen,
                is_free: of_form.iter().all(|(place, _)| place.page != Some(seen)),
            },
            SetFinding::PageTwice { page, photos } => {
                if photos.iter().filter(|at| is_tagged(at)).count() < 2 {
                    return None;
                }
                let photos = photos.into_iter().filter_map(photo).collect();
                PageFinding::PageTwice { page, photos }
            }
            SetFinding::PageMissing { page } => PageFinding::PageMissing { page },
        })
    });
    findings.collect()
}

/// What bubbles say otherwise than what was keyed. Where two photos of a
/// figure were read, one that says what was keyed settles it.
pub(crate) fn bubble_questions(
    form: &Form,
    draft: &Draft,
    counts: &Counts,
    photos: &[LookedPhoto],
) -> Vec<BubbleQuestion> {
    let read = read_figures(form, photos);
    let mut questions: Vec<BubbleQuestion> = Vec::new();
    for (place, figure) in &read {
        let Some(keyed) = counts.get(&figure.id) else {
            continue;
        };
        let is_same = |other: &ReadFigure| other.digits.parse() == Ok(*keyed);
        let is_settled = read
            .iter()
            .any(|(_, other)| other.id == figure.id && is_same(other));
        if is_settled || questions.iter().any(|own| own.field == figure.id) {
            continue;
        }
        let keyed = format!("{keyed:0>width$}", width = figure.digits.len());
        let question = BubbleQuestion {
            code: format!("bubbles:{}", figure.id),
            settled: format!("{keyed}, {}", figure.digits),
            field: figure.id.clone(),
            read: figure.digits.clone(),
            photo: place.photo,
            place: figure.place,
            keyed,
        };
        if draft.answers.get(&question.code) != Some(&question.settled) {
            questions.push(question);
        }
    }
    questions
}

/// The readings of a draft's photos as a revision's flags.
pub(crate) fn reading_flags(form: &Form, photos: &[LookedPhoto]) -> Vec<String> {
    let place_of = |photo: i64| photos.iter().position(|(place, _)| place.photo == photo);
    read_figures(form, photos)
        .into_iter()
        .filter_map(|(place, figure)| {
            let reading = BubbleReading {
                field: figure.id.clone(),
                digits: figure.digits.clone(),
                photo: place_of(place.photo)?,
            };
            Some(reading.to_flag())
        })
        .take(protocol::limits::READINGS_MAX)
        .collect()
}

/// The clearly read figures of all photos that show a page of this form.
fn read_figures<'a>(
    form: &Form,
    photos: &'a [LookedPhoto],
) -> Vec<(&'a DraftPhoto, &'a ReadFigure)> {
    let mut read = Vec::new();
    for (place, looked) in photos {
        let Some(looked) = looked.as_ref().filter(|_| place.kind == PhotoKind::Form) else {
            continue;
        };
        let shows_this_form =
            seen_page(Some(looked)).is_some_and(|seen| seen.form == form.layout.id);
        if shows_this_form {
            let of_form = looked.figures.iter().filter(|figure| {
                let options = &form.contest.options;
                form.layout.digits_of(&figure.id, options).is_some()
            });
            read.extend(of_form.map(|figure| (place, figure)));
        }
    }
    read
}

fn seen_page(looked: Option<&Looked>) -> Option<FormPage> {
    FormPage::of_tag(looked?.tag?)
}
