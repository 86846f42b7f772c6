//! What a photo shows: which page of which form, where it lies, whether its
//! figures can be read, and what their bubbles say.
//!
//! The way: dark spots of the picture (`grey`) → the tag among them
//! (`tag`, `family`) → the corner marks (`marks`) → a view from the page's
//! millimetres to the photo's pixels (`geometry`) → each figure laid exactly
//! over the photo (`figure`) → its bubbles and boxes (`bubbles`,
//! `boxes`). The places on the page are data (`layout`).
//!
//! What is promised: a digit is read only when the photo leaves no doubt, and
//! nothing here fills in a figure: a reading is a question to people.
//!
//! What is absent: reading handwriting, regional forms (they have no tag), and
//! sheets so crumpled that a figure of 70 × 130 mm is not nearly flat.

mod boxes;
mod bubbles;
mod family;
mod figure;
mod geometry;
mod grey;
mod judge;
mod layout;
mod marks;
mod number;
mod quad;
mod reading;
mod set;
mod sheet;
mod tag;

pub use boxes::BoxMark;
pub use bubbles::{Digit, Doubt};
pub use family::FormPage;
pub use geometry::{Point, View};
pub use judge::{PageJudgement, Problem};
pub use layout::{FigurePlaces, PagePlaces, PlaceLayout};
pub use reading::{FigureReading, PageReading, read_page};
pub use set::{PageSighting, SetFinding, check_pages};
pub use sheet::{SheetPlace, find_sheet};
pub use tag::Tag;

use crate::error::PhotoError;
use crate::pixels::Rgb;

/// The upright picture that readings are made from.
pub(crate) fn picture(bytes: &[u8]) -> Result<Rgb, PhotoError> {
    Ok(reading::upright(bytes)?.0)
}
