//! How the night went in a region, by quarters of an hour.

use axum::Json;
use axum::extract::State;
use domain::{Level, RegionCode};
use protocol::totals::{ProgressAnswer, Quarter};
use protocol::{ProblemCode, Timestamp};
use serde::Deserialize;
use sqlx::{AnyPool, Row as _};
use utoipa::IntoParams;

use super::prefix::Prefix;
use super::rollup::election;
use super::signed_in::SignedIn;
use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::http::StrictQuery;
use crate::storage::StorageError;

/// Whose progress to read.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ProgressQuery {
    /// Id of the election; by default the newest.
    election: Option<String>,
    /// Id of the contest.
    contest: String,
    /// A region down to a village; by default the user's own.
    #[param(value_type = Option<String>)]
    region: Option<RegionCode>,
}

/// How many polling stations were received and verified, over the night.
#[utoipa::path(get, path = "/v1/progress", tag = "totals", params(ProgressQuery), responses(
    (status = 200, body = ProgressAnswer),
    (status = 400, description = "The region is a polling station"),
    (status = 401, description = "`not_signed_in`"),
    (status = 404, description = "A region outside the user's own"),
))]
pub(super) async fn over_the_night(
    State(app): State<AppState>,
    who: SignedIn,
    StrictQuery(query): StrictQuery<ProgressQuery>,
) -> Result<Json<ProgressAnswer>, ApiProblem> {
    let within = who.within(query.region)?;
    if within
        .as_ref()
        .is_some_and(|region| region.level() == Level::Tps)
    {
        let detail = "a polling station has no progress of its own";
        return Err(ApiProblem::because(ProblemCode::RequestInvalid, detail));
    }
    let catalogue = app.catalogues.get().await?;
    let election = election(&catalogue, query.election.as_deref())?;
    let pool = app.storage.reading();
    let answer = read(pool, &election.id, &query.contest, within.as_ref()).await?;
    Ok(Json(answer))
}

/// The progress of a contest in a region, down to a village.
///
/// # Errors
/// [`StorageError`].
pub(super) async fn read(
    pool: &AnyPool,
    election: &str,
    contest: &str,
    within: Option<&RegionCode>,
) -> Result<ProgressAnswer, StorageError> {
    let range = Prefix::of(within);
    let rows = sqlx::query(
        "SELECT quarter, CAST(SUM(received) AS BIGINT) AS received,
             CAST(SUM(verified) AS BIGINT) AS verified
         FROM progress
         WHERE election = $1 AND contest = $2 AND village >= $3 AND village < $4
         GROUP BY quarter ORDER BY quarter",
    )
    .bind(election.to_owned())
    .bind(contest.to_owned())
    .bind(range.from)
    .bind(range.to)
    .fetch_all(pool)
    .await?;
    let (mut received, mut verified) = (0_i64, 0_i64);
    let mut quarters = Vec::with_capacity(rows.len());
    for row in rows {
        let more: i64 = row.try_get("received")?;
        let ruled: i64 = row.try_get("verified")?;
        received = received.saturating_add(more);
        verified = verified.saturating_add(ruled);
        quarters.push(Quarter {
            began_at: Timestamp::from_unix_ms(row.try_get("quarter")?),
            received: u64::try_from(received).unwrap_or_default(),
            verified: u64::try_from(verified).unwrap_or_default(),
        });
    }
    Ok(ProgressAnswer { quarters })
}
