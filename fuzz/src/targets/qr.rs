//! The text of a QR code that carries one envelope.

use protocol::{limits, qr};

use super::sealed;

/// What is read is an envelope with one signature and a payload of bounded
/// size; written as a code again, it is read as the same envelope.
pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let Ok(envelope) = qr::read(text) else {
        return;
    };
    assert!(envelope.signature().is_ok());
    let payload = envelope.payload_bytes().expect("its payload was just made");
    assert!(payload.len() <= limits::PAYLOAD_MAX_BYTES);
    if let Ok(written) = qr::text(&envelope) {
        assert!(written.len() <= qr::TEXT_MAX_BYTES);
        assert_eq!(qr::read(&written).as_ref(), Ok(&envelope));
    }
}

/// Codes of a small revision and of one with photos.
pub fn seeds() -> Vec<Vec<u8>> {
    let revisions = [sealed::revision(1, 0), sealed::revision(2, 6)];
    revisions
        .iter()
        .filter_map(|revision| qr::text(&sealed::envelope(revision)).ok())
        .map(String::into_bytes)
        .collect()
}
