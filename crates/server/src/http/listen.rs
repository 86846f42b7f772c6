//! The sockets: accepting connections, with time limits on what clients must
//! do next, and ending them gracefully.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, FromRequestParts, Request};
use axum::http::request::Parts;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use crate::app::AppState;

/// How long a client may take to send a request's head; also how long a
/// connection may lie idle between requests.
const HEADER_TIMEOUT: Duration = Duration::from_secs(60);
/// Most connections at a time; more wait to be accepted.
const CONNECTIONS_MAX: usize = 10_000;
/// Most bytes of a request's head.
const HEADER_MAX_BYTES: usize = 32 * 1024;
/// How long requests that run may take to finish when the endpoint stops.
const FINISH_TIMEOUT: Duration = Duration::from_secs(30);
/// How long to wait after a failed accept (no file handles left).
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);
/// How often an idle HTTP/2 client must answer a ping.
const PING_EVERY: Duration = Duration::from_secs(30);

/// Accepts until `stopping`, then lets running requests finish.
pub async fn serve(listener: TcpListener, router: Router, stopping: CancellationToken) {
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        let accept = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            () = stopping.cancelled() => break,
            accepted = accept => accepted,
        };
        match accepted {
            Ok((stream, peer)) => connect(stream, peer, router.clone(), &graceful, place.ok()),
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(FINISH_TIMEOUT, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("some requests did not finish in time and were cut off");
    }
}

fn connect(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    graceful: &GracefulShutdown,
    place: Option<OwnedSemaphorePermit>,
) {
    // Small answers (receipts) must not wait for more to send.
    let _ = stream.set_nodelay(true);
    let service = router.map_request(move |mut request: Request<_>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        request.map(axum::body::Body::new)
    });
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .max_buf_size(HEADER_MAX_BYTES.max(64 * 1024));
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(PING_EVERY)
        .max_header_list_size(u32::try_from(HEADER_MAX_BYTES).unwrap_or(u32::MAX));
    let connection = builder
        .serve_connection_with_upgrades(TokioIo::new(stream), TowerToHyperService::new(service))
        .into_owned();
    let watched = graceful.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = watched.await {
            // Phones lose their connection all the time: nothing to act on.
            tracing::debug!(%error, "a connection ended early");
        }
        drop(place);
    });
}

/// The address of who calls: for counting wrong tries, never for trust.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller(pub IpAddr);

impl FromRequestParts<AppState> for Caller {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &AppState) -> Result<Self, Infallible> {
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(IpAddr::from([0, 0, 0, 0]), |info| info.0.ip());
        let forwarded = parts
            .headers
            .get_all("x-forwarded-for")
            .iter()
            .next_back()
            .and_then(|value| value.to_str().ok())
            .and_then(|list| list.rsplit(',').next())
            .and_then(|last| last.trim().parse().ok())
            .filter(|_| app.config.trust_proxy);
        Ok(Self(forwarded.unwrap_or(peer)))
    }
}
