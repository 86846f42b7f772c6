//! One `PATCH`: from its headers to what it is answered with.

use std::sync::Arc;

use axum::body::Body;
use protocol::{Envelope, ProblemCode, limits};

use super::announced;
use super::complete::{adopt, complete};
use super::parts::Part;
use super::read::{End, Read, read};
use super::receipt::{size_of, vouch};
use super::route::offset_name;
use crate::api_problem::ApiProblem;
use crate::app::{App, AppState};
use crate::enrol::Device;

/// What a piece says of itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    /// Bytes of the photo before it.
    pub(super) offset: u64,
    /// Bytes of the whole photo.
    pub(super) length: u64,
    /// Bytes of the piece, if it says.
    pub(super) size_bytes: Option<u64>,
}

/// How far the photo is now.
pub(super) enum Stand {
    /// So many bytes are here.
    Partly(u64),
    /// All of them, durably.
    Complete(u64, Envelope),
}

/// Takes a piece in.
pub(super) async fn upload(
    app: AppState,
    device: Device,
    sha256: String,
    piece: Piece,
    body: Body,
) -> Result<Stand, ApiProblem> {
    if piece.length > limits::ORIGINAL_MAX_BYTES {
        return Err(too_large("the photo is larger than an original may be"));
    }
    if let Some(stand) = completed(&app, &device, &sha256).await? {
        return Ok(stand);
    }
    allowed(&app, &device, &sha256, piece.length).await?;
    let pass = app.arrivals.gates.enter(&sha256).await;
    // It may have become complete, or announced, while this request waited.
    if let Some(stand) = completed(&app, &device, &sha256).await? {
        return Ok(stand);
    }
    let part = allowed(&app, &device, &sha256, piece.length).await?;
    let received = part.received().await.map_err(disk)?;
    if received == 0
        && let Some(receipt) = adopt(&app, &device.id, &sha256, piece.length).await?
    {
        return Ok(Stand::Complete(piece.length, receipt));
    }
    if piece.offset != received || pass.ended.is_cancelled() {
        return Err(elsewhere(received));
    }
    let room = piece.length.saturating_sub(received);
    if piece.size_bytes.is_some_and(|size| size > room) {
        return Err(too_large("the piece goes beyond the photo's end")
            .with_header(offset_name(), received.into()));
    }
    let hash = app.arrivals.hashes.resume(&part, received).await;
    let hash = hash.map_err(disk)?;
    let read = read(body, &part, &pass, hash).await.map_err(disk)?;
    app.metrics
        .photo_bytes(read.received.saturating_sub(received));
    finish(&app, &device, &sha256, &part, read).await
}

async fn finish(
    app: &App,
    device: &Device,
    sha256: &str,
    part: &Part,
    mut read: Read,
) -> Result<Stand, ApiProblem> {
    let received = read.received;
    if received == part.length && read.end != End::TooMuch {
        let receipt = complete(app, &device.id, sha256, part, read).await?;
        return Ok(Stand::Complete(received, receipt));
    }
    read.put_aside(part).await.map_err(disk)?;
    app.arrivals.hashes.keep(part, read.hash);
    match read.end {
        End::Whole | End::Broken => Ok(Stand::Partly(received)),
        End::Ended => Err(elsewhere(received)),
        End::Idle => Err(ApiProblem::new(ProblemCode::RequestTimeout)
            .with_header(offset_name(), received.into())),
        End::TooMuch => Err(too_large("the piece goes beyond the photo's end")
            .with_header(offset_name(), received.into())),
    }
}

fn too_large(detail: &str) -> ApiProblem {
    ApiProblem::because(ProblemCode::TooLarge, detail)
}

fn elsewhere(received: u64) -> ApiProblem {
    ApiProblem::new(ProblemCode::OffsetMismatch).with_header(offset_name(), received.into())
}

/// The part files' disk failed: usually it is full.
pub(super) fn disk(cause: std::io::Error) -> ApiProblem {
    tracing::error!(%cause, "a part of a photo could not be kept");
    ProblemCode::StorageFull.into()
}

/// The stand of a photo that is complete and that this device may have a
/// receipt for.
pub(super) async fn completed(
    app: &App,
    device: &Device,
    sha256: &str,
) -> Result<Option<Stand>, ApiProblem> {
    let pool = app.storage.reading();
    let Some(size_bytes) = size_of(pool, sha256).await? else {
        return Ok(None);
    };
    if let Some(receipt) = super::receipt::given(pool, sha256, &device.id).await? {
        return Ok(Some(Stand::Complete(size_bytes, receipt)));
    }
    if announced::sizes(pool, sha256, &device.id).await?.is_empty() {
        return Ok(None);
    }
    let key = Arc::clone(&app.key);
    let (sha256, id) = (sha256.to_owned(), device.id.clone());
    let receipt: Result<Envelope, ApiProblem> = app
        .writer
        .run(move |tx| Box::pin(async move { Ok(vouch(tx, key, sha256, id).await?) }))
        .await;
    Ok(Some(Stand::Complete(size_bytes, receipt?)))
}

/// The part to go on with: of an announced photo, or of the one photo that may
/// be ahead of its revision.
async fn allowed(
    app: &App,
    device: &Device,
    sha256: &str,
    length: u64,
) -> Result<Part, ApiProblem> {
    let pool = app.storage.reading();
    let parts = &app.arrivals.parts;
    let sizes = announced::sizes(pool, sha256, &device.id).await?;
    if sizes.contains(&length) {
        let part = parts.announced(sha256, length, &device.id).await;
        return part.map_err(disk);
    }
    if let Some(size) = sizes.first() {
        let detail = format!("the photo was announced with {size} bytes");
        return Err(ApiProblem::because(ProblemCode::RequestInvalid, detail));
    }
    let other = |ahead: &(String, u64)| ahead.0 != sha256 || ahead.1 != length;
    let is_other_here = parts.ahead_of(&device.id).await.map_err(disk)?;
    if is_other_here.as_ref().is_some_and(other)
        || announced::has_another_ahead(pool, sha256, &device.id).await?
    {
        return Err(ProblemCode::PhotoNotAnnounced.into());
    }
    Ok(parts.ahead(sha256, length, &device.id))
}
