//! What somebody else brings in a `.saksi` file.

use axum::http::Method;
use protocol::revision::RevisionStatus::{Known, Refused, Stored};
use protocol::{Receipt, ReceiptKind};
use serde_json::{Value, json};

use crate::ways::{bundle, outcomes, rev_id};
use crate::world::{Phone, Photo, TPS, TPS_2, World, moment_ms};

/// A sealed revision that names these photos, not sent.
fn sealed(phone: &Phone, seq: u64, photos: &[&Photo]) -> Value {
    let mut revision = phone.revision(TPS, seq, [101, 88]);
    revision.photos = photos.iter().map(|photo| photo.reference()).collect();
    phone.seal(&revision)
}

fn fine(
    status: protocol::revision::RevisionStatus,
) -> (protocol::revision::RevisionStatus, String) {
    (status, String::new())
}

fn no(code: &str) -> (protocol::revision::RevisionStatus, String) {
    (Refused, code.to_owned())
}

#[tokio::test]
async fn another_phone_brings_a_form_and_its_witness_finds_it_received() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let budi = world.enrol(TPS_2, "Budi").await;
    let photo = Photo::new(1, 5_000);
    let envelope = sealed(&siti, 1, &[&photo]);
    let brought = budi.bring(&[&envelope], &[&photo]).await;
    assert_eq!(outcomes(&brought), [fine(Stored), fine(Stored)]);
    let id = &brought.results[0].rev_id;
    let receipt = brought.results[0].receipt.as_ref().unwrap();
    Receipt::open(
        receipt,
        &siti.server_key,
        ReceiptKind::Revision,
        id,
        &siti.id,
    )
    .unwrap();
    let of_photo = brought.photos[0].receipt.as_ref().unwrap();
    let key = &budi.server_key;
    Receipt::open(of_photo, key, ReceiptKind::Photo, &photo.sha256, &budi.id).unwrap();
    // Her own phone comes back into coverage.
    let own = &siti.send_envelopes(std::slice::from_ref(&envelope)).await[0];
    assert_eq!(own.status, Known);
    assert_eq!(own.receipt.as_ref(), Some(receipt), "the author's receipt");
    assert_eq!(siti.head(&photo.sha256).await, Some((5_000, 5_000)));
    let path = format!("/v1/photos/{}/receipt", photo.sha256);
    let answer = siti.call(Method::GET, &path, None).await;
    siti.photo_receipt(&answer, &photo.sha256);
    world.is_sound().await;
}

#[tokio::test]
async fn bringing_it_twice_and_by_three_ways_changes_nothing() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let budi = world.enrol(TPS_2, "Budi").await;
    let photo = Photo::new(1, 5_000);
    let envelope = sealed(&siti, 1, &[&photo]);
    let first = budi.bring(&[&envelope], &[&photo]).await;
    let log = "SELECT COUNT(*) FROM log WHERE kind IN ('revision', 'photo', 'photo_known')";
    let entries = world.count(log).await;
    let second = budi.bring(&[&envelope], &[&photo]).await;
    assert_eq!(outcomes(&second), [fine(Known), fine(Known)]);
    assert_eq!(second.results[0].receipt, first.results[0].receipt);
    assert_eq!(second.photos[0].receipt, first.photos[0].receipt);
    siti.send_envelopes(std::slice::from_ref(&envelope)).await;
    assert_eq!(world.count(log).await, entries);
    assert_eq!(world.count("SELECT COUNT(*) FROM revisions").await, 1);
    assert_eq!(world.count("SELECT COUNT(*) FROM carried").await, 1);
    assert_eq!(world.total("received", "votes.1").await, 101);
}

#[tokio::test]
async fn over_a_thin_line_a_carrier_brings_envelopes_and_then_photos_in_pieces() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let budi = world.enrol(TPS_2, "Budi").await;
    let ani = world.enrol(TPS_2, "Ani").await;
    let (photo, next) = (Photo::new(1, 5_000), Photo::new(2, 5_000));
    let envelope = sealed(&siti, 1, &[&photo, &next]);
    let brought = budi.bring(&[&envelope], &[]).await;
    assert_eq!(outcomes(&brought), [fine(Stored)]);
    let part = budi
        .patch(&photo.sha256, 0, 5_000, &photo.bytes[..2_000])
        .await;
    assert_eq!((part.status.as_u16(), part.offset()), (204, 2_000));
    assert_eq!(budi.head(&photo.sha256).await, Some((2_000, 5_000)));
    let whole = budi
        .patch(&photo.sha256, 2_000, 5_000, &photo.bytes[2_000..])
        .await;
    budi.photo_receipt(&whole, &photo.sha256);
    // Not limited to one ahead: they are announced to the carrier.
    let whole = budi.patch(&next.sha256, 0, 5_000, &next.bytes).await;
    budi.photo_receipt(&whole, &next.sha256);
    let path = format!("/v1/photos/{}", photo.sha256);
    let looked = budi.call(Method::GET, &path, None).await;
    assert_eq!(looked.status.as_u16(), 404, "carrying is not looking");
    // Who has not brought it learns nothing of it.
    assert_eq!(ani.head(&photo.sha256).await, None);
    let received = world.count("SELECT CAST(SUM(photos_received) AS BIGINT) FROM slots");
    assert_eq!(received.await, 2);
}

#[tokio::test]
async fn a_bad_entry_does_not_spoil_the_others() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let budi = world.enrol(TPS_2, "Budi").await;
    let (photo, stray) = (Photo::new(1, 5_000), Photo::new(2, 5_000));
    let text = Photo::of(b"not a picture".to_vec());
    let good = sealed(&siti, 1, &[&photo, &text]);
    let mut forged = sealed(&siti, 2, &[]);
    forged["signatures"][0]["sig"] = sealed(&siti, 3, &[])["signatures"][0]["sig"].clone();
    let stranger = Phone {
        id: "tidak-dikenal".to_owned(),
        router: world.router(),
        token: String::new(),
        secret: crate::world::new_key(),
        server_key: siti.server_key,
    };
    let unknown = sealed(&stranger, 1, &[]);
    let mut odd = siti.revision(TPS, 4, [1, 1]);
    odd.counts.insert("no_such_field".to_owned(), 1);
    let odd = siti.seal(&odd);
    let brought = budi
        .bring(&[&forged, &unknown, &odd, &good], &[&text, &stray, &photo])
        .await;
    assert_eq!(
        outcomes(&brought),
        [
            no("signature_invalid"),
            no("device_unknown"),
            no("payload_invalid"),
            fine(Stored),
            no("not_a_photo"),
            no("photo_not_announced"),
            fine(Stored),
        ]
    );
    assert_eq!(brought.results[1].rev_id, rev_id(&unknown));
    assert_eq!(world.count("SELECT COUNT(*) FROM revisions").await, 1);
}

#[tokio::test]
async fn an_entry_must_be_what_its_name_says() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let photo = Photo::new(1, 5_000);
    let envelope = sealed(&siti, 1, &[&photo]);
    let mut file = protocol::bundle::BundleWriter::new(std::io::Cursor::new(Vec::new()));
    let other = "ab".repeat(32);
    file.envelope(&other, &envelope.to_string()).unwrap();
    file.photo(&photo.sha256, &Photo::new(2, 5_000).bytes)
        .unwrap();
    let bytes = file.finish().unwrap().into_inner();
    let brought = siti.bring_bytes(bytes).await.json(200);
    assert_eq!(
        outcomes(&brought),
        [no("envelope_invalid"), no("hash_mismatch")]
    );
    assert_eq!(brought.results[0].rev_id, other);
    assert_eq!(world.count("SELECT COUNT(*) FROM revisions").await, 0);
}

#[tokio::test]
async fn a_large_bundle_is_taken_in_whole_and_in_its_order() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let budi = world.enrol(TPS_2, "Budi").await;
    let envelopes: Vec<Value> = (1..=130).map(|seq| sealed(&siti, seq, &[])).collect();
    let brought = budi.bring(&envelopes.iter().collect::<Vec<_>>(), &[]).await;
    let ids: Vec<String> = envelopes.iter().map(rev_id).collect();
    let told: Vec<String> = brought
        .results
        .iter()
        .map(|one| one.rev_id.clone())
        .collect();
    assert_eq!(told, ids);
    assert!(brought.results.iter().all(|one| one.status == Stored));
}

#[tokio::test]
async fn what_a_revoked_phone_signed_is_kept_and_counts_once_it_is_let_in() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let budi = world.enrol(TPS_2, "Budi").await;
    let (early, photo) = (sealed(&siti, 1, &[]), Photo::new(1, 5_000));
    siti.send_envelopes(std::slice::from_ref(&early)).await;
    let late = sealed(&siti, 2, &[&photo]);
    world.revoke(&siti).await;
    let brought = budi.bring(&[&early, &late], &[&photo]).await;
    assert_eq!(
        outcomes(&brought),
        [fine(Known), no("device_revoked"), no("photo_not_announced")]
    );
    assert_eq!(world.count("SELECT COUNT(*) FROM refused").await, 1);
    world.admit(&rev_id(&late)).await;
    let again = budi.bring(&[&early, &late], &[&photo]).await;
    assert_eq!(outcomes(&again), [fine(Known), fine(Known), fine(Stored)]);
    world.is_sound().await;
}

#[tokio::test]
async fn what_was_kept_for_its_time_or_place_can_be_carried_on_once_it_is_let_in() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let budi = world.enrol(TPS_2, "Budi").await;
    let photo = Photo::new(1, 5_000);
    let mut elsewhere = siti.revision(TPS_2, 1, [5, 6]);
    elsewhere.photos = vec![photo.reference()];
    let elsewhere = siti.seal(&elsewhere);
    let brought = budi.bring(&[&elsewhere], &[]).await;
    assert_eq!(outcomes(&brought), [no("not_assigned")]);
    world.clock.set(moment_ms("2035-11-27T07:00:00.000Z"));
    let late = sealed(&siti, 1, &[]);
    let brought = budi.bring(&[&late], &[]).await;
    assert_eq!(outcomes(&brought), [no("window_closed")]);
    world.admit(&rev_id(&elsewhere)).await;
    let whole = budi.patch(&photo.sha256, 0, 5_000, &photo.bytes).await;
    budi.photo_receipt(&whole, &photo.sha256);
}

#[tokio::test]
async fn what_is_no_bundle_is_refused_with_a_code() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let photo = Photo::new(1, 5_000);
    let whole = bundle(&[&sealed(&siti, 1, &[&photo])], &[&photo]);
    let invalid = (422, "bundle_invalid".to_owned());
    for bytes in [
        Vec::new(),
        b"<html>login</html>".to_vec(),
        whole[..whole.len() - 30].to_vec(),
        bundle(&[], &[]),
    ] {
        assert_eq!(siti.bring_bytes(bytes).await.problem(), invalid);
    }
    let send = async |headers: &[(&str, &str)]| {
        let mut request = axum::http::Request::post("/v1/bundles");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(axum::body::Body::from(whole.clone())).unwrap();
        crate::world::send(world.router(), request).await.problem()
    };
    let token = format!("Bearer {}", siti.token);
    let zip = ("content-type", "application/zip");
    let authorized = ("authorization", token.as_str());
    assert_eq!(send(&[zip]).await.1, "not_signed_in");
    assert_eq!(
        send(&[zip, ("authorization", "Bearer x")]).await.1,
        "token_unknown"
    );
    assert_eq!(
        send(&[authorized, ("content-type", "text/plain")]).await,
        (415, "unsupported_media_type".to_owned())
    );
    assert_eq!(
        send(&[authorized, zip, ("content-length", "67108865")]).await,
        (413, "too_large".to_owned())
    );
    world.revoke(&siti).await;
    assert_eq!(send(&[authorized, zip]).await.1, "device_revoked");
    assert_eq!(world.count("SELECT COUNT(*) FROM revisions").await, 0);
    let left = std::fs::read_dir(world.folder.path().join("data/bundles"));
    assert_eq!(left.map_or(0, Iterator::count), 0, "no file is left behind");
}

#[tokio::test]
async fn a_bundle_that_breaks_off_leaves_nothing() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let whole = bundle(&[&sealed(&siti, 1, &[])], &[]);
    let pieces = futures_util::stream::iter([
        Ok(bytes::Bytes::from(whole)),
        Err(std::io::Error::other("the connection broke")),
    ]);
    let request = axum::http::Request::post("/v1/bundles")
        .header("authorization", format!("Bearer {}", siti.token))
        .header("content-type", "application/zip")
        .body(axum::body::Body::from_stream(pieces))
        .unwrap();
    let answer = crate::world::send(world.router(), request).await;
    assert_eq!(answer.problem().0, 400);
    assert_eq!(world.count("SELECT COUNT(*) FROM revisions").await, 0);
}

#[tokio::test]
async fn an_original_comes_by_bundle_too() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let (copy, original) = (Photo::new(1, 5_000), Photo::new(2, 3_000_000));
    let mut revision = siti.revision(TPS, 1, [10, 20]);
    let mut reference = copy.reference();
    reference.original =
        serde_json::from_value(json!({"sha256": original.sha256, "bytes": original.len()}))
            .unwrap();
    revision.photos = vec![reference];
    let brought = siti
        .bring(&[&siti.seal(&revision)], &[&original, &copy])
        .await;
    assert_eq!(
        outcomes(&brought),
        [fine(Stored), fine(Stored), fine(Stored)]
    );
    let carried = world.count("SELECT COUNT(*) FROM carried").await;
    assert_eq!(carried, 0, "what is one's own is not carried");
}
