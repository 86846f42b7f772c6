//! Whole examples of what a device seals, all of one made-up device.

use protocol::envelope::REVISION_TYPE;
use protocol::revision::{PhotoKind, PhotoRef, PhotoSource, VERSION};
use protocol::{Envelope, Revision, SecretKey, Timestamp};

/// Id of the device.
pub(super) const DEVICE: &str = "dev-0000000000000001";

/// The device's key.
pub(super) fn key() -> SecretKey {
    SecretKey::from_seed(&[7; 32])
}

/// A key that signed nothing.
pub(super) fn other_key() -> SecretKey {
    SecretKey::from_seed(&[8; 32])
}

/// A revision of the presidential form with so many photos.
pub(super) fn revision(seq: u64, photos: usize) -> Revision {
    let counts = [
        ("votes.1", 101),
        ("votes.2", 88),
        ("votes.3", 7),
        ("dpt_male", 120),
    ];
    Revision {
        v: VERSION,
        election: "pemilu-2024".to_owned(),
        tps: "6472010001001"
            .parse()
            .unwrap_or_else(|_| unreachable!("a whole code")),
        contest: "ppwp".to_owned(),
        device: DEVICE.to_owned(),
        seq,
        prev: (seq > 1).then(|| "0".repeat(64)),
        counts: counts
            .iter()
            .map(|(id, value)| ((*id).to_owned(), *value))
            .collect(),
        form_tps: Some("001".to_owned()),
        photos: (0..photos).map(photo).collect(),
        flags: Vec::new(),
        note: "Satu surat suara rusak".to_owned(),
        recorded_at: Timestamp::from_unix_ms(1_707_900_000_000),
        clock: None,
        location: None,
        app: "0.1.0".to_owned(),
        desk: None,
    }
}

fn photo(number: usize) -> PhotoRef {
    PhotoRef {
        kind: PhotoKind::Form,
        page: Some(1),
        sha256: format!("{number:064x}"),
        size_bytes: 300_000,
        source: PhotoSource::Camera,
        original: None,
        taken_at: None,
    }
}

/// The revision's payload.
pub(super) fn payload(revision: &Revision) -> Vec<u8> {
    serde_json::to_vec(revision).unwrap_or_default()
}

/// The revision in its envelope.
pub(super) fn envelope(revision: &Revision) -> Envelope {
    Envelope::seal(REVISION_TYPE, &payload(revision), DEVICE, &key())
}

/// The envelope as it travels.
pub(super) fn json(envelope: &Envelope) -> String {
    serde_json::to_string(envelope).unwrap_or_default()
}
