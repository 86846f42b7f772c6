//! A page being filled in: every spot written by one hand, from the counts.
//!
//! A count that is not there leaves its spot blank, as on a half-filled form.

use domain::{Counts, words};

use crate::Head;
use crate::hand::Hand;
use crate::measure::{Area, Point, measure};
use crate::paper::Paper;
use crate::sheet::{DayPart, FigurePlace, Spot};

/// Votes in one cell of a tally.
const CELL_VOTES: u32 = 5;

const WEEKDAYS: [&str; 7] = [
    "MINGGU", "SENIN", "SELASA", "RABU", "KAMIS", "JUMAT", "SABTU",
];

const MONTHS: [&str; 12] = [
    "JANUARI",
    "FEBRUARI",
    "MARET",
    "APRIL",
    "MEI",
    "JUNI",
    "JULI",
    "AGUSTUS",
    "SEPTEMBER",
    "OKTOBER",
    "NOVEMBER",
    "DESEMBER",
];

/// How untidily bubbles are filled: of a hundred columns, how many are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Slips {
    /// Filled by half.
    pub half: u32,
    /// Crossed instead of filled.
    pub crossed: u32,
    /// Filled, and another one too.
    pub doubled: u32,
    /// Forgotten.
    pub empty: u32,
}

/// Writes into all spots of a page.
pub(crate) fn write(
    paper: &mut Paper,
    spots: &[Spot],
    head: &Head,
    counts: &Counts,
    slips: Slips,
    hand: &mut Hand,
) {
    for spot in spots {
        match spot {
            Spot::Figure(place) => {
                figure(paper, hand, place, counts.get(&place.id).copied(), slips);
            }
            Spot::Words { id, area } => {
                if let Some(figure) = counts.get(id) {
                    hand.words(paper, &words::in_words(*figure), *area);
                }
            }
            Spot::Tally {
                id,
                area,
                rows,
                columns,
                sums,
            } => {
                let tally = Tally {
                    area: *area,
                    rows: *rows,
                    columns: *columns,
                    sums: *sums,
                };
                if let Some(votes) = counts.get(id) {
                    tally.write(paper, hand, *votes);
                }
            }
            Spot::Place { depth, area } => {
                if let Some(name) = head.place.get(*depth) {
                    hand.words(paper, name, *area);
                }
            }
            Spot::Number { in_words, area } => number(paper, hand, head, *in_words, *area),
            Spot::Day { part, area, boxes } => day(paper, hand, head, *part, *area, boxes),
            Spot::Signature { area } => {
                if hand.happens(93) {
                    hand.signature(paper, *area);
                }
            }
        }
    }
}

/// The signs of a figure, one for each box; `blank` stands for a leading zero,
/// and all over for nought.
pub(crate) fn signs(figure: u32, boxes: usize, blank: char) -> Vec<char> {
    let digits = if figure == 0 {
        String::new()
    } else {
        figure.to_string()
    };
    format!("{digits:>boxes$}")
        .chars()
        .map(|sign| if sign == ' ' { blank } else { sign })
        .collect()
}

fn figure(
    paper: &mut Paper,
    hand: &mut Hand,
    place: &FigurePlace,
    figure: Option<u32>,
    slips: Slips,
) {
    let Some(figure) = figure else {
        return;
    };
    let signs = signs(figure, place.boxes.len(), hand.blank);
    for (sign, area) in signs.iter().zip(&place.boxes) {
        hand.digit(paper, *sign, *area);
    }
    for (sign, bubbles) in signs.iter().zip(&place.bubbles) {
        let digit = sign.to_digit(10).unwrap_or(0);
        let index = usize::try_from(digit).unwrap_or_default();
        mark_bubble(paper, hand, bubbles, index, place.bubble_radius_mm, slips);
    }
}

/// Fills the bubble of a digit, or slips.
fn mark_bubble(
    paper: &mut Paper,
    hand: &mut Hand,
    bubbles: &[Point],
    index: usize,
    radius: f32,
    slips: Slips,
) {
    let Some(centre) = bubbles.get(index).copied() else {
        return;
    };
    if slips == Slips::default() {
        hand.bubble(paper, centre, radius);
    } else if hand.happens(slips.half) {
        hand.half_bubble(paper, centre, radius);
    } else if hand.happens(slips.crossed) {
        hand.crossed_bubble(paper, centre, radius);
    } else if hand.happens(slips.doubled) {
        hand.bubble(paper, centre, radius);
        let other = (index + 1 + hand.below(bubbles.len().saturating_sub(1))) % bubbles.len();
        if let Some(second) = bubbles.get(other) {
            hand.bubble(paper, *second, radius);
        }
    } else if !hand.happens(slips.empty) {
        hand.bubble(paper, centre, radius);
    }
}

struct Tally {
    area: Area,
    rows: u32,
    columns: u32,
    sums: Option<Area>,
}

impl Tally {
    fn write(&self, paper: &mut Paper, hand: &mut Hand, votes: u32) {
        let per_row = self.columns.saturating_mul(CELL_VOTES);
        let mut left = votes;
        let mut used_rows = 0;
        for row in 0..self.rows {
            let here = left.min(per_row);
            if here == 0 {
                break;
            }
            left = left.saturating_sub(here);
            used_rows = row.saturating_add(1);
            self.row(paper, hand, row, here);
        }
        if hand.strikes_out {
            self.strike_out(paper, hand, votes, used_rows);
        }
    }

    fn row(&self, paper: &mut Paper, hand: &mut Hand, row: u32, votes: u32) {
        for column in 0..votes.div_ceil(CELL_VOTES) {
            let before = column.saturating_mul(CELL_VOTES);
            let strokes = votes.saturating_sub(before).min(CELL_VOTES);
            hand.tally(paper, strokes, self.cell(column, row));
        }
        let Some(sums) = self.sums else {
            return;
        };
        let signs = signs(votes, 2, '0');
        for (index, sign) in signs.into_iter().enumerate() {
            let column = if index == 0 { 0.0 } else { 0.5 };
            let top = sums.spot(column, measure(row) / measure(self.rows));
            let cell = Area {
                left: top.x,
                top: top.y,
                width: sums.width / 2.0,
                height: sums.height / measure(self.rows),
            };
            hand.digit(paper, sign, cell);
        }
    }

    fn cell(&self, column: u32, row: u32) -> Area {
        let (width, height) = (
            self.area.width / measure(self.columns),
            self.area.height / measure(self.rows),
        );
        Area {
            left: self.area.left + measure(column) * width,
            top: self.area.top + measure(row) * height,
            width,
            height,
        }
    }

    /// The long Z over what stays empty: the rest of the last used row, then
    /// down to the last row.
    fn strike_out(&self, paper: &mut Paper, hand: &mut Hand, votes: u32, used_rows: u32) {
        let last_row = self.rows.saturating_sub(1);
        let last_column = self.columns.saturating_sub(1);
        let cells = votes.div_ceil(CELL_VOTES);
        let (column, row) = (cells % self.columns.max(1), cells / self.columns.max(1));
        let centre = |column: u32, row: u32| -> Point { self.cell(column, row).centre() };
        if row > last_row {
            return;
        }
        let mut corners = vec![centre(column, row), centre(last_column, row)];
        if row < last_row {
            corners.push(centre(0, last_row));
            corners.push(centre(last_column, last_row));
        }
        hand.strike(paper, &corners);
        let Some(sums) = self.sums else {
            return;
        };
        if used_rows < self.rows {
            let height = sums.height / measure(self.rows);
            let top = sums.top + (measure(used_rows) + 0.4) * height;
            let rest = Area::spanning(
                sums.left + 3.0,
                top,
                sums.right() - 3.0,
                sums.bottom() - 4.0,
            );
            let z = [
                rest.spot(0.0, 0.0),
                rest.spot(1.0, 0.0),
                rest.spot(0.0, 1.0),
                rest.spot(1.0, 1.0),
            ];
            hand.strike(paper, &z);
        }
    }
}

fn number(paper: &mut Paper, hand: &mut Hand, head: &Head, in_words: bool, area: Area) {
    let Some(number) = head.number.trim().parse().ok().filter(|_| in_words) else {
        hand.words(paper, &head.number, area);
        return;
    };
    hand.words(paper, &words::in_words(number), area);
}

/// Writes a part of the polling day; nothing when the date cannot be read.
fn day(paper: &mut Paper, hand: &mut Hand, head: &Head, part: DayPart, area: Area, boxes: &[Area]) {
    let mut parts = head.date.split('-').map(str::parse::<u32>);
    let (Some(Ok(year)), Some(Ok(month)), Some(Ok(day))) =
        (parts.next(), parts.next(), parts.next())
    else {
        return;
    };
    let number = match part {
        DayPart::Weekday => 0,
        DayPart::Day => day,
        DayPart::Month => month,
        DayPart::Year => year,
    };
    if !boxes.is_empty() {
        for (sign, area) in signs(number, boxes.len(), '0').iter().zip(boxes) {
            hand.digit(paper, *sign, *area);
        }
        return;
    }
    let name = |names: &[&str], index: u32| {
        let index = usize::try_from(index).unwrap_or(usize::MAX);
        names.get(index).map(|name| (*name).to_owned())
    };
    let words = match part {
        DayPart::Weekday => name(&WEEKDAYS, weekday(year, month, day)),
        DayPart::Month => name(&MONTHS, month.saturating_sub(1)),
        DayPart::Day | DayPart::Year => Some(words::in_words(number)),
    };
    if let Some(words) = words {
        hand.words(paper, &words, area);
    }
}

/// Day of the week from Sunday (0), after Sakamoto; any date of our calendar.
fn weekday(year: u32, month: u32, day: u32) -> u32 {
    const SHIFT: [u32; 12] = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4];
    let index = usize::try_from(month.saturating_sub(1)).unwrap_or(usize::MAX);
    let shift = SHIFT.get(index).copied().unwrap_or_default();
    let year = if month < 3 {
        year.saturating_sub(1)
    } else {
        year
    }
    .min(9_999);
    (year + year / 4 - year / 100 + year / 400 + shift + day.min(31)) % 7
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_fills_its_boxes_from_the_right() {
        assert_eq!(signs(105, 3, 'X'), ['1', '0', '5']);
        assert_eq!(signs(24, 3, 'X'), ['X', '2', '4']);
        assert_eq!(signs(0, 3, '-'), ['-', '-', '-']);
        assert_eq!(signs(7, 2, '0'), ['0', '7']);
    }

    #[test]
    fn polling_day_2024_was_a_wednesday() {
        assert_eq!(weekday(2024, 11, 27), 3);
        assert_eq!(weekday(2024, 2, 14), 3);
        assert_eq!(weekday(2023, 12, 31), 0);
    }
}
