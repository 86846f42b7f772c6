//! Every "no" of the endpoint, as RFC 9457 problem details.
//!
//! What the caller gets is a closed code with a sentence for developers; the
//! cause of a fault of ours goes to the log, once, and never to the caller.

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use protocol::problem::PROBLEM_TYPE;
use protocol::{Problem, ProblemCode};

use crate::storage::StorageError;

/// After how many seconds an overloaded endpoint may be asked again.
const RETRY_AFTER_SECONDS: u64 = 5;

/// What handlers return when they say no.
#[derive(Debug)]
pub struct ApiProblem {
    problem: Box<Problem>,
    headers: Box<HeaderMap>,
}

impl ApiProblem {
    /// A problem with its code's title and status.
    #[must_use]
    pub fn new(code: ProblemCode) -> Self {
        let no = Self {
            problem: Box::new(Problem::new(code)),
            headers: Box::default(),
        };
        match code {
            ProblemCode::Overloaded | ProblemCode::StorageFull => {
                no.with_retry_after(RETRY_AFTER_SECONDS)
            }
            ProblemCode::TokenUnknown => {
                no.with_header(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"))
            }
            _ => no,
        }
    }

    /// A problem with what exactly is wrong, in English, for developers.
    #[must_use]
    pub fn because(code: ProblemCode, detail: impl Into<String>) -> Self {
        let mut no = Self::new(code);
        no.problem.detail = Some(detail.into());
        no
    }

    /// The same with one more header.
    #[must_use]
    pub fn with_header(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// The same with `Retry-After`.
    #[must_use]
    pub fn with_retry_after(self, seconds: u64) -> Self {
        self.with_header(header::RETRY_AFTER, HeaderValue::from(seconds))
    }

    /// A fault of ours: the cause goes to the log, not to the caller.
    #[must_use]
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!(%cause, "a request failed");
        Self::new(ProblemCode::Internal)
    }

    /// Its code.
    #[must_use]
    pub fn code(&self) -> Option<ProblemCode> {
        self.problem.code
    }

    /// The problem itself, for bodies that carry it inside.
    #[must_use]
    pub fn into_problem(self) -> Problem {
        *self.problem
    }
}

impl From<ProblemCode> for ApiProblem {
    fn from(code: ProblemCode) -> Self {
        Self::new(code)
    }
}

impl From<StorageError> for ApiProblem {
    fn from(error: StorageError) -> Self {
        let code = match &error {
            StorageError::Unavailable(_) | StorageError::Stopped => ProblemCode::Overloaded,
            StorageError::CannotWrite(_) => ProblemCode::StorageFull,
            StorageError::BrokeDown | StorageError::Corrupt { .. } | StorageError::Query(_) => {
                return Self::internal(error);
            }
        };
        tracing::warn!(%error, "a request was put off");
        Self::new(code)
    }
}

impl From<sqlx::Error> for ApiProblem {
    fn from(error: sqlx::Error) -> Self {
        StorageError::from(error).into()
    }
}

impl From<getrandom::Error> for ApiProblem {
    fn from(error: getrandom::Error) -> Self {
        Self::internal(error)
    }
}

impl IntoResponse for ApiProblem {
    fn into_response(self) -> Response {
        let status =
            StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self.problem).unwrap_or_default();
        let mut response = (
            status,
            [
                (header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM_TYPE)),
                (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            ],
            body,
        )
            .into_response();
        response.headers_mut().extend(*self.headers);
        response
    }
}
