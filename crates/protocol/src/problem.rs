//! What went wrong, as RFC 9457 problem details with a closed code.
//!
//! A client branches on `code`, never on the text. The screens hold a sentence
//! for every code; a missing one fails their type check.

use serde::{Deserialize, Serialize};

/// Media type of a problem.
pub const PROBLEM_TYPE: &str = "application/problem+json";

/// Every way in which the endpoint can say no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum ProblemCode {
    /// No such enrolment code.
    EnrolCodeUnknown,
    /// This enrolment code was used by another device.
    EnrolCodeUsed,
    /// This enrolment code has expired.
    EnrolCodeExpired,
    /// Too many wrong tries.
    EnrolThrottled,
    /// The proof was not made with this key over this code.
    ProofInvalid,
    /// No such token.
    TokenUnknown,
    /// This device has been revoked.
    DeviceRevoked,
    /// This slot is not assigned to this device.
    NotAssigned,
    /// The window for sending is closed.
    WindowClosed,
    /// Not a proper envelope.
    EnvelopeInvalid,
    /// The signature does not verify.
    SignatureInvalid,
    /// The payload is not a revision of this form.
    PayloadInvalid,
    /// No revision of this device names this photo.
    PhotoNotAnnounced,
    /// The upload stands at another offset.
    OffsetMismatch,
    /// The bytes do not have the announced hash.
    HashMismatch,
    /// Not a JPEG.
    NotAPhoto,
    /// The device that signed it is not known here.
    DeviceUnknown,
    /// Not a `.saksi` bundle.
    BundleInvalid,
    /// Larger than allowed.
    TooLarge,
    /// Too many requests.
    RateLimited,
    /// If-Match is required.
    PreconditionRequired,
    /// The slot has changed since.
    PreconditionFailed,
    /// The request is not of the documented form.
    RequestInvalid,
    /// Not signed in.
    NotSignedIn,
    /// User or password is wrong.
    CredentialsInvalid,
    /// This role may not do this.
    NotAllowed,
    /// Requests from other origins are refused.
    CrossOrigin,
    /// Nothing here.
    NotFound,
    /// This method is not offered here.
    MethodNotAllowed,
    /// Another content type is expected.
    UnsupportedMediaType,
    /// The request took too long to arrive.
    RequestTimeout,
    /// Too much at once, try again later.
    Overloaded,
    /// The endpoint cannot write at the moment.
    StorageFull,
    /// A fault of the endpoint.
    Internal,
}

impl ProblemCode {
    /// All of them, each with its code on the wire, HTTP status, and a short
    /// English title for logs and the developers of clients.
    pub const ALL: &'static [(Self, &'static str, u16, &'static str)] = &[
        (
            Self::EnrolCodeUnknown,
            "enrol_code_unknown",
            404,
            "No such enrolment code",
        ),
        (
            Self::EnrolCodeUsed,
            "enrol_code_used",
            409,
            "This enrolment code was used by another device",
        ),
        (
            Self::EnrolCodeExpired,
            "enrol_code_expired",
            410,
            "This enrolment code has expired",
        ),
        (
            Self::EnrolThrottled,
            "enrol_throttled",
            429,
            "Too many wrong tries",
        ),
        (
            Self::ProofInvalid,
            "proof_invalid",
            422,
            "The proof was not made with this key over this code",
        ),
        (Self::TokenUnknown, "token_unknown", 401, "No such token"),
        (
            Self::DeviceRevoked,
            "device_revoked",
            403,
            "This device has been revoked",
        ),
        (
            Self::NotAssigned,
            "not_assigned",
            403,
            "This slot is not assigned to this device",
        ),
        (
            Self::WindowClosed,
            "window_closed",
            403,
            "The window for sending is closed",
        ),
        (
            Self::EnvelopeInvalid,
            "envelope_invalid",
            422,
            "Not a proper envelope",
        ),
        (
            Self::SignatureInvalid,
            "signature_invalid",
            422,
            "The signature does not verify",
        ),
        (
            Self::PayloadInvalid,
            "payload_invalid",
            422,
            "The payload is not a revision of this form",
        ),
        (
            Self::PhotoNotAnnounced,
            "photo_not_announced",
            403,
            "No revision of this device names this photo",
        ),
        (
            Self::OffsetMismatch,
            "offset_mismatch",
            409,
            "The upload stands at another offset",
        ),
        (
            Self::HashMismatch,
            "hash_mismatch",
            422,
            "The bytes do not have the announced hash",
        ),
        (Self::NotAPhoto, "not_a_photo", 415, "Not a JPEG"),
        (
            Self::DeviceUnknown,
            "device_unknown",
            403,
            "The device that signed it is not known here",
        ),
        (
            Self::BundleInvalid,
            "bundle_invalid",
            422,
            "Not a .saksi bundle",
        ),
        (Self::TooLarge, "too_large", 413, "Larger than allowed"),
        (Self::RateLimited, "rate_limited", 429, "Too many requests"),
        (
            Self::PreconditionRequired,
            "precondition_required",
            428,
            "If-Match is required",
        ),
        (
            Self::PreconditionFailed,
            "precondition_failed",
            412,
            "The slot has changed since",
        ),
        (
            Self::RequestInvalid,
            "request_invalid",
            400,
            "The request is not of the documented form",
        ),
        (Self::NotSignedIn, "not_signed_in", 401, "Not signed in"),
        (
            Self::CredentialsInvalid,
            "credentials_invalid",
            401,
            "User or password is wrong",
        ),
        (
            Self::NotAllowed,
            "not_allowed",
            403,
            "This role may not do this",
        ),
        (
            Self::CrossOrigin,
            "cross_origin",
            403,
            "Requests from other origins are refused",
        ),
        (Self::NotFound, "not_found", 404, "Nothing here"),
        (
            Self::MethodNotAllowed,
            "method_not_allowed",
            405,
            "This method is not offered here",
        ),
        (
            Self::UnsupportedMediaType,
            "unsupported_media_type",
            415,
            "Another content type is expected",
        ),
        (
            Self::RequestTimeout,
            "request_timeout",
            408,
            "The request took too long to arrive",
        ),
        (
            Self::Overloaded,
            "overloaded",
            503,
            "Too much at once, try again later",
        ),
        (
            Self::StorageFull,
            "storage_full",
            503,
            "The endpoint cannot write at the moment",
        ),
        (Self::Internal, "internal", 500, "A fault of the endpoint"),
    ];

    fn entry(self) -> (&'static str, u16, &'static str) {
        let own = Self::ALL.iter().find(|entry| entry.0 == self);
        own.map_or(
            ("internal", 500, "A fault of the endpoint"),
            |(_, code, status, title)| (*code, *status, *title),
        )
    }

    /// The code on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.entry().0
    }

    /// The HTTP status it is answered with.
    #[must_use]
    pub fn status(self) -> u16 {
        self.entry().1
    }

    /// A short English title.
    #[must_use]
    pub fn title(self) -> &'static str {
        self.entry().2
    }
}

/// A problem as it is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[ts(export)]
pub struct Problem {
    /// Always `about:blank`: the code says what it is.
    #[serde(rename = "type", default = "about_blank")]
    pub kind: String,
    /// Short English title of the code.
    #[serde(default)]
    pub title: String,
    /// HTTP status.
    #[serde(default)]
    pub status: u16,
    /// What to branch on. A code from a newer endpoint reads as `None`.
    #[serde(default, deserialize_with = "known_code")]
    pub code: Option<ProblemCode>,
    /// What exactly is wrong, in English, for a developer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub detail: Option<String>,
}

impl Problem {
    /// A problem with its code's title and status.
    #[must_use]
    pub fn new(code: ProblemCode) -> Self {
        Self {
            kind: about_blank(),
            title: code.title().to_owned(),
            status: code.status(),
            code: Some(code),
            detail: None,
        }
    }

    /// The same with what exactly is wrong.
    #[must_use]
    pub fn with_detail(self, detail: impl Into<String>) -> Self {
        Self {
            detail: Some(detail.into()),
            ..self
        }
    }
}

fn about_blank() -> String {
    "about:blank".to_owned()
}

fn known_code<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<ProblemCode>, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_listed_once_and_reads_back() {
        for (code, text, status, _) in ProblemCode::ALL {
            assert_eq!(serde_json::to_string(code).unwrap(), format!("\"{text}\""));
            let json = serde_json::to_string(&Problem::new(*code)).unwrap();
            let back: Problem = serde_json::from_str(&json).unwrap();
            assert_eq!((back.code, back.status), (Some(*code), *status));
        }
    }

    #[test]
    fn a_problem_of_a_newer_endpoint_is_still_a_problem() {
        let problem: Problem =
            serde_json::from_str(r#"{"title":"x","status":418,"code":"teapot","more":1}"#).unwrap();
        assert_eq!((problem.code, problem.status), (None, 418));
    }
}
