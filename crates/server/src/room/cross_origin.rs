//! Refuses changes that another site's page asks for.
//!
//! The session cookie is `SameSite=Strict` already; this is the second lock.
//! A browser names the page's origin on every request that changes something;
//! a caller that names none is not a browser and carries no foreign cookies.

use axum::http::{HeaderMap, Uri, header};

/// Whether the request comes from a page of another origin than our own.
#[must_use]
pub(super) fn is_cross_origin(headers: &HeaderMap, uri: &Uri) -> bool {
    let text = |name: &str| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    match text("sec-fetch-site") {
        None | Some("same-origin" | "none") => {}
        Some(_) => return true,
    }
    let Some(origin) = text(header::ORIGIN.as_str()) else {
        return false;
    };
    let host = text(header::HOST.as_str()).or_else(|| uri.authority().map(|own| own.as_str()));
    let (Some(host), Some((scheme, named))) = (host, origin.split_once("://")) else {
        return true;
    };
    let default_port = if scheme == "https" { ":443" } else { ":80" };
    let plain = |text: &str| {
        let text = text.to_ascii_lowercase();
        text.strip_suffix(default_port)
            .map(str::to_owned)
            .unwrap_or(text)
    };
    plain(host) != plain(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(pairs: &[(&'static str, &'static str)]) -> bool {
        let headers = pairs
            .iter()
            .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
            .collect();
        is_cross_origin(&headers, &Uri::from_static("/v1/session"))
    }

    #[test]
    fn only_our_own_pages_and_callers_without_pages_may_change_anything() {
        assert!(!asked(&[("host", "hitung.example")]));
        assert!(!asked(&[
            ("host", "hitung.example"),
            ("origin", "https://hitung.example:443"),
            ("sec-fetch-site", "same-origin"),
        ]));
        assert!(!asked(&[
            ("host", "127.0.0.1:8080"),
            ("origin", "http://127.0.0.1:8080"),
        ]));
        for (host, origin) in [
            ("hitung.example", "https://lain.example"),
            ("hitung.example", "https://hitung.example:8443"),
            ("hitung.example", "null"),
            ("hitung.example", "https://hitung.example.lain"),
        ] {
            assert!(asked(&[("host", host), ("origin", origin)]), "{origin}");
        }
        for site in ["cross-site", "same-site", "anything"] {
            assert!(asked(&[("host", "a"), ("sec-fetch-site", site)]), "{site}");
        }
    }
}
