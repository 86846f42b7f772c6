//! Is it alive, can it write, and what has it counted.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use protocol::ProblemCode;

use super::metrics::{self, shows_token};
use crate::api_problem::ApiProblem;
use crate::app::AppState;
use crate::storage::StorageError;

/// How long a write may take before the endpoint is called not ready.
const WRITE_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a write that worked is taken as the answer: asking is open to
/// everybody, and each write is a flush to disk.
const ANSWER_HOLDS: Duration = Duration::from_secs(1);

/// When a write last worked.
#[derive(Debug, Default)]
pub struct Readiness(Mutex<Option<Instant>>);

impl Readiness {
    fn holds(&self) -> bool {
        self.0
            .lock()
            .is_ok_and(|last| last.is_some_and(|last| last.elapsed() < ANSWER_HOLDS))
    }

    fn worked(&self) {
        if let Ok(mut last) = self.0.lock() {
            *last = Some(Instant::now());
        }
    }
}

/// Whether the process answers at all.
#[utoipa::path(get, path = "/healthz", tag = "operations", responses(
    (status = 200, description = "Alive", content_type = "text/plain", body = String),
))]
pub async fn alive() -> Response {
    ([(header::CACHE_CONTROL, "no-store")], "ok\n").into_response()
}

/// Whether it can write: makes a real, tiny, durable write.
#[utoipa::path(get, path = "/readyz", tag = "operations", responses(
    (status = 200, description = "Can write", content_type = "text/plain", body = String),
    (status = 503, description = "Cannot write at the moment"),
))]
pub async fn ready(State(app): State<AppState>) -> Result<Response, ApiProblem> {
    if !app.readiness.holds() {
        let write = app.writer.run::<_, StorageError, _>(|tx| {
            Box::pin(async move {
                let now = tx.now_ms().to_string();
                sqlx::query(
                    "INSERT INTO meta (key, value) VALUES ('ready_at', $1)
                     ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                )
                .bind(now)
                .execute(tx.conn())
                .await?;
                Ok(())
            })
        });
        match tokio::time::timeout(WRITE_TIMEOUT, write).await {
            Ok(Ok(())) => app.readiness.worked(),
            Ok(Err(error)) => {
                tracing::warn!(%error, "not ready: the storage cannot be written");
                return Err(ProblemCode::StorageFull.into());
            }
            Err(_) => {
                tracing::warn!("not ready: a write takes too long");
                return Err(ProblemCode::Overloaded.into());
            }
        }
    }
    Ok(([(header::CACHE_CONTROL, "no-store")], "ok\n").into_response())
}

/// What the endpoint has counted, for who shows the token of the metrics.
#[utoipa::path(get, path = "/metrics", tag = "operations", responses(
    (status = 200, description = "Counters", content_type = "application/openmetrics-text", body = String),
    (status = 404, description = "No token is set, or another was shown"),
))]
pub async fn counters(
    State(app): State<AppState>,
    headers: HeaderMap,
) -> Result<Response, ApiProblem> {
    let token = app.config.metrics_token.as_deref();
    if !token.is_some_and(|token| shows_token(&headers, token)) {
        return Err(ProblemCode::NotFound.into());
    }
    Ok(metrics::answer(&app))
}
