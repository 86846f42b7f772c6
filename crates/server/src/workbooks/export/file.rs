//! Writing rows to a file as they come.

use std::fs::File;
use std::io::{BufWriter, Seek as _, Write as _};
use std::path::Path;

use protocol::encoding::sha256_hex_of;
use rust_xlsxwriter::{Format, FormatAlign, Workbook, XlsxError};
use serde::Deserialize;
use tokio::sync::mpsc;

use super::cell::Cell;
use super::scratch;

/// Which kind of file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, clap::ValueEnum, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A workbook.
    Xlsx,
    /// Text: UTF-8 with a mark at its beginning, commas between cells.
    Csv,
}

impl Kind {
    /// The end of such a file's name.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
        }
    }
}

/// What spreadsheets know UTF-8 by.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";
/// Width of a workbook's columns, in characters.
const COLUMN_WIDTH: f64 = 14.0;
/// Height of its headings, in points.
const HEADING_HEIGHT: f64 = 64.0;
/// Columns that stay in sight.
const FROZEN_COLUMNS: u16 = 1;

/// Why a file could not be written.
#[derive(Debug, thiserror::Error)]
pub(super) enum FileError {
    /// The disk.
    #[error("the export could not be written: {0}")]
    Io(#[from] std::io::Error),
    /// The workbook.
    #[error("the workbook could not be written: {0}")]
    Xlsx(#[from] XlsxError),
    /// The text.
    #[error("the table could not be written: {0}")]
    Csv(#[from] csv::Error),
}

/// A file without a name, rewound.
pub(super) struct Written {
    pub file: File,
    pub size_bytes: u64,
    pub sha256: String,
}

/// Writes all rows to a new file without a name. `about` are lines for a second
/// sheet of a workbook.
pub(super) fn write(
    kind: Kind,
    folder: &Path,
    head: &[String],
    about: &[(String, String)],
    rows: mpsc::Receiver<Vec<Cell>>,
) -> Result<Written, FileError> {
    let file = scratch(folder)?;
    let mut file = match kind {
        Kind::Csv => csv(file, head, rows)?,
        Kind::Xlsx => xlsx(file, folder, head, about, rows)?,
    };
    file.rewind()?;
    let (size_bytes, sha256) = sha256_hex_of(&file)?;
    file.rewind()?;
    Ok(Written {
        file,
        size_bytes,
        sha256,
    })
}

fn csv(
    mut file: File,
    head: &[String],
    mut rows: mpsc::Receiver<Vec<Cell>>,
) -> Result<File, FileError> {
    file.write_all(BYTE_ORDER_MARK)?;
    let mut out = csv::Writer::from_writer(BufWriter::new(file));
    out.write_record(head)?;
    while let Some(row) = rows.blocking_recv() {
        out.write_record(row.into_iter().map(|cell| match cell {
            Cell::Blank => String::new(),
            Cell::Number(value) => value.to_string(),
            Cell::Text(text) => text,
        }))?;
    }
    let out = out
        .into_inner()
        .map_err(|cause| FileError::Io(cause.into_error()))?;
    Ok(out
        .into_inner()
        .map_err(std::io::IntoInnerError::into_error)?)
}

fn xlsx(
    mut file: File,
    folder: &Path,
    head: &[String],
    about: &[(String, String)],
    mut rows: mpsc::Receiver<Vec<Cell>>,
) -> Result<File, FileError> {
    let mut workbook = Workbook::new();
    workbook.set_tempdir(folder)?;
    // Rows go to the disk as they come, instead of being kept.
    let page = workbook.add_worksheet_with_constant_memory()?;
    page.set_name("Angka")?;
    page.set_freeze_panes(1, FROZEN_COLUMNS)?;
    let heading = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Top);
    let width = u16::try_from(head.len()).unwrap_or(u16::MAX);
    page.set_column_range_width(0, width.saturating_sub(1), COLUMN_WIDTH)?;
    page.set_row_height(0, HEADING_HEIGHT)?;
    for (column, text) in (0..).zip(head) {
        page.write_string_with_format(0, column, text, &heading)?;
    }
    let mut at = 0_u32;
    while let Some(row) = rows.blocking_recv() {
        at = at.saturating_add(1);
        for (column, cell) in (0..).zip(row) {
            match cell {
                Cell::Blank => {}
                Cell::Number(value) => _ = page.write_number(at, column, exact(value))?,
                Cell::Text(text) => _ = page.write_string(at, column, text)?,
            }
        }
    }
    let page = workbook.add_worksheet();
    page.set_name("Keterangan")?;
    page.set_column_range_width(0, 1, COLUMN_WIDTH * 2.0)?;
    for (row, (name, value)) in (0..).zip(about) {
        page.write_string(row, 0, name)?;
        page.write_string(row, 1, value)?;
    }
    workbook.save_to_writer(&mut file)?;
    Ok(file)
}

/// A count as a spreadsheet keeps numbers. Those of a whole country are far
/// below where that would lose anything; beyond 32 bits it is put together.
fn exact(value: u64) -> f64 {
    let high = u32::try_from(value >> 32).unwrap_or(u32::MAX);
    let low = u32::try_from(value & u64::from(u32::MAX)).unwrap_or(u32::MAX);
    f64::from(high) * 4_294_967_296.0 + f64::from(low)
}
