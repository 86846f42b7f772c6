//! Originals: on the phone until somebody of the counting room wants one.

use axum::http::StatusCode;
use protocol::revision::OriginalRef;
use serde_json::json;

use crate::world::{ELSEWHERE, TPS, World, photo, slot_path};

#[tokio::test]
async fn a_coordinator_asks_for_an_original_once_and_sees_it_come() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let ((bytes, mut reference), (original, facts)) = (photo(3), photo(4));
    reference.original = Some(OriginalRef {
        sha256: facts.sha256.clone(),
        size_bytes: facts.size_bytes,
    });
    let mut revision = siti.revision(TPS, 1, [100, 50]);
    revision.photos.push(reference.clone());
    siti.send(&revision).await;
    siti.upload(&reference.sha256, &bytes).await;
    let rani = world.sign_in("rani").await;
    let path = format!("{}/originals", slot_path(TPS, "gub"));
    let ask = json!({ "photo": reference.sha256 });
    for _ in 0..2 {
        let answer = rani.post(&path, &ask).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text());
    }
    let wanted: Vec<_> = siti
        .news()
        .await
        .into_iter()
        .filter(|(kind, _)| kind == "original_wanted")
        .collect();
    assert_eq!(wanted.len(), 1, "asked twice, told once");
    let before = rani.slot(TPS, "gub").await;
    let seen = &before.photos[0];
    assert!(seen.is_original_asked && !seen.is_original_received);

    siti.upload(&facts.sha256, &original).await;
    let after = rani.slot(TPS, "gub").await;
    assert!(after.photos[0].is_original_received);
    assert_ne!(before.etag, after.etag, "an original is news");
    let answer = rani.get(&format!("/v1/photos/{}", facts.sha256)).await;
    assert_eq!(answer.body[..], original[..]);
    let listed: serde_json::Value = rani
        .get(&format!("/v1/slots?region={TPS}&contest=gub"))
        .await
        .json(StatusCode::OK);
    assert_eq!(
        listed["slots"][0]["photos_received"], 1,
        "an original is no page of the form"
    );
}

#[tokio::test]
async fn only_who_rules_on_a_slot_may_ask_for_what_there_is() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let (_, reference) = photo(5);
    let mut revision = siti.revision(TPS, 1, [100, 50]);
    revision.photos.push(reference.clone());
    siti.send(&revision).await;
    let ask = json!({ "photo": reference.sha256 });
    let path = |tps: &str| format!("{}/originals", slot_path(tps, "gub"));
    let rani = world.sign_in("rani").await;
    let answer = rani.post(&path(TPS), &ask).await;
    assert_eq!(answer.problem().0, 404, "it has no original");
    let answer = rani.post(&path(ELSEWHERE), &ask).await;
    assert_eq!(answer.problem().0, 404, "not her region");
    let viewer = world.sign_in("tamu").await;
    let answer = viewer.post(&path(TPS), &ask).await;
    assert_eq!(answer.problem(), (403, "not_allowed".to_owned()));
}
