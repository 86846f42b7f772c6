//! `GET /v1/workbooks`: a workbook to fill in.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::{Counts, RegionCode};
use protocol::encoding::sha256_hex;
use protocol::workbook::WORKBOOK_TYPE;
use protocol::{ProblemCode, Timestamp};
use serde::Deserialize;
use sqlx::{AnyConnection, Row as _};
use utoipa::IntoParams;

use super::book::{FORMAT, SheetPlan, plan};
use super::stations::{Stations, stations};
use super::write::{RowOut, SheetOut, Written, write};
use crate::api_problem::ApiProblem;
use crate::app::{App, AppState};
use crate::http::StrictQuery;
use crate::log::{Event, ExportedTable};
use crate::queue::slots_within;
use crate::room::{SignedIn, json, may_rule};
use crate::storage::StorageError;

/// Most rows of all sheets of a workbook: those of the largest regency, with
/// as many contests as are held on one day.
const ROWS_MAX: usize = 40_000;

/// Whose stations.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct WorkbookQuery {
    /// By default the user's own region.
    #[param(value_type = Option<String>)]
    region: Option<RegionCode>,
}

/// A workbook with the polling stations of a region, one sheet for each
/// contest, and in it what the caller entered before.
#[utoipa::path(get, path = "/v1/workbooks", tag = "workbooks", params(WorkbookQuery), responses(
    (status = 200, description = "An XLSX workbook", content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", body = Vec<u8>),
    (status = 400, description = "`request_invalid`: more polling stations than a workbook holds"),
    (status = 401, description = "`not_signed_in`"),
    (status = 403, description = "`not_allowed` for viewers and operators"),
    (status = 404, description = "A region outside the user's own, or no election is set up here"),
))]
pub(super) async fn download(
    State(app): State<AppState>,
    who: SignedIn,
    StrictQuery(query): StrictQuery<WorkbookQuery>,
) -> Result<Response, ApiProblem> {
    may_rule(&who)?;
    let region = who.within(query.region)?;
    let place = app.workbooks.at_work.acquire().await;
    let _place = place.map_err(ApiProblem::internal)?;
    let blank = Blank::read(&app, &who, region).await?;
    let name = blank.file_name();
    let (region, rows) = (blank.region.clone(), blank.rows());
    let bytes = tokio::task::spawn_blocking(move || blank.write())
        .await
        .map_err(ApiProblem::internal)?
        .map_err(ApiProblem::internal)?;
    let given = Event::TableExported {
        table: ExportedTable::Workbook,
        contest: None,
        region,
        rows: u32::try_from(rows).unwrap_or(u32::MAX),
        sha256: sha256_hex(&bytes),
    };
    app.writer.note(Some(&who.user.name), given).await?;
    Ok(attachment(WORKBOOK_TYPE, &name, bytes))
}

/// A file as an answer.
pub(super) fn attachment(kind: &'static str, name: &str, bytes: Vec<u8>) -> Response {
    let facts = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    (facts, bytes).into_response()
}

/// What a new workbook is made of.
struct Blank {
    election: String,
    region: Option<RegionCode>,
    facts: Vec<(String, String)>,
    sheets: Vec<SheetPlan>,
    stations: Stations,
    own: BTreeMap<String, Counts>,
}

impl Blank {
    async fn read(
        app: &App,
        who: &SignedIn,
        region: Option<RegionCode>,
    ) -> Result<Self, ApiProblem> {
        let catalogue = app.catalogues.get().await?;
        let election = catalogue.newest_election().ok_or(ProblemCode::NotFound)?;
        let mut snapshot = app.storage.snapshot().await.map_err(StorageError::from)?;
        let next_index: i64 = sqlx::query_scalar("SELECT next_index FROM log_head WHERE id = 1")
            .fetch_one(&mut *snapshot)
            .await
            .map_err(StorageError::from)?;
        let stations = stations(&mut snapshot, &election.id, region.as_ref()).await?;
        let range = slots_within(&election.id, region.as_ref());
        let own = own_figures(&mut snapshot, &who.user.name, range).await?;
        snapshot.rollback().await.map_err(StorageError::from)?;
        if rows_of(&stations) > ROWS_MAX {
            let detail = format!("a workbook has at most {ROWS_MAX} rows: choose a smaller region");
            return Err(ApiProblem::because(ProblemCode::RequestInvalid, detail));
        }
        let made_at = Timestamp::from_unix_ms(app.clock().now_ms()).to_string();
        let facts = [
            ("format", FORMAT.to_owned()),
            ("election", election.id.clone()),
            (
                "region",
                region
                    .as_ref()
                    .map(RegionCode::to_string)
                    .unwrap_or_default(),
            ),
            ("log_index", next_index.saturating_sub(1).to_string()),
            ("made_at", made_at),
            ("made_by", who.user.name.clone()),
        ];
        Ok(Self {
            election: election.id.clone(),
            facts: facts.map(|(name, value)| (name.to_owned(), value)).into(),
            sheets: plan(&catalogue, &election.id, region.as_ref()),
            stations,
            own,
            region,
        })
    }

    fn file_name(&self) -> String {
        let region = self.region.as_ref().map_or("semua", RegionCode::as_str);
        format!("saksi-{}-{region}.xlsx", self.election)
    }

    fn rows(&self) -> usize {
        rows_of(&self.stations)
    }

    fn write(&self) -> Result<Vec<u8>, rust_xlsxwriter::XlsxError> {
        let sheets: Vec<SheetOut<'_>> = self.sheets.iter().map(|plan| self.sheet(plan)).collect();
        write(&self.facts, &sheets)
    }

    fn sheet<'a>(&'a self, plan: &'a SheetPlan) -> SheetOut<'a> {
        let held = self.stations.iter().filter(|(code, station)| {
            plan.is_held_at(code) && station.contests.contains(&plan.contest.id)
        });
        let rows = held.map(|(code, station)| {
            let slot = format!("{}/{code}/{}", self.election, plan.contest.id);
            let own = self.own.get(&slot);
            let cells = plan.columns.iter().map(|column| {
                let figure = own.and_then(|own| own.get(&column.id));
                figure.map_or(Written::Blank, |figure| Written::Number(f64::from(*figure)))
            });
            RowOut {
                code: code.clone(),
                station: Some(station),
                cells: cells.collect(),
                faults: Vec::new(),
            }
        });
        SheetOut {
            plan,
            rows: rows.collect(),
        }
    }
}

/// Rows of all sheets.
fn rows_of(stations: &Stations) -> usize {
    let held = stations.values().map(|station| station.contests.len());
    held.sum()
}

/// What somebody entered last of each form, by slot.
async fn own_figures(
    connection: &mut AnyConnection,
    user: &str,
    range: (String, String),
) -> Result<BTreeMap<String, Counts>, StorageError> {
    let rows = sqlx::query(
        "SELECT r.slot, r.counts FROM revisions r JOIN desks k ON k.device = r.device
         WHERE k.user_name = $1 AND r.slot >= $2 AND r.slot < $3 ORDER BY r.slot, r.seq",
    )
    .bind(user.to_owned())
    .bind(range.0)
    .bind(range.1)
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| Ok((row.try_get("slot")?, json(row, "counts")?)))
        .collect()
}
