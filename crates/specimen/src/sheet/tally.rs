//! Votes: for each pair a block with tally, row sums, digit boxes, bubbles and
//! words, as on the official page 2; for a party, one compact row for its own
//! votes, for each candidate and for its total.

use domain::{Choice, Contest};

use super::official as o;
use super::{FigurePlace, Mark, Sheet, Spot, row_of_boxes, tables};
use crate::measure::{Area, Point, at, measure, nth};
use crate::print::{Align, Face};

/// Height of one pair's block with the gap below it.
const BLOCK: f32 = 80.0 + o::WORDS_HEIGHT + o::BLOCK_GAP;

/// Highest that a party's row gets.
const PARTY_ROW_MAX: f32 = 44.0;

/// Draws the options into `room` and returns the foot of the last.
pub(super) fn draw(
    sheet: &mut Sheet,
    contest: &Contest,
    options: &[&Choice],
    digits: u8,
    room: Area,
) -> f32 {
    let is_party = options.iter().any(|choice| !choice.candidates.is_empty());
    let title = if is_party {
        "DATA RINCIAN PEROLEHAN SUARA PARTAI POLITIK DAN CALON".to_owned()
    } else {
        let what = contest.title.to_uppercase();
        format!("DATA RINCIAN PEROLEHAN SUARA PASANGAN CALON {what}")
    };
    tables::heading(sheet, "IV", &title, room.top - 18.9);
    let name = if is_party {
        ["NOMOR DAN NAMA", "PARTAI DAN CALON"]
    } else {
        ["NOMOR DAN NAMA", "PASANGAN CALON"]
    };
    let wanted = nth(options.len()) * BLOCK;
    let top = head(
        sheet,
        room.top,
        &name,
        "RINCIAN PEROLEHAN SUARA SAH",
        "JUMLAH SUARA SAH",
    );
    if is_party {
        return options.iter().fold(top, |top, choice| {
            party(sheet, choice, digits, top, room.bottom())
        });
    }
    // Where the official size does not fit, everything keeps its proportions.
    let scale = ((room.bottom() - top) / wanted).clamp(0.3, 1.0);
    let mut foot = top;
    for (index, choice) in options.iter().enumerate() {
        let gap = o::BLOCK_GAP * scale;
        let next = top + nth(index) * BLOCK * scale;
        if index > 0 {
            let band = Area::spanning(o::LEFT, next - gap, o::RIGHT, next);
            sheet.frame(band, o::HEAVY_LINE);
        }
        foot = block(sheet, choice, digits, next, scale);
    }
    foot
}

/// The head above tallies; returns its foot.
pub(super) fn head(sheet: &mut Sheet, top: f32, name: &[&str], tally: &str, sum: &str) -> f32 {
    let foot = top + o::TALLY_HEAD;
    let middle_of_name = f32::midpoint(o::LEFT, o::TALLY_LEFT);
    for (index, words) in name.iter().enumerate() {
        let base = top + 9.0 + nth(index) * 5.5;
        sheet.text(
            words,
            Face::Bold,
            3.3,
            at(middle_of_name, base),
            Align::Centre,
            100.0,
        );
    }
    if !name.is_empty() {
        sheet.frame(
            Area::spanning(o::LEFT, top, o::TALLY_LEFT, foot),
            o::HEAVY_LINE,
        );
    }
    let tally_middle = f32::midpoint(o::TALLY_LEFT, o::TALLY_RIGHT);
    sheet.text(
        tally,
        Face::Bold,
        3.5,
        at(tally_middle, top + 8.3),
        Align::Centre,
        200.0,
    );
    let numbers = Area::spanning(o::TALLY_LEFT, top + 13.0, o::TALLY_RIGHT, foot);
    let pitch = numbers.width / measure(o::TALLY_COLUMNS);
    for column in 0..o::TALLY_COLUMNS {
        let left = numbers.left + measure(column) * pitch;
        let number = (column + 1).to_string();
        let base = at(left + pitch / 2.0, top + 18.0);
        sheet.text(&number, Face::Regular, 3.0, base, Align::Centre, 10.0);
        sheet.line(
            at(left, numbers.top),
            at(left, foot),
            o::LIGHT_LINE,
            o::BLACK,
        );
    }
    sheet.frame(numbers, o::HEAVY_LINE);
    sheet.frame(
        Area::spanning(o::TALLY_LEFT, top, o::TALLY_RIGHT, foot),
        o::HEAVY_LINE,
    );
    let sums = Area::spanning(o::TALLY_RIGHT, top, o::SUMS_RIGHT, foot);
    for (words, down) in [("JUMLAH", 9.4), ("TIAP BARIS", 14.2)] {
        let base = at(sums.centre().x, top + down);
        sheet.text(words, Face::Bold, 3.2, base, Align::Centre, 30.0);
    }
    sheet.frame(sums, o::HEAVY_LINE);
    let figure = Area::spanning(o::SUMS_RIGHT, top, o::RIGHT, foot);
    let base = at(figure.centre().x, top + 11.6);
    sheet.text(sum, Face::Bold, 3.1, base, Align::Centre, 70.0);
    sheet.frame(figure, o::HEAVY_LINE);
    foot
}

/// One pair's block; returns its foot.
fn block(sheet: &mut Sheet, choice: &Choice, digits: u8, top: f32, scale: f32) -> f32 {
    let id = format!("votes.{}", choice.number);
    let tally_foot = top + o::TALLY_ROW * measure(o::TALLY_ROWS) * scale;
    let foot = tally_foot + o::WORDS_HEIGHT * scale;
    let name = Area::spanning(o::LEFT, top, o::TALLY_LEFT, tally_foot);
    let middle = name.centre().x;
    let number = choice.number.to_string();
    let down = |mm: f32| top + mm * scale;
    // A name stays legible where the block is low.
    let lettering = scale.max(0.8);
    sheet.text(
        &number,
        Face::Bold,
        8.9 * lettering,
        at(middle, down(17.3)),
        Align::Centre,
        60.0,
    );
    let words = choice.name.to_uppercase();
    sheet.text(
        &words,
        Face::Bold,
        4.4 * lettering,
        at(middle, down(33.0)),
        Align::Centre,
        98.0,
    );
    sheet.frame(name, o::HEAVY_LINE);
    grid(sheet, &id, top, tally_foot, o::TALLY_ROWS);

    let words = Area::spanning(o::LEFT, tally_foot, o::SUMS_RIGHT, foot);
    sheet.frame(words, o::HEAVY_LINE);
    instructions(sheet, words, scale);
    let area = Area::spanning(
        o::LEFT + 20.0,
        tally_foot + 14.0 * scale,
        355.0,
        foot - 13.0 * scale,
    );
    let spot = id.clone();
    sheet.spots.push(Spot::Words { id: spot, area });

    figure_with_bubbles(sheet, id, digits, top, scale);
    let figure = Area::spanning(o::SUMS_RIGHT, top, o::RIGHT, foot);
    sheet.frame(figure, o::HEAVY_LINE);
    foot
}

fn figure_with_bubbles(sheet: &mut Sheet, id: String, digits: u8, top: f32, scale: f32) {
    let side = o::VOTE_BOX * scale;
    let boxes: Vec<Area> = (0..digits)
        .map(|index| {
            let right = f32::from(digits - 1 - index) * o::VOTE_BOX_PITCH;
            let centre_x = o::VOTE_BOX_RIGHT - o::VOTE_BOX / 2.0 - right;
            let centre_y = top + (o::VOTE_BOX_DOWN + o::VOTE_BOX / 2.0) * scale;
            Area::around(at(centre_x, centre_y), side)
        })
        .collect();
    let radius = o::BUBBLE_RADIUS * scale;
    let mut bubbles = vec![];
    for area in &boxes {
        sheet.frame(*area, o::BOX_LINE);
        guide(sheet, *area);
        let x = area.centre().x;
        let column: Vec<Point> = (0..10_u8)
            .map(|digit| {
                let down = o::BUBBLE_DOWN + o::BUBBLE_PITCH * f32::from(digit);
                at(x, top + down * scale)
            })
            .collect();
        for (digit, centre) in column.iter().enumerate() {
            let centre = *centre;
            sheet.marks.push(Mark::Ring { centre, radius });
            let base = at(centre.x, centre.y + radius * 0.43);
            let digit = digit.to_string();
            sheet.text(
                &digit,
                Face::Regular,
                radius * 0.86,
                base,
                Align::Centre,
                6.0,
            );
        }
        bubbles.push(column);
    }
    sheet.spots.push(Spot::Figure(FigurePlace {
        id,
        boxes,
        bubbles,
        bubble_radius_mm: radius,
    }));
}

/// The dotted guide of seven segments and a middle line inside a digit box.
fn guide(sheet: &mut Sheet, area: Area) {
    let part = area.width / o::VOTE_BOX;
    for column in 0..5_u8 {
        for row in 0..9_u8 {
            if column % 2 == 0 || row % 4 == 0 {
                let dot = at(
                    area.left + (5.85 + 2.06 * f32::from(column)) * part,
                    area.top + (3.35 + 1.67 * f32::from(row)) * part,
                );
                sheet.fill(Area::around(dot, 0.66 * part), o::GRID_GREY);
            }
        }
    }
}

/// How to blacken a bubble, and that the figure is written in capitals.
fn instructions(sheet: &mut Sheet, words: Area, scale: f32) {
    let down = |mm: f32| words.top + mm * scale;
    let capitals = "( ditulis menggunakan huruf kapital )";
    let at_foot = at(181.0, down(54.8));
    sheet.text(
        capitals,
        Face::Italic,
        2.4 * scale,
        at_foot,
        Align::Left,
        60.0,
    );
    let lines = [
        ("Hitamkan bulatan ini sesuai dengan", 26.6),
        ("isian angka pada kotak", 32.5),
    ];
    for (line, mm) in lines {
        let base = at(402.6, down(mm));
        sheet.text(line, Face::Italic, 3.2 * scale, base, Align::Centre, 86.0);
    }
    let radius = 4.0 * scale;
    let (empty, full) = (at(391.6, down(40.9)), at(409.6, down(40.9)));
    sheet.marks.push(Mark::Ring {
        centre: empty,
        radius,
    });
    sheet.marks.push(Mark::Disc {
        centre: full,
        radius,
    });
    let zero = at(empty.x, empty.y + 1.7 * scale);
    sheet.text("0", Face::Regular, 3.4 * scale, zero, Align::Centre, 6.0);
    sheet.text(
        "->",
        Face::Bold,
        3.4 * scale,
        at(400.8, zero.y),
        Align::Centre,
        8.0,
    );
}

/// The grey cells of a tally and of its row sums, between two heights.
pub(super) fn grid(sheet: &mut Sheet, id: &str, top: f32, foot: f32, rows: u32) {
    let area = Area::spanning(o::TALLY_LEFT, top, o::TALLY_RIGHT, foot);
    let (sums_left, sums_right) = o::SUM_CELLS;
    let sums = Area::spanning(sums_left, top, sums_right, foot);
    for row in 1..rows {
        let y = area.spot(0.0, measure(row) / measure(rows)).y;
        sheet.line(
            at(area.left, y),
            at(area.right(), y),
            o::MEDIUM_LINE,
            o::GRID_GREY,
        );
        sheet.line(
            at(sums.left, y),
            at(sums.right(), y),
            o::MEDIUM_LINE,
            o::GRID_GREY,
        );
    }
    for column in 1..o::TALLY_COLUMNS {
        let x = area
            .spot(measure(column) / measure(o::TALLY_COLUMNS), 0.0)
            .x;
        sheet.line(at(x, top), at(x, foot), o::MEDIUM_LINE, o::GRID_GREY);
    }
    for x in [sums.left, sums.centre().x, sums.right()] {
        sheet.line(at(x, top), at(x, foot), o::MEDIUM_LINE, o::GRID_GREY);
    }
    sheet.frame(area, o::HEAVY_LINE);
    sheet.frame(
        Area::spanning(o::TALLY_RIGHT, top, o::SUMS_RIGHT, foot),
        o::HEAVY_LINE,
    );
    sheet.spots.push(Spot::Tally {
        id: id.to_owned(),
        area,
        rows,
        columns: o::TALLY_COLUMNS,
        sums: Some(sums),
    });
}

/// A party's rows; returns the foot of its total.
fn party(sheet: &mut Sheet, choice: &Choice, digits: u8, top: f32, bottom: f32) -> f32 {
    let title = format!("{}. {}", choice.number, choice.name.to_uppercase());
    let heading = Area::spanning(o::LEFT, top, o::RIGHT, top + 14.0);
    let base = at(heading.left + 8.0, heading.bottom() - 4.6);
    sheet.text(&title, Face::Bold, 4.6, base, Align::Left, 400.0);
    sheet.frame(heading, o::HEAVY_LINE);

    let own = (
        "A.1 SUARA PARTAI POLITIK".to_owned(),
        format!("votes.{}.party", choice.number),
    );
    let candidates = choice.candidates.iter().map(|candidate| {
        let id = format!("votes.{}.{}", choice.number, candidate.number);
        (format!("{}. {}", candidate.number, candidate.name), id)
    });
    let rows: Vec<(String, String)> = std::iter::once(own).chain(candidates).collect();
    let room = bottom - heading.bottom() - 12.0;
    let height = (room / nth(rows.len() + 1)).min(PARTY_ROW_MAX);
    let mut y = heading.bottom();
    for (label, id) in rows {
        let foot = y + height;
        row_label(sheet, &label, Face::Regular, y, foot);
        // Five rows where they fit; a row of strokes needs eight millimetres.
        let tally_rows = if height >= 40.0 { 5 } else { 3 };
        grid(sheet, &id, y, foot, tally_rows);
        row_figure(sheet, &id, digits, y, foot);
        y = foot;
    }
    let id = format!("votes.{}", choice.number);
    let foot = y + height;
    row_label(sheet, "JUMLAH SUARA PARTAI DAN CALON", Face::Bold, y, foot);
    let words = Area::spanning(o::TALLY_LEFT, y, o::SUMS_RIGHT, foot);
    sheet.frame(words, o::HEAVY_LINE);
    let spot = id.clone();
    sheet.spots.push(Spot::Words {
        id: spot,
        area: words.inset(height * 0.14),
    });
    row_figure(sheet, &id, digits, y, foot);
    foot
}

fn row_label(sheet: &mut Sheet, label: &str, face: Face, top: f32, foot: f32) {
    let area = Area::spanning(o::LEFT, top, o::TALLY_LEFT, foot);
    let base = at(area.left + 5.0, area.centre().y + 1.9);
    sheet.text(label, face, 3.9, base, Align::Left, area.width - 8.0);
    sheet.frame(area, o::HEAVY_LINE);
}

fn row_figure(sheet: &mut Sheet, id: &str, digits: u8, top: f32, foot: f32) {
    let area = Area::spanning(o::SUMS_RIGHT, top, o::RIGHT, foot);
    let side = o::VOTE_BOX.min((foot - top) * 0.72);
    let box_top = area.centre().y - side / 2.0;
    let boxes = row_of_boxes(digits, o::VOTE_BOX_RIGHT, box_top, side, o::VOTE_BOX_PITCH);
    sheet.frame(area, o::HEAVY_LINE);
    sheet.boxes(id, boxes);
}
