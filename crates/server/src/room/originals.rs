//! Asking a phone for the original of a photo whose reading copy is too coarse.
//!
//! The untouched photo stays on the phone until somebody wants it: ten
//! thousand of them at once would choke every line of the evening.

use std::collections::BTreeSet;

use axum::extract::State;
use axum::http::StatusCode;
use protocol::console::OriginalRequest;
use protocol::encoding::is_sha256_hex;
use protocol::{ProblemCode, SlotId};

use super::change::Change;
use super::detail;
use super::signed_in::{SignedIn, may_rule};
use super::slot::{SlotPath, seen_slot};
use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::catalogue::Catalogue;
use crate::inbox;
use crate::log::Event;
use crate::storage::{StorageError, Tx};

/// Asks the devices that announced a photo for its original.
///
/// Asking again, or for one that is here, changes nothing.
#[utoipa::path(post, path = "/v1/slots/{election}/{tps}/{contest}/originals", tag = "slots",
    params(
        ("election" = String, Path, description = "Id of the election"),
        ("tps" = String, Path, description = "13 digits"),
        ("contest" = String, Path, description = "Id of the contest"),
    ),
    request_body = OriginalRequest,
    responses(
        (status = 204, description = "Asked for"),
        (status = 401, description = "`not_signed_in`"),
        (status = 403, description = "`not_allowed` or `cross_origin`"),
        (status = 404, description = "No such slot in the user's region, or no such photo with an original in it"),
    ))]
pub(super) async fn ask(
    State(app): State<AppState>,
    who: SignedIn,
    path: SlotPath,
    Change(asked): Change<OriginalRequest>,
) -> Result<StatusCode, ApiProblem> {
    let slot = seen_slot(path, &who)?;
    may_rule(&who)?;
    if !is_sha256_hex(&asked.photo) {
        return Err(ProblemCode::NotFound.into());
    }
    let catalogue = app.catalogues.get().await?;
    let (by, photo) = (who.user.name, asked.photo);
    app.writer
        .run(move |tx| {
            Box::pin(async move {
                let devices = holders(tx, &catalogue, &slot, &photo).await?;
                Ok::<(), ApiProblem>(ask_for(tx, &by, slot, photo, devices).await?)
            })
        })
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Devices whose revisions of the slot name the photo with an original.
async fn holders(
    tx: &mut Tx,
    catalogue: &Catalogue,
    slot: &SlotId,
    photo: &str,
) -> Result<BTreeSet<String>, ApiProblem> {
    let whole = detail::read(tx.conn(), catalogue, slot)
        .await?
        .ok_or(ProblemCode::NotFound)?;
    let devices: BTreeSet<String> = whole
        .detail
        .history
        .into_iter()
        .filter(|revision| {
            let mut photos = revision.photos.iter();
            photos.any(|named| named.sha256 == photo && named.original.is_some())
        })
        .map(|revision| revision.device)
        .collect();
    if devices.is_empty() {
        return Err(ProblemCode::NotFound.into());
    }
    Ok(devices)
}

async fn ask_for(
    tx: &mut Tx,
    by: &str,
    slot: SlotId,
    photo: String,
    devices: BTreeSet<String>,
) -> Result<(), StorageError> {
    let now_ms = tx.now_ms();
    let added = sqlx::query(
        "INSERT INTO originals_asked (sha256, slot, asked_at) VALUES ($1, $2, $3)
         ON CONFLICT (sha256, slot) DO NOTHING",
    )
    .bind(photo.clone())
    .bind(slot.to_string())
    .bind(now_ms)
    .execute(tx.conn())
    .await?;
    if added.rows_affected() == 0 {
        return Ok(());
    }
    inbox::push_original_wanted(tx, &devices, &slot, &photo).await?;
    sqlx::query("UPDATE slots SET version = version + 1 WHERE slot = $1")
        .bind(slot.to_string())
        .execute(tx.conn())
        .await?;
    tx.append(
        Some(by),
        &Event::OriginalAsked {
            slot,
            sha256: photo,
        },
    )?;
    Ok(())
}
