//! Photos for who may see them: people of the counting room for the slots in
//! their region, and devices for what they announced themselves.

use axum::extract::{Path, State};
use axum::response::Response;
use bytes::Bytes;
use protocol::ProblemCode;
use protocol::encoding::is_sha256_hex;
use serde::Deserialize;
use sqlx::AnyPool;
use utoipa::IntoParams;

use super::prefix::Prefix;
use super::signed_in::SignedIn;
use crate::api_problem::ApiProblem;
use crate::app::{App, AppState};
use crate::enrol::Device;
use crate::http::StrictQuery;
use crate::photos;
use crate::storage::StorageError;

/// Longest side of a smaller picture, in pixels.
const WIDTH_MAX_PX: u32 = 2_000;

/// How a picture is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PhotoQuery {
    /// A smaller picture with a long side of at most this many pixels, up to
    /// 2000; by default the photo itself.
    width: Option<u32>,
    /// Bytes of it that the asker has heard of. It changes nothing but the
    /// address, so that a browser asks anew when more has arrived.
    #[expect(dead_code, reason = "it is there to make another address")]
    part: Option<u64>,
}

/// A photo; for the counting room also what has arrived of one, with
/// `Upload-Offset` and `Upload-Length` in the answer's head.
#[utoipa::path(get, path = "/v1/photos/{sha256}", tag = "photos",
    params(PhotoQuery, ("sha256" = String, Path, description = "Hash of the photo, in hex")),
    responses(
        (status = 200, content_type = "image/jpeg", body = Vec<u8>),
        (status = 401, description = "`not_signed_in`, or `token_unknown`"),
        (status = 404, description = "Not here, or not for the caller to see"),
    ))]
pub(super) async fn show(
    State(app): State<AppState>,
    who: Result<SignedIn, ApiProblem>,
    device: Result<Device, ApiProblem>,
    Path(sha256): Path<String>,
    StrictQuery(query): StrictQuery<PhotoQuery>,
) -> Result<Response, ApiProblem> {
    let pool = app.storage.reading();
    let is_room = who.is_ok();
    let may_see = match (who, device) {
        (Ok(who), _) => is_seen_by(pool, &sha256, &who).await?,
        (Err(_), Ok(device)) => photos::is_announced_by(pool, &sha256, &device.id).await?,
        (Err(no), Err(_)) => return Err(no),
    };
    if !is_sha256_hex(&sha256) || !may_see {
        return Err(ProblemCode::NotFound.into());
    }
    if query
        .width
        .is_some_and(|width| !(1..=WIDTH_MAX_PX).contains(&width))
    {
        let detail = format!("width is 1 to {WIDTH_MAX_PX}");
        return Err(ApiProblem::because(ProblemCode::RequestInvalid, detail));
    }
    let whole = match query.width {
        None => photos::stream(&app.photos, &sha256).await,
        Some(width) => smaller(&app, &sha256, width).await,
    };
    match whole {
        Err(no) if is_room && no.code() == Some(ProblemCode::NotFound) => {
            coarse(&app, &sha256, query.width).await
        }
        other => other,
    }
}

/// What has arrived of a photo. A part from which no smaller picture can be
/// made yet is given as it is.
async fn coarse(app: &App, sha256: &str, width: Option<u32>) -> Result<Response, ApiProblem> {
    let partial = photos::partial(app, sha256).await?;
    let jpeg = partial.jpeg.clone();
    let picture = match width {
        None => jpeg,
        Some(width) => match thumbnail(app, jpeg.into(), width).await {
            Ok(picture) => picture,
            Err(no) if no.code() == Some(ProblemCode::NotAPhoto) => partial.jpeg.clone(),
            Err(no) => return Err(no),
        },
    };
    Ok(partial.show(picture))
}

/// Whether a revision of a slot in the user's region names this photo.
pub(super) async fn is_seen_by(
    pool: &AnyPool,
    sha256: &str,
    who: &SignedIn,
) -> Result<bool, StorageError> {
    let range = Prefix::of(who.user.region.as_ref());
    let named: Option<String> = sqlx::query_scalar(
        "SELECT r.rev_id FROM announced a
         JOIN revisions r ON r.rev_id = a.rev_id
         JOIN slots s ON s.slot = r.slot
         WHERE a.sha256 = $1 AND s.tps >= $2 AND s.tps < $3 LIMIT 1",
    )
    .bind(sha256.to_owned())
    .bind(range.from)
    .bind(range.to)
    .fetch_optional(pool)
    .await?;
    Ok(named.is_some())
}

/// A smaller picture of a photo that is here.
async fn smaller(app: &App, sha256: &str, width: u32) -> Result<Response, ApiProblem> {
    let jpeg = app.photos.read(sha256).await?;
    Ok(photos::picture(thumbnail(app, jpeg, width).await?))
}

/// Off the async threads, few at a time: each decodes a whole photo.
async fn thumbnail(app: &App, jpeg: Bytes, width: u32) -> Result<Vec<u8>, ApiProblem> {
    let _place = app.room.decoding_place().await?;
    tokio::task::spawn_blocking(move || photo::thumbnail(&jpeg, width))
        .await
        .map_err(ApiProblem::internal)?
        .map_err(|cause| ApiProblem::because(ProblemCode::NotAPhoto, cause.to_string()))
}
