//! A workbook in some other program: opened, filled in, saved.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use calamine::{Data, Reader as _, Xlsx, open_workbook};
use domain::{Counts, TpsCode};
use rust_xlsxwriter::Workbook;

/// The row of each sheet with the ids of its columns.
const IDS: u32 = 0;
/// The column of each sheet with the codes of polling stations.
const CODES: u16 = 0;

/// What stands in a cell.
#[derive(Debug, Clone)]
enum Cell {
    Text(String),
    Number(f64),
}

/// One sheet, by row and column from 0.
type Cells = BTreeMap<(u32, u16), Cell>;

/// A workbook.
#[derive(Debug, Clone)]
pub struct Sheets(Vec<(String, Cells)>);

impl Sheets {
    /// Opens one.
    ///
    /// # Errors
    /// When it is none.
    pub fn open(file: &Path) -> Result<Self> {
        let mut book: Xlsx<_> = open_workbook(file)?;
        let mut sheets = Vec::new();
        for name in book.sheet_names() {
            let range = book.worksheet_range(&name)?;
            let mut cells = Cells::new();
            let (from_row, from_column) = range.start().unwrap_or_default();
            for (row, column, data) in range.used_cells() {
                let row = u32::try_from(row)? + from_row;
                let column = u16::try_from(column)? + u16::try_from(from_column)?;
                let cell = match data {
                    Data::Float(number) => Cell::Number(*number),
                    other => Cell::Text(other.to_string()),
                };
                cells.insert((row, column), cell);
            }
            sheets.push((name, cells));
        }
        Ok(Self(sheets))
    }

    /// Writes these figures into the row of a polling station.
    ///
    /// # Errors
    /// When the sheet has no such row or column.
    pub fn fill(&mut self, sheet: &str, tps: &TpsCode, counts: &Counts) -> Result<()> {
        for (id, figure) in counts {
            self.put(sheet, tps, id, Cell::Number(f64::from(*figure)))?;
        }
        Ok(())
    }

    /// Writes a word where a figure belongs.
    ///
    /// # Errors
    /// When the sheet has no such row or column.
    pub fn spoil(&mut self, sheet: &str, tps: &TpsCode, id: &str) -> Result<()> {
        self.put(sheet, tps, id, Cell::Text("dua puluh".to_owned()))
    }

    fn put(&mut self, sheet: &str, tps: &TpsCode, id: &str, cell: Cell) -> Result<()> {
        let found = self.0.iter_mut().find(|(name, _)| name == sheet);
        let (_, cells) = found.with_context(|| format!("no sheet {sheet}"))?;
        let is = |cell: &Cell, text: &str| matches!(cell, Cell::Text(it) if it == text);
        let column = cells
            .iter()
            .find(|((row, _), it)| *row == IDS && is(it, id));
        let column = column.with_context(|| format!("no column {id}"))?.0.1;
        let code = tps.as_str();
        let row = cells
            .iter()
            .find(|((_, at), it)| *at == CODES && is(it, code));
        let row = row.with_context(|| format!("no row {tps}"))?.0.0;
        cells.insert((row, column), cell);
        Ok(())
    }

    /// Saves it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn save(&self, file: &Path) -> Result<()> {
        let mut book = Workbook::new();
        for (name, cells) in &self.0 {
            let page = book.add_worksheet();
            page.set_name(name)?;
            for ((row, column), cell) in cells {
                match cell {
                    Cell::Text(text) => page.write_string(*row, *column, text)?,
                    Cell::Number(number) => page.write_number(*row, *column, *number)?,
                };
            }
        }
        Ok(book.save(file)?)
    }
}
