//! `GET` and `POST /v1/official`.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use domain::RegionCode;
use protocol::ProblemCode;
use protocol::official::{OfficialAnswer, OfficialImportAnswer};
use serde::Deserialize;
use utoipa::IntoParams;

use super::compare;
use super::keep::{self, Bringing};
use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::http::StrictQuery;
use crate::room::{SameOrigin, SignedIn, may_rule};

/// Longest name of a file that is kept, in characters.
const NAME_MAX_CHARS: usize = 120;

/// What is brought.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct BringQuery {
    /// Id of the contest.
    contest: String,
    /// Name of the file.
    file: String,
}

/// Bring official figures
///
/// A table (CSV) with the columns that `saksi-server findings` knows, or KPU's
/// JSON, alone or as `{"pairs": …, "figures": …}`. All of it is taken in, or
/// nothing when anything is wrong; a place that was known has the new figures from
/// then on. Of a coordinator only places of his or her region are taken.
#[utoipa::path(post, path = "/v1/official", tag = "official", params(BringQuery),
    request_body(content_type = "application/octet-stream", content = Vec<u8>),
    responses(
        (status = 200, description = "What became of it", body = OfficialImportAnswer),
        (status = 401, description = "`not_signed_in`"),
        (status = 403, description = "`not_allowed` or `cross_origin`"),
        (status = 404, description = "No such contest"),
        (status = 413, description = "`too_large`: more than 32 MiB"),
    ))]
pub(super) async fn bring(
    State(app): State<AppState>,
    who: SignedIn,
    _: SameOrigin,
    StrictQuery(query): StrictQuery<BringQuery>,
    bytes: Bytes,
) -> Result<Json<OfficialImportAnswer>, ApiProblem> {
    may_rule(&who)?;
    let brought = Bringing {
        by: Some(who.user.name),
        within: who.user.region,
        contest: query.contest,
        name: query.file.chars().take(NAME_MAX_CHARS).collect(),
        bytes: bytes.to_vec(),
    };
    // On a task of its own: what was begun is ended, also when the caller's
    // connection breaks meanwhile.
    let taking = tokio::spawn(async move { keep::bring(&app, brought).await });
    Ok(Json(taking.await.map_err(ApiProblem::internal)??))
}

/// What is compared.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct OfficialQuery {
    /// Id of the contest.
    contest: String,
    /// In this region; by default the user's own.
    #[param(value_type = Option<String>)]
    region: Option<RegionCode>,
}

/// Official figures beside ours
///
/// Ours are what is verified, or else received.
#[utoipa::path(get, path = "/v1/official", tag = "official", params(OfficialQuery), responses(
    (status = 200, body = OfficialAnswer),
    (status = 401, description = "`not_signed_in`"),
    (status = 403, description = "`not_allowed`: not for operators"),
    (status = 404, description = "No such contest, or a region outside the user's own"),
))]
pub(super) async fn show(
    State(app): State<AppState>,
    who: SignedIn,
    StrictQuery(query): StrictQuery<OfficialQuery>,
) -> Result<Json<OfficialAnswer>, ApiProblem> {
    let region = who.within(query.region)?;
    let catalogue = app.catalogues.get().await?;
    let election = catalogue.newest_election().ok_or(ProblemCode::NotFound)?;
    let held = catalogue.contests.get(&election.id).into_iter().flatten();
    if !held
        .into_iter()
        .any(|held| held.contest.id == query.contest)
    {
        return Err(ProblemCode::NotFound.into());
    }
    let asked = compare::Asked {
        election: &election.id,
        contest: &query.contest,
        within: region.as_ref(),
        user: &who.user.name,
        now_ms: app.clock().now_ms(),
    };
    Ok(Json(asked.answer(app.storage.reading()).await?))
}
