//! Which columns are the options when their names tell nothing: those side by
//! side whose sum is the valid votes.

use super::cell::{self, Cell};
use super::columns::{Columns, Reading};
use super::source::Row;

/// Share of rows in which the sum must fit.
const FIT_PERCENT: usize = 70;
/// Fewest rows that say anything.
const ROWS_MIN: usize = 5;
/// Most options on a ballot.
const OPTIONS_MAX: usize = 60;

/// The unknown columns that add up to the valid votes (or, without invalid
/// ones, to the total); none when no run of columns does.
pub(super) fn options<'a>(columns: &Columns, rows: impl Iterator<Item = &'a Row>) -> Vec<usize> {
    let figure = |id: &str| columns.figures.get(&(Reading::First, id.to_owned()));
    let Some(sum) = figure("valid").or_else(|| figure("total")).copied() else {
        return Vec::new();
    };
    let rows: Vec<(&Row, u32)> = rows
        .filter_map(|row| Some((row, value(row, sum)?)))
        .filter(|(_, sum)| *sum > 0)
        .collect();
    if rows.len() < ROWS_MIN {
        return Vec::new();
    }
    let mut best: (usize, Vec<usize>) = (0, Vec::new());
    for (place, from) in columns.ignored.iter().enumerate() {
        let run = columns.ignored.iter().skip(place).take(OPTIONS_MAX);
        let mut taken = Vec::new();
        for (next, at) in run.enumerate() {
            if *at != from.saturating_add(next) {
                break;
            }
            taken.push(*at);
            let fits = rows
                .iter()
                .filter(|(row, sum)| adds_up(row, &taken, *sum))
                .count();
            if taken.len() > 1 && fits > best.0 {
                best = (fits, taken.clone());
            }
        }
    }
    let enough = best.0.saturating_mul(100) >= rows.len().saturating_mul(FIT_PERCENT);
    if enough { best.1 } else { Vec::new() }
}

fn adds_up(row: &Row, columns: &[usize], sum: u32) -> bool {
    let values: Option<Vec<u32>> = columns.iter().map(|at| value(row, *at)).collect();
    values.is_some_and(|values| {
        values
            .iter()
            .fold(0_u32, |all, one| all.saturating_add(*one))
            == sum
    })
}

fn value(row: &Row, at: usize) -> Option<u32> {
    match cell::read(row.cells.get(at)?) {
        Ok(Cell::Figure(value)) => Some(value),
        Ok(Cell::Crossed) => Some(0),
        _ => None,
    }
}
