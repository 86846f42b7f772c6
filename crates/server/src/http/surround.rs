//! What surrounds every request: limits, tracing, problems for what no
//! handler answered, and no panic that ends a connection without a word.

use std::any::Any;
use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, MatchedPath, Request, State};
use axum::http::header;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use protocol::{ProblemCode, limits};
use tokio::sync::Semaphore;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate};

use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::console_assets;
use crate::operations::metrics;

/// Most requests that are worked on at a time, long polls included.
const REQUESTS_MAX: usize = 20_000;

/// Puts the layers around `router`.
pub(super) fn with_layers(router: Router<AppState>, app: &AppState) -> Router<AppState> {
    let room = Arc::new(Semaphore::new(REQUESTS_MAX));
    router
        .fallback(console_assets::serve)
        .method_not_allowed_fallback(|| async { ApiProblem::new(ProblemCode::MethodNotAllowed) })
        .layer(DefaultBodyLimit::max(limits::JSON_BODY_MAX_BYTES))
        .layer(middleware::from_fn(without_nul))
        .layer(middleware::map_response(as_problem))
        .layer(middleware::from_fn_with_state(room, bounded))
        .layer(middleware::from_fn(traced))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&app.metrics),
            metrics::count_requests,
        ))
        // Pictures, event streams and zips are left as they are.
        .layer(CompressionLayer::new().compress_when(compressible()))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::map_response(console_assets::guard))
}

fn compressible() -> impl Predicate {
    DefaultPredicate::new().and(NotForContentType::new("application/zip"))
}

async fn bounded(State(room): State<Arc<Semaphore>>, request: Request, next: Next) -> Response {
    match room.try_acquire() {
        Ok(_permit) => next.run(request).await,
        Err(_) => ApiProblem::new(ProblemCode::Overloaded).into_response(),
    }
}

/// No name, code or word of an address has a NUL, and PostgreSQL takes none. Of a
/// body [`super::StrictJson`] says the same.
async fn without_nul(request: Request, next: Next) -> Response {
    let uri = request.uri();
    let query = uri.query().unwrap_or_default();
    if [uri.path(), query].iter().any(|part| part.contains("%00")) {
        let detail = "an address must not hold the character NUL";
        return ApiProblem::because(ProblemCode::RequestInvalid, detail).into_response();
    }
    next.run(request).await
}

/// Refusals that the framework makes by itself (a path that is not UTF-8, say)
/// become problems like all others.
async fn as_problem(response: Response) -> Response {
    let status = response.status().as_u16();
    let content_type = response.headers().get(header::CONTENT_TYPE);
    let is_plain = content_type
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with("text/plain"));
    if status < 400 || !is_plain {
        return response;
    }
    let code = match status {
        404 => ProblemCode::NotFound,
        405 => ProblemCode::MethodNotAllowed,
        413 => ProblemCode::TooLarge,
        415 => ProblemCode::UnsupportedMediaType,
        400..500 => ProblemCode::RequestInvalid,
        _ => ProblemCode::Internal,
    };
    ApiProblem::new(code).into_response()
}

/// One line per request: route, status and time. The route's pattern, not the
/// path: paths hold hashes and places, and nothing of a body is ever logged.
async fn traced(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or_else(|| "-".to_owned(), |path| path.as_str().to_owned());
    let started = std::time::Instant::now();
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let ms = started.elapsed().as_millis();
    if status >= 500 {
        tracing::warn!(%method, route, status, ms, "request");
    } else {
        tracing::debug!(%method, route, status, ms, "request");
    }
    response
}

fn panicked(cause: Box<dyn Any + Send>) -> Response {
    let text = cause
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| cause.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    ApiProblem::internal(format!("panic: {text}")).into_response()
}
