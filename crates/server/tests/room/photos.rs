//! Photos in the counting room.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};

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

#[tokio::test]
async fn a_photo_that_is_half_here_can_be_looked_at_by_the_counting_room() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let (mut bytes, mut reference) = photo(6);
    // The rest of the file stands for the finer passes of a real photo.
    let coarse = bytes.len();
    bytes.resize(coarse + 1_000, 6);
    reference.sha256 = protocol::encoding::sha256_hex(&bytes);
    reference.size_bytes = bytes.len() as u64;
    let mut revision = siti.revision(TPS, 1, [100, 50]);
    revision.photos.push(reference.clone());
    siti.send(&revision).await;
    let path = format!("/v1/photos/{}", reference.sha256);
    siti.send_piece(&reference, 0, &bytes[..coarse]).await;

    let rani = world.sign_in("rani").await;
    let detail = rani.slot(TPS, "gub").await;
    assert!(!detail.photos[0].is_received);
    assert_eq!(detail.photos[0].received_bytes, coarse as u64);
    let half = rani.get(&path).await;
    assert_eq!(half.status, StatusCode::OK);
    assert_eq!(half.header("upload-offset"), coarse.to_string());
    assert_eq!(half.header("upload-length"), bytes.len().to_string());
    assert_eq!(half.header("cache-control"), "no-store");
    assert_eq!(half.header("content-type"), "image/jpeg");
    assert_eq!(&half.body[..coarse], &bytes[..coarse]);
    assert_eq!(&half.body[coarse..], [0xff, 0xd9], "ended as a JPEG ends");
    let small = rani.get(&format!("{path}?width=16")).await;
    assert_eq!(small.header("upload-offset"), coarse.to_string());
    let facts = photo::inspect(&small.body).unwrap();
    assert_eq!((facts.width, facts.height), (16, 12));
    let own = siti.call(Method::GET, &path, None).await;
    assert_eq!(own.status, StatusCode::NOT_FOUND, "a phone has it whole");

    siti.send_piece(&reference, coarse, &bytes[coarse..]).await;
    let whole = rani.get(&path).await;
    assert_eq!(whole.body, bytes);
    assert_eq!(whole.header("upload-offset"), "");
    let detail = rani.slot(TPS, "gub").await;
    assert_eq!(detail.photos[0].received_bytes, bytes.len() as u64);
}

#[tokio::test]
async fn too_little_of_a_photo_for_a_smaller_picture_is_given_as_it_is() {
    let world = World::start().await;
    let siti = world.enrol(TPS, "Siti").await;
    let (bytes, reference) = photo(7);
    let mut revision = siti.revision(TPS, 1, [100, 50]);
    revision.photos.push(reference.clone());
    siti.send(&revision).await;
    siti.send_piece(&reference, 0, &bytes[..40]).await;
    let rani = world.sign_in("rani").await;
    let path = format!("/v1/photos/{}?width=16", reference.sha256);
    let answer = rani.get(&path).await;
    assert_eq!((answer.status, answer.body.len()), (StatusCode::OK, 42));
}

impl crate::world::Phone {
    async fn send_piece(&self, photo: &protocol::revision::PhotoRef, offset: usize, piece: &[u8]) {
        let request = Request::patch(format!("/v1/photos/{}", photo.sha256))
            .header("content-type", protocol::photo::PIECE_TYPE)
            .header("upload-offset", offset.to_string())
            .header("upload-length", photo.size_bytes.to_string())
            .body(Body::from(piece.to_vec()))
            .unwrap();
        let answer = self.send_request(request).await;
        assert!(answer.status.is_success(), "{}", answer.text());
    }
}
