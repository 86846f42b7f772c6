//! `HEAD`, `PATCH` and `GET …/receipt` of `/v1/photos/{sha256}`.
//!
//! `GET /v1/photos/{sha256}` itself is in [`crate::room`], which knows people
//! as well as devices.

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use protocol::encoding::is_sha256_hex;
use protocol::photo::{PIECE_TYPE, PhotoAnswer, UPLOAD_LENGTH, UPLOAD_OFFSET};
use protocol::{ProblemCode, photo};
use tokio::sync::TryAcquireError;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::announced;
use super::complete::adopt;
use super::upload::{Piece, Stand, completed, disk, upload};
use crate::api_problem::ApiProblem;
use crate::app::{App, AppState};
use crate::enrol::Device;

/// The routes of photos on their way in.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(stand, send))
        .routes(routes!(receipt))
}

pub(super) fn offset_name() -> HeaderName {
    HeaderName::from_static(UPLOAD_OFFSET)
}

pub(super) fn length_name() -> HeaderName {
    HeaderName::from_static(UPLOAD_LENGTH)
}

fn checked(sha256: String) -> Result<String, ApiProblem> {
    if is_sha256_hex(&sha256) {
        Ok(sha256)
    } else {
        let detail = "a photo is addressed by its SHA-256 in lowercase hex";
        Err(ApiProblem::because(ProblemCode::RequestInvalid, detail))
    }
}

/// How much of a photo is here
#[utoipa::path(
    head, path = "/v1/photos/{sha256}", tag = "devices",
    params(("sha256" = String, Path, description = "Hash of the photo")),
    responses((status = 200, description = "Upload-Offset and Upload-Length; complete when equal"),
              (status = 404, description = "Nothing yet")))]
async fn stand(
    State(app): State<AppState>,
    device: Device,
    Path(sha256): Path<String>,
) -> Result<Response, ApiProblem> {
    let sha256 = checked(sha256)?;
    let found = find(&app, &device, &sha256).await?;
    let (offset, length) = found.ok_or_else(|| ApiProblem::new(ProblemCode::NotFound))?;
    if offset == length {
        // All bytes are here, and perhaps not put away yet: the device must
        // not be told "complete" before they are.
        finish(app, device, sha256, length).await?;
    }
    let headers = [
        (offset_name(), HeaderValue::from(offset)),
        (length_name(), HeaderValue::from(length)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ];
    Ok((StatusCode::OK, headers).into_response())
}

/// Completes a photo whose bytes are all here, or waits for who does.
async fn finish(
    app: AppState,
    device: Device,
    sha256: String,
    length: u64,
) -> Result<(), ApiProblem> {
    let nothing_more = Piece {
        offset: length,
        length,
        size_bytes: Some(0),
    };
    match upload(app, device, sha256, nothing_more, Body::empty()).await {
        Ok(Stand::Complete(..)) => Ok(()),
        // They were not the photo, and are gone: nothing is here.
        Ok(Stand::Partly(_)) => Err(ProblemCode::NotFound.into()),
        Err(no) => Err(match no.code() {
            Some(ProblemCode::HashMismatch | ProblemCode::NotAPhoto) => {
                ProblemCode::NotFound.into()
            }
            _ => no,
        }),
    }
}

/// Bytes here, and bytes of the whole photo.
async fn find(app: &App, device: &Device, sha256: &str) -> Result<Option<(u64, u64)>, ApiProblem> {
    let pool = app.storage.reading();
    if let Some(Stand::Complete(size_bytes, _)) = completed(app, device, sha256).await? {
        return Ok(Some((size_bytes, size_bytes)));
    }
    let parts = &app.arrivals.parts;
    let part = match announced::sizes(pool, sha256, &device.id).await?.first() {
        Some(length) => parts
            .announced(sha256, *length, &device.id)
            .await
            .map_err(disk)?,
        None => match parts.ahead_of(&device.id).await.map_err(disk)? {
            Some((ahead, length)) if ahead == sha256 => parts.ahead(sha256, length, &device.id),
            _ => return Ok(None),
        },
    };
    let received = match app.arrivals.gates.received(sha256) {
        Some(received) => received,
        None => part.received().await.map_err(disk)?,
    };
    if received == 0 && adopt(app, &device.id, sha256, part.length).await?.is_some() {
        return Ok(Some((part.length, part.length)));
    }
    Ok((received > 0).then_some((received, part.length)))
}

/// Send a piece of a photo
///
/// Whatever arrived of an interrupted body is kept.
#[utoipa::path(
    patch, path = "/v1/photos/{sha256}", tag = "devices",
    params(("sha256" = String, Path, description = "Hash of the photo"),
           ("Upload-Offset" = u64, Header, description = "Bytes before this piece"),
           ("Upload-Length" = u64, Header, description = "Bytes of the whole photo")),
    request_body(content_type = "application/offset+octet-stream"),
    responses((status = 200, description = "Complete and durable: the receipt", body = PhotoAnswer),
              (status = 204, description = "Kept; Upload-Offset says how much is here"),
              (status = 403, description = "photo_not_announced"),
              (status = 409, description = "offset_mismatch; Upload-Offset says how much is here"),
              (status = 413, description = "too_large"),
              (status = 415, description = "not_a_photo or unsupported_media_type"),
              (status = 422, description = "hash_mismatch; the part is thrown away"),
              (status = 503, description = "overloaded or storage_full, with Retry-After")))]
async fn send(
    State(app): State<AppState>,
    device: Device,
    Path(sha256): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, ApiProblem> {
    let sha256 = checked(sha256)?;
    let piece = piece(&headers)?;
    let uploads = std::sync::Arc::clone(&app.arrivals.uploads);
    let permit = uploads.try_acquire_owned().map_err(|error| match error {
        TryAcquireError::NoPermits | TryAcquireError::Closed => {
            ApiProblem::new(ProblemCode::Overloaded)
        }
    })?;
    // On a task of its own: when the connection breaks, this handler is
    // dropped, and what has arrived must be kept all the same.
    let stand = tokio::spawn(async move {
        let stand = upload(app, device, sha256, piece, body).await;
        drop(permit);
        stand
    });
    match stand.await.map_err(ApiProblem::internal)?? {
        Stand::Partly(offset) => {
            let headers = [(offset_name(), HeaderValue::from(offset))];
            Ok((StatusCode::NO_CONTENT, headers).into_response())
        }
        Stand::Complete(offset, receipt) => {
            let headers = [(offset_name(), HeaderValue::from(offset))];
            Ok((headers, Json(PhotoAnswer { receipt })).into_response())
        }
    }
}

fn piece(headers: &HeaderMap) -> Result<Piece, ApiProblem> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let content_type = text(header::CONTENT_TYPE.as_str()).unwrap_or_default();
    if !content_type.eq_ignore_ascii_case(PIECE_TYPE) {
        let detail = format!("Content-Type must be {PIECE_TYPE}");
        return Err(ApiProblem::because(
            ProblemCode::UnsupportedMediaType,
            detail,
        ));
    }
    let number = |name: &str| {
        let digits = text(name).filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
        digits.and_then(|text| text.parse::<u64>().ok())
    };
    let (Some(offset), Some(length)) = (number(photo::UPLOAD_OFFSET), number(photo::UPLOAD_LENGTH))
    else {
        let detail = "Upload-Offset and Upload-Length must be numbers of bytes";
        return Err(ApiProblem::because(ProblemCode::RequestInvalid, detail));
    };
    if length == 0 {
        let detail = "a photo has at least one byte";
        return Err(ApiProblem::because(ProblemCode::RequestInvalid, detail));
    }
    Ok(Piece {
        offset,
        length,
        size_bytes: number(header::CONTENT_LENGTH.as_str()),
    })
}

/// The receipt of a complete photo
#[utoipa::path(
    get, path = "/v1/photos/{sha256}/receipt", tag = "devices",
    params(("sha256" = String, Path, description = "Hash of the photo")),
    responses((status = 200, description = "The receipt", body = PhotoAnswer),
              (status = 404, description = "Not complete, or not announced by this device")))]
async fn receipt(
    State(app): State<AppState>,
    device: Device,
    Path(sha256): Path<String>,
) -> Result<Response, ApiProblem> {
    let sha256 = checked(sha256)?;
    match completed(&app, &device, &sha256).await? {
        Some(Stand::Complete(offset, receipt)) => {
            let headers = [(offset_name(), HeaderValue::from(offset))];
            Ok((headers, Json(PhotoAnswer { receipt })).into_response())
        }
        Some(Stand::Partly(_)) | None => Err(ProblemCode::NotFound.into()),
    }
}
