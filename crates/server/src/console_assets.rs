//! The counting room's screens, inside the one binary.
//!
//! A release embeds what `npm run build:console` made; a development build
//! reads it from disk when it is asked for. A file that is not there is 404,
//! an address of the console's own is answered with its page, and nothing
//! below `/v1/` ever is: a client with a wrong address gets a problem, never
//! a page that says 200.

use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use protocol::ProblemCode;
use rust_embed::RustEmbed;

use crate::api_problem::ApiProblem;

/// What the console may load: its own files only, and photos from memory.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; img-src 'self' blob:; object-src 'none'; \
     base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
/// Files whose name carries their hash never change.
const HASHED_FILES: &str = "assets/";
const FOR_EVER: &str = "public, max-age=31536000, immutable";
const ASK_AGAIN: &str = "no-cache";
const PAGE: &str = "index.html";

#[derive(RustEmbed)]
#[folder = "../../ui/dist/console"]
#[allow_missing = true]
struct BuiltConsole;

/// Answers everything that no route answers.
pub async fn serve(method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path == "v1" || path.starts_with("v1/") {
        return ApiProblem::new(ProblemCode::NotFound).into_response();
    }
    if method != Method::GET && method != Method::HEAD {
        return ApiProblem::new(ProblemCode::MethodNotAllowed).into_response();
    }
    let is_own_address = !path.starts_with(HASHED_FILES) && !path.contains('.');
    let name = if is_own_address { PAGE } else { path };
    match BuiltConsole::get(name) {
        Some(file) => answer(name, file, &headers),
        None if name == PAGE => not_built(),
        None => ApiProblem::new(ProblemCode::NotFound).into_response(),
    }
}

/// Headers that belong on every answer of the endpoint: a browser must not
/// guess types, frame our pages, or tell others where it was.
pub async fn guard(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

fn answer(name: &str, file: rust_embed::EmbeddedFile, asked: &HeaderMap) -> Response {
    let etag = format!("\"{}\"", hex::encode(file.metadata.sha256_hash()));
    let caching = if name.starts_with(HASHED_FILES) {
        FOR_EVER
    } else {
        ASK_AGAIN
    };
    let known = asked
        .get(header::IF_NONE_MATCH)
        .is_some_and(|value| value.as_bytes() == etag.as_bytes());
    let facts = [
        (header::CACHE_CONTROL, caching.to_owned()),
        (header::ETAG, etag),
    ];
    if known {
        return (StatusCode::NOT_MODIFIED, facts).into_response();
    }
    let kind = [(header::CONTENT_TYPE, content_type(&file))];
    (facts, kind, file.data.into_owned()).into_response()
}

fn content_type(file: &rust_embed::EmbeddedFile) -> String {
    let kind = file.metadata.mimetype();
    if kind.starts_with("text/") || kind.ends_with("javascript") {
        format!("{kind}; charset=utf-8")
    } else {
        kind.to_owned()
    }
}

fn not_built() -> Response {
    let page = "<!doctype html><html lang=\"id\"><meta charset=\"utf-8\"><title>Saksi</title>\
        <h1>Konsol belum dibangun</h1>\
        <p>Server berjalan, tetapi halaman ruang hitung belum ada di dalamnya.</p>\
        <h2 lang=\"en\">The console is not built</h2>\
        <p lang=\"en\">The endpoint is up, but it was built without the counting room's screens. Run \
        <code>npm ci &amp;&amp; npm run build</code> in <code>ui</code>, then build the endpoint again.</p></html>";
    (
        StatusCode::SERVICE_UNAVAILABLE,
        [(header::CACHE_CONTROL, ASK_AGAIN)],
        Html(page),
    )
        .into_response()
}
