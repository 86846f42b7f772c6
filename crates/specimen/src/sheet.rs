//! A page before anything is drawn: what is printed on it, and where a hand
//! will write what.
//!
//! Everything is laid out in millimetres from the form's layout. Positions are
//! those of the official C.Hasil-PPWP of 2024 (measured on the blank form,
//! module `official`); pages whose official look is not known are put together
//! from the same parts.

mod furniture;
pub(crate) mod official;
mod opening;
mod signatures;
mod tables;
mod tally;
mod totals;

use domain::{Choice, Contest, Field, FormLayout};

use crate::measure::{Area, Point};
use crate::print::{Align, Face, Reads, Text, Width};
use official as o;

/// Something printed.
#[derive(Debug, Clone)]
pub(crate) enum Mark {
    Fill {
        area: Area,
        rgb: [u8; 3],
    },
    Frame {
        area: Area,
        width: f32,
        rgb: [u8; 3],
    },
    Line {
        from: Point,
        to: Point,
        width: f32,
        rgb: [u8; 3],
    },
    Ring {
        centre: Point,
        radius: f32,
    },
    Disc {
        centre: Point,
        radius: f32,
    },
    Text(Text),
}

/// Somewhere a hand writes.
#[derive(Debug, Clone)]
pub(crate) enum Spot {
    /// The digits of a count, each with its bubbles if the form has them.
    Figure(FigurePlace),
    /// The count in words.
    Words { id: String, area: Area },
    /// The count in tally strokes of five to a cell, with each row's sum.
    Tally {
        id: String,
        area: Area,
        rows: u32,
        columns: u32,
        sums: Option<Area>,
    },
    /// The name of a region: 0 province, 1 regency, 2 district, 3 village.
    Place { depth: usize, area: Area },
    /// The polling station's number, in digits or in words.
    Number { in_words: bool, area: Area },
    /// A part of the polling day, in words or in digit boxes.
    Day {
        part: DayPart,
        area: Area,
        boxes: Vec<Area>,
    },
    /// Somebody's signature.
    Signature { area: Area },
}

/// A part of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DayPart {
    Weekday,
    Day,
    Month,
    Year,
}

/// Where on its page a figure is written: for reading it back, and for tests.
#[derive(Debug, Clone, PartialEq)]
pub struct FigurePlace {
    /// Id of the count.
    pub id: String,
    /// Its digit boxes, the most significant first.
    pub boxes: Vec<Area>,
    /// For each digit box, the middles of its ten bubbles from 0 to 9; empty
    /// where the form has none.
    pub bubbles: Vec<Vec<Point>>,
    /// Radius of a bubble in millimetres.
    pub bubble_radius_mm: f32,
}

/// A page laid out.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    pub(crate) marks: Vec<Mark>,
    pub(crate) spots: Vec<Spot>,
}

/// Lays out page `number` of a form for this contest; `None` when the form has
/// no such page.
pub(crate) fn lay_out(form: &FormLayout, contest: &Contest, number: u32) -> Option<Sheet> {
    let page = form.pages.iter().find(|page| page.number == number)?;
    let mut sheet = Sheet::default();
    let is_first = form.pages.first() == Some(page);
    furniture::furnish(&mut sheet, form, contest, page);
    if is_first {
        opening::draw(&mut sheet, form, contest);
    } else {
        furniture::short_head(&mut sheet);
    }

    let fields = || form.fields.iter().filter(|field| field.page == number);
    let in_tables: Vec<&Field> = fields().filter(|field| !totals::is_total(field)).collect();
    let in_words: Vec<&Field> = fields().filter(|field| totals::is_total(field)).collect();
    let options: Vec<&Choice> = contest
        .options
        .iter()
        .filter(|choice| form.page_of_option(choice.number, &contest.options) == number)
        .collect();
    tables::draw(&mut sheet, &in_tables, is_first);

    let signed_at = if options.is_empty() && !is_first {
        o::SIGNATURES_AFTER_TOTALS
    } else {
        o::SIGNATURES
    };
    let mut top = o::CONTENT_TOP;
    if !options.is_empty() {
        let below = if in_words.is_empty() {
            0.0
        } else {
            o::TOTALS_HEIGHT
        };
        let digits = form.votes.digits;
        let room = Area::spanning(o::LEFT, top, o::RIGHT, signed_at.top - below);
        top = tally::draw(&mut sheet, contest, &options, digits, room) + o::TOTALS_GAP;
    }
    if !in_words.is_empty() {
        totals::draw(&mut sheet, &in_words, top);
    }
    signatures::draw(&mut sheet, contest, signed_at);
    Some(sheet)
}

impl Sheet {
    pub(crate) fn fill(&mut self, area: Area, rgb: [u8; 3]) {
        self.marks.push(Mark::Fill { area, rgb });
    }

    pub(crate) fn frame(&mut self, area: Area, width: f32) {
        let rgb = o::BLACK;
        self.marks.push(Mark::Frame { area, width, rgb });
    }

    pub(crate) fn line(&mut self, from: Point, to: Point, width: f32, rgb: [u8; 3]) {
        self.marks.push(Mark::Line {
            from,
            to,
            width,
            rgb,
        });
    }

    /// One line of black text that keeps within `room` millimetres.
    pub(crate) fn text(
        &mut self,
        words: &str,
        face: Face,
        capital: f32,
        at: Point,
        align: Align,
        room: f32,
    ) {
        self.marks.push(Mark::Text(Text {
            words: words.to_owned(),
            face,
            capital,
            at,
            align,
            width: Width::AtMost(room),
            reads: Reads::Upright,
            rgb: o::BLACK,
        }));
    }

    /// One line of black text as wide as it was measured on the official form.
    pub(crate) fn measured(
        &mut self,
        words: &str,
        face: Face,
        capital: f32,
        at: Point,
        align: Align,
        width: f32,
    ) {
        self.text(words, face, capital, at, align, width);
        if let Some(Mark::Text(text)) = self.marks.last_mut() {
            text.width = Width::Exactly(width);
        }
    }

    /// A row of printed dots to write on.
    pub(crate) fn dotted(&mut self, left: f32, right: f32, y: f32) {
        let mut x = left;
        while x < right {
            self.fill(
                Area {
                    left: x,
                    top: y,
                    width: 0.8,
                    height: 0.8,
                },
                o::BLACK,
            );
            x += 3.2;
        }
    }

    /// Digit boxes of a figure, printed and ready to be written in.
    pub(crate) fn boxes(&mut self, id: &str, boxes: Vec<Area>) {
        for area in &boxes {
            self.frame(*area, o::BOX_LINE);
        }
        self.spots.push(Spot::Figure(FigurePlace {
            id: id.to_owned(),
            boxes,
            bubbles: vec![],
            bubble_radius_mm: 0.0,
        }));
    }
}

/// `count` square boxes of this side and pitch that end at `right`.
pub(crate) fn row_of_boxes(count: u8, right: f32, top: f32, side: f32, pitch: f32) -> Vec<Area> {
    (0..count)
        .map(|index| Area {
            left: right - side - f32::from(count - 1 - index) * pitch,
            top,
            width: side,
            height: side,
        })
        .collect()
}
