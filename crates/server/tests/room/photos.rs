//! Photos in the counting room.

use axum::http::StatusCode;

use crate::world::{ELSEWHERE, TPS, World, photo};

#[tokio::test]
async fn a_photo_is_shown_once_it_is_here_to_who_sees_its_slot() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let (bytes, reference) = photo(3);
    let mut revision = siti.revision(TPS, 1, [100, 50]);
    revision.photos.push(reference.clone());
    siti.send(&revision).await;
    let rani = world.sign_in("rani").await;
    let path = format!("/v1/photos/{}", reference.sha256);
    assert_eq!(
        rani.get(&path).await.problem(),
        (404, "not_found".to_owned()),
        "not yet"
    );
    let before = rani.slot(TPS, "gub").await;
    assert_eq!(
        siti.upload(&reference.sha256, &bytes).await.status,
        StatusCode::OK
    );
    let answer = rani.get(&path).await;
    assert_eq!(
        (answer.status, &answer.body[..]),
        (StatusCode::OK, &bytes[..])
    );
    assert_eq!(answer.header("content-type"), "image/jpeg");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert!(answer.header("cache-control").contains("private"));
    assert!(answer.header("cache-control").contains("immutable"));
    let after = rani.slot(TPS, "gub").await;
    assert!(after.photos[0].is_received);
    assert_ne!(before.etag, after.etag, "a photo is news");
}

#[tokio::test]
async fn a_photo_of_another_region_does_not_exist() {
    let world = World::start().await;
    let ani = world.enrol(ELSEWHERE, "Ani").await;
    let (bytes, reference) = photo(4);
    let mut revision = ani.revision(ELSEWHERE, 1, [1, 2]);
    revision.photos.push(reference.clone());
    ani.send(&revision).await;
    ani.upload(&reference.sha256, &bytes).await;
    let path = format!("/v1/photos/{}", reference.sha256);
    let rani = world.sign_in("rani").await;
    assert_eq!(rani.get(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        world.stranger().get(&path).await.status,
        StatusCode::UNAUTHORIZED
    );
    assert_eq!(
        world.sign_in("admin").await.get(&path).await.status,
        StatusCode::OK
    );
    for wrong in ["x", "../server.key", &"0".repeat(64)] {
        let answer = rani.get(&format!("/v1/photos/{wrong}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{wrong}");
    }
}

#[tokio::test]
async fn a_smaller_picture_is_made_for_lists() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let (bytes, reference) = photo(5);
    let mut revision = siti.revision(TPS, 1, [100, 50]);
    revision.photos.push(reference.clone());
    siti.send(&revision).await;
    siti.upload(&reference.sha256, &bytes).await;
    let rani = world.sign_in("rani").await;
    let answer = rani
        .get(&format!("/v1/photos/{}?width=16", reference.sha256))
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let facts = photo::inspect(&answer.body).unwrap();
    assert_eq!((facts.width, facts.height), (16, 12));
    for width in ["0", "-1", "abc", "100000"] {
        let answer = rani
            .get(&format!("/v1/photos/{}?width={width}", reference.sha256))
            .await;
        assert_eq!(
            answer.problem(),
            (400, "request_invalid".to_owned()),
            "{width}"
        );
    }
}
