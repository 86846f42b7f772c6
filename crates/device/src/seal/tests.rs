use std::collections::BTreeMap;

use protocol::revision::{PhotoKind, PhotoSource};

use super::*;

fn revision(photos: u32, counts: u32, note: String) -> Revision {
    let hash = "a".repeat(64);
    Revision {
        v: VERSION,
        election: "kaltim-2024".to_owned(),
        tps: "6472011001001".parse().unwrap(),
        contest: "dpr".to_owned(),
        device: "d".repeat(32),
        seq: 99,
        prev: Some(hash.clone()),
        counts: (0..counts)
            .map(|number| (format!("votes.{}.{}", number / 14, number % 14), 999))
            .collect::<BTreeMap<_, _>>(),
        form_tps: Some("001".to_owned()),
        photos: (0..photos)
            .map(|page| PhotoRef {
                kind: PhotoKind::Objection,
                page: Some(page),
                sha256: hash.clone(),
                size_bytes: 300_000,
                source: PhotoSource::Gallery,
                original: Some(OriginalRef {
                    sha256: hash.clone(),
                    size_bytes: limits::ORIGINAL_MAX_BYTES,
                }),
                taken_at: Some(Timestamp::from_unix_ms(0)),
            })
            .collect(),
        flags: Vec::new(),
        note,
        recorded_at: Timestamp::from_unix_ms(0),
        clock: None,
        location: None,
        app: "0.1.0".to_owned(),
        desk: None,
    }
}

#[test]
fn the_largest_form_with_the_most_photos_fits_the_wire() {
    let payload = payload_that_fits(revision(40, 24 * 14, "é".repeat(2_000))).unwrap();
    assert!(payload.len() <= limits::PAYLOAD_MAX_BYTES);
    let read = Revision::from_payload(&payload).unwrap();
    assert_eq!((read.photos.len(), read.counts.len()), (40, 24 * 14));
}

#[test]
fn an_ordinary_form_loses_nothing() {
    let ordinary = revision(4, 20, "catatan ".repeat(100));
    let payload = payload_that_fits(ordinary.clone()).unwrap();
    assert_eq!(Revision::from_payload(&payload).unwrap(), ordinary);
}

#[test]
fn what_bubbles_say_is_left_out_before_anything_that_the_witness_wrote() {
    let mut large = revision(40, 0, "catatan ".repeat(100));
    let reading = |number: u32| format!("{}votes.{number}=073@1", reading::PREFIX);
    large.flags = std::iter::once("objection".to_owned())
        .chain((0..200).map(reading))
        .collect();
    let payload = payload_that_fits(large.clone()).unwrap();
    let sent = Revision::from_payload(&payload).unwrap();
    assert_eq!(sent.flags, ["objection"]);
    assert_eq!((sent.note, sent.photos), (large.note, large.photos));
}
