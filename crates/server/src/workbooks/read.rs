//! Opening a workbook that somebody brings, whatever program saved it.
//!
//! Nothing of a file is believed before it has been measured: it is unpacked
//! once without being kept, so that a small file cannot become a huge one, and
//! cells are taken one by one, so that two cells at the far ends of a sheet do
//! not become a table of all between them. Of a formula its last value is read.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use bytes::Bytes;
use calamine::{DataRef, Reader as _, Xlsx, XlsxError};
use zip::ZipArchive;

use super::book::{FACTS_SHEET, HEADING_ROWS};

/// Most files inside a workbook.
const ENTRIES_MAX: usize = 400;
/// Largest that a workbook may become when it is unpacked, in bytes.
const UNPACKED_MAX_BYTES: u64 = 96 * 1024 * 1024;
/// Most sheets.
const SHEETS_MAX: usize = 60;
/// Most rows of a sheet.
const ROWS_MAX: u32 = 30_000;
/// Most columns of a sheet.
const COLUMNS_MAX: u32 = 1_000;
/// Most cells of a workbook that hold something.
const CELLS_MAX: usize = 1_500_000;
/// Longest text of a cell that is kept, in characters; what is longer is no
/// figure and no code either way.
const TEXT_MAX_CHARS: usize = 60;
/// The same where headings are looked for.
const HEADING_MAX_CHARS: usize = 300;

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Found {
    /// A number, or the number that a formula gave.
    Number(f64),
    /// A text, as it stands.
    Text(String),
    /// A date, a truth value or an error, as people see it.
    Other(String),
}

/// One row: what stands in its columns, from 0.
pub(super) type Cells = BTreeMap<u32, Found>;

/// One sheet.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    /// Its name.
    pub name: String,
    /// Its rows that hold something, by number from 0.
    pub rows: BTreeMap<u32, Cells>,
    /// Whether something stands beyond what a sheet may hold.
    pub is_too_large: bool,
}

/// An opened workbook.
#[derive(Debug, Default)]
pub(super) struct Book {
    /// What the hidden sheet says.
    pub facts: BTreeMap<String, String>,
    /// The sheets beside it.
    pub sheets: Vec<Sheet>,
}

/// Why a file is no workbook.
#[derive(Debug, thiserror::Error)]
pub(super) enum BookError {
    /// More in it than a workbook has.
    #[error("the workbook is too large when it is unpacked")]
    TooLarge,
    /// No workbook at all, or a damaged one.
    #[error("not an XLSX workbook: {0}")]
    NotABook(String),
}

impl From<XlsxError> for BookError {
    fn from(cause: XlsxError) -> Self {
        Self::NotABook(cause.to_string())
    }
}

/// Opens the workbook in these bytes.
///
/// # Errors
/// [`BookError`].
pub(super) fn open(bytes: &Bytes) -> Result<Book, BookError> {
    measure(bytes)?;
    let mut file: Xlsx<_> = Xlsx::new(Cursor::new(bytes.clone()))?;
    let names = file.sheet_names();
    if names.len() > SHEETS_MAX {
        return Err(BookError::TooLarge);
    }
    let mut book = Book::default();
    let mut left = CELLS_MAX;
    for name in names {
        let sheet = match sheet(&mut file, &name, &mut left) {
            // A sheet that holds a chart has no cells.
            Err(XlsxError::NotAWorksheet(_)) => continue,
            other => other?,
        };
        if left == 0 {
            return Err(BookError::TooLarge);
        }
        if name == FACTS_SHEET {
            book.facts = facts(&sheet);
        } else {
            book.sheets.push(sheet);
        }
    }
    Ok(book)
}

/// Unpacks all of it without keeping anything.
fn measure(bytes: &Bytes) -> Result<(), BookError> {
    let not_a_book = |cause: &dyn std::fmt::Display| BookError::NotABook(cause.to_string());
    let mut zip = ZipArchive::new(Cursor::new(bytes.clone())).map_err(|no| not_a_book(&no))?;
    if zip.len() > ENTRIES_MAX {
        return Err(BookError::TooLarge);
    }
    let mut left = UNPACKED_MAX_BYTES;
    for at in 0..zip.len() {
        let entry = zip.by_index(at).map_err(|no| not_a_book(&no))?;
        let mut bounded = entry.take(left.saturating_add(1));
        let unpacked =
            std::io::copy(&mut bounded, &mut std::io::sink()).map_err(|no| not_a_book(&no))?;
        left = left.checked_sub(unpacked).ok_or(BookError::TooLarge)?;
    }
    Ok(())
}

fn sheet(file: &mut Xlsx<Cursor<Bytes>>, name: &str, left: &mut usize) -> Result<Sheet, XlsxError> {
    let mut sheet = Sheet {
        name: name.to_owned(),
        ..Sheet::default()
    };
    let mut cells = file.worksheet_cells_reader(name)?;
    while let Some(cell) = cells.next_cell()? {
        let (row, column) = cell.get_position();
        let most = if row < HEADING_ROWS {
            HEADING_MAX_CHARS
        } else {
            TEXT_MAX_CHARS
        };
        let Some(found) = found(cell.get_value(), most) else {
            continue;
        };
        if row >= ROWS_MAX || column >= COLUMNS_MAX {
            sheet.is_too_large = true;
            continue;
        }
        *left = left.saturating_sub(1);
        if *left == 0 {
            break;
        }
        sheet.rows.entry(row).or_default().insert(column, found);
    }
    Ok(sheet)
}

fn found(value: &DataRef<'_>, most: usize) -> Option<Found> {
    let text = |text: &str| {
        let short: String = text.chars().take(most).collect();
        (!short.trim().is_empty()).then_some(Found::Text(short))
    };
    match value {
        DataRef::Empty => None,
        DataRef::String(said) => text(said),
        DataRef::SharedString(said) => text(said),
        DataRef::Float(number) => Some(Found::Number(*number)),
        DataRef::Int(number) => Some(Found::Text(number.to_string())),
        DataRef::Bool(is_true) => Some(Found::Other(is_true.to_string().to_uppercase())),
        DataRef::Error(error) => Some(Found::Other(error.to_string())),
        DataRef::DateTime(moment) => Some(Found::Other(moment.to_string())),
        DataRef::DateTimeIso(said) | DataRef::DurationIso(said) => {
            Some(Found::Other(said.chars().take(most).collect()))
        }
    }
}

fn facts(sheet: &Sheet) -> BTreeMap<String, String> {
    let said = |found: Option<&Found>| match found {
        Some(Found::Text(text)) => Some(text.clone()),
        Some(Found::Number(number)) => Some(number.to_string()),
        _ => None,
    };
    let rows = sheet.rows.values();
    rows.filter_map(|cells| Some((said(cells.get(&0))?, said(cells.get(&1))?)))
        .collect()
}
