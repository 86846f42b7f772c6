//! One slot.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use protocol::console::SlotDetail;
use protocol::{ProblemCode, SlotId};

use super::detail;
use super::same_photos;
use super::signed_in::SignedIn;
use super::tag::etag;
use crate::api_problem::ApiProblem;
use crate::app::{App, AppState};
use crate::photos;
use crate::queue;

/// The three parts of a slot's address.
pub(crate) type SlotPath = Path<(String, String, String)>;

/// The slot in an address, if the user sees it; otherwise there is nothing.
///
/// # Errors
/// `not_found`.
pub(crate) fn seen_slot(path: SlotPath, who: &SignedIn) -> Result<SlotId, ApiProblem> {
    let Path((election, tps, contest)) = path;
    let slot: SlotId = format!("{election}/{tps}/{contest}")
        .parse()
        .map_err(|_| ProblemCode::NotFound)?;
    if who.sees(&slot.tps.region()) {
        Ok(slot)
    } else {
        Err(ProblemCode::NotFound.into())
    }
}

/// Everything about one slot.
#[utoipa::path(get, path = "/v1/slots/{election}/{tps}/{contest}", tag = "slots",
    params(
        ("election" = String, Path, description = "Id of the election"),
        ("tps" = String, Path, description = "13 digits"),
        ("contest" = String, Path, description = "Id of the contest"),
        ("If-None-Match" = Option<String>, Header, description = "The `ETag` of an earlier answer"),
    ),
    responses(
        (status = 200, body = SlotDetail, headers(("ETag" = String))),
        (status = 304, description = "Nothing has changed"),
        (status = 401, description = "`not_signed_in`"),
        (status = 403, description = "`not_allowed`: the caller is to read it blind, or is an operator who does not look at it in the queue"),
        (status = 404, description = "No such slot in the user's region"),
    ))]
pub(super) async fn show(
    State(app): State<AppState>,
    who: SignedIn,
    path: SlotPath,
    headers: HeaderMap,
) -> Result<Response, ApiProblem> {
    let slot = seen_slot(path, &who)?;
    let mut connection = app.storage.reading().acquire().await?;
    queue::may_see_figures(&mut connection, &who, &slot, app.clock().now_ms()).await?;
    if let Some(known) = headers.get(header::IF_NONE_MATCH) {
        let etag = etag(&mut connection, &slot)
            .await?
            .ok_or(ProblemCode::NotFound)?;
        if names(known, &etag) {
            let tag = [(header::ETAG, etag)];
            return Ok((StatusCode::NOT_MODIFIED, tag).into_response());
        }
    }
    drop(connection);
    let detail = seen(&app, &who, &slot).await?;
    Ok(answer(StatusCode::OK, &detail.etag.clone(), detail))
}

/// Everything about a slot as `who` sees it, with what has arrived of photos
/// that are not complete.
///
/// # Errors
/// `not_found` when there is no such slot; a storage problem.
pub(crate) async fn seen(
    app: &App,
    who: &SignedIn,
    slot: &SlotId,
) -> Result<SlotDetail, ApiProblem> {
    let catalogue = app.catalogues.get().await?;
    let mut connection = app.storage.reading().acquire().await?;
    let mut detail = detail::read(&mut connection, &catalogue, slot)
        .await?
        .ok_or(ProblemCode::NotFound)?
        .detail;
    same_photos::add(&mut connection, who, &mut detail).await?;
    drop(connection);
    for one in &mut detail.photos {
        if !one.is_received {
            let (sha256, size) = (&one.photo.sha256, one.photo.size_bytes);
            one.received_bytes = photos::received_bytes(app, sha256, size).await;
        }
    }
    Ok(detail)
}

/// A body with its slot's `ETag`; nobody on the way may keep it.
pub(super) fn answer(status: StatusCode, etag: &str, body: impl serde::Serialize) -> Response {
    let facts = [
        (header::ETAG, etag.to_owned()),
        (header::CACHE_CONTROL, "private, no-cache".to_owned()),
    ];
    (status, facts, Json(body)).into_response()
}

/// Whether a list of tags, as in `If-Match`, names `etag`. A tag that has
/// become weak on the way (a proxy that compresses) still names it; `*` does
/// not: who rules must have seen what there is.
#[must_use]
pub(super) fn names(list: &HeaderValue, etag: &str) -> bool {
    list.to_str()
        .unwrap_or_default()
        .split(',')
        .map(|tag| tag.trim().trim_start_matches("W/"))
        .any(|tag| tag == etag)
}
