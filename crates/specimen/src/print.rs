//! Printed text: three faces of one small font compiled in.

use ab_glyph::{Font, FontRef, Glyph, InvalidFont, PxScale, ScaleFont};

use crate::measure::{Point, measure, pixels};
use crate::paper::{Ink, Paper};

/// Height of a capital letter of this font, in parts of the em.
const CAPITAL_EM: f32 = 0.714;

/// Ascent minus descent of this font, in parts of the em; `ab_glyph` scales by it.
const LINE_EM: f32 = 1.362;

/// A face of the printed font.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Face {
    Regular,
    Bold,
    Italic,
}

/// Which part of a text its point is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Centre,
}

/// How wide a text comes out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Width {
    /// As the font has it, but squeezed to at most so many millimetres.
    AtMost(f32),
    /// Squeezed or stretched to so many millimetres, as measured on the paper.
    Exactly(f32),
}

/// Which way a text reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reads {
    Upright,
    /// From the bottom of the page to its top.
    Upwards,
    UpsideDown,
}

/// One line of printed text.
#[derive(Debug, Clone)]
pub(crate) struct Text {
    pub(crate) words: String,
    pub(crate) face: Face,
    /// Height of a capital letter in millimetres.
    pub(crate) capital: f32,
    /// A point of the base line.
    pub(crate) at: Point,
    pub(crate) align: Align,
    pub(crate) width: Width,
    pub(crate) reads: Reads,
    pub(crate) rgb: [u8; 3],
}

/// The three faces, ready to print.
pub(crate) struct Press {
    regular: FontRef<'static>,
    bold: FontRef<'static>,
    italic: FontRef<'static>,
}

impl Press {
    /// Reads the compiled-in faces.
    pub(crate) fn new() -> Result<Self, InvalidFont> {
        let face = |bytes: &'static [u8]| FontRef::try_from_slice(bytes);
        Ok(Self {
            regular: face(include_bytes!("../fonts/NotoSans-Regular-ascii.ttf"))?,
            bold: face(include_bytes!("../fonts/NotoSans-Bold-ascii.ttf"))?,
            italic: face(include_bytes!("../fonts/NotoSans-Italic-ascii.ttf"))?,
        })
    }

    /// Prints one line.
    pub(crate) fn print(&self, paper: &mut Paper, text: &Text) {
        let font = match text.face {
            Face::Regular => &self.regular,
            Face::Bold => &self.bold,
            Face::Italic => &self.italic,
        };
        let scale = paper.pixels_per_mm();
        let height = text.capital * scale / CAPITAL_EM * LINE_EM;
        let natural = advance(font, PxScale::from(height), &text.words);
        if natural <= 0.0 {
            return;
        }
        let stretch = match text.width {
            Width::AtMost(mm) => (mm * scale / natural).min(1.0),
            Width::Exactly(mm) => mm * scale / natural,
        };
        let px = PxScale {
            x: height * stretch,
            y: height,
        };
        let width = natural * stretch;
        let indent = match text.align {
            Align::Left => 0.0,
            Align::Centre => -width / 2.0,
        };
        let origin = (text.at.x * scale, text.at.y * scale);
        let ink = Ink::solid(text.rgb);
        for glyph in line(font, px, &text.words, indent) {
            let Some(outline) = font.outline_glyph(glyph) else {
                continue;
            };
            let corner = outline.px_bounds().min;
            outline.draw(|column, row, coverage| {
                let along = corner.x + measure(column) + 0.5;
                let down = corner.y + measure(row) + 0.5;
                let (x, y) = match text.reads {
                    Reads::Upright => (origin.0 + along, origin.1 + down),
                    Reads::Upwards => (origin.0 + down, origin.1 - along),
                    Reads::UpsideDown => (origin.0 - along, origin.1 - down),
                };
                if x >= 0.0 && y >= 0.0 {
                    paper.blend(pixels(x), pixels(y), coverage, ink);
                }
            });
        }
    }
}

/// The glyphs of a line that starts at `indent` on the base line.
fn line(font: &FontRef<'static>, scale: PxScale, words: &str, indent: f32) -> Vec<Glyph> {
    let scaled = font.as_scaled(scale);
    let mut x = indent;
    words
        .chars()
        .map(|letter| {
            let id = scaled.glyph_id(letter);
            let glyph = id.with_scale_and_position(scale, ab_glyph::point(x, 0.0));
            x += scaled.h_advance(id);
            glyph
        })
        .collect()
}

fn advance(font: &FontRef<'static>, scale: PxScale, words: &str) -> f32 {
    let scaled = font.as_scaled(scale);
    words
        .chars()
        .map(|letter| scaled.h_advance(scaled.glyph_id(letter)))
        .sum()
}
