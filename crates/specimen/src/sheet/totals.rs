//! Valid votes, invalid votes and both together, each with words, and the row
//! of place and date below, as on the official page 3.

use domain::Field;

use super::official as o;
use super::{DayPart, Sheet, Spot, row_of_boxes, tables, tally};
use crate::measure::{Area, at, nth};
use crate::print::{Align, Face};

/// Height of a row of words.
const WORDS_ROW: f32 = 36.0;

/// Height of the tally of invalid votes.
const INVALID_TALLY: f32 = 62.3;

/// Gap between two rows.
const GAP: f32 = 13.5;

/// Edge between a row's letter and its label.
const LABEL_LEFT: f32 = 88.0;

/// Most letters on one line of a label.
const LABEL_LETTERS: usize = 16;

/// Whether this figure is one of the three that the form wants in words too.
pub(super) fn is_total(field: &Field) -> bool {
    matches!(field.id.as_str(), "valid" | "invalid" | "total")
}

/// Draws the rows of these fields from `top` down, and place and date.
pub(super) fn draw(sheet: &mut Sheet, fields: &[&Field], top: f32) {
    let section = fields.iter().find_map(|field| field.section.as_deref());
    if let Some((numeral, title)) = section.and_then(|section| section.split_once(' ')) {
        let numeral = numeral.trim_end_matches('.');
        // Below tallies there is less room than at the top of a page.
        let up = if top > o::CONTENT_TOP { 8.0 } else { 18.9 };
        tables::heading(sheet, numeral, &title.to_uppercase(), top - up);
    }
    let mut y = top;
    for field in fields {
        y = if field.id == "invalid" {
            invalid(sheet, field, y)
        } else {
            in_words(sheet, field, y)
        } + GAP;
    }
    place_and_date(sheet, y + 5.0);
}

/// One row: letter, label, words, digit boxes. Returns its foot.
fn in_words(sheet: &mut Sheet, field: &Field, top: f32) -> f32 {
    let foot = top + WORDS_ROW;
    label(sheet, field, top, foot);
    let words = Area::spanning(o::TALLY_LEFT, top, o::SUMS_RIGHT, foot);
    sheet.frame(words, o::HEAVY_LINE);
    capitals(sheet, at(388.4, foot - 9.4));
    let area = Area::spanning(words.left + 6.0, top + 4.0, 384.0, foot - 4.0);
    let id = field.id.clone();
    sheet.spots.push(Spot::Words { id, area });
    figure(sheet, field, top, foot, top + 8.0);
    foot
}

/// The row of invalid votes with its tally. Returns its foot.
fn invalid(sheet: &mut Sheet, field: &Field, top: f32) -> f32 {
    let grid_top = tally::head(
        sheet,
        top,
        &[],
        "RINCIAN PEROLEHAN SUARA TIDAK SAH",
        "JUMLAH SUARA TIDAK SAH",
    );
    let foot = grid_top + INVALID_TALLY;
    label(sheet, field, top, foot);
    tally::grid(sheet, &field.id, grid_top, foot, o::TALLY_ROWS);
    figure(sheet, field, grid_top, foot, grid_top + 8.3);
    capitals(sheet, at(460.3, foot - 2.4));
    let area = Area::spanning(
        o::SUMS_RIGHT + 4.0,
        grid_top + 32.0,
        o::RIGHT - 4.0,
        foot - 7.0,
    );
    let id = field.id.clone();
    sheet.spots.push(Spot::Words { id, area });
    foot
}

fn figure(sheet: &mut Sheet, field: &Field, top: f32, foot: f32, box_top: f32) {
    sheet.frame(
        Area::spanning(o::SUMS_RIGHT, top, o::RIGHT, foot),
        o::HEAVY_LINE,
    );
    let boxes = row_of_boxes(
        field.digits,
        o::VOTE_BOX_RIGHT,
        box_top,
        o::VOTE_BOX,
        o::VOTE_BOX_PITCH,
    );
    sheet.boxes(&field.id, boxes);
}

fn capitals(sheet: &mut Sheet, base: crate::measure::Point) {
    let words = "( ditulis menggunakan huruf kapital )";
    sheet.text(words, Face::Italic, 2.4, base, Align::Left, 56.3);
}

/// A row's letter and its label in a few centred lines.
fn label(sheet: &mut Sheet, field: &Field, top: f32, foot: f32) {
    let letter_area = Area::spanning(o::LEFT, top, LABEL_LEFT, foot);
    let area = Area::spanning(LABEL_LEFT, top, o::TALLY_LEFT, foot);
    sheet.frame(letter_area, o::HEAVY_LINE);
    sheet.frame(area, o::HEAVY_LINE);
    let (letter, words) = field.label.split_once(' ').unwrap_or(("", &field.label));
    let middle = letter_area.centre();
    sheet.text(
        letter,
        Face::Bold,
        3.5,
        at(middle.x, middle.y + 1.7),
        Align::Centre,
        12.0,
    );
    let lines = wrapped(&words.to_uppercase());
    let first = area.centre().y + 2.1 - nth(lines.len().saturating_sub(1)) * 3.75;
    for (index, line) in lines.iter().enumerate() {
        let base = at(area.centre().x, first + nth(index) * 7.5);
        sheet.text(line, Face::Bold, 4.2, base, Align::Centre, area.width - 6.0);
    }
}

/// Words broken into lines of about the label's width; what stands in
/// brackets gets a line of its own.
fn wrapped(words: &str) -> Vec<String> {
    let mut lines: Vec<String> = vec![];
    let mut in_brackets = false;
    for word in words.split(' ') {
        let opens = word.starts_with('(');
        match lines.last_mut() {
            Some(line) if in_brackets || (!opens && line.len() + word.len() < LABEL_LETTERS) => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
        in_brackets = (in_brackets || opens) && !word.ends_with(')');
    }
    lines
}

fn place_and_date(sheet: &mut Sheet, top: f32) {
    let base = top + 10.0;
    let title = |sheet: &mut Sheet, words: &str, x: f32| {
        sheet.text(words, Face::Bold, 4.4, at(x, base), Align::Left, 54.0);
    };
    title(sheet, "DITETAPKAN DI :", 114.8);
    sheet.dotted(177.9, 272.9, base + 2.2);
    let area = Area::spanning(179.0, base - 8.0, 272.0, base + 3.0);
    sheet.spots.push(Spot::Place { depth: 3, area });
    let parts = [
        ("TANGGAL :", 282.8, 321.4, 2, DayPart::Day),
        ("BULAN :", 362.3, 392.4, 2, DayPart::Month),
        ("TAHUN :", 432.4, 462.9, 4, DayPart::Year),
    ];
    for (words, x, left, digits, part) in parts {
        title(sheet, words, x);
        let side = 16.0;
        let right = left + f32::from(digits) * side;
        let boxes = row_of_boxes(digits, right, top, side, side);
        for area in &boxes {
            sheet.frame(*area, 0.7);
        }
        let area = Area::spanning(left, top, right, top + side);
        sheet.spots.push(Spot::Day { part, area, boxes });
    }
}
