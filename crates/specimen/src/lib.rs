//! Filled result forms, photographed: pictures to try everything on.
//!
//! From a form's layout, a contest and counts this draws each page as printed
//! and filled in by hand, and then as a phone would photograph it: askew, in
//! uneven light, a little blurred, noisy, as JPEG with EXIF. The forms of the
//! field cannot be used for that: they carry people's names and signatures.
//!
//! What is promised: the same arguments give the same picture, byte for byte,
//! on the same machine; everything written follows from the counts, the head
//! and the seed; nobody's name is on a specimen.
//!
//! The presidential form of 2024 follows the official blank form closely
//! (corner marks, tag, boxes and bubbles to a millimetre); other forms are put
//! together from the same parts and only look alike. Bubbles can be filled
//! untidily ([`Slips`]), and [`places_in_photo`] tells where a reader should
//! find what. What is absent: spelling mistakes, corrections, folded corners,
//! and reading any of it back.

mod camera;
mod exif;
mod fill;
mod hand;
mod measure;
mod paper;
mod print;
mod sheet;
mod shot;
mod tag;

use domain::{Contest, Counts, FormLayout};
use image::RgbImage;
use jpeg_encoder::{ColorType, Encoder, EncodingError, SamplingFactor};

pub use fill::Slips;
pub use hand::PenInk;
pub use measure::{Area, Point};
pub use sheet::FigurePlace;
pub use shot::{Held, Shot};

use hand::Hand;
use paper::{Ink, Paper};
use print::Press;
use sheet::{Mark, Sheet, official};

/// Finest drawing of a page, in pixels per millimetre: a page of 12 megapixels.
pub const PIXELS_PER_MM_MAX: f32 = 5.0;

/// Breadth of a bubble's printed circle in millimetres.
const BUBBLE_LINE_MM: f32 = 0.35;

/// The paper's own colour before light falls on it.
const PAPER: [u8; 3] = [252, 252, 250];

/// What is written at the head of each page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// Names of province, regency, district and village.
    pub place: Vec<String>,
    /// The polling station's number, such as `001`.
    pub number: String,
    /// Polling day, `YYYY-MM-DD`; a date that cannot be read is left blank.
    pub date: String,
}

/// Why there is no specimen.
#[derive(Debug, thiserror::Error)]
pub enum SpecimenError {
    /// The form has no page of this number.
    #[error("form {form} has no page {page}")]
    NoSuchPage {
        /// Id of the form.
        form: String,
        /// The page asked for.
        page: u32,
    },
    /// The printed font that is compiled in cannot be read.
    #[error("the printed font is damaged")]
    Font(#[from] ab_glyph::InvalidFont),
    /// The picture cannot be written as JPEG.
    #[error("the picture cannot be written as JPEG")]
    Jpeg(#[from] EncodingError),
}

/// A filled form before it is photographed.
#[derive(Debug, Clone, Copy)]
pub struct Filled<'a> {
    /// Its layout.
    pub form: &'a FormLayout,
    /// The contest whose options stand on it.
    pub contest: &'a Contest,
    /// What is written at the head of each page.
    pub head: &'a Head,
    /// The figures; one that is missing is left blank.
    pub counts: &'a Counts,
    /// Decides the hand that fills it in: one seed, one hand on all pages.
    pub seed: u64,
}

/// Photographs page `page` of a filled form: the bytes of a JPEG file.
///
/// # Errors
/// [`SpecimenError::NoSuchPage`]; the others cannot happen with sound data.
pub fn photograph(filled: &Filled<'_>, page: u32, shot: &Shot) -> Result<Vec<u8>, SpecimenError> {
    photograph_untidy(filled, page, shot, Slips::default())
}

/// As [`photograph`], of a form whose bubbles are filled with slips.
///
/// # Errors
/// As [`photograph`].
pub fn photograph_untidy(
    filled: &Filled<'_>,
    page: u32,
    shot: &Shot,
    slips: Slips,
) -> Result<Vec<u8>, SpecimenError> {
    let (width, _) = camera::frame(shot.megapixels);
    // A little finer than the photo, so that it does not look pieced together.
    let fine = measure::measure(width) / official::SHEET.width * 1.1;
    let flat = drawn(filled, page, fine, slips)?;
    let photo = camera::take(&flat, official::SHEET, shot, seed_of_photo(filled, page));
    jpeg(&photo, &filled.head.date, shot)
}

/// Where in the upright photo these points of the page are seen, in pixels of
/// the camera's picture from its top left corner.
#[must_use]
pub fn places_in_photo(
    filled: &Filled<'_>,
    page: u32,
    shot: &Shot,
    points_mm: &[Point],
) -> Vec<Point> {
    camera::places(
        official::SHEET,
        shot,
        seed_of_photo(filled, page),
        points_mm,
    )
}

/// How much of a lamp is mirrored where these points of the page are seen, as
/// a share of white, 0 to 1.
#[must_use]
pub fn glare_at(filled: &Filled<'_>, page: u32, shot: &Shot, points_mm: &[Point]) -> Vec<f32> {
    camera::glare(
        official::SHEET,
        shot,
        seed_of_photo(filled, page),
        points_mm,
    )
}

/// The ink that the hand of a form with this seed writes with.
#[must_use]
pub fn ink_of(seed: u64) -> PenInk {
    Hand::of(seed, 1).pen_ink()
}

/// Width and height in pixels of the upright photo of a shot.
#[must_use]
pub fn size_in_pixels(shot: &Shot) -> (u32, u32) {
    camera::frame(shot.megapixels)
}

fn seed_of_photo(filled: &Filled<'_>, page: u32) -> u64 {
    filled.seed.wrapping_mul(64).wrapping_add(u64::from(page))
}

/// Draws page `page` of a filled form flat and evenly lit, the whole sheet of
/// 600 × 900 mm at so many pixels per millimetre (at most
/// [`PIXELS_PER_MM_MAX`]).
///
/// # Errors
/// [`SpecimenError::NoSuchPage`]; the others cannot happen with sound data.
pub fn page_image(
    filled: &Filled<'_>,
    page: u32,
    pixels_per_mm: f32,
) -> Result<RgbImage, SpecimenError> {
    drawn(filled, page, pixels_per_mm, Slips::default())
}

fn drawn(
    filled: &Filled<'_>,
    page: u32,
    pixels_per_mm: f32,
    slips: Slips,
) -> Result<RgbImage, SpecimenError> {
    let sheet = laid_out(filled.form, filled.contest, page)?;
    let press = Press::new()?;
    let scale = pixels_per_mm.clamp(0.1, PIXELS_PER_MM_MAX);
    let mut paper = Paper::blank(official::SHEET, scale, PAPER);
    for mark in &sheet.marks {
        print_mark(&mut paper, &press, mark);
    }
    let mut hand = Hand::of(filled.seed, page);
    fill::write(
        &mut paper,
        &sheet.spots,
        filled.head,
        filled.counts,
        slips,
        &mut hand,
    );
    Ok(paper.into_image())
}

/// Where the figures of page `page` are written: boxes, and bubbles where the
/// form has them, in millimetres of the flat sheet.
///
/// # Errors
/// [`SpecimenError::NoSuchPage`].
pub fn figure_places(
    form: &FormLayout,
    contest: &Contest,
    page: u32,
) -> Result<Vec<FigurePlace>, SpecimenError> {
    let spots = laid_out(form, contest, page)?.spots;
    let figures = spots.into_iter().filter_map(|spot| match spot {
        sheet::Spot::Figure(place) => Some(place),
        _ => None,
    });
    Ok(figures.collect())
}

fn laid_out(form: &FormLayout, contest: &Contest, page: u32) -> Result<Sheet, SpecimenError> {
    sheet::lay_out(form, contest, page).ok_or_else(|| SpecimenError::NoSuchPage {
        form: form.id.clone(),
        page,
    })
}

fn print_mark(paper: &mut Paper, press: &Press, mark: &Mark) {
    let black = Ink::solid(official::BLACK);
    match mark {
        Mark::Fill { area, rgb } => paper.fill(*area, Ink::solid(*rgb)),
        Mark::Frame { area, width, rgb } => paper.frame(*area, *width, Ink::solid(*rgb)),
        Mark::Line {
            from,
            to,
            width,
            rgb,
        } => paper.line(*from, *to, *width, Ink::solid(*rgb)),
        Mark::Ring { centre, radius } => paper.ring(*centre, *radius, BUBBLE_LINE_MM, black),
        Mark::Disc { centre, radius } => paper.disc(*centre, *radius, black),
        Mark::Text(text) => press.print(paper, text),
    }
}

/// The photo as a phone stores it.
fn jpeg(photo: &RgbImage, date: &str, shot: &Shot) -> Result<Vec<u8>, SpecimenError> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, shot.jpeg_quality.clamp(1, 100));
    encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
    if shot.has_exif {
        encoder.add_exif_metadata(&exif::of_a_phone(date, shot.held.exif()))?;
    }
    // A frame of the camera is at most 50 megapixels, well below JPEG's 65,535
    // pixels a side.
    let side = |pixels: u32| u16::try_from(pixels).unwrap_or(u16::MAX);
    encoder.encode(
        photo.as_raw(),
        side(photo.width()),
        side(photo.height()),
        ColorType::Rgb,
    )?;
    Ok(bytes)
}
