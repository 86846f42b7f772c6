//! Tables of digit boxes: men, women and total, or a single total.

use domain::{Column, Field};

use super::official as o;
use super::{Sheet, row_of_boxes};
use crate::measure::{Area, at, nth};
use crate::print::{Align, Face};

/// Rows under one heading of the paper (`I.B. Pengguna Hak Pilih`).
struct Part<'a> {
    letter: Option<&'a str>,
    title: &'a str,
    rows: Vec<Vec<&'a Field>>,
}

/// Parts that share a numeral and stand in one table.
struct Table<'a> {
    numeral: &'a str,
    parts: Vec<Part<'a>>,
}

/// Draws all tables of these fields, where they stand on the official first
/// page or from the top of another one.
pub(super) fn draw(sheet: &mut Sheet, fields: &[&Field], is_first_page: bool) {
    let mut free = o::CONTENT_TOP;
    for (index, table) in tables_of(fields).iter().enumerate() {
        let top = match o::TABLE_TOPS.get(index) {
            Some(measured) if is_first_page => measured.max(free),
            _ => free,
        };
        free = draw_table(sheet, table, top) + o::TABLE_GAP - 10.0;
    }
}

fn tables_of<'a>(fields: &[&'a Field]) -> Vec<Table<'a>> {
    let mut tables: Vec<Table<'a>> = vec![];
    for field in fields {
        if let Some(section) = &field.section {
            let (number, title) = section.split_once(' ').unwrap_or(("", section));
            let mut number = number.split('.').filter(|piece| !piece.is_empty());
            let numeral = number.next().unwrap_or_default();
            let part = Part {
                letter: number.next(),
                title,
                rows: vec![],
            };
            match tables.last_mut() {
                Some(table) if table.numeral == numeral => table.parts.push(part),
                _ => tables.push(Table {
                    numeral,
                    parts: vec![part],
                }),
            }
        }
        let Some(part) = tables.last_mut().and_then(|table| table.parts.last_mut()) else {
            continue;
        };
        match part.rows.last_mut() {
            Some(row) if row.iter().all(|other| other.row == field.row) => row.push(field),
            _ => part.rows.push(vec![field]),
        }
    }
    tables
}

/// Draws one table and returns its foot.
fn draw_table(sheet: &mut Sheet, table: &Table<'_>, top: f32) -> f32 {
    let titles: Vec<String> = table
        .parts
        .iter()
        .map(|part| part.title.to_uppercase())
        .collect();
    heading(sheet, table.numeral, &titles.join(" DAN "), top - 5.7);
    let rows = || table.parts.iter().flat_map(|part| part.rows.iter());
    let is_single = rows().all(|row| row.len() == 1);
    let columns: &[&str] = if is_single {
        &["JUMLAH"]
    } else {
        &["LAKI-LAKI (L)", "PEREMPUAN (P)", "JUMLAH (L+P)"]
    };
    let [first, .., last, right] = o::COLUMNS;
    let labels_right = if is_single { last } else { first };
    head(sheet, columns, labels_right, top);
    let mut y = top + o::TABLE_HEAD + o::TABLE_NUMBERS;
    for part in &table.parts {
        y = draw_part(sheet, part, labels_right, y);
    }
    for edge in o::COLUMNS.into_iter().filter(|edge| *edge >= labels_right) {
        sheet.line(
            at(edge, top),
            at(edge, top + o::TABLE_HEAD),
            o::MEDIUM_LINE,
            o::BLACK,
        );
    }
    sheet.frame(Area::spanning(o::LEFT, top, right, y), o::HEAVY_LINE);
    y
}

/// A table's numeral and title above it.
pub(super) fn heading(sheet: &mut Sheet, numeral: &str, title: &str, base: f32) {
    let numeral = format!("{numeral}.");
    sheet.text(&numeral, Face::Bold, 4.4, at(73.3, base), Align::Left, 15.0);
    sheet.text(title, Face::Bold, 4.4, at(89.4, base), Align::Left, 400.0);
}

/// Column heads and the row of their numbers.
fn head(sheet: &mut Sheet, columns: &[&str], labels_right: f32, top: f32) {
    let edges: Vec<f32> = std::iter::once(o::LEFT)
        .chain(o::COLUMNS.into_iter().filter(|edge| *edge >= labels_right))
        .collect();
    let names = std::iter::once("URAIAN").chain(columns.iter().copied());
    for (index, ((left, right), name)) in edges
        .iter()
        .zip(edges.iter().skip(1))
        .zip(names)
        .enumerate()
    {
        let middle = f32::midpoint(*left, *right);
        let number = format!("({})", index + 1);
        sheet.text(
            name,
            Face::Bold,
            3.5,
            at(middle, top + 9.3),
            Align::Centre,
            70.0,
        );
        sheet.text(
            &number,
            Face::Bold,
            2.9,
            at(middle, top + 20.1),
            Align::Centre,
            20.0,
        );
        let area = Area::spanning(*left, top + o::TABLE_HEAD, *right, top + 22.5);
        sheet.frame(area, o::MEDIUM_LINE);
    }
}

/// Draws a part's heading and rows and returns its foot.
fn draw_part(sheet: &mut Sheet, part: &Part<'_>, labels_right: f32, top: f32) -> f32 {
    let mut y = top;
    let mut label_left = o::LEFT;
    let mut indent = 8.0;
    if let Some(letter) = part.letter {
        let base = top + 9.5;
        let title = part.title.to_uppercase();
        let letter = format!("{letter}.");
        sheet.text(&letter, Face::Bold, 3.9, at(79.1, base), Align::Left, 10.0);
        sheet.text(&title, Face::Bold, 3.9, at(91.7, base), Align::Left, 200.0);
        y += o::TABLE_HEAD;
        label_left = 91.3;
        indent = 4.6;
        sheet.line(at(o::LEFT, y), at(o::RIGHT, y), o::MEDIUM_LINE, o::BLACK);
    }
    let foot = y + nth(part.rows.len()) * o::TABLE_BOX_PITCH + 5.0;
    for (index, row) in part.rows.iter().enumerate() {
        let box_top = y + 5.0 + nth(index) * o::TABLE_BOX_PITCH;
        let at_label = at(label_left + indent, box_top + o::TABLE_BOX / 2.0 + 2.0);
        let room = labels_right - at_label.x - 3.0;
        if let Some(field) = row.first() {
            let face = if field.row.ends_with("_total") {
                Face::Bold
            } else {
                Face::Regular
            };
            sheet.text(&field.label, face, 4.0, at_label, Align::Left, room);
        }
        for field in row {
            figure(sheet, field, box_top);
        }
        if index > 0 {
            let line = box_top - 2.5;
            sheet.line(
                at(label_left, line),
                at(labels_right, line),
                o::LIGHT_LINE,
                o::BLACK,
            );
        }
    }
    for edge in o::COLUMNS.into_iter().filter(|edge| *edge >= labels_right) {
        sheet.line(at(edge, y), at(edge, foot), o::MEDIUM_LINE, o::BLACK);
    }
    if part.letter.is_some() {
        sheet.line(
            at(label_left, y),
            at(label_left, foot),
            o::MEDIUM_LINE,
            o::BLACK,
        );
    }
    sheet.line(
        at(o::LEFT, foot),
        at(o::RIGHT, foot),
        o::MEDIUM_LINE,
        o::BLACK,
    );
    foot
}

fn figure(sheet: &mut Sheet, field: &Field, top: f32) {
    let [_, after_male, after_female, after_total] = o::COLUMNS;
    let right = match field.column {
        Column::Male => after_male,
        Column::Female => after_female,
        Column::Total => after_total,
    } - o::TABLE_BOX_MARGIN;
    // More than three digits share the room of three.
    let crowd = (3.0 / f32::from(field.digits.max(1))).min(1.0);
    let (side, pitch) = (o::TABLE_BOX * crowd, o::TABLE_BOX_PITCH * crowd);
    let boxes = row_of_boxes(field.digits, right, top, side, pitch);
    sheet.boxes(&field.id, boxes);
}
