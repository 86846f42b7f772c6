//! A photo whose bytes are all here: hashed, looked at, put away, vouched for.

use std::sync::Arc;

use bytes::Bytes;
use photo::PhotoError;
use protocol::encoding::sha256_hex;
use protocol::{Envelope, ProblemCode};

use super::announced;
use super::parts::Part;
use super::read::Read;
use super::receipt::{Complete, note_complete};
use crate::api_problem::ApiProblem;
use crate::app::App;

/// Puts the photo away and returns the receipt of `device`.
///
/// # Errors
/// `hash_mismatch` or `not_a_photo`, after which nothing of it is left; or a
/// storage problem, after which all of its bytes are.
pub(super) async fn complete(
    app: &App,
    device: &str,
    sha256: &str,
    part: &Part,
    mut read: Read,
) -> Result<Envelope, ApiProblem> {
    let bytes = gathered(part, &read).await.map_err(ApiProblem::internal)?;
    let receipt = match put_away(app, device, sha256, bytes).await {
        Ok(receipt) => receipt,
        Err(no) => {
            return Err(match no.code() {
                Some(ProblemCode::HashMismatch | ProblemCode::NotAPhoto) => {
                    part.discard().await.map_err(ApiProblem::internal)?;
                    no.with_header(super::route::offset_name(), 0_u64.into())
                }
                _ => {
                    // Kept, so that the device need not send it again.
                    read.put_aside(part).await.map_err(ApiProblem::internal)?;
                    no
                }
            });
        }
    };
    if let Err(error) = part.discard().await {
        // Left for the sweep: the photo itself is safe.
        tracing::warn!(%error, "a part file could not be removed");
    }
    Ok(receipt)
}

/// Looks at the bytes of a photo, puts it away durably, and only then notes
/// that it is here and gives `device` its receipt.
///
/// # Errors
/// `hash_mismatch` or `not_a_photo`, or a storage problem.
pub(super) async fn put_away(
    app: &App,
    device: &str,
    sha256: &str,
    bytes: Bytes,
) -> Result<Envelope, ApiProblem> {
    let permit = app.arrivals.completions.acquire().await;
    let _permit = permit.map_err(ApiProblem::internal)?;
    let (bytes, looked) = looked_at(bytes).await?;
    let complete = judged(sha256, looked)?;
    if let Err(error) = app.photos.write(sha256, bytes).await {
        tracing::error!(%error, "a photo could not be put away");
        return Err(ProblemCode::StorageFull.into());
    }
    note(app, device, complete).await
}

/// A photo that lies in the photo store without a row, as after the database
/// was restored from an older backup than the photos: noted, without its bytes
/// being sent again. `None` when it is not there, or not sound.
///
/// # Errors
/// A storage problem.
pub(super) async fn adopt(
    app: &App,
    device: &str,
    sha256: &str,
    size_bytes: u64,
) -> Result<Option<Envelope>, ApiProblem> {
    if app.photos.size(sha256).await? != Some(size_bytes) {
        return Ok(None);
    }
    let announced = announced::sizes(app.storage.reading(), sha256, device).await?;
    if !announced.contains(&size_bytes) {
        return Ok(None);
    }
    let permit = app.arrivals.completions.acquire().await;
    let _permit = permit.map_err(ApiProblem::internal)?;
    let bytes = app.photos.read(sha256).await?;
    let (_, looked) = looked_at(bytes).await?;
    match judged(sha256, looked) {
        Ok(complete) => Ok(Some(note(app, device, complete).await?)),
        // Damaged: the bytes that the device sends will take its place.
        Err(_) => Ok(None),
    }
}

async fn note(app: &App, device: &str, complete: Complete) -> Result<Envelope, ApiProblem> {
    let key = Arc::clone(&app.key);
    let id = device.to_owned();
    let receipt: Result<Envelope, ApiProblem> = app
        .writer
        .run(move |tx| Box::pin(async move { Ok(note_complete(tx, key, complete, id).await?) }))
        .await;
    let receipt = receipt?;
    app.metrics.photo();
    Ok(receipt)
}

async fn looked_at(bytes: Bytes) -> Result<(Bytes, Looked), ApiProblem> {
    let looking = tokio::task::spawn_blocking(move || {
        let looked = look(&bytes);
        (bytes, looked)
    });
    looking.await.map_err(ApiProblem::internal)
}

async fn gathered(part: &Part, read: &Read) -> std::io::Result<Bytes> {
    let mut whole = if read.in_file == 0 {
        Vec::with_capacity(usize::try_from(read.received).unwrap_or_default())
    } else {
        part.read().await?
    };
    for piece in &read.in_memory {
        whole.extend_from_slice(piece);
    }
    Ok(whole.into())
}

struct Looked {
    sha256: String,
    size_bytes: u64,
    facts: Result<(u32, u32), PhotoError>,
}

fn look(bytes: &[u8]) -> Looked {
    let facts = match photo::inspect(bytes) {
        Ok(facts) => Ok((facts.width, facts.height)),
        // A JPEG all the same, only not one that is decoded here: an original
        // of an unusual camera is evidence and is kept as it is.
        Err(PhotoError::TooManyPixels { .. } | PhotoError::TooMuchMemory { .. }) => Ok((0, 0)),
        Err(other) => Err(other),
    };
    Looked {
        sha256: sha256_hex(bytes),
        size_bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        facts,
    }
}

fn judged(sha256: &str, looked: Looked) -> Result<Complete, ApiProblem> {
    if looked.sha256 != sha256 {
        let detail = "all bytes are here and hash to something else; send them again from 0";
        return Err(ApiProblem::because(ProblemCode::HashMismatch, detail));
    }
    let (width, height) = looked
        .facts
        .map_err(|cause| ApiProblem::because(ProblemCode::NotAPhoto, cause.to_string()))?;
    Ok(Complete {
        sha256: looked.sha256,
        size_bytes: looked.size_bytes,
        width,
        height,
    })
}
