//! The foot of a page: seven members of the KPPS and a witness of each option.

use domain::{Choice, Contest};

use super::official as o;
use super::{Sheet, Spot};
use crate::measure::{Area, at, nth};
use crate::print::{Align, Face};

const LEFT: f32 = 70.0;
const RIGHT: f32 = 529.9;

/// Members of the KPPS.
const MEMBERS: usize = 7;

/// Most witnesses side by side; parties stand in two rows.
const WITNESSES_PER_ROW: usize = 9;

/// Below this width in millimetres a number has no room of its own.
const NARROW: f32 = 100.0;

/// Draws the foot at its place.
pub(super) fn draw(sheet: &mut Sheet, contest: &Contest, place: o::Signatures) {
    let members_foot = place.top + 45.0;
    members(sheet, place.top, members_foot);
    let names_top = members_foot + 9.7;
    let is_party = contest
        .options
        .iter()
        .any(|choice| !choice.candidates.is_empty());
    let whose = if is_party {
        "PARTAI POLITIK".to_owned()
    } else {
        format!("PASANGAN CALON {}", contest.title.to_uppercase())
    };
    let title = format!("NAMA DAN TANDA TANGAN SAKSI {whose}");
    band(sheet, &title, members_foot, names_top);
    let foot = names_top + place.names + place.room;
    let rows = contest.options.chunks(WITNESSES_PER_ROW);
    let height = (foot - names_top) / nth(rows.len().max(1));
    let names = place.names * height / (foot - names_top);
    for (index, options) in rows.enumerate() {
        let top = names_top + nth(index) * height;
        let row = Area::spanning(LEFT, top, RIGHT, top + height);
        witnesses(sheet, options, row, names);
    }
    sheet.frame(Area::spanning(LEFT, place.top, RIGHT, foot), o::BOX_LINE);
}

/// The seven members of the KPPS.
fn members(sheet: &mut Sheet, top: f32, foot: f32) {
    let cells_top = top + 10.4;
    let title = "NAMA DAN TANDA TANGAN KELOMPOK PENYELENGGARA PEMUNGUTAN SUARA";
    band(sheet, title, top, cells_top);
    let width = (RIGHT - LEFT) / nth(MEMBERS);
    for index in 0..MEMBERS {
        let left = LEFT + nth(index) * width;
        let cell = Area::spanning(left, cells_top, left + width, foot);
        sheet.frame(cell, o::LIGHT_LINE);
        let number = format!("{}.", index + 1);
        let base = at(left + 5.0, cells_top + 19.4);
        sheet.text(&number, Face::Bold, 4.4, base, Align::Left, 12.0);
        sheet.dotted(left + 16.0, left + 60.4, foot - 3.2);
        let area = Area::spanning(left + 17.0, cells_top + 5.0, left + 60.0, foot - 3.0);
        sheet.spots.push(Spot::Signature { area });
    }
    sheet.frame(Area::spanning(LEFT, top, RIGHT, foot), o::HEAVY_LINE);
}

fn band(sheet: &mut Sheet, words: &str, top: f32, foot: f32) {
    let area = Area::spanning(LEFT, top, RIGHT, foot);
    let base = at(area.centre().x, area.centre().y + 1.75);
    sheet.text(words, Face::Bold, 3.5, base, Align::Centre, 440.0);
    sheet.frame(area, o::LIGHT_LINE);
}

/// One row of witnesses: names above, room to sign below.
fn witnesses(sheet: &mut Sheet, options: &[Choice], row: Area, names: f32) {
    let width = row.width / nth(options.len().max(1));
    for (index, choice) in options.iter().enumerate() {
        let left = row.left + nth(index) * width;
        let name = Area::spanning(left, row.top, left + width, row.top + names);
        let sign = Area::spanning(left, name.bottom(), left + width, row.bottom());
        sheet.frame(name, o::MEDIUM_LINE);
        sheet.frame(sign, o::MEDIUM_LINE);
        name_of(sheet, choice, name);
        let dots = sign.spot(0.27, 0.0).x;
        sheet.dotted(dots, dots + width * 0.45, sign.bottom() - 4.0);
        let area = Area::spanning(
            sign.left + width * 0.2,
            sign.top + 2.0,
            sign.right() - width * 0.2,
            sign.bottom() - 3.0,
        );
        sheet.spots.push(Spot::Signature { area });
    }
}

/// A witness's option: number and name side by side, or in one where it is
/// narrow.
fn name_of(sheet: &mut Sheet, choice: &Choice, area: Area) {
    let number = format!("{}.", choice.number);
    let words = choice.name.to_uppercase();
    let middle = area.centre().y;
    let size = (area.height * 0.23).min(6.0);
    if area.width < NARROW {
        let words = format!("{number} {words}");
        let base = at(area.centre().x, middle + size * 0.36);
        sheet.text(
            &words,
            Face::Bold,
            size * 0.72,
            base,
            Align::Centre,
            area.width * 0.9,
        );
        return;
    }
    let first = at(area.left + area.width * 0.054, middle + size / 2.0);
    sheet.text(&number, Face::Bold, size, first, Align::Left, 12.0);
    let second = at(area.left + area.width * 0.146, middle + size * 0.36);
    sheet.text(
        &words,
        Face::Bold,
        size * 0.72,
        second,
        Align::Left,
        area.width * 0.82,
    );
}
