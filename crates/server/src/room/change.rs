//! A request that changes something: from our own pages, in JSON, in bounds.
//!
//! Handlers that change something take a [`Change`] (or, without a body, a
//! [`SameOrigin`]) as an argument, so these checks cannot be forgotten.

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use protocol::ProblemCode;
use serde::de::DeserializeOwned;

use super::cross_origin::is_cross_origin;
use crate::api_problem::ApiProblem;
use crate::http::StrictJson;

/// The body of a request that may change something.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Change<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Change<T> {
    type Rejection = ApiProblem;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiProblem> {
        if is_cross_origin(request.headers(), request.uri()) {
            return Err(ProblemCode::CrossOrigin.into());
        }
        let StrictJson(body) = StrictJson::from_request(request, state).await?;
        Ok(Self(body))
    }
}

/// A request without a body that may change something. Having none, it has no
/// content type to state either.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SameOrigin;

impl<S: Send + Sync> FromRequestParts<S> for SameOrigin {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiProblem> {
        if is_cross_origin(&parts.headers, &parts.uri) {
            return Err(ProblemCode::CrossOrigin.into());
        }
        Ok(Self)
    }
}
