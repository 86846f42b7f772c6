//! `POST /v1/revisions`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{DefaultBodyLimit, State};
use protocol::revision::{RevisionsAnswer, RevisionsRequest};
use protocol::{ProblemCode, limits};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

use super::judge::{Bench, Judged, judge};
use super::take_in::take_in;
use crate::api_problem::ApiProblem;
use crate::app::{App, AppState};
use crate::catalogue::Catalogue;
use crate::enrol::{Author, Device};
use crate::http::StrictJson;

/// From this many envelopes on, signatures are checked off the threads that
/// serve everybody: each takes about a tenth of a millisecond.
const MANY_ENVELOPES: usize = 8;

/// The routes of the intake.
pub fn routes() -> OpenApiRouter<AppState> {
    let limit = DefaultBodyLimit::max(limits::REVISIONS_BODY_MAX_BYTES);
    OpenApiRouter::new().routes(routes!(revisions).layer(limit))
}

/// Send revisions
///
/// Each envelope's result stands on its own, in the order sent. A receipt is
/// given after the revision is durable.
#[utoipa::path(
    post, path = "/v1/revisions", tag = "devices", request_body = RevisionsRequest,
    responses((status = 200, description = "One result per envelope", body = RevisionsAnswer),
              (status = 400, description = "request_invalid: not 1 to 50 envelopes"),
              (status = 401, description = "token_unknown"),
              (status = 403, description = "device_revoked"),
              (status = 413, description = "too_large"),
              (status = 503, description = "overloaded or storage_full, with Retry-After")))]
async fn revisions(
    State(app): State<AppState>,
    device: Device,
    StrictJson(request): StrictJson<RevisionsRequest>,
) -> Result<Json<RevisionsAnswer>, ApiProblem> {
    let sent = request.envelopes.len();
    if !(1..=limits::ENVELOPES_MAX).contains(&sent) {
        let detail = format!("1 to {} envelopes", limits::ENVELOPES_MAX);
        return Err(ApiProblem::because(ProblemCode::RequestInvalid, detail));
    }
    let catalogue = app.catalogues.get().await?;
    let id = device.id.clone();
    let judged = judge_all(&app, device, request, Arc::clone(&catalogue)).await?;
    let results = take_in(&app, &catalogue, judged, None).await?;
    Ok(Json(RevisionsAnswer {
        results,
        photos_not_before: app.backlog.not_before(&app, &id).await,
    }))
}

async fn judge_all(
    app: &App,
    device: Device,
    request: RevisionsRequest,
    catalogue: Arc<Catalogue>,
) -> Result<Judged, ApiProblem> {
    let now_ms = app.clock().now_ms();
    // A revoked device does not get this far.
    let author = Author {
        device,
        is_revoked: false,
    };
    let many = request.envelopes.len() >= MANY_ENVELOPES;
    let judge_each = move || {
        let bench = Bench {
            author: &author,
            catalogue: &catalogue,
            now_ms,
        };
        let envelopes = request.envelopes.iter();
        envelopes.map(|one| judge(one.get(), &bench)).collect()
    };
    if many {
        let judged = tokio::task::spawn_blocking(judge_each).await;
        judged.map_err(ApiProblem::internal)
    } else {
        Ok(judge_each())
    }
}
