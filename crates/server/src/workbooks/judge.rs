//! From the cells of a sheet to figures, or to what is wrong with them: pure.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Counts, RegionCode, TpsCode, figure};
use protocol::SlotId;
use protocol::workbook::WorkbookFault;

use super::book::{HEADING_ROWS, LEAD, SheetPlan, TPS_KEY};
use super::read::{Cells, Found, Sheet};
use super::stations::Stations;

/// Columns that make a row one of headings.
const HEADINGS_MIN: usize = 2;

/// What a sheet is judged by.
pub(super) struct Rules<'a> {
    /// The election.
    pub election: &'a str,
    /// What the sheet should be.
    pub plan: &'a SheetPlan,
    /// The stations of the caller's region.
    pub stations: &'a Stations,
    /// That region; `None` is everywhere.
    pub region: Option<&'a RegionCode>,
}

/// One row, judged.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    /// Its number in the sheet, from 0.
    pub at: u32,
    /// The column of its code.
    pub code_at: u32,
    /// The code that stands in it.
    pub code: String,
    /// The form's place; `None` when something is wrong with the code.
    pub slot: Option<SlotId>,
    /// The figures that could be read.
    pub counts: Counts,
    /// What is wrong, by the column of the sheet.
    pub faults: Vec<(u32, WorkbookFault)>,
}

impl Row {
    /// Whether nothing was keyed into it.
    pub(super) fn is_blank(&self) -> bool {
        self.counts.is_empty() && self.faults.is_empty()
    }
}

/// A sheet, judged.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Judged {
    /// Where the columns of the plan stand in the sheet, by their id.
    pub places: BTreeMap<String, u32>,
    /// The rows below the headings, in order.
    pub rows: Vec<Row>,
}

/// Judges a sheet.
///
/// # Errors
/// What is wrong with the sheet as a whole.
pub(super) fn judge(sheet: &Sheet, rules: &Rules<'_>) -> Result<Judged, WorkbookFault> {
    if sheet.is_too_large {
        return Err(WorkbookFault::SheetTooLarge);
    }
    let (places, first) = headings(sheet, rules.plan).ok_or(WorkbookFault::HeadingsMissing)?;
    let code_at = *places.get(TPS_KEY).ok_or(WorkbookFault::HeadingsMissing)?;
    let mut seen = BTreeSet::new();
    let rows = sheet.rows.range(first..).map(|(at, cells)| {
        let mut row = figures(*at, cells, &places, rules.plan);
        row.code_at = code_at;
        row.code = code(cells.get(&code_at));
        if !row.is_blank() {
            match place(&row.code, rules, &mut seen) {
                Ok(slot) => row.slot = Some(slot),
                Err(fault) => row.faults.insert(0, (code_at, fault)),
            }
        }
        row
    });
    let rows = rows.collect();
    Ok(Judged { places, rows })
}

/// Where the columns are, and the first row below all headings.
fn headings(sheet: &Sheet, plan: &SheetPlan) -> Option<(BTreeMap<String, u32>, u32)> {
    let mut known: BTreeMap<String, &str> = BTreeMap::new();
    for (key, heading) in LEAD {
        known.insert(plain(heading), key);
        known.insert(plain(key), key);
    }
    for column in &plan.columns {
        known.insert(plain(&column.heading), &column.id);
        known.insert(plain(&column.id), &column.id);
    }
    let mut best: Option<BTreeMap<String, u32>> = None;
    let mut first = 0;
    for (at, cells) in sheet.rows.range(..HEADING_ROWS) {
        let mut places = BTreeMap::new();
        for (column, found) in cells {
            let Found::Text(text) = found else { continue };
            if let Some(id) = known.get(&plain(text)) {
                places.entry((*id).to_owned()).or_insert(*column);
            }
        }
        if places.len() < HEADINGS_MIN {
            continue;
        }
        first = at.saturating_add(1);
        if best.as_ref().is_none_or(|best| places.len() > best.len()) {
            best = Some(places);
        }
    }
    Some((best?, first))
}

/// A heading without what people change about it: case, and blanks.
fn plain(text: &str) -> String {
    let symbols = text.chars().filter(|symbol| !symbol.is_whitespace());
    symbols.flat_map(char::to_lowercase).collect()
}

fn figures(at: u32, cells: &Cells, places: &BTreeMap<String, u32>, plan: &SheetPlan) -> Row {
    let mut row = Row {
        at,
        code_at: 0,
        code: String::new(),
        slot: None,
        counts: Counts::new(),
        faults: Vec::new(),
    };
    for column in &plan.columns {
        let Some(place) = places.get(&column.id) else {
            continue;
        };
        match cells.get(place).map(|found| number(found, column.digits)) {
            None => {}
            Some(Ok(value)) => _ = row.counts.insert(column.id.clone(), value),
            Some(Err(fault)) => row.faults.push((*place, fault)),
        }
    }
    row
}

/// The figure in a cell, for a form with so many boxes.
fn number(found: &Found, digits: u8) -> Result<u32, WorkbookFault> {
    let text = match found {
        Found::Number(number) if !number.is_finite() => return Err(WorkbookFault::NotANumber),
        Found::Number(number) if *number < 0.0 => return Err(WorkbookFault::Negative),
        Found::Number(number) if number.fract() != 0.0 => return Err(WorkbookFault::Decimal),
        Found::Number(number) => format!("{:.0}", number.abs()),
        Found::Text(text) => {
            check_digits(text)?;
            text.clone()
        }
        Found::Other(_) => return Err(WorkbookFault::NotANumber),
    };
    let value: u32 = text.parse().map_err(|_| {
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            WorkbookFault::TooLarge
        } else {
            WorkbookFault::NotANumber
        }
    })?;
    if value > figure::largest(digits) {
        return Err(WorkbookFault::TooLarge);
    }
    Ok(value)
}

/// Whether a text is digits and nothing else; if not, what stands in the way.
fn check_digits(text: &str) -> Result<(), WorkbookFault> {
    let are_digits =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let without = |unwanted: fn(char) -> bool| text.replace(unwanted, "");
    if are_digits(text) {
        Ok(())
    } else if are_digits(&without(char::is_whitespace)) {
        Err(WorkbookFault::HasBlanks)
    } else if text.trim().strip_prefix(['-', '−']).is_some_and(are_digits) {
        Err(WorkbookFault::Negative)
    } else if are_digits(&without(|symbol| symbol == '.' || symbol == ',')) {
        Err(WorkbookFault::Decimal)
    } else {
        Err(WorkbookFault::NotANumber)
    }
}

/// The code in a cell: programs make a number of it.
fn code(found: Option<&Found>) -> String {
    match found {
        None => String::new(),
        Some(Found::Number(number)) => format!("{number:.0}"),
        Some(Found::Text(text) | Found::Other(text)) => text
            .chars()
            .filter(|symbol| !symbol.is_whitespace() && *symbol != '.')
            .collect(),
    }
}

fn place(
    code: &str,
    rules: &Rules<'_>,
    seen: &mut BTreeSet<String>,
) -> Result<SlotId, WorkbookFault> {
    if code.is_empty() {
        return Err(WorkbookFault::TpsMissing);
    }
    let tps: TpsCode = code.parse().map_err(|_| WorkbookFault::TpsUnknown)?;
    if rules
        .region
        .is_some_and(|region| !tps.region().is_within(region))
    {
        return Err(WorkbookFault::TpsElsewhere);
    }
    let contest = &rules.plan.contest.id;
    let station = rules.stations.get(code).ok_or(WorkbookFault::TpsUnknown)?;
    if !rules.plan.is_held_at(code) || !station.contests.contains(contest) {
        return Err(WorkbookFault::ContestElsewhere);
    }
    if !seen.insert(code.to_owned()) {
        return Err(WorkbookFault::TpsTwice);
    }
    Ok(SlotId {
        election: rules.election.to_owned(),
        tps,
        contest: contest.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Found {
        Found::Text(text.to_owned())
    }

    #[test]
    fn a_whole_number_is_one_however_the_program_keeps_it() {
        for found in [Found::Number(12.0), text("12"), text("012")] {
            assert_eq!(number(&found, 3), Ok(12), "{found:?}");
        }
        assert_eq!(number(&Found::Number(-0.0), 3), Ok(0));
        assert_eq!(number(&Found::Number(999.0), 3), Ok(999));
    }

    #[test]
    fn everything_else_is_told_for_what_it_is() {
        use WorkbookFault::{Decimal, HasBlanks, Negative, NotANumber, TooLarge};
        for (found, fault) in [
            (Found::Number(12.5), Decimal),
            (text("12.0"), Decimal),
            (text("1,200"), Decimal),
            (Found::Number(-1.0), Negative),
            (text("-1"), Negative),
            (text(" 12"), HasBlanks),
            (text("1 2"), HasBlanks),
            (Found::Number(1_000.0), TooLarge),
            (Found::Number(1e300), TooLarge),
            (text("99999999999999999999"), TooLarge),
            (text("dua belas"), NotANumber),
            (text("١٢"), NotANumber),
            (text("=1+1"), NotANumber),
            (Found::Number(f64::INFINITY), NotANumber),
            (Found::Other("#REF!".to_owned()), NotANumber),
        ] {
            assert_eq!(number(&found, 3), Err(fault), "{found:?}");
        }
    }

    #[test]
    fn a_code_is_known_as_a_number_and_with_dots() {
        assert_eq!(
            code(Some(&Found::Number(6_472_011_001_001.0))),
            "6472011001001"
        );
        assert_eq!(code(Some(&text("64.72.01.1001.001 "))), "6472011001001");
        assert_eq!(code(None), "");
    }
}
