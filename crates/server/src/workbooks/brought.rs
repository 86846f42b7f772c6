//! A workbook that somebody brought: opened, and each row judged.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use protocol::ProblemCode;
use protocol::workbook::{WorkbookFault, WorkbookProblem};
use rust_xlsxwriter::XlsxError;

use super::book::{FORMAT, SHEET_FACT, SheetPlan, plan};
use super::judge::{Judged, Row, Rules, judge};
use super::read::{self, Book, BookError, Found, Sheet};
use super::stations::{Stations, stations};
use super::write::{RowOut, SheetOut, Written, write};
use crate::api_problem::ApiProblem;
use crate::app::App;
use crate::catalogue::Catalogue;
use crate::room::SignedIn;

/// Longest value that is told of a wrong cell, in characters.
const VALUE_MAX_CHARS: usize = 40;

/// A workbook on its way in.
pub(super) struct Brought {
    /// The election that it is of.
    pub election: String,
    /// The catalogue that it was judged by.
    pub catalogue: Arc<Catalogue>,
    /// Its sheets.
    pub sheets: Vec<BroughtSheet>,
    facts: BTreeMap<String, String>,
    stations: Stations,
}

/// One of its sheets.
pub(super) struct BroughtSheet {
    sheet: Sheet,
    plan: Option<SheetPlan>,
    judged: Result<Judged, WorkbookFault>,
}

impl BroughtSheet {
    /// Its rows below the headings; none when the sheet is wrong as a whole.
    pub(super) fn rows(&self) -> impl Iterator<Item = &Row> {
        self.judged.iter().flat_map(|judged| &judged.rows)
    }

    /// The same, to note what is wrong with them.
    pub(super) fn rows_mut(&mut self) -> impl Iterator<Item = &mut Row> {
        self.judged.iter_mut().flat_map(|judged| &mut judged.rows)
    }
}

impl Brought {
    /// Opens and judges a workbook.
    ///
    /// # Errors
    /// `payload_invalid` when it is none of ours, `too_large`, or a storage
    /// problem.
    pub(super) async fn open(app: &App, who: &SignedIn, bytes: Bytes) -> Result<Self, ApiProblem> {
        let catalogue = app.catalogues.get().await?;
        // Whatever a damaged file makes a reader do, it does not end more than
        // this request.
        let opened = tokio::task::spawn_blocking(move || read::open(&bytes)).await;
        let book = opened
            .map_err(|cause| not_ours(format!("it cannot be read: {cause}")))?
            .map_err(|cause| match cause {
                BookError::TooLarge => {
                    ApiProblem::because(ProblemCode::TooLarge, cause.to_string())
                }
                BookError::NotABook(_) => not_ours(cause.to_string()),
            })?;
        let election = book.facts.get("election").cloned().unwrap_or_default();
        let is_ours = book
            .facts
            .get("format")
            .is_some_and(|format| format == FORMAT);
        if !is_ours || !catalogue.elections.contains_key(&election) {
            return Err(not_ours(
                "it was not downloaded here, or for another election",
            ));
        }
        let mut connection = app.storage.reading().acquire().await?;
        let region = who.user.region.clone();
        let stations = stations(&mut connection, &election, region.as_ref()).await?;
        drop(connection);
        let judging = tokio::task::spawn_blocking(move || {
            let sheets = judged(book, &catalogue, &election, &stations, region.as_ref());
            (sheets, catalogue, election, stations)
        });
        let ((sheets, facts), catalogue, election, stations) =
            judging.await.map_err(ApiProblem::internal)?;
        Ok(Self {
            election,
            catalogue,
            sheets,
            facts,
            stations,
        })
    }

    /// Everything that is wrong, in the order of the workbook.
    pub(super) fn problems(&self) -> Vec<WorkbookProblem> {
        let mut problems = Vec::new();
        for one in &self.sheets {
            match &one.judged {
                Err(fault) => problems.push(WorkbookProblem {
                    sheet: one.sheet.name.clone(),
                    cell: String::new(),
                    heading: String::new(),
                    value: String::new(),
                    fault: *fault,
                }),
                Ok(judged) => problems.extend(one.problems_in(judged)),
            }
        }
        problems
    }

    /// The same workbook, with what is wrong marked.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn marked(&self) -> Result<Vec<u8>, XlsxError> {
        let mut facts: Vec<(String, String)> = Vec::new();
        for (name, value) in &self.facts {
            if !name.starts_with(SHEET_FACT) {
                facts.push((name.clone(), value.clone()));
            }
        }
        let sheets: Vec<SheetOut<'_>> = self
            .sheets
            .iter()
            .filter_map(|one| {
                let (plan, judged) = (one.plan.as_ref()?, one.judged.as_ref().ok()?);
                let rows = judged.rows.iter();
                let rows = rows.map(|row| one.row_out(row, plan, judged, &self.stations));
                Some(SheetOut {
                    plan,
                    rows: rows.collect(),
                })
            })
            .collect();
        write(&facts, &sheets)
    }
}

impl BroughtSheet {
    fn problems_in<'a>(&'a self, judged: &'a Judged) -> impl Iterator<Item = WorkbookProblem> {
        let headings: BTreeMap<u32, &str> = self
            .plan
            .iter()
            .flat_map(|plan| &plan.columns)
            .filter_map(|column| Some((*judged.places.get(&column.id)?, column.heading.as_str())))
            .collect();
        judged.rows.iter().flat_map(move |row| {
            let cells = self.sheet.rows.get(&row.at);
            let told: Vec<WorkbookProblem> = row
                .faults
                .iter()
                .map(|(column, fault)| WorkbookProblem {
                    sheet: self.sheet.name.clone(),
                    cell: cell_name(row.at, *column),
                    heading: headings.get(column).copied().unwrap_or_default().to_owned(),
                    value: cells
                        .and_then(|cells| cells.get(column))
                        .map(shown)
                        .unwrap_or_default(),
                    fault: *fault,
                })
                .collect();
            told
        })
    }

    fn row_out<'a>(
        &self,
        row: &Row,
        plan: &SheetPlan,
        judged: &Judged,
        stations: &'a Stations,
    ) -> RowOut<'a> {
        let cells = self.sheet.rows.get(&row.at);
        let place_of = |id: &str| judged.places.get(id).copied();
        let written = plan.columns.iter().map(|column| {
            let found = place_of(&column.id).and_then(|place| cells?.get(&place));
            match found {
                None => Written::Blank,
                Some(Found::Number(number)) => Written::Number(*number),
                Some(Found::Text(text) | Found::Other(text)) => Written::Text(text.clone()),
            }
        });
        let faults = row.faults.iter().map(|(at, fault)| {
            let mut columns = plan.columns.iter();
            (
                columns.position(|column| place_of(&column.id) == Some(*at)),
                *fault,
            )
        });
        RowOut {
            code: row.code.clone(),
            station: stations.get(&row.code),
            cells: written.collect(),
            faults: faults.collect(),
        }
    }
}

fn judged(
    book: Book,
    catalogue: &Catalogue,
    election: &str,
    stations: &Stations,
    region: Option<&domain::RegionCode>,
) -> (Vec<BroughtSheet>, BTreeMap<String, String>) {
    let plans = plan(catalogue, election, None);
    let facts = book.facts;
    let sheets = book.sheets.into_iter().map(|sheet| {
        let fact = facts.get(&format!("{SHEET_FACT}{}", sheet.name));
        // The sheet is known by what the hidden one says of it: a contest has
        // another name where it is the only one of its id.
        let plan = plans
            .iter()
            .find(|plan| fact.is_some_and(|fact| plan.fact().1 == *fact))
            .map(|plan| SheetPlan {
                name: sheet.name.clone(),
                ..plan.clone()
            });
        let judged = match &plan {
            None => Err(WorkbookFault::SheetUnknown),
            Some(plan) => judge(
                &sheet,
                &Rules {
                    election,
                    plan,
                    stations,
                    region,
                },
            ),
        };
        BroughtSheet {
            sheet,
            plan,
            judged,
        }
    });
    (sheets.collect(), facts)
}

fn not_ours(detail: impl Into<String>) -> ApiProblem {
    ApiProblem::because(ProblemCode::PayloadInvalid, detail.into())
}

/// What stands in a cell, for people.
fn shown(found: &Found) -> String {
    match found {
        Found::Number(number) => number.to_string(),
        Found::Text(text) | Found::Other(text) => text.chars().take(VALUE_MAX_CHARS).collect(),
    }
}

/// A cell as people write it: `F12`.
fn cell_name(row: u32, column: u32) -> String {
    let mut letters = Vec::new();
    let mut left = column.saturating_add(1);
    while left > 0 {
        left = left.saturating_sub(1);
        letters.push(char::from(
            b'A'.saturating_add(u8::try_from(left % 26).unwrap_or_default()),
        ));
        left /= 26;
    }
    let letters: String = letters.into_iter().rev().collect();
    format!("{letters}{}", row.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_named_as_people_do() {
        let names: Vec<String> = [(0, 0), (11, 5), (9, 25), (0, 26), (2, 701), (2, 702)]
            .map(|(row, column)| cell_name(row, column))
            .into();
        assert_eq!(names, ["A1", "F12", "Z10", "AA1", "ZZ3", "AAA3"]);
    }
}
