//! Requests between a device and the endpoint's router, without a socket.

use axum::body::{Body, to_bytes};
use axum::http::{self, Response};
use bytes::Bytes;
use device::{Answer, Method, Request};
use futures_util::stream;
use tokio::sync::mpsc;

/// The largest answer that is looked at.
const ANSWER_MAX_BYTES: usize = 16 * 1024 * 1024;

/// What becomes of a request's body on its way.
pub enum Arriving {
    /// It arrives whole.
    Whole,
    /// The connection breaks after so many bytes.
    Cut(usize),
    /// After so many bytes nothing comes any more, and the connection stays.
    /// The sender is told when the endpoint waits for more.
    Hanging(usize, mpsc::UnboundedSender<()>),
}

/// The HTTP request that a device's request is.
#[must_use]
pub fn http_request(request: &Request, arriving: Arriving) -> http::Request<Body> {
    let method = match request.method {
        Method::Get => http::Method::GET,
        Method::Head => http::Method::HEAD,
        Method::Post => http::Method::POST,
        Method::Patch => http::Method::PATCH,
    };
    let mut building = http::Request::builder().method(method).uri(&request.path);
    if let Some(token) = &request.bearer {
        building = building.header("authorization", format!("Bearer {token}"));
    }
    for (name, value) in &request.headers {
        building = building.header(*name, value);
    }
    let body = match &request.body {
        Some(body) => {
            building = building
                .header("content-type", body.content_type)
                .header("content-length", body.bytes.len());
            streamed(body.bytes.clone(), arriving)
        }
        None => Body::empty(),
    };
    building.body(body).expect("a request that can be written")
}

fn streamed(bytes: Bytes, arriving: Arriving) -> Body {
    let (kept, ending) = match arriving {
        Arriving::Whole => return Body::from(bytes),
        Arriving::Cut(kept) => (kept, None),
        Arriving::Hanging(kept, waiting) => (kept, Some(waiting)),
    };
    let first = bytes.slice(..kept.min(bytes.len()));
    let start = (Some(first), ending);
    Body::from_stream(stream::unfold(start, |(first, ending)| async move {
        if let Some(first) = first {
            return Some((Ok(first), (None, ending)));
        }
        if let Some(waiting) = &ending {
            // Whoever listens may have stopped listening.
            let _ = waiting.send(());
            std::future::pending::<()>().await;
        }
        let broken = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
        Some((Err(broken), (None, None)))
    }))
}

/// The whole answer, as a device's transport gives it. `date` is what a socket
/// would have put on top.
///
/// # Errors
/// When the answer breaks off or is too large.
pub async fn answer(response: Response<Body>, date: String) -> Result<Answer, axum::Error> {
    let (parts, body) = response.into_parts();
    let mut headers: Vec<(String, String)> = parts
        .headers
        .iter()
        .filter_map(|(name, value)| {
            Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned()))
        })
        .collect();
    headers.push(("date".to_owned(), date));
    Ok(Answer {
        status: parts.status.as_u16(),
        headers,
        body: to_bytes(body, ANSWER_MAX_BYTES).await?,
    })
}
