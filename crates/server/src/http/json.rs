//! JSON requests, read strictly: the right content type, a bounded body, and
//! no unknown keys; every refusal is a problem.

use std::time::Duration;

use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{FromRequest, Request};
use axum::http::header;
use protocol::ProblemCode;
use serde::de::DeserializeOwned;

use crate::api_problem::ApiProblem;

/// How long a JSON body may take to arrive: a full batch over a link of 4 kB/s.
const BODY_TIMEOUT: Duration = Duration::from_secs(5 * 60);

/// The body of a JSON request. How large it may be is the route's to say with
/// [`axum::extract::DefaultBodyLimit`].
pub struct StrictJson<T>(pub T);

impl<T, S> FromRequest<S> for StrictJson<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = ApiProblem;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiProblem> {
        if !is_json(&request) {
            return Err(ApiProblem::because(
                ProblemCode::UnsupportedMediaType,
                "Content-Type must be application/json",
            ));
        }
        let reading = Bytes::from_request(request, state);
        let bytes = tokio::time::timeout(BODY_TIMEOUT, reading)
            .await
            .map_err(|_| ApiProblem::new(ProblemCode::RequestTimeout))?
            .map_err(body_problem)?;
        if holds_nul(&bytes) {
            let detail = "a text must not hold the character NUL";
            return Err(ApiProblem::because(ProblemCode::RequestInvalid, detail));
        }
        serde_json::from_slice(&bytes)
            .map(Self)
            .map_err(|cause| ApiProblem::because(ProblemCode::RequestInvalid, cause.to_string()))
    }
}

fn is_json(request: &Request) -> bool {
    let given = request.headers().get(header::CONTENT_TYPE);
    let essence = given
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}

/// Whether a text of this JSON holds the character NUL, which JSON can only write
/// as an escape: `\u0000` after an even number of backslashes.
fn holds_nul(json: &[u8]) -> bool {
    const ESCAPE: &[u8] = b"\\u0000";
    let mut escapes = json
        .windows(ESCAPE.len())
        .enumerate()
        .filter(|(_, window)| *window == ESCAPE);
    escapes.any(|(at, _)| {
        let before = json.get(..at).unwrap_or_default().iter().rev();
        before.take_while(|byte| **byte == b'\\').count() % 2 == 0
    })
}

fn body_problem(rejection: BytesRejection) -> ApiProblem {
    let status = rejection.status();
    let code = match status.as_u16() {
        413 => ProblemCode::TooLarge,
        _ => ProblemCode::RequestInvalid,
    };
    ApiProblem::because(code, rejection.body_text())
}
