//! How a request goes to an address and an answer comes back.

use bytes::Bytes;
pub use futures_util::future::BoxFuture;

use crate::address::Address;
use crate::trouble::TroubleReport;

/// Carries requests. The real one is [`crate::Http`]; tests and simulations
/// bring their own.
pub trait Transport: Send + Sync + 'static {
    /// Sends `request` to `address` and waits for the whole answer, whatever
    /// its status. Redirects are answers.
    ///
    /// # Errors
    /// [`TroubleReport`] when no whole answer came.
    fn send<'a>(
        &'a self,
        address: &'a Address,
        request: Request,
    ) -> BoxFuture<'a, Result<Answer, TroubleReport>>;
}

/// The methods that the wire uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Asks how far an upload is.
    Head,
    /// Sends JSON.
    Post,
    /// Sends a piece of a photo.
    Patch,
}

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its method.
    pub method: Method,
    /// Path and query, such as `/v1/pack`.
    pub path: String,
    /// The device's token.
    pub bearer: Option<String>,
    /// Further headers, names in lower case.
    pub headers: Vec<(&'static str, String)>,
    /// What it carries.
    pub body: Option<Body>,
    /// How much longer than usual the answer may take, in milliseconds: a
    /// long-polled inbox answers late on purpose.
    pub extra_wait_ms: u64,
}

/// What a request carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// Its media type.
    pub content_type: &'static str,
    /// Its bytes.
    pub bytes: Bytes,
}

impl Request {
    /// A request without body.
    #[must_use]
    pub fn new(method: Method, path: impl Into<String>) -> Self {
        Self {
            method,
            path: path.into(),
            bearer: None,
            headers: Vec::new(),
            body: None,
            extra_wait_ms: 0,
        }
    }

    /// A request that carries JSON.
    ///
    /// # Errors
    /// When `value` cannot be written as JSON.
    pub fn json<T: serde::Serialize>(
        method: Method,
        path: impl Into<String>,
        value: &T,
    ) -> Result<Self, serde_json::Error> {
        let body = Body {
            content_type: "application/json",
            bytes: serde_json::to_vec(value)?.into(),
        };
        Ok(Self {
            body: Some(body),
            ..Self::new(method, path)
        })
    }

    /// The same with one more header.
    #[must_use]
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

/// One whole answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Bytes,
}

impl Answer {
    /// A header's value.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(own, _)| own == name);
        found.map(|(_, value)| value.as_str())
    }

    /// A header that is a number.
    #[must_use]
    pub fn number(&self, name: &str) -> Option<u64> {
        self.header(name)?.trim().parse().ok()
    }
}
