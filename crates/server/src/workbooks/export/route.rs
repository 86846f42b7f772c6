//! `GET /v1/export`.

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::RegionCode;
use protocol::ProblemCode;
use protocol::console::Role;
use protocol::workbook::WORKBOOK_TYPE;
use serde::Deserialize;
use tokio_util::io::ReaderStream;
use utoipa::IntoParams;

use super::{By, Exported, Kind, Wanted, make};
use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::http::StrictQuery;
use crate::room::SignedIn;

/// Media type of a table as text.
const CSV_TYPE: &str = "text/csv; charset=utf-8";

/// What to export.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::workbooks) struct ExportQuery {
    /// Id of the contest, in the newest election.
    contest: String,
    /// What one row stands for.
    #[param(inline)]
    by: By,
    /// As which kind of file.
    #[param(inline)]
    format: Kind,
    /// In this region; by default the user's own.
    #[param(value_type = Option<String>)]
    region: Option<RegionCode>,
}

/// All figures with states and findings, as of one moment and one place in the
/// log, which `saksi-log-index` repeats.
#[utoipa::path(get, path = "/v1/export", tag = "workbooks", params(ExportQuery), responses(
    (status = 200, description = "The file", content_type = "text/csv", body = Vec<u8>,
        headers(("saksi-log-index" = i64, description = "Last entry of the log that is in it"))),
    (status = 401, description = "`not_signed_in`"),
    (status = 403, description = "`not_allowed` for operators"),
    (status = 404, description = "No such contest, or a region outside the user's own"),
))]
pub(in crate::workbooks) async fn export(
    State(app): State<AppState>,
    who: SignedIn,
    StrictQuery(query): StrictQuery<ExportQuery>,
) -> Result<Response, ApiProblem> {
    if who.user.role == Role::Operator {
        return Err(ProblemCode::NotAllowed.into());
    }
    let wanted = Wanted {
        contest: query.contest,
        by: query.by,
        region: who.within(query.region)?,
        kind: query.format,
        asked_by: Some(who.user.name),
    };
    let place = app.workbooks.at_work.acquire().await;
    let _place = place.map_err(ApiProblem::internal)?;
    let exported = make(&app, &wanted, |_, _| ()).await?;
    Ok(answer(&wanted, exported))
}

fn answer(wanted: &Wanted, exported: Exported) -> Response {
    let moment = &exported.moment;
    let name = format!(
        "saksi-{}-{}-{}-{}.{}",
        moment.election,
        wanted.contest,
        wanted.by.word(),
        moment.log_index,
        wanted.kind.extension()
    );
    let kind = match wanted.kind {
        Kind::Csv => CSV_TYPE,
        Kind::Xlsx => WORKBOOK_TYPE,
    };
    let facts = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ),
        (header::CONTENT_LENGTH, exported.size_bytes.to_string()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (LOG_INDEX, moment.log_index.to_string()),
    ];
    let file = tokio::fs::File::from_std(exported.file);
    (facts, Body::from_stream(ReaderStream::new(file))).into_response()
}

const LOG_INDEX: header::HeaderName = header::HeaderName::from_static("saksi-log-index");
