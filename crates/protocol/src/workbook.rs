//! What became of a workbook that was brought in.

use serde::{Deserialize, Serialize};

/// Media type of a workbook.
pub const WORKBOOK_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Answer to `POST /v1/workbooks`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct WorkbookReport {
    /// Rows that became entries of the desk.
    pub taken: u32,
    /// Rows without figures, or that say what was entered before.
    pub skipped: u32,
    /// Rows with something wrong; nothing of them was taken.
    pub refused: u32,
    /// What is wrong, in the order of the workbook, at most
    /// [`crate::limits::WORKBOOK_PROBLEMS_MAX`].
    pub problems: Vec<WorkbookProblem>,
    /// Further ones that are not listed.
    pub more_problems: u32,
}

/// One cell, row or sheet that is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct WorkbookProblem {
    /// Name of the sheet.
    pub sheet: String,
    /// The cell as people write it (`F12`), or the row's number; empty for a
    /// whole sheet.
    pub cell: String,
    /// Heading of its column, or empty.
    pub heading: String,
    /// What stands there, shortened.
    pub value: String,
    /// What is wrong with it.
    pub fault: WorkbookFault,
}

/// What can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum WorkbookFault {
    /// The sheet is not one of the workbook that was handed out.
    SheetUnknown,
    /// Its headings are gone.
    HeadingsMissing,
    /// More rows or columns than a workbook has.
    SheetTooLarge,
    /// The row has figures and no code.
    TpsMissing,
    /// The code is no polling station of this election.
    TpsUnknown,
    /// The polling station lies outside the caller's region.
    TpsElsewhere,
    /// The contest is not held there.
    ContestElsewhere,
    /// The same polling station stands in an earlier row.
    TpsTwice,
    /// Something other than a number.
    NotANumber,
    /// Digits with blanks between or around them.
    HasBlanks,
    /// A decimal point or comma.
    Decimal,
    /// Below zero.
    Negative,
    /// More digits than the form has boxes.
    TooLarge,
    /// The endpoint takes nothing in for this election at this time.
    Closed,
    /// Entered otherwise meanwhile, or the desk was refused.
    NotTaken,
}
