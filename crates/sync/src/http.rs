//! The real transport: HTTP/1.1 over TLS with explicit roots.
//!
//! Redirects are not followed, because an endpoint gives none and a log-in page
//! does. There is a limit on connecting and on silence, none on the whole: a
//! slow link may take as long as it gets on. Proxies named in the environment
//! are not used: a witness's figures go to the endpoint and to nobody else.

use std::error::Error as _;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, UnixTime};
use rustls::time_provider::TimeProvider;
use rustls::{CertificateError, ClientConfig, RootCertStore};

use crate::address::Address;
use crate::clock::Clock;
use crate::transport::{Answer, BoxFuture, Method, Request, Transport};
use crate::trouble::{Trouble, TroubleReport};

/// The largest answer that is read, in bytes: a pack of a legislative election
/// is well below it.
const ANSWER_MAX_BYTES: usize = 8 * 1024 * 1024;
/// How long an unused connection is kept, in milliseconds; below what
/// endpoints and mobile networks keep it.
const POOL_IDLE_MS: u64 = 20_000;

/// How long to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection, TLS included, in milliseconds.
    pub connect_ms: u64,
    /// For the beginning of an answer once a request is on its way, and
    /// between two parts of its body, in milliseconds.
    pub silence_ms: u64,
    /// The slowest link that is waited for, in bytes per second: the time that
    /// a request's body takes at that rate is added to the wait.
    pub slowest_bytes_per_s: u64,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect_ms: 15_000,
            silence_ms: 30_000,
            slowest_bytes_per_s: 1_000,
        }
    }
}

/// Whose certificates are believed.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// Further roots in PEM, beside those that browsers carry: for endpoints
    /// in a network of their own.
    pub extra_roots_pem: Vec<u8>,
}

/// Why there can be no transport.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    /// The extra roots are not certificates in PEM.
    #[error("the extra roots cannot be read: {0}")]
    Roots(String),
    /// TLS cannot be set up.
    #[error("TLS cannot be set up: {0}")]
    Tls(#[from] rustls::Error),
    /// The HTTP client cannot be set up.
    #[error("HTTP cannot be set up: {0}")]
    Client(#[from] reqwest::Error),
}

/// HTTP to a real endpoint.
#[derive(Debug, Clone)]
pub struct Http {
    client: reqwest::Client,
    timeouts: Timeouts,
}

impl Http {
    /// A transport that believes `trust` and judges certificates by `clock`.
    ///
    /// # Errors
    /// [`HttpError`].
    pub fn new(
        trust: &Trust,
        timeouts: Timeouts,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, HttpError> {
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls(trust, clock)?)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .connect_timeout(Duration::from_millis(timeouts.connect_ms))
            .pool_idle_timeout(Duration::from_millis(POOL_IDLE_MS))
            .user_agent(concat!("saksi/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self { client, timeouts })
    }

    async fn exchange(&self, address: &Address, request: Request) -> Result<Answer, TroubleReport> {
        let wait = self.wait(&request);
        let built = self.build(address, request)?;
        let sending = tokio::time::timeout(wait, built.send());
        let mut response = match sending.await {
            Ok(Ok(response)) => response,
            Ok(Err(cause)) => return Err(report(&cause)),
            Err(_) => return Err(silence()),
        };
        let status = response.status().as_u16();
        let headers = response
            .headers()
            .iter()
            .filter_map(|(name, value)| {
                Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
            })
            .collect();
        let body = self.body(&mut response).await?;
        Ok(Answer {
            status,
            headers,
            body,
        })
    }

    fn build(
        &self,
        address: &Address,
        request: Request,
    ) -> Result<reqwest::RequestBuilder, TroubleReport> {
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Head => reqwest::Method::HEAD,
            Method::Post => reqwest::Method::POST,
            Method::Patch => reqwest::Method::PATCH,
        };
        let mut building = self.client.request(method, address.url(&request.path)?);
        if let Some(token) = &request.bearer {
            building = building.bearer_auth(token);
        }
        for (name, value) in request.headers {
            building = building.header(name, value);
        }
        if let Some(body) = request.body {
            building = building
                .header(reqwest::header::CONTENT_TYPE, body.content_type)
                .body(body.bytes);
        }
        Ok(building)
    }

    /// How long the answer may take to begin.
    fn wait(&self, request: &Request) -> Duration {
        let body_bytes = request.body.as_ref().map_or(0, |body| body.bytes.len());
        let body_bytes = u64::try_from(body_bytes).unwrap_or(u64::MAX);
        let sending_ms =
            body_bytes.saturating_mul(1_000) / self.timeouts.slowest_bytes_per_s.max(1);
        Duration::from_millis(
            self.timeouts
                .silence_ms
                .saturating_add(sending_ms)
                .saturating_add(request.extra_wait_ms),
        )
    }

    async fn body(&self, response: &mut reqwest::Response) -> Result<Bytes, TroubleReport> {
        let silence_limit = Duration::from_millis(self.timeouts.silence_ms);
        let mut body = BytesMut::new();
        loop {
            match tokio::time::timeout(silence_limit, response.chunk()).await {
                Ok(Ok(Some(part))) => body.extend_from_slice(&part),
                Ok(Ok(None)) => return Ok(body.freeze()),
                Ok(Err(cause)) => return Err(report(&cause)),
                Err(_) => return Err(silence()),
            }
            if body.len() > ANSWER_MAX_BYTES {
                return Err(TroubleReport::new(
                    Trouble::CaptivePortal,
                    "an answer larger than any of the endpoint's",
                ));
            }
        }
    }
}

impl Transport for Http {
    fn send<'a>(
        &'a self,
        address: &'a Address,
        request: Request,
    ) -> BoxFuture<'a, Result<Answer, TroubleReport>> {
        Box::pin(self.exchange(address, request))
    }
}

fn silence() -> TroubleReport {
    TroubleReport::new(Trouble::NoAnswer, "silence for too long")
}

/// What an error of the client means for the witness.
fn report(cause: &reqwest::Error) -> TroubleReport {
    let trouble = match tls_error(cause) {
        Some(rustls::Error::InvalidCertificate(
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. },
        )) => Trouble::WrongClock,
        Some(_) => Trouble::InsecureConnection,
        // Something took the call and said nothing, or nothing came through.
        None if cause.is_timeout() => Trouble::NoAnswer,
        None if cause.is_connect() => Trouble::NoConnection,
        None => Trouble::NoAnswer,
    };
    let mut prose = cause.to_string();
    let mut source = cause.source();
    while let Some(inner) = source {
        prose = format!("{prose}: {inner}");
        source = inner.source();
    }
    TroubleReport::new(trouble, prose)
}

/// The TLS error at the bottom of an error, if there is one. An I/O error
/// hides what it carries from `source`, so it is asked itself.
fn tls_error(cause: &reqwest::Error) -> Option<&rustls::Error> {
    let mut source = cause.source();
    while let Some(inner) = source {
        if let Some(found) = inner.downcast_ref::<rustls::Error>() {
            return Some(found);
        }
        let carried = inner
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref);
        source = match carried {
            Some(carried) => Some(carried),
            None => inner.source(),
        };
    }
    None
}

/// The device's clock, as certificates are judged by.
#[derive(Clone)]
struct ByClock(Arc<dyn Clock>);

impl std::fmt::Debug for ByClock {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("ByClock")
    }
}

impl TimeProvider for ByClock {
    fn current_time(&self) -> Option<UnixTime> {
        let millis = u64::try_from(self.0.now().unix_ms()).ok()?;
        Some(UnixTime::since_unix_epoch(Duration::from_millis(millis)))
    }
}

fn tls(trust: &Trust, clock: Arc<dyn Clock>) -> Result<ClientConfig, HttpError> {
    let mut roots = RootCertStore {
        roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
    };
    for certificate in CertificateDer::pem_slice_iter(&trust.extra_roots_pem) {
        let certificate = certificate.map_err(|cause| HttpError::Roots(cause.to_string()))?;
        roots
            .add(certificate)
            .map_err(|cause| HttpError::Roots(cause.to_string()))?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    Ok(
        ClientConfig::builder_with_details(provider, Arc::new(ByClock(clock)))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth(),
    )
}
