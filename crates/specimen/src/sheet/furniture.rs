//! What every page has: frame, corner marks, tag, the form's name, and the
//! head with the place and number of the polling station.

use domain::{Contest, ContestKind, FormLayout, Page};

use super::official as o;
use super::{Mark, Sheet, Spot};
use crate::measure::{Area, Point, at};
use crate::print::{Align, Face, Reads, Text, Width};
use crate::tag;

/// Frame, corner marks, tag, labels.
pub(super) fn furnish(sheet: &mut Sheet, form: &FormLayout, contest: &Contest, page: &Page) {
    for y in [57.0, 881.9] {
        sheet.line(at(60.0, y), at(539.9, y), 1.4, o::FRAME_GREY);
    }
    for x in [40.0, 559.9] {
        sheet.line(at(x, 80.0), at(x, 859.7), 1.4, o::FRAME_GREY);
    }
    let mut x = 40.0;
    while x < 559.0 {
        sheet.line(at(x, 50.0), at(x + 1.6, 50.0), 0.7, o::LABEL_GREY);
        x += 4.6;
    }
    for corner in o::CORNER_SQUARES {
        let (left, top) = (corner.x, corner.y);
        let area = Area {
            left,
            top,
            width: o::CORNER_SIDE,
            height: o::CORNER_SIDE,
        };
        sheet.fill(area, o::BLACK);
    }
    name_of_form(sheet, form, page);
    if let Some(number) = page.tag {
        print_tag(sheet, number);
    }
    labels(sheet, form, contest, page);
}

fn name_of_form(sheet: &mut Sheet, form: &FormLayout, page: &Page) {
    sheet.frame(o::MODEL_BOX, 0.7);
    let (first, second) = form.title.split_once(' ').unwrap_or(("", &form.title));
    let middle = o::MODEL_BOX.centre().x;
    for (words, y) in [(first, 86.6), (second, 92.7)] {
        let words = words.to_uppercase();
        sheet.text(&words, Face::Bold, 3.3, at(middle, y), Align::Centre, 36.0);
    }
    let pages = form.pages.len();
    let words = format!("Halaman {} dari {pages}", page.number);
    sheet.measured(&words, Face::Bold, 3.3, at(484.7, 104.7), Align::Left, 40.4);
}

fn print_tag(sheet: &mut Sheet, number: u32) {
    let Some(cells) = tag::white_cells(number) else {
        return;
    };
    sheet.fill(o::TAG, o::BLACK);
    let side = o::TAG.width / f32::from(tag::SIDE_CELLS);
    for (column, row) in cells {
        let cell = Area {
            left: o::TAG.left + f32::from(column) * side,
            top: o::TAG.top + f32::from(row) * side,
            width: side,
            height: side,
        };
        sheet.fill(cell, [255; 3]);
    }
    sheet.marks.push(Mark::Text(Text {
        words: number.to_string(),
        face: Face::Regular,
        capital: 4.3,
        at: at(490.5, 128.5),
        align: Align::Left,
        width: Width::Exactly(10.9),
        reads: Reads::Upwards,
        rgb: o::BLACK,
    }));
}

/// The grey labels outside the frame and the footnote.
fn labels(sheet: &mut Sheet, form: &FormLayout, contest: &Contest, page: &Page) {
    let election = if is_general(contest) {
        "PEMILU"
    } else {
        "PEMILIHAN"
    };
    let title = contest.title.to_uppercase();
    let words = format!(
        "{election} {title} - Hal {} dari {}",
        page.number,
        form.pages.len()
    );
    for (at, reads) in [
        (at(40.3, 890.6), Reads::Upright),
        (at(559.6, 11.1), Reads::UpsideDown),
    ] {
        sheet.marks.push(Mark::Text(Text {
            words: words.clone(),
            face: Face::Bold,
            capital: 2.6,
            at,
            align: Align::Left,
            width: Width::AtMost(150.0),
            reads,
            rgb: o::LABEL_GREY,
        }));
    }
    let note = "*) Coret yang tidak perlu";
    sheet.measured(note, Face::Italic, 3.0, at(471.1, 867.6), Align::Left, 48.7);
}

/// Whether this is a contest of a general election.
pub(super) fn is_general(contest: &Contest) -> bool {
    !matches!(
        contest.kind,
        Some(ContestKind::Gubernur | ContestKind::BupatiWalikota)
    )
}

/// The head of pages after the first.
pub(super) fn short_head(sheet: &mut Sheet) {
    emblem(sheet, at(84.0, 93.0), 10.0);
    place_and_number(sheet, 106.3, 284.0, 87.7);
}

/// The five lines for province, regency, district, village and number, in two
/// columns from these left edges, the first base line at `base`.
pub(super) fn place_and_number(sheet: &mut Sheet, left: f32, right: f32, base: f32) {
    const LINE: f32 = 12.8;
    let columns = [(left, left + 51.2), (right, right + 68.2)];
    let lines = [
        ("Provinsi", 0, 0, 0.0),
        ("Kabupaten / Kota", 1, 0, LINE),
        ("Kecamatan", 2, 1, 0.0),
        ("Kelurahan / Desa *)", 3, 1, LINE),
    ];
    for (words, depth, column, down) in lines {
        let Some((x, colon)) = columns.get(column) else {
            continue;
        };
        let y = base + down;
        sheet.text(words, Face::Bold, 3.6, at(*x, y), Align::Left, 51.0);
        sheet.text(":", Face::Bold, 3.6, at(*colon, y), Align::Left, 2.0);
        let start = colon + 4.4;
        sheet.dotted(start, start + 104.5, y + 1.9);
        let area = Area::spanning(start + 1.0, y - 8.2, start + 104.5, y + 2.4);
        sheet.spots.push(Spot::Place { depth, area });
    }
    let (x, colon) = (right, right + 68.2);
    let y = base + 2.0 * LINE;
    sheet.text("Nomor TPS", Face::Bold, 3.6, at(x, y), Align::Left, 51.0);
    sheet.text(":", Face::Bold, 3.6, at(colon, y), Align::Left, 2.0);
    let start = colon + 4.4;
    sheet.dotted(start, start + 19.0, y + 1.9);
    sheet.text("(", Face::Bold, 3.9, at(start + 22.5, y), Align::Left, 3.0);
    sheet.dotted(start + 23.0, start + 103.0, y + 1.9);
    sheet.text(")", Face::Bold, 3.9, at(start + 103.5, y), Align::Left, 3.0);
    let number = Area::spanning(start, y - 8.4, start + 20.0, y + 2.2);
    let words = Area::spanning(start + 25.0, y - 8.2, start + 102.0, y + 2.4);
    for (in_words, area) in [(false, number), (true, words)] {
        sheet.spots.push(Spot::Number { in_words, area });
    }
}

/// A plain round badge where the official form has the KPU's emblem, which is
/// not ours to draw.
pub(super) fn emblem(sheet: &mut Sheet, centre: Point, width: f32) {
    let radius = width / 2.0;
    sheet.marks.push(Mark::Disc { centre, radius });
    sheet.marks.push(Mark::Text(Text {
        words: "KPPS".into(),
        face: Face::Bold,
        capital: width * 0.17,
        at: at(centre.x, centre.y + width * 0.09),
        align: Align::Centre,
        width: Width::AtMost(width * 0.8),
        reads: Reads::Upright,
        rgb: [245; 3],
    }));
}
