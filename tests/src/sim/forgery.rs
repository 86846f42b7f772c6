//! Answers that did not come from the endpoint, or not as they arrive.

use bytes::Bytes;
use device::{Answer, Method, Request};
use protocol::bundle::BundleAnswer;
use protocol::encoding::sha256_hex;
use protocol::photo::PhotoAnswer;
use protocol::receipt::VERSION;
use protocol::revision::{RevisionStatus, RevisionsAnswer, RevisionsRequest};
use protocol::{Envelope, Receipt, ReceiptKind, SecretKey, Timestamp};

use super::clocks::BEGINS_AT_MS;
use super::weather::{Mangling, Portal, share_of};

/// The page of a captive portal.
const PAGE: &str = "<!doctype html><title>Wi-Fi</title><p>Silakan masuk dahulu.</p>";

/// What a captive portal answers to anything.
#[must_use]
pub fn portal(kind: Portal) -> Answer {
    let (status, content_type, body) = match kind {
        Portal::Page => (200, "text/html; charset=utf-8", PAGE),
        Portal::PageAsJson => (200, "application/json", PAGE),
        Portal::Redirect => (302, "text/html", ""),
        Portal::LogIn => (511, "text/html", PAGE),
        Portal::EmptyJson => (200, "application/json", "{}"),
        Portal::NoContent => (204, "text/plain", ""),
    };
    let mut headers = vec![("content-type".to_owned(), content_type.to_owned())];
    if kind == Portal::Redirect {
        headers.push(("location".to_owned(), "http://masuk.example/".to_owned()));
    }
    Answer {
        status,
        headers,
        body: Bytes::from_static(body.as_bytes()),
    }
}

/// The receipts that an answer brings.
#[must_use]
pub fn receipts(answer: &Answer) -> Vec<Envelope> {
    if let Ok(bundle) = serde_json::from_slice::<BundleAnswer>(&answer.body) {
        let revisions = bundle.results.into_iter().filter_map(|one| one.receipt);
        let photos = bundle.photos.into_iter().filter_map(|one| one.receipt);
        return revisions.chain(photos).collect();
    }
    if let Ok(revisions) = serde_json::from_slice::<RevisionsAnswer>(&answer.body) {
        return revisions
            .results
            .into_iter()
            .filter_map(|result| result.receipt)
            .collect();
    }
    let photo = serde_json::from_slice::<PhotoAnswer>(&answer.body);
    photo.map(|photo| vec![photo.receipt]).unwrap_or_default()
}

/// The endpoint's answer to `device` as it arrives after it was changed.
/// `stale` is a receipt that the endpoint gave for something else.
#[must_use]
pub fn mangled(
    request: &Request,
    device: &str,
    answer: Answer,
    how: Mangling,
    stale: Option<&Envelope>,
) -> Answer {
    match how {
        Mangling::Truncated(share) => {
            let kept = share_of(answer.body.len(), share);
            Answer {
                body: answer.body.slice(..kept),
                ..answer
            }
        }
        Mangling::StaleReceipts => match stale {
            Some(stale) => vouched(request, answer, |_, _| stale.clone()),
            None => answer,
        },
        Mangling::ForeignReceipts => vouched(request, answer, |kind, id| foreign(device, kind, id)),
    }
}

/// The answer that says of everything asked that it is stored, with receipts
/// made by `receipt`.
fn vouched(
    request: &Request,
    answer: Answer,
    receipt: impl Fn(ReceiptKind, &str) -> Envelope,
) -> Answer {
    let body = match (request.method, request.path.as_str()) {
        (Method::Post, "/v1/revisions") => {
            let Ok(mut revisions) = serde_json::from_slice::<RevisionsAnswer>(&answer.body) else {
                return answer;
            };
            for result in &mut revisions.results {
                result.status = RevisionStatus::Stored;
                result.problem = None;
                result.receipt = Some(receipt(ReceiptKind::Revision, &result.rev_id));
            }
            serde_json::to_vec(&revisions)
        }
        (Method::Patch, path) => {
            let sha256 = path.rsplit('/').next().unwrap_or_default();
            serde_json::to_vec(&PhotoAnswer {
                receipt: receipt(ReceiptKind::Photo, sha256),
            })
        }
        _ => return answer,
    };
    Answer {
        status: 200,
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: body.map(Bytes::from).unwrap_or_default(),
    }
}

/// A receipt that is right in everything but its key.
fn foreign(device: &str, kind: ReceiptKind, id: &str) -> Envelope {
    let receipt = Receipt {
        v: VERSION,
        kind,
        id: id.to_owned(),
        device: device.to_owned(),
        log_index: 1,
        received_at: Timestamp::from_unix_ms(BEGINS_AT_MS),
    };
    let key = SecretKey::from_seed(&[9; 32]);
    let sealed = receipt.seal("server-of-somebody-else", &key);
    sealed.expect("a receipt can be written")
}

/// The ids of the revisions in a request, in the order sent.
#[must_use]
pub fn revisions_in(request: &Request) -> Vec<String> {
    let body = request.body.as_ref().map(|body| &body.bytes[..]);
    let asked = serde_json::from_slice::<RevisionsRequest>(body.unwrap_or_default());
    let envelopes = asked.map(|asked| asked.envelopes).unwrap_or_default();
    let ids = envelopes.iter().filter_map(|json| {
        let envelope: Envelope = serde_json::from_str(json.get()).ok()?;
        Some(sha256_hex(&envelope.payload_bytes().ok()?))
    });
    ids.collect()
}
