//! What of a photo has arrived, for who cannot wait for the rest.
//!
//! Reading copies are progressive: a third of the bytes is already the whole
//! picture, only coarse. Nothing here vouches for it: it is not hashed, and
//! nobody gets a receipt because of it.

use axum::http::{HeaderValue, header};
use axum::response::Response;
use protocol::ProblemCode;

use super::announced;
use super::route::{length_name, offset_name};
use super::serve::picture;
use super::upload::disk;
use crate::api_problem::ApiProblem;
use crate::app::App;

/// Ends a JPEG.
const END_OF_IMAGE: [u8; 2] = [0xff, 0xd9];

/// A photo of which a part is here.
#[derive(Debug)]
pub struct Partial {
    /// What has arrived, ended as a JPEG ends, so that it can be shown.
    pub jpeg: Vec<u8>,
    received_bytes: u64,
    size_bytes: u64,
}

/// What has arrived of a photo that is not complete.
///
/// # Errors
/// `not_found` when nothing has, or a storage problem.
pub async fn partial(app: &App, sha256: &str) -> Result<Partial, ApiProblem> {
    let announced = announced::first_by(app.storage.reading(), sha256).await?;
    let (_, size_bytes) = announced.ok_or(ProblemCode::NotFound)?;
    let part = app.arrivals.parts.named(sha256, size_bytes);
    let mut jpeg = part.read().await.map_err(disk)?;
    if jpeg.is_empty() {
        return Err(ProblemCode::NotFound.into());
    }
    let received_bytes = u64::try_from(jpeg.len()).unwrap_or(u64::MAX);
    jpeg.extend(END_OF_IMAGE);
    Ok(Partial {
        jpeg,
        received_bytes,
        size_bytes,
    })
}

impl Partial {
    /// A picture made from it, to be shown now and not kept: how much of the
    /// photo it was made from stands in its head.
    #[must_use]
    pub fn show(&self, jpeg: Vec<u8>) -> Response {
        let mut response = picture(jpeg);
        let headers = response.headers_mut();
        headers.insert(offset_name(), self.received_bytes.into());
        headers.insert(length_name(), self.size_bytes.into());
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        response
    }
}

/// Bytes that are here of a photo that is not complete and was announced with
/// this size. What cannot be looked at counts as nothing.
pub async fn received_bytes(app: &App, sha256: &str, size_bytes: u64) -> u64 {
    let part = app.arrivals.parts.named(sha256, size_bytes);
    let on_disk = part.received().await.unwrap_or_default();
    let coming = app.arrivals.gates.received(sha256);
    on_disk.max(coming.unwrap_or_default())
}
