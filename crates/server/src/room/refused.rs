//! Revisions that were refused but kept: a coordinator sees them, and may let
//! them in.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::RegionCode;
use domain::rules::{self, FormHead};
use protocol::console::{AdmitRequest, Refused, RefusedAnswer, RevisionDetail};
use protocol::limits::TEXT_MAX_BYTES;
use protocol::{ProblemCode, SlotId};
use serde::Deserialize;
use sqlx::any::AnyRow;
use sqlx::{AnyPool, Row as _};
use utoipa::IntoParams;

use super::change::Change;
use super::prefix::Prefix;
use super::signed_in::{SignedIn, may_rule};
use super::{detail, from_word};
use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::catalogue::Catalogue;
use crate::http::StrictQuery;
use crate::intake;
use crate::storage::{StorageError, with_texts};

/// Most refused revisions in one answer; letting some in shows the next.
const REFUSED_MAX: i64 = 200;

/// Which refused revisions to list.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct RefusedQuery {
    /// In this region; by default the user's own.
    #[param(value_type = Option<String>)]
    region: Option<RegionCode>,
}

/// Revisions that were refused but kept, newest first.
#[utoipa::path(get, path = "/v1/refused", tag = "refused", params(RefusedQuery), responses(
    (status = 200, body = RefusedAnswer),
    (status = 401, description = "`not_signed_in`"),
    (status = 404, description = "A region outside the user's own"),
))]
pub(super) async fn list(
    State(app): State<AppState>,
    who: SignedIn,
    StrictQuery(query): StrictQuery<RefusedQuery>,
) -> Result<Json<RefusedAnswer>, ApiProblem> {
    let region = who.within(query.region)?;
    let catalogue = app.catalogues.get().await?;
    let rows = kept(app.storage.reading(), &catalogue, region.as_ref(), None).await?;
    let refused: Result<Vec<Refused>, StorageError> =
        rows.iter().map(|row| refused_in(row, &catalogue)).collect();
    Ok(Json(RefusedAnswer { refused: refused? }))
}

/// Lets a refused revision in: it counts from now on like any other.
#[utoipa::path(post, path = "/v1/refused/{rev_id}/admit", tag = "refused",
    params(("rev_id" = String, Path, description = "Hash of the revision's payload")),
    request_body = AdmitRequest,
    responses(
        (status = 201, description = "It is in"),
        (status = 400, description = "`request_invalid`: no reason"),
        (status = 401, description = "`not_signed_in`"),
        (status = 403, description = "`not_allowed` or `cross_origin`"),
        (status = 404, description = "None is kept in the user's region"),
        (status = 422, description = "`payload_invalid`: it fits no form here"),
    ))]
pub(super) async fn admit(
    State(app): State<AppState>,
    who: SignedIn,
    Path(rev_id): Path<String>,
    Change(asked): Change<AdmitRequest>,
) -> Result<StatusCode, ApiProblem> {
    let catalogue = app.catalogues.get().await?;
    let own = who.user.region.as_ref();
    let seen = kept(app.storage.reading(), &catalogue, own, Some(&rev_id)).await?;
    if seen.is_empty() {
        return Err(ProblemCode::NotFound.into());
    }
    may_rule(&who)?;
    let reason = asked.reason.trim().to_owned();
    if reason.is_empty() || reason.len() > TEXT_MAX_BYTES {
        let detail = format!("reason is required, at most {TEXT_MAX_BYTES} bytes");
        return Err(ApiProblem::because(ProblemCode::RequestInvalid, detail));
    }
    let (key, by) = (Arc::clone(&app.key), who.user.name);
    let admitted = app
        .writer
        .run(move |tx| {
            Box::pin(async move { intake::admit(tx, key, catalogue, &by, &rev_id, &reason).await })
        })
        .await?;
    // Another coordinator may have been first.
    admitted.ok_or(ProblemCode::NotFound)?;
    Ok(StatusCode::CREATED)
}

/// What is kept of the elections here: in a region, or one revision of it.
async fn kept(
    pool: &AnyPool,
    catalogue: &Catalogue,
    region: Option<&RegionCode>,
    rev_id: Option<&str>,
) -> Result<Vec<AnyRow>, StorageError> {
    let range = Prefix::of(region);
    let mut given = Vec::new();
    let mut places = Vec::new();
    for election in catalogue.elections.keys() {
        given.push(format!("{election}/{}", range.from));
        given.push(format!("{election}/{}", range.to));
        let at = given.len();
        places.push(format!(
            "(f.slot >= ${} AND f.slot < ${at})",
            at.saturating_sub(1)
        ));
    }
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let mut conditions = format!("({})", places.join(" OR "));
    if let Some(rev_id) = rev_id {
        given.push(rev_id.to_owned());
        conditions.push_str(&format!(" AND f.rev_id = ${}", given.len()));
    }
    let sql = format!(
        "SELECT f.rev_id, f.slot, f.device, f.code, f.channel, f.envelope, f.received_at,
             w.name AS witness
         FROM refused f
         JOIN devices d ON d.id = f.device
         JOIN witnesses w ON w.id = d.witness
         WHERE {conditions} ORDER BY f.received_at DESC, f.rev_id LIMIT {REFUSED_MAX}"
    );
    let query = with_texts(sql, given);
    Ok(query.fetch_all(pool).await?)
}

fn refused_in(row: &AnyRow, catalogue: &Catalogue) -> Result<Refused, StorageError> {
    let slot: String = row.try_get("slot")?;
    let slot: SlotId = slot
        .parse()
        .map_err(|cause| StorageError::corrupt("slot", cause))?;
    let mut revision = detail::revision_in(row, &slot, catalogue)?;
    look_at(&mut revision, &slot, catalogue);
    Ok(Refused {
        slot,
        code: from_word("problem", row.try_get("code")?)?,
        revision,
    })
}

/// Findings, when its contest is held there.
fn look_at(revision: &mut RevisionDetail, slot: &SlotId, catalogue: &Catalogue) {
    let contest = catalogue.contest_at(&slot.election, &slot.contest, &slot.tps);
    let Some((contest, form)) = contest.and_then(|one| Some((one, catalogue.form_of(one)?))) else {
        return;
    };
    let head = FormHead {
        read: revision.form_tps.as_deref(),
        assigned: slot.tps.number(),
    };
    revision.findings = rules::check(form, &contest.options, &revision.counts, head);
}
