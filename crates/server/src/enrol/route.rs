//! `POST /v1/enrol` and `GET /v1/pack`.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use protocol::ProblemCode;
use protocol::encoding::sha256_hex;
use protocol::enrol::{EnrolAnswer, EnrolRequest};
use protocol::pack::Pack;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::claim::{Outcome, claim};
use super::device::Device;
use super::pack::pack_for;
use crate::api_problem::ApiProblem;
use crate::app::{App, AppState};
use crate::http::{Caller, StrictJson};

/// The routes of enrolment and pack.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(enrol))
        .routes(routes!(pack))
}

/// Enrol a device with a code
///
/// The same code with the same key returns the same device again.
#[utoipa::path(
    post, path = "/v1/enrol", tag = "enrolment", request_body = EnrolRequest,
    responses((status = 201, description = "The device, its token, the endpoint's key, and the pack", body = EnrolAnswer),
              (status = 404, description = "enrol_code_unknown"),
              (status = 409, description = "enrol_code_used"),
              (status = 410, description = "enrol_code_expired"),
              (status = 422, description = "proof_invalid"),
              (status = 429, description = "enrol_throttled, with Retry-After")))]
async fn enrol(
    State(app): State<AppState>,
    Caller(caller): Caller,
    StrictJson(request): StrictJson<EnrolRequest>,
) -> Result<Response, ApiProblem> {
    let key = Arc::clone(&app.key);
    let outcome: Result<Outcome, ApiProblem> = app
        .writer
        .run(move |tx| Box::pin(claim(tx, key, request, caller)))
        .await;
    let enrolled = outcome??;
    let answer = EnrolAnswer {
        server_key_id: app.key.id().to_owned(),
        server_key: app.key.public().to_string(),
        endpoints: app.config.public_urls.clone(),
        pack: pack_or_problem(&app, &enrolled.device, &enrolled.witness).await?,
        device_id: enrolled.device,
        token: enrolled.token,
    };
    Ok((
        StatusCode::CREATED,
        [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))],
        Json(answer),
    )
        .into_response())
}

/// What a device must know to work offline
#[utoipa::path(
    get, path = "/v1/pack", tag = "devices",
    params(("If-None-Match" = Option<String>, Header, description = "ETag of the pack at hand")),
    responses((status = 200, description = "The pack, with an ETag", body = Pack),
              (status = 304, description = "It has not changed"),
              (status = 401, description = "token_unknown"),
              (status = 403, description = "device_revoked")))]
async fn pack(
    State(app): State<AppState>,
    device: Device,
    headers: HeaderMap,
) -> Result<Response, ApiProblem> {
    let pack = pack_or_problem(&app, &device.id, &device.witness).await?;
    let body = serde_json::to_vec(&pack).map_err(ApiProblem::internal)?;
    let etag = format!("\"{}\"", sha256_hex(&body));
    let value = HeaderValue::from_str(&etag).map_err(ApiProblem::internal)?;
    let cache = HeaderValue::from_static("private, no-cache");
    let about = [(header::ETAG, value), (header::CACHE_CONTROL, cache)];
    if is_known(&headers, &etag) {
        return Ok((StatusCode::NOT_MODIFIED, about).into_response());
    }
    let json = [(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    )];
    Ok((about, json, body).into_response())
}

/// Whether `If-None-Match` names this tag, weakly compared (a proxy that
/// compresses makes tags weak).
fn is_known(headers: &HeaderMap, etag: &str) -> bool {
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|list| list.split(','))
        .map(|one| one.trim().trim_start_matches("W/"))
        .any(|one| one == etag || one == "*")
}

async fn pack_or_problem(app: &App, device: &str, witness: &str) -> Result<Pack, ApiProblem> {
    pack_for(app, device, witness).await?.ok_or_else(|| {
        ApiProblem::because(
            ProblemCode::NotAssigned,
            "the witness is not posted to any polling station",
        )
    })
}
