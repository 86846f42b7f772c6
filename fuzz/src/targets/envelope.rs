//! One envelope as it comes in a request, and the payload in it.

use protocol::envelope::{REVISION_TYPE, rev_id};
use protocol::receipt::{Receipt, ReceiptKind};
use protocol::{Envelope, Revision, limits};

use super::sealed;

/// An envelope is read the same way twice, is believed under no key that did
/// not sign it, and never gives a payload beyond its bounds.
pub fn run(data: &[u8]) {
    if let Ok(text) = std::str::from_utf8(data) {
        judge(text);
    }
    // The same bytes as a payload: sealed here, they open here and nowhere else.
    let sealed = Envelope::seal(REVISION_TYPE, data, sealed::DEVICE, &sealed::key());
    let opened = sealed.open(REVISION_TYPE, &sealed::key().public());
    assert_eq!(opened.as_deref(), Ok(data));
    assert!(
        sealed
            .open(REVISION_TYPE, &sealed::other_key().public())
            .is_err()
    );
    assert!(sealed.open("text/plain", &sealed::key().public()).is_err());
    read_payload(data);
}

fn judge(text: &str) {
    let Ok(envelope) = Envelope::from_request(text) else {
        return;
    };
    let again = Envelope::from_request(&sealed::json(&envelope));
    assert_eq!(again.as_ref(), Ok(&envelope));
    if let Ok(payload) = envelope.payload_bytes() {
        assert_eq!(protocol::encoding::to_base64(&payload), envelope.payload);
        read_payload(&payload);
    }
    assert!(
        envelope
            .open(REVISION_TYPE, &sealed::other_key().public())
            .is_err()
    );
    let receipt = Receipt::open(
        &envelope,
        &sealed::other_key().public(),
        ReceiptKind::Revision,
        "",
        sealed::DEVICE,
    );
    assert!(receipt.is_err());
}

/// A payload that is a revision is within its bounds, and is the same revision
/// when it is written and read again.
pub(super) fn read_payload(payload: &[u8]) -> Option<Revision> {
    assert_eq!(rev_id(payload).len(), 64);
    let revision = Revision::from_payload(payload).ok()?;
    assert!(payload.len() <= limits::PAYLOAD_MAX_BYTES);
    assert!(revision.photos.len() <= limits::PHOTOS_PER_REVISION_MAX);
    assert!(revision.note.len() <= limits::TEXT_MAX_BYTES);
    assert!(revision.seq >= 1);
    let written = sealed::payload(&revision);
    if written.len() <= limits::PAYLOAD_MAX_BYTES {
        let again = Revision::from_payload(&written).expect("what was read can be read again");
        assert_eq!(sealed::payload(&again), written);
    }
    Some(revision)
}

/// Envelopes and bare payloads.
pub fn seeds() -> Vec<Vec<u8>> {
    let revisions = [sealed::revision(1, 0), sealed::revision(2, 3)];
    let envelopes = revisions
        .iter()
        .map(|revision| sealed::json(&sealed::envelope(revision)).into_bytes());
    envelopes
        .chain(revisions.iter().map(sealed::payload))
        .collect()
}
