//! Asking for a dossier.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderName, header};
use axum::response::{IntoResponse, Response};
use futures_util::{StreamExt as _, stream};
use protocol::ProblemCode;
use protocol::dossier::{DossierPreview, DossierRequest, SIZE_ABOUT};
use tokio::sync::mpsc;

use super::archive::Piece;
use super::choose::{choose, within_limits};
use super::make::{Order, make as make_into};
use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::room::{Change, SignedIn};

/// Pieces that wait to be sent; each is at most one photo.
const PIECES_MAX: usize = 2;

/// How many slots, photos and bytes a dossier would have.
#[utoipa::path(post, path = "/v1/dossiers/preview", tag = "dossiers", request_body = DossierRequest,
    responses(
        (status = 200, body = DossierPreview),
        (status = 401, description = "`not_signed_in`"),
        (status = 403, description = "`not_allowed`: for admins and coordinators, and not while one of the slots is to be read blind; `cross_origin`"),
        (status = 404, description = "A slot or region that the user does not see"),
    ))]
pub(super) async fn preview(
    State(app): State<AppState>,
    who: SignedIn,
    Change(asked): Change<DossierRequest>,
) -> Result<Json<DossierPreview>, ApiProblem> {
    Ok(Json(choose(&app, &who, &asked).await?.preview))
}

/// Makes a dossier and sends it while it is made; `saksi-size-about` says about
/// how many bytes will come. It is whole when the zip has its end.
#[utoipa::path(post, path = "/v1/dossiers", tag = "dossiers", request_body = DossierRequest,
    responses(
        (status = 200, description = "A zip, for `saksi-server verify`",
            content_type = "application/zip", body = Vec<u8>),
        (status = 400, description = "`request_invalid`: no slots, or a title that is too long"),
        (status = 401, description = "`not_signed_in`"),
        (status = 403, description = "`not_allowed`: for admins and coordinators, and not while one of the slots is to be read blind; `cross_origin`"),
        (status = 404, description = "A slot or region that the user does not see"),
        (status = 413, description = "`too_large`: too many slots or bytes"),
        (status = 503, description = "`overloaded`: others are being made"),
    ))]
pub(super) async fn make(
    State(app): State<AppState>,
    who: SignedIn,
    Change(asked): Change<DossierRequest>,
) -> Result<Response, ApiProblem> {
    let chosen = choose(&app, &who, &asked).await?;
    within_limits(&chosen)?;
    let place = Arc::clone(&app.room.dossier_places).try_acquire_owned();
    let place = place.map_err(|_| ProblemCode::Overloaded)?;
    let name = file_name(&chosen.slots, app.clock().now_ms());
    let order = Order {
        by: who,
        title: asked.title.trim().to_owned(),
        with_originals: asked.with_originals,
        slots: chosen.slots,
    };
    let (send, receive) = mpsc::channel::<Piece>(PIECES_MAX);
    tokio::spawn(async move {
        let _place = place;
        make_into(app, order, send).await;
    });
    let pieces = stream::unfold(receive, |mut receive| async move {
        Some((receive.recv().await?, receive))
    })
    // A layer around it asks once more after the end.
    .fuse();
    let facts = [
        (header::CONTENT_TYPE, "application/zip".to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (
            HeaderName::from_static(SIZE_ABOUT),
            chosen.preview.size_bytes.to_string(),
        ),
    ];
    Ok((facts, Body::from_stream(pieces)).into_response())
}

fn file_name(slots: &[protocol::SlotId], now_ms: i64) -> String {
    let moment = protocol::Timestamp::from_unix_ms(now_ms).date_time();
    let about = match slots {
        [one] => format!("{}-{}", one.tps, one.contest),
        many => format!("{}-formulir", many.len()),
    };
    let when = moment.format("%Y%m%d-%H%M");
    format!("attachment; filename=\"dossier-{about}-{when}.zip\"")
}
