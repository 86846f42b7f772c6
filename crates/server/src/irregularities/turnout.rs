//! The picture of turnout against shares: a point for each polling station of a
//! region.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use domain::RegionCode;
use domain::irregularity::FLAG_SCORE;
use protocol::irregularity::{TurnoutAnswer, TurnoutPoint};
use protocol::{ProblemCode, limits};
use serde::Deserialize;
use sqlx::any::AnyRow;
use sqlx::{AssertSqlSafe, Row as _};
use utoipa::IntoParams;

use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::http::StrictQuery;
use crate::room::SignedIn;
use crate::storage::StorageError;

/// Of which polling stations.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct TurnoutQuery {
    /// In this region.
    #[param(value_type = String)]
    region: RegionCode,
    /// Of this contest.
    contest: String,
}

/// Turnout and votes of each polling station of a region
///
/// By what is verified or else received; conflicts have no point.
#[utoipa::path(get, path = "/v1/turnout", tag = "irregularities", params(TurnoutQuery), responses(
    (status = 200, body = TurnoutAnswer),
    (status = 400, description = "`request_invalid`: more than 4,000 polling stations"),
    (status = 401, description = "`not_signed_in`"),
    (status = 403, description = "`not_allowed`: not for operators"),
    (status = 404, description = "A region outside the user's own"),
))]
pub(super) async fn show(
    State(app): State<AppState>,
    who: SignedIn,
    StrictQuery(query): StrictQuery<TurnoutQuery>,
) -> Result<Json<TurnoutAnswer>, ApiProblem> {
    let region = who
        .within(Some(query.region))?
        .ok_or(ProblemCode::NotFound)?;
    let catalogue = app.catalogues.get().await?;
    let election = catalogue.newest_election().ok_or(ProblemCode::NotFound)?;
    let most = limits::TURNOUT_POINTS_MAX;
    let sql = format!(
        "SELECT tps, roll, contribution, flag_score FROM slots
         WHERE slot >= $1 AND slot < $2 AND contest = $3 AND state <> 'empty'
         ORDER BY slot LIMIT {}",
        most.saturating_add(1)
    );
    let rows = sqlx::query(AssertSqlSafe(sql))
        .bind(format!("{}/{region}", election.id))
        .bind(format!("{}/{region}:", election.id))
        .bind(query.contest)
        .fetch_all(app.storage.reading())
        .await?;
    if rows.len() > usize::try_from(most).unwrap_or(usize::MAX) {
        let detail = format!("a picture has at most {most} polling stations; ask for less");
        return Err(ApiProblem::because(ProblemCode::RequestInvalid, detail));
    }
    let mut points = Vec::with_capacity(rows.len());
    for row in &rows {
        points.extend(point(row)?);
    }
    let left_out = rows.len().saturating_sub(points.len());
    Ok(Json(TurnoutAnswer {
        points,
        left_out: u32::try_from(left_out).unwrap_or(u32::MAX),
    }))
}

/// What a point needs of a slot's [`domain::rollup::Contribution`], left where
/// it lies: written out anew for thousands of points, that is most of the wait.
#[derive(Deserialize)]
struct Counted<'a> {
    is_verified: bool,
    #[serde(borrow)]
    verified: BTreeMap<&'a str, u32>,
    #[serde(borrow)]
    received: BTreeMap<&'a str, u32>,
}

fn point(row: &AnyRow) -> Result<Option<TurnoutPoint>, StorageError> {
    let tps: &str = row.try_get("tps")?;
    let roll: Option<i64> = row.try_get("roll")?;
    let flag_score: i64 = row.try_get("flag_score")?;
    let counted: Counted<'_> = serde_json::from_str(row.try_get("contribution")?)
        .map_err(|cause| StorageError::corrupt("contribution", cause))?;
    let counts = if counted.is_verified {
        counted.verified
    } else {
        counted.received
    };
    let figure = |id: &str| counts.get(id).copied();
    let votes: BTreeMap<String, u32> = counts
        .iter()
        .filter_map(|(id, value)| Some((id.strip_prefix("votes.")?, *value)))
        .filter(|(number, _)| !number.contains('.'))
        .map(|(number, value)| (number.to_owned(), value))
        .collect();
    let came = figure("came_total_total").or_else(|| figure("total"));
    let roll = figure("dpt_total").or_else(|| u32::try_from(roll?).ok());
    let known = roll.filter(|roll| *roll > 0).zip(came);
    let Some((roll, came)) = known.filter(|_| !votes.is_empty()) else {
        return Ok(None);
    };
    Ok(Some(TurnoutPoint {
        tps: tps
            .parse()
            .map_err(|cause| StorageError::corrupt("tps", cause))?,
        roll,
        came,
        votes,
        is_flagged: flag_score >= i64::from(FLAG_SCORE),
    }))
}
