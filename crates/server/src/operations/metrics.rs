//! What the endpoint counts about itself, in the text that Prometheus reads.
//!
//! Numbers only: no figures of a form, no names, no ids. A route stands for
//! all its addresses, so that the number of series stays bounded whatever is
//! asked for.
//!
//! `/metrics` is served on a listener of its own (`--metrics-listen`), or on
//! the public one to whoever shows the token in `SAKSI_METRICS_TOKEN`; without
//! either there is no such address.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use subtle::ConstantTimeEq;
use tokio::net::TcpListener;

use crate::app::AppState;

/// Media type of the answer.
const METRICS_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
/// Upper bounds of the duration buckets, in seconds.
const DURATION_BUCKETS_SECONDS: [f64; 9] = [0.001, 0.005, 0.02, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];

/// Which request, as a label.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct RequestLabels {
    /// The route's pattern, such as `/v1/slots`.
    pub route: String,
    /// The method.
    pub method: String,
    /// The status it was answered with.
    pub status: u16,
}

/// Which route, as a label.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct RouteLabels {
    /// The route's pattern.
    pub route: String,
}

/// What became of something, as a label.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
pub struct OutcomeLabels {
    /// Such as `stored`, `known`, `refused`; `right`, `wrong`, `throttled`.
    pub outcome: &'static str,
}

/// All counters of one endpoint.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<RequestLabels, Counter>,
    request_duration: Family<RouteLabels, Histogram>,
    revisions: Family<OutcomeLabels, Counter>,
    sign_ins: Family<OutcomeLabels, Counter>,
    decisions: Counter,
    photos: Counter,
    photo_bytes: Counter,
    /// Commands waiting for their transaction.
    pub writer_queue: Gauge,
    /// Consoles that follow the events.
    pub event_followers: Gauge,
}

impl Default for Metrics {
    fn default() -> Self {
        let request_duration = Family::new_with_constructor(
            (|| Histogram::new(DURATION_BUCKETS_SECONDS)) as fn() -> Histogram,
        );
        let mut metrics = Self {
            registry: Registry::with_prefix("saksi"),
            requests: Family::default(),
            request_duration,
            revisions: Family::default(),
            sign_ins: Family::default(),
            decisions: Counter::default(),
            photos: Counter::default(),
            photo_bytes: Counter::default(),
            writer_queue: Gauge::default(),
            event_followers: Gauge::default(),
        };
        metrics.register();
        metrics
    }
}

impl Metrics {
    fn register(&mut self) {
        let all = &mut self.registry;
        all.register("requests", "Requests answered", self.requests.clone());
        all.register_with_unit(
            "request_duration",
            "Time until the answer's head",
            Unit::Seconds,
            self.request_duration.clone(),
        );
        all.register("revisions", "Envelopes by outcome", self.revisions.clone());
        all.register("sign_ins", "Sign-ins by outcome", self.sign_ins.clone());
        all.register("decisions", "Rulings taken", self.decisions.clone());
        all.register("photos", "Photos completed", self.photos.clone());
        all.register_with_unit(
            "photo_received",
            "Bytes of photos that have arrived",
            Unit::Bytes,
            self.photo_bytes.clone(),
        );
        all.register(
            "writer_queue",
            "Commands waiting for their transaction",
            self.writer_queue.clone(),
        );
        all.register(
            "event_followers",
            "Consoles that follow the events",
            self.event_followers.clone(),
        );
    }

    /// Counts `count` envelopes that became `outcome`.
    pub fn revisions(&self, outcome: &'static str, count: u64) {
        let labels = OutcomeLabels { outcome };
        self.revisions.get_or_create(&labels).inc_by(count);
    }

    /// Counts a sign-in.
    pub fn sign_in(&self, outcome: &'static str) {
        let labels = OutcomeLabels { outcome };
        self.sign_ins.get_or_create(&labels).inc();
    }

    /// Counts a ruling.
    pub fn decision(&self) {
        self.decisions.inc();
    }

    /// Counts a completed photo.
    pub fn photo(&self) {
        self.photos.inc();
    }

    /// Counts bytes of photos that have arrived, complete or not.
    pub fn photo_bytes(&self, size_bytes: u64) {
        self.photo_bytes.inc_by(size_bytes);
    }

    fn request(&self, labels: &RequestLabels, started: Instant) {
        self.requests.get_or_create(labels).inc();
        let route = RouteLabels {
            route: labels.route.clone(),
        };
        self.request_duration
            .get_or_create(&route)
            .observe(started.elapsed().as_secs_f64());
    }

    /// All counters as text.
    #[must_use]
    pub fn text(&self) -> String {
        let mut out = String::new();
        // Writing to a string does not fail.
        let _ = text::encode(&mut out, &self.registry);
        out
    }
}

/// Whether the caller shows `token` as its bearer token.
#[must_use]
pub fn shows_token(headers: &HeaderMap, token: &str) -> bool {
    let shown = headers
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    shown.is_some_and(|shown| bool::from(shown.as_bytes().ct_eq(token.as_bytes())))
}

/// Counts every request by route and status. A layer around the whole router.
pub async fn count_requests(
    State(metrics): State<Arc<Metrics>>,
    request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("console", MatchedPath::as_str)
        .to_owned();
    let method = request.method().as_str().to_owned();
    let response = next.run(request).await;
    let labels = RequestLabels {
        route,
        // Methods are free text; only the usual ones become a series.
        method: if is_usual(&method) {
            method
        } else {
            "other".to_owned()
        },
        status: response.status().as_u16(),
    };
    metrics.request(&labels, started);
    response
}

fn is_usual(method: &str) -> bool {
    ["GET", "HEAD", "POST", "PATCH", "DELETE"].contains(&method)
}

/// The counters of `app` as an answer, with what is only known when asked.
#[must_use]
pub fn answer(app: &AppState) -> Response {
    let waiting = i64::try_from(app.writer.waiting()).unwrap_or(i64::MAX);
    app.metrics.writer_queue.set(waiting);
    ([(header::CONTENT_TYPE, METRICS_TYPE)], app.metrics.text()).into_response()
}

/// Serves `/metrics`, and nothing else, on a listener of its own, until the
/// endpoint stops.
pub async fn serve_alone(listener: TcpListener, app: AppState) {
    let stop = app.stopping.clone();
    let router = axum::Router::new()
        .route(
            "/metrics",
            get(|State(app): State<AppState>| async move { answer(&app) }),
        )
        .fallback(|| async { StatusCode::NOT_FOUND })
        .with_state(app);
    let serving =
        axum::serve(listener, router).with_graceful_shutdown(async move { stop.cancelled().await });
    if let Err(error) = serving.await {
        tracing::error!(%error, "the metrics' listener ended badly");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_are_written_as_prometheus_reads_them() {
        let metrics = Metrics::default();
        metrics.revisions("stored", 3);
        metrics.photo_bytes(300_000);
        let text = metrics.text();
        assert!(
            text.contains("saksi_revisions_total{outcome=\"stored\"} 3\n"),
            "{text}"
        );
        assert!(
            text.contains("saksi_photo_received_bytes_total 300000\n"),
            "{text}"
        );
        assert!(text.ends_with("# EOF\n"));
    }

    #[test]
    fn only_the_very_token_opens() {
        let shown = |value: &'static str| {
            let headers = [(header::AUTHORIZATION, value.parse().unwrap())]
                .into_iter()
                .collect();
            shows_token(&headers, "rahasia")
        };
        assert!(shown("Bearer rahasia"));
        assert!(!shown("Bearer rahasi"));
        assert!(!shown("rahasia"));
        assert!(!shows_token(&HeaderMap::new(), "rahasia"));
    }
}
