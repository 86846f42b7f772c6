//! The body of an upload: from our own pages, of the right kind, in bounds.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts as _, Request};
use axum::http::{StatusCode, header};
use protocol::ProblemCode;
use protocol::workbook::WORKBOOK_TYPE;

use crate::api_problem::ApiProblem;
use crate::room::SameOrigin;

/// How long a workbook may take to arrive.
const BODY_TIMEOUT: Duration = Duration::from_secs(5 * 60);

/// The bytes of a workbook; the route bounds how many.
pub(super) struct Uploaded(pub Bytes);

impl<S: Send + Sync> FromRequest<S> for Uploaded {
    type Rejection = ApiProblem;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiProblem> {
        let (mut parts, body) = request.into_parts();
        SameOrigin::from_request_parts(&mut parts, state).await?;
        let kind = parts
            .headers
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok());
        if !kind.is_some_and(|kind| kind.eq_ignore_ascii_case(WORKBOOK_TYPE)) {
            let detail = format!("Content-Type must be {WORKBOOK_TYPE}");
            return Err(ApiProblem::because(
                ProblemCode::UnsupportedMediaType,
                detail,
            ));
        }
        let reading = Bytes::from_request(Request::from_parts(parts, body), state);
        let bytes = tokio::time::timeout(BODY_TIMEOUT, reading)
            .await
            .map_err(|_| ApiProblem::new(ProblemCode::RequestTimeout))?;
        bytes.map(Self).map_err(|rejection| {
            let code = match rejection.status() {
                StatusCode::PAYLOAD_TOO_LARGE => ProblemCode::TooLarge,
                _ => ProblemCode::RequestInvalid,
            };
            ApiProblem::because(code, rejection.body_text())
        })
    }
}
