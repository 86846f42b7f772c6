//! A photo whose bytes are all here: looked at, put away, vouched for.
//!
//! One that came in pieces was hashed while it streamed in, and its part file
//! becomes the photo by being flushed and renamed; it is not read again (an S3
//! has to be sent the bytes, of course). Should the process end between the
//! renaming and the row, the photo lies in the store without one, and is
//! adopted when its device asks.

use std::sync::Arc;

use bytes::Bytes;
use photo::{JpegFacts, PhotoError};
use protocol::encoding::sha256_hex;
use protocol::{Envelope, ProblemCode};

use super::announced;
use super::parts::Part;
use super::read::Read;
use super::receipt::{Complete, note_complete};
use super::store::StoreError;
use crate::api_problem::ApiProblem;
use crate::app::App;

/// Bytes in which a JPEG's header usually lies; one with more before its first
/// scan is read whole.
const HEADER_BYTES: u64 = 256 * 1024;

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
    let receipt = match put_away_read(app, device, sha256, part, &mut read).await {
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

async fn put_away_read(
    app: &App,
    device: &str,
    sha256: &str,
    part: &Part,
    read: &mut Read,
) -> Result<Envelope, ApiProblem> {
    let permit = app.arrivals.completions.acquire().await;
    let _permit = permit.map_err(ApiProblem::internal)?;
    let hash = read.hash.clone().finish();
    let complete = if read.in_file == 0 {
        let bytes = read.gathered();
        let complete = judged(sha256, &hash, part.length, photo::inspect(&bytes))?;
        let put = app.photos.write(sha256, bytes).await;
        put.map_err(|error| not_put_away(&error))?;
        complete
    } else {
        read.put_aside(part).await.map_err(super::upload::disk)?;
        let here = part.received().await.map_err(super::upload::disk)?;
        if here != part.length {
            // Not the bytes that were hashed.
            return Err(ProblemCode::HashMismatch.into());
        }
        let facts = header(part).await.map_err(super::upload::disk)?;
        let complete = judged(sha256, &hash, part.length, facts)?;
        let put = app.photos.take(sha256, part.path()).await;
        put.map_err(|error| not_put_away(&error))?;
        complete
    };
    note(app, device, complete).await
}

/// Looks at the header of a photo in a part file.
async fn header(part: &Part) -> std::io::Result<Result<JpegFacts, PhotoError>> {
    let beginning = part.read_up_to(HEADER_BYTES).await?;
    match photo::inspect(&beginning) {
        Err(_) if part.length > HEADER_BYTES => Ok(photo::inspect(&part.read().await?)),
        other => Ok(other),
    }
}

fn not_put_away(error: &StoreError) -> ApiProblem {
    tracing::error!(%error, "a photo could not be put away");
    ProblemCode::StorageFull.into()
}

/// Looks at the bytes of a whole photo, puts it away durably, and only then
/// notes that it is here and gives `device` its receipt.
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
    let (bytes, looked) = looked_at(sha256, bytes).await?;
    let complete = looked?;
    let put = app.photos.write(sha256, bytes).await;
    put.map_err(|error| not_put_away(&error))?;
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
    match looked_at(sha256, bytes).await? {
        (_, Ok(complete)) => Ok(Some(note(app, device, complete).await?)),
        // Damaged: the bytes that the device sends will take its place.
        (_, Err(_)) => Ok(None),
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

/// Hashes and looks at bytes that came in one go.
async fn looked_at(
    sha256: &str,
    bytes: Bytes,
) -> Result<(Bytes, Result<Complete, ApiProblem>), ApiProblem> {
    let looking = tokio::task::spawn_blocking(move || {
        let looked = (sha256_hex(&bytes), photo::inspect(&bytes));
        (bytes, looked)
    });
    let (bytes, (hash, facts)) = looking.await.map_err(ApiProblem::internal)?;
    let size_bytes = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let complete = judged(sha256, &hash, size_bytes, facts);
    Ok((bytes, complete))
}

fn judged(
    sha256: &str,
    hash: &str,
    size_bytes: u64,
    facts: Result<JpegFacts, PhotoError>,
) -> Result<Complete, ApiProblem> {
    if hash != sha256 {
        let detail = "all bytes are here and hash to something else; send them again from 0";
        return Err(ApiProblem::because(ProblemCode::HashMismatch, detail));
    }
    let (width, height) = match facts {
        Ok(facts) => (facts.width, facts.height),
        // A JPEG all the same, only not one that is decoded here: an original
        // of an unusual camera is evidence and is kept as it is.
        Err(PhotoError::TooManyPixels { .. } | PhotoError::TooMuchMemory { .. }) => (0, 0),
        Err(cause) => {
            return Err(ApiProblem::because(
                ProblemCode::NotAPhoto,
                cause.to_string(),
            ));
        }
    };
    Ok(Complete {
        sha256: sha256.to_owned(),
        size_bytes,
        width,
        height,
    })
}
