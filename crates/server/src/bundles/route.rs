//! `POST /v1/bundles`.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use protocol::ProblemCode;
use protocol::bundle::{BUNDLE_TYPE, BundleAnswer};
use protocol::limits::BUNDLE_MAX_BYTES;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::spool::{spool, too_large};
use super::take_in::{note, take_in};
use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::enrol::Device;
use crate::room::{SameOrigin, SignedIn, may_rule};

/// The route of bundles.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new().routes(routes!(bring))
}

/// Bring a bundle
///
/// A `.saksi` file, from a device or from somebody of the counting room who
/// may rule, whatever the region: the envelopes' own devices decide. One
/// result for each envelope and each photo, in the bundle's order.
#[utoipa::path(
    post, path = "/v1/bundles", tag = "bundles",
    request_body(content_type = "application/zip", content = Vec<u8>),
    responses((status = 200, description = "What became of each entry", body = BundleAnswer),
              (status = 401, description = "token_unknown or not_signed_in"),
              (status = 403, description = "device_revoked, not_allowed or cross_origin"),
              (status = 413, description = "too_large"),
              (status = 415, description = "unsupported_media_type"),
              (status = 422, description = "bundle_invalid"),
              (status = 503, description = "overloaded or storage_full, with Retry-After")))]
async fn bring(
    State(app): State<AppState>,
    device: Result<Device, ApiProblem>,
    who: Result<SignedIn, ApiProblem>,
    origin: Result<SameOrigin, ApiProblem>,
    headers: HeaderMap,
    body: Body,
) -> Result<Json<BundleAnswer>, ApiProblem> {
    let (carrier, by) = match (device, who) {
        (Ok(device), _) => (Some(device.id), None),
        // Who shows a token is a device, also when the token is wrong.
        (Err(no), _) if headers.contains_key(header::AUTHORIZATION) => return Err(no),
        (Err(_), Ok(who)) => {
            origin?;
            may_rule(&who)?;
            (None, Some(who.user.name))
        }
        (Err(_), Err(no)) => return Err(no),
    };
    check(&headers)?;
    let arriving = Arc::clone(&app.bundles.arriving).try_acquire_owned();
    let _arriving = arriving.map_err(|_| ApiProblem::new(ProblemCode::Overloaded))?;
    let file = spool(body, app.bundles.folder.clone()).await?;
    // On a task of its own: what was begun is ended, also when the caller's
    // connection breaks meanwhile.
    let taking = tokio::spawn(async move {
        let answer = take_in(&app, file, carrier.as_deref()).await?;
        if carrier.is_none() {
            note(&app, by, &answer).await?;
        }
        Ok::<_, ApiProblem>(answer)
    });
    Ok(Json(taking.await.map_err(ApiProblem::internal)??))
}

fn check(headers: &HeaderMap) -> Result<(), ApiProblem> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let kind = text(header::CONTENT_TYPE.as_str()).unwrap_or_default();
    if !kind.eq_ignore_ascii_case(BUNDLE_TYPE) {
        let detail = format!("Content-Type must be {BUNDLE_TYPE}");
        return Err(ApiProblem::because(
            ProblemCode::UnsupportedMediaType,
            detail,
        ));
    }
    let size = text(header::CONTENT_LENGTH.as_str()).and_then(|size| size.parse::<u64>().ok());
    if size.is_some_and(|size| size > BUNDLE_MAX_BYTES) {
        return Err(too_large());
    }
    Ok(())
}
