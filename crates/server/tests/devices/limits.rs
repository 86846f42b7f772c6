//! Bundles at the limits of what may be carried, and a disk that is full when
//! one comes.

use std::io::{Cursor, Write as _};

use protocol::limits::{BUNDLE_ENTRIES_MAX, BUNDLE_MAX_BYTES};
use protocol::revision::RevisionStatus::{Known, Stored};
use serde_json::Value;

use crate::ways::{bundle, outcomes, rev_id};
use crate::world::{Answer, Phone, Photo, TPS, TPS_2, World};

/// Sealed revisions of one witness, not sent, from the one numbered `first` on.
fn forms(phone: &Phone, first: u64, count: usize, photo: Option<&Photo>) -> Vec<Value> {
    (first..)
        .take(count)
        .map(|seq| {
            let mut revision = phone.revision(TPS, seq, [101, 88]);
            revision.photos = photo.iter().map(|photo| photo.reference()).collect();
            phone.seal(&revision)
        })
        .collect()
}

/// A bundle that another program made, which keeps to no limit of ours.
fn foreign(envelopes: &[Value], photo: &[u8]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let plain =
        zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for envelope in envelopes {
        let name = format!("envelopes/{}.json", rev_id(envelope));
        zip.start_file(name, plain).unwrap();
        zip.write_all(envelope.to_string().as_bytes()).unwrap();
    }
    if !photo.is_empty() {
        let hash = protocol::encoding::sha256_hex(photo);
        zip.start_file(format!("photos/{hash}.jpg"), plain).unwrap();
        zip.write_all(photo).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// What a refusal says: status, code, and its sentence.
fn said(answer: &Answer) -> (u16, String, String) {
    let (status, code) = answer.problem();
    let body: Value = serde_json::from_slice(&answer.body).unwrap();
    let sentence = body["detail"].as_str().or(body["title"].as_str());
    (status, code, sentence.unwrap_or_default().to_owned())
}

#[tokio::test]
async fn a_bundle_of_as_many_entries_as_may_be_is_taken_in_and_one_more_is_refused_whole() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let budi = world.enrol(TPS_2, "Budi").await;
    let one_too_many = forms(&siti, 1, BUNDLE_ENTRIES_MAX + 1, None);
    let answer = budi.bring_bytes(foreign(&one_too_many, &[])).await;
    let (status, code, sentence) = said(&answer);
    assert_eq!((status, code.as_str()), (413, "too_large"));
    assert!(!sentence.is_empty());
    assert_eq!(world.count("SELECT COUNT(*) FROM revisions").await, 0);
    let as_many = &one_too_many[..BUNDLE_ENTRIES_MAX];
    let brought = budi
        .bring_bytes(foreign(as_many, &[]))
        .await
        .json::<protocol::bundle::BundleAnswer>(200);
    assert_eq!(brought.results.len(), BUNDLE_ENTRIES_MAX);
    assert!(brought.results.iter().all(|one| one.status == Stored));
    world.is_sound().await;
}

#[tokio::test]
async fn a_photo_too_large_to_be_carried_does_not_keep_its_form_out() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let budi = world.enrol(TPS_2, "Budi").await;
    let form = forms(&siti, 1, 1, None);
    let size = usize::try_from(protocol::limits::ORIGINAL_MAX_BYTES).unwrap() + 1;
    let answer = budi
        .bring_bytes(foreign(&form, &Photo::new(1, size).bytes))
        .await;
    let brought: protocol::bundle::BundleAnswer = answer.json(200);
    let told = outcomes(&brought);
    assert_eq!(told[0], (Stored, String::new()));
    assert_eq!(told[1].1, "too_large");
    let problem = brought.photos[0].problem.as_ref().unwrap();
    assert!(problem.detail.as_ref().is_some_and(|why| !why.is_empty()));
}

#[tokio::test]
async fn a_file_larger_than_a_bundle_may_be_is_refused_before_it_fills_the_disk() {
    let world = World::start().await;
    let budi = world.enrol(TPS_2, "Budi").await;
    // It does not say how long it is, and goes on and on.
    let piece = bytes::Bytes::from(vec![7; 1024 * 1024]);
    let endless = futures_util::stream::repeat_with(move || Ok::<_, std::io::Error>(piece.clone()));
    let request = axum::http::Request::post("/v1/bundles")
        .header("authorization", format!("Bearer {}", budi.token))
        .header("content-type", "application/zip")
        .body(axum::body::Body::from_stream(endless))
        .unwrap();
    let answer = crate::world::send(world.router(), request).await;
    let (status, code, sentence) = said(&answer);
    assert_eq!((status, code.as_str()), (413, "too_large"));
    assert!(
        sentence.contains(&BUNDLE_MAX_BYTES.to_string()),
        "{sentence}"
    );
}

#[tokio::test]
async fn a_disk_that_is_full_while_a_bundle_comes_loses_nothing_and_keeps_nothing_half() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let budi = world.enrol(TPS_2, "Budi").await;
    let photo = Photo::new(1, 5_000);
    let form = forms(&siti, 1, 1, Some(&photo));
    let file = bundle(&[&form[0]], &[&photo]);
    let data = world.folder.path().join("data");
    // No room for the file itself: a file lies where its folder would be.
    let bundles = data.join("bundles");
    std::fs::write(&bundles, "").unwrap();
    let full = (503, "storage_full".to_owned());
    let answer = budi.bring_bytes(file.clone()).await;
    assert_eq!(answer.problem(), full);
    assert!(
        !answer.header("retry-after").is_empty(),
        "try again, it says"
    );
    assert!(!said(&answer).2.is_empty());
    assert_eq!(world.count("SELECT COUNT(*) FROM revisions").await, 0);
    std::fs::remove_file(&bundles).unwrap();
    // Room for the form, and none for its photo.
    let shelf = data.join("photos").join(&photo.sha256[..2]);
    std::fs::write(&shelf, "").unwrap();
    assert_eq!(budi.bring_bytes(file.clone()).await.problem(), full);
    assert_eq!(world.count("SELECT COUNT(*) FROM revisions").await, 1);
    assert_eq!(world.count("SELECT COUNT(*) FROM photos").await, 0);
    std::fs::remove_file(&shelf).unwrap();
    assert_eq!(budi.head(&photo.sha256).await, None, "nothing half");
    let brought = budi.bring_bytes(file).await.json(200);
    let fine = |status| (status, String::new());
    assert_eq!(outcomes(&brought), [fine(Known), fine(Stored)]);
    assert_eq!(world.total("received", "votes.1").await, 101);
    world.is_sound().await;
}
