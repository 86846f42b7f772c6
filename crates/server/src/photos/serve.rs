//! Giving photos out.

use axum::body::Body;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use protocol::ProblemCode;

use super::store::{PhotoStore, StoreError};
use crate::api_problem::ApiProblem;

/// A photo never changes under its hash; it is only for who asked.
const CACHE: &str = "private, max-age=31536000, immutable";

/// The whole photo, streamed. Whether the caller may see it has been asked
/// before.
///
/// # Errors
/// `not_found` when it is not here, `overloaded` when its place fails.
pub async fn stream(photos: &PhotoStore, sha256: &str) -> Result<Response, ApiProblem> {
    let found = photos.open_photo(sha256).await.map_err(problem)?;
    let size_bytes = found.meta.size;
    let mut response = jpeg(Body::from_stream(found.into_stream()));
    let length = HeaderValue::from(size_bytes);
    response
        .headers_mut()
        .insert(header::CONTENT_LENGTH, length);
    Ok(response)
}

/// A picture made from a photo, such as a smaller one.
#[must_use]
pub fn picture(jpeg_bytes: Vec<u8>) -> Response {
    jpeg(Body::from(Bytes::from(jpeg_bytes)))
}

fn jpeg(body: Body) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg")),
        (header::CACHE_CONTROL, HeaderValue::from_static(CACHE)),
    ];
    (headers, body).into_response()
}

fn problem(error: StoreError) -> ApiProblem {
    match error {
        StoreError::Missing => ProblemCode::NotFound.into(),
        other => {
            tracing::error!(error = %other, "a photo could not be fetched");
            ProblemCode::Overloaded.into()
        }
    }
}

impl From<StoreError> for ApiProblem {
    fn from(error: StoreError) -> Self {
        problem(error)
    }
}
