//! Query strings, read strictly: what is not documented is refused with a
//! problem.

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use protocol::ProblemCode;
use serde::de::DeserializeOwned;

use crate::api_problem::ApiProblem;

/// The query string of a request.
pub struct StrictQuery<T>(pub T);

impl<T, S> FromRequestParts<S> for StrictQuery<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiProblem> {
        Query::from_request_parts(parts, state)
            .await
            .map(|Query(query)| Self(query))
            .map_err(|cause| ApiProblem::because(ProblemCode::RequestInvalid, cause.body_text()))
    }
}
