//! Photos that come whole, in a bundle.

use bytes::Bytes;
use protocol::revision::RevisionStatus;
use protocol::{Envelope, ProblemCode};

use super::announced;
use super::complete::put_away;
use super::receipt::{given, size_of, vouch};
use crate::api_problem::ApiProblem;
use crate::app::App;

/// Takes a whole photo in for `carrier`, or for the device that announced it
/// first when there is none, and returns that device's receipt and whether the
/// photo is new here.
///
/// A part of it that an upload has left is not touched: another process may be
/// at it, and the sweep removes it in time.
///
/// # Errors
/// `photo_not_announced` when no revision that is taken in names it,
/// `hash_mismatch` or `not_a_photo`, or a storage problem.
pub(crate) async fn take_whole(
    app: &App,
    carrier: Option<&str>,
    sha256: &str,
    bytes: Bytes,
) -> Result<(RevisionStatus, Envelope), ApiProblem> {
    let (device, sizes) = announced_to(app, carrier, sha256).await?;
    if let Some(receipt) = known(app, &device, sha256).await? {
        return Ok((RevisionStatus::Known, receipt));
    }
    if !u64::try_from(bytes.len()).is_ok_and(|size| sizes.contains(&size)) {
        let detail = "the photo was announced with another size";
        return Err(ApiProblem::because(ProblemCode::RequestInvalid, detail));
    }
    let size_bytes = bytes.len();
    let _pass = app.arrivals.gates.enter(sha256).await;
    if let Some(receipt) = known(app, &device, sha256).await? {
        return Ok((RevisionStatus::Known, receipt));
    }
    let receipt = put_away(app, &device, sha256, bytes).await?;
    app.metrics
        .photo_bytes(u64::try_from(size_bytes).unwrap_or(u64::MAX));
    Ok((RevisionStatus::Stored, receipt))
}

/// Whose receipt it will be, and the sizes that were announced.
async fn announced_to(
    app: &App,
    carrier: Option<&str>,
    sha256: &str,
) -> Result<(String, Vec<u64>), ApiProblem> {
    let pool = app.storage.reading();
    let found = match carrier {
        Some(carrier) => Some((
            carrier.to_owned(),
            announced::sizes(pool, sha256, carrier).await?,
        )),
        None => announced::first_by(pool, sha256)
            .await?
            .map(|(device, size)| (device, vec![size])),
    };
    found
        .filter(|(_, sizes)| !sizes.is_empty())
        .ok_or_else(|| ProblemCode::PhotoNotAnnounced.into())
}

/// The receipt of `device`, when the photo is here.
async fn known(app: &App, device: &str, sha256: &str) -> Result<Option<Envelope>, ApiProblem> {
    let pool = app.storage.reading();
    if size_of(pool, sha256).await?.is_none() {
        return Ok(None);
    }
    if let Some(receipt) = given(pool, sha256, device).await? {
        return Ok(Some(receipt));
    }
    let key = std::sync::Arc::clone(&app.key);
    let (sha256, device) = (sha256.to_owned(), device.to_owned());
    let receipt: Result<Envelope, ApiProblem> = app
        .writer
        .run(move |tx| Box::pin(async move { Ok(vouch(tx, key, sha256, device).await?) }))
        .await;
    Ok(Some(receipt?))
}
