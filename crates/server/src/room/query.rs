//! What is asked for behind the `?`, refused as a problem when it is not of
//! the documented form.

use axum::extract::{FromRequestParts, Query};
use axum::http::request::Parts;
use protocol::ProblemCode;
use serde::de::DeserializeOwned;

use crate::api_problem::ApiProblem;

/// The query of a request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiProblem> {
        Query::try_from_uri(&parts.uri)
            .map(|Query(asked)| Self(asked))
            .map_err(|cause| ApiProblem::because(ProblemCode::RequestInvalid, cause.body_text()))
    }
}
