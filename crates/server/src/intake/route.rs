//! `POST /v1/revisions`.

use std::sync::Arc;

use axum::Json;
use axum::extract::{DefaultBodyLimit, State};
use protocol::revision::{RevisionResult, RevisionStatus, RevisionsAnswer, RevisionsRequest};
use protocol::{ProblemCode, limits};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouterExt as _};
use utoipa_axum::routes;

use super::batch::{Batch, Outcome};
use super::judge::{Bench, Candidate, Unfit, judge};
use crate::api_problem::ApiProblem;
use crate::app::{App, AppState};
use crate::catalogue::Catalogue;
use crate::enrol::Device;
use crate::http::StrictJson;
use crate::storage::StorageError;

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
    let judged = judge_all(&app, device, request, Arc::clone(&catalogue)).await?;
    let results = take_in(&app, catalogue, judged).await?;
    for result in &results {
        app.metrics.revisions(word(result), 1);
    }
    Ok(Json(RevisionsAnswer {
        results,
        photos_not_before: None,
    }))
}

fn word(result: &RevisionResult) -> &'static str {
    match result.status {
        RevisionStatus::Stored => "stored",
        RevisionStatus::Known => "known",
        RevisionStatus::Refused => "refused",
    }
}

type Judged = Vec<Result<Candidate, Unfit>>;

async fn judge_all(
    app: &App,
    device: Device,
    request: RevisionsRequest,
    catalogue: Arc<Catalogue>,
) -> Result<Judged, ApiProblem> {
    let now_ms = app.clock().now_ms();
    let many = request.envelopes.len() >= MANY_ENVELOPES;
    let judge_each = move || {
        let bench = Bench {
            device: &device,
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

/// Hands the candidates to the writer and puts the results in order.
async fn take_in(
    app: &App,
    catalogue: Arc<Catalogue>,
    judged: Judged,
) -> Result<Vec<RevisionResult>, ApiProblem> {
    let mut places = Vec::with_capacity(judged.len());
    let mut candidates = Vec::with_capacity(judged.len());
    for one in judged {
        match one {
            Ok(candidate) => {
                places.push(Ok(candidate.rev_id.clone()));
                candidates.push(candidate);
            }
            Err(unfit) => places.push(Err(unfit)),
        }
    }
    let outcomes = if candidates.is_empty() {
        Vec::new()
    } else {
        let (batch, outcomes) = Batch::new(catalogue, candidates);
        app.writer.take_in(batch).await?;
        outcomes.await.map_err(|_| StorageError::Stopped)??
    };
    let mut outcomes = outcomes.into_iter();
    let results = places.into_iter().map(|place| match place {
        Err(unfit) => Ok(refused(unfit.rev_id, unfit.problem)),
        Ok(rev_id) => outcomes
            .next()
            .map(|outcome| result(rev_id, outcome))
            .ok_or_else(|| ApiProblem::internal("a candidate without outcome")),
    });
    results.collect()
}

fn result(rev_id: String, outcome: Outcome) -> RevisionResult {
    let (status, receipt) = match outcome {
        Outcome::Stored(receipt) => (RevisionStatus::Stored, receipt),
        Outcome::Known(receipt) => (RevisionStatus::Known, receipt),
        Outcome::Refused(problem) => return refused(rev_id, problem),
    };
    RevisionResult {
        rev_id,
        status,
        receipt: Some(receipt),
        problem: None,
    }
}

fn refused(rev_id: String, problem: protocol::Problem) -> RevisionResult {
    RevisionResult {
        rev_id,
        status: RevisionStatus::Refused,
        receipt: None,
        problem: Some(problem),
    }
}
